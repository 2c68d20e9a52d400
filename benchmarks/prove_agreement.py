"""Proves what rules and advice promise for any lead: each claim tried on ten thousand random leads.

``python -m benchmarks.prove_agreement [LEADS]`` tries so many leads for each claim (10,000 if not said).
Their histories hold missing and contradictory answers, strange words, and rows that lie in the future;
where advice is tried, also hand-overs with any decision, ends, and wishes not to be called.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from typing import Final

import numpy as np

from benchmarks import evidence
from tests.agreement.claims import CLAIMS, verdicts_of
from tests.agreement.worlds import random_world
from tests.scoring.claims import ADVICE_CLAIMS, assessed
from tests.scoring.desks import random_desked

TITLE: Final = "The rules keep their promises"
LEADS: Final = 10_000
AT_ONCE: Final = 250

Row = dict[str, object]


def tried(trial: Callable[[np.random.Generator, int], None], leads: int, seed: int = 0) -> int:
    """Try a claim on so many leads, some at a time; return how many there were. One that fails raises."""
    rng = np.random.default_rng(seed)
    count = 0
    while count < leads:
        some = min(AT_ONCE, leads - count)
        trial(rng, some)
        count += some
    return count


def trials() -> dict[str, Callable[[np.random.Generator, int], None]]:
    """Return how each claim is tried on so many random leads."""
    of_rules = {
        name: partial(lambda claim, rng, leads: claim(random_world(rng, leads), verdicts_of), claim)
        for name, claim in CLAIMS.items()
    }
    of_advice = {
        name: partial(lambda claim, rng, leads: claim(random_desked(rng, leads), assessed), claim)
        for name, claim in ADVICE_CLAIMS.items()
    }
    return {**of_rules, **of_advice}


def measure(leads: int = LEADS) -> tuple[list[Row], str]:
    """Try every claim; a claim that fails raises what it saw."""
    rows: list[Row] = []
    for name, trial in trials().items():
        count = tried(trial, leads)
        rows.append({"claim": name, "leads tried": count, "held": count})
    return rows, f"Every claim held for each of {leads:,} random leads with random histories."


def main(arguments: list[str], tell: Callable[[str], object] = print) -> None:
    """Try as many leads as asked for and tell the table."""
    rows, sentence = measure(int(arguments[0]) if arguments else LEADS)
    tell(f"{evidence.table(rows)}\n\n{sentence}")


if __name__ == "__main__":
    main(sys.argv[1:])
