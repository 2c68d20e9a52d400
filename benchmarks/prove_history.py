"""Proves that nothing looks ahead: worlds with two futures, and a fault planted at every boundary.

``python -m benchmarks.prove_history [CASES]`` tries so many worlds for each claim (2,000 if not said).
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
from hypothesis import HealthCheck, given, seed, settings

from benchmarks import evidence
from readiness import shipped
from readiness.agreement import reading
from readiness.agreement.document import Agreement
from readiness.agreement.verdicts import Verdicts, evaluate
from readiness.crm.records import iso
from readiness.history import cuts, events, features, outcomes, snapshots
from tests.history import checks
from tests.history.checks import Check, History
from tests.history.mutants import MUTANTS, caught, plant, uproot
from tests.history.worlds import generators, other_future, random_snapshots, random_world
from tests.history.worlds import moment as instant_in
from tests.history.worlds import snapshots as looks_at

TITLE: Final = "Nothing looks ahead"
CASES: Final = 2_000
SEEDS: Final = (1, 2, 3)
HISTORY: Final = History(features, snapshots, outcomes, cuts, events)

Row = dict[str, object]


def tried(check: Check, cases: int) -> int:
    """Run a check in so many worlds that Hypothesis chooses; return how many there were."""
    count = 0

    @seed(0)
    @settings(max_examples=cases, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(rng=generators)
    def every_world(rng: np.random.Generator) -> None:
        nonlocal count
        count += 1
        check(HISTORY, rng)

    every_world()
    return count


def signals_alike(agreement: Agreement) -> Check:
    """Return a check that no future changes a byte of what the agreement says."""

    def no_future_changes_a_signal(_: History, rng: np.random.Generator) -> None:
        world = random_world(rng, int(rng.choice([1, 3, 6])))
        now = instant_in(rng, world)
        other = other_future(world, random_world(rng, len(world.leads) + 2), now)
        rows = [(lead, min(cutoff, now)) for lead, cutoff in random_snapshots(rng, world, 8)]
        looks = looks_at([*rows, *((lead, now) for lead in range(len(world.leads)))])
        here = _columns(evaluate(world.tables, looks, agreement))
        if _columns(evaluate(other.tables, looks, agreement)) != here:
            raise AssertionError(f"a signal at {iso(now)} or before depends on what came later")

    return no_future_changes_a_signal


def _columns(verdicts: Verdicts) -> list[bytes]:
    columns = (
        verdicts.rule,
        verdicts.category,
        verdicts.points,
        verdicts.source,
        verdicts.fit.state,
        verdicts.fit.share,
        verdicts.fit.met,
        verdicts.interest.level,
        verdicts.interest.points,
        verdicts.interest.trend,
        verdicts.interest.cooling,
        verdicts.interest.cold_since,
        verdicts.relation,
        verdicts.referrer_outcome,
        verdicts.stage.stage,
        verdicts.stage.at,
        verdicts.bant.state,
        verdicts.bant.at,
        verdicts.near,
    )
    return [np.ascontiguousarray(column).tobytes() for column in columns]


def faults_caught() -> tuple[int, int]:
    """Plant each fault, look for it from every seed; return how often it was caught, and how often tried."""
    found = 0
    with tempfile.TemporaryDirectory() as folder:
        sys.path.insert(0, folder)
        for number, mutant in enumerate(MUTANTS):
            name = f"faulty_history_{number}"
            history = plant(mutant, name, Path(folder))
            found += sum(caught(history, start) for start in SEEDS)
            uproot(name)
        sys.path.remove(folder)
    return found, len(MUTANTS) * len(SEEDS)


def measure(cases: int = CASES) -> tuple[list[Row], str]:
    """Try every claim; a claim that fails raises what it saw."""
    claims: dict[str, Check] = {
        "another future changes no byte of a feature, snapshot or label": checks.no_future_changes_a_byte,
        "another future changes no byte of a signal": signals_alike(reading.load(shipped.agreement())),
        "every feature equals its slow loop": checks.every_feature_equals_its_slow_loop,
        "tables cut at an instant equal those of that day": checks.tables_are_cut_as_they_were,
    }
    rows: list[Row] = []
    for claim, check in claims.items():
        count = tried(check, cases)
        rows.append({"claim": claim, "tried": count, "held": count})
    found, planted = faults_caught()
    rows.append({"claim": "an off-by-one at a boundary is caught", "tried": planted, "held": found})
    least = min(int(str(row["tried"])) for row in rows[: len(claims)])
    return rows, (
        f"In {least:,} worlds a claim, nothing at or after a cutoff changed a byte; {found} of {planted} "
        f"searches found the off-by-one planted ({len(MUTANTS)} boundaries, {len(SEEDS)} seeds each)."
    )


def main(arguments: list[str], tell: Callable[[str], object] = print) -> None:
    """Try as many cases as asked for and tell the table."""
    rows, sentence = measure(int(arguments[0]) if arguments else CASES)
    tell(f"{evidence.table(rows)}\n\n{sentence}")


if __name__ == "__main__":
    main(sys.argv[1:])
