"""The short version of the proof that a backtest's intervals hold."""

from __future__ import annotations

import pytest

from benchmarks.prove_backtest import intervals, summary, truths
from readiness.judging.bootstrap import Figure

TRUE = {"cry_wolf, a": 0.2}


def found(covers: int, misses: int) -> list[dict[str, Figure]]:
    return [{"cry_wolf, a": Figure(0.2, 0.1, 0.3)}] * covers + [
        {"cry_wolf, a": Figure(0.5, 0.4, 0.6)}
    ] * misses


@pytest.mark.parametrize(("covers", "misses", "holds"), [(182, 18, True), (181, 19, False)])
def test_the_proof_holds_where_at_least_91_of_100_intervals_cover(
    covers: int, misses: int, holds: bool
) -> None:
    rows, sentence = summary(TRUE, found(covers, misses))
    assert sentence.startswith("Holds") == holds
    assert (rows[0]["too high"], rows[0]["too low"], rows[0]["intervals"]) == (misses, 0, 200)


def test_a_figure_without_an_interval_is_no_coverage() -> None:
    rows, sentence = summary(TRUE, [{"cry_wolf, a": Figure(0.2, None, None)}])
    assert rows[0]["intervals"] == 0
    assert sentence.startswith("Does not hold")


@pytest.mark.slow
def test_most_intervals_of_a_few_small_worlds_cover_the_truth() -> None:
    true = truths(leads=10_000)
    worlds = [intervals(seed, leads=600, replicates=200) for seed in range(12)]
    rows, _ = summary(true, worlds)
    assert len(rows) == len(true)
    # Of 12 intervals of 95 %, fewer than 9 cover once in four hundred times.
    assert all(row["covered, %"] >= 100 * 9 / 12 for row in rows if row["intervals"] == 12)  # type: ignore[operator]
