"""Proves what the rules promise for any lead: each claim tried on ten thousand random leads.

``python -m benchmarks.prove_agreement [LEADS]`` tries so many leads for each claim (10,000 if not said).
Their histories hold missing and contradictory answers, strange words, and rows that lie in the future.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Final

import numpy as np

from benchmarks import evidence
from tests.agreement.claims import CLAIMS, Claim, verdicts_of
from tests.agreement.worlds import random_world

TITLE: Final = "The rules keep their promises"
LEADS: Final = 10_000
AT_ONCE: Final = 250

Row = dict[str, object]


def tried(claim: Claim, leads: int, seed: int = 0) -> int:
    """Try a claim on so many leads, some at a time; return how many there were. One that fails raises."""
    rng = np.random.default_rng(seed)
    count = 0
    while count < leads:
        world = random_world(rng, min(AT_ONCE, leads - count))
        claim(world, verdicts_of)
        count += len(world.leads)
    return count


def measure(leads: int = LEADS) -> tuple[list[Row], str]:
    """Try every claim; a claim that fails raises what it saw."""
    rows: list[Row] = []
    for name, claim in CLAIMS.items():
        count = tried(claim, leads)
        rows.append({"claim": name, "leads tried": count, "held": count})
    return rows, f"Every claim held for each of {leads:,} random leads with random histories."


def main(arguments: list[str], tell: Callable[[str], object] = print) -> None:
    """Try as many leads as asked for and tell the table."""
    rows, sentence = measure(int(arguments[0]) if arguments else LEADS)
    tell(f"{evidence.table(rows)}\n\n{sentence}")


if __name__ == "__main__":
    main(sys.argv[1:])
