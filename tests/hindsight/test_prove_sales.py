"""The short version of the proof that what the report says of fewer calls holds."""

from __future__ import annotations

import pytest

from benchmarks.prove_sales import FIGURES, SHARES, intervals, summary, truth
from readiness.judging.bootstrap import Figure

KEY = ("sales found", 0.5)


@pytest.mark.parametrize(("covers", "misses", "holds"), [(92, 8, True), (91, 9, False)])
def test_the_proof_holds_where_at_least_92_of_100_intervals_cover(
    covers: int, misses: int, holds: bool
) -> None:
    worlds = [{KEY: Figure(0.6, 0.5, 0.7)}] * covers + [{KEY: Figure(0.9, 0.8, 1.0)}] * misses
    rows, sentence = summary({KEY: 0.6}, {150: worlds})
    assert sentence.startswith("Holds") == holds
    assert (rows[0]["intervals"], rows[0]["covered, %"]) == (100, float(covers))


def test_a_set_that_tells_too_little_is_no_coverage() -> None:
    assert intervals(20, 1, replicates=5) == {}
    assert summary({KEY: 0.6}, {20: [{}]})[1].startswith("Does not hold")


def test_most_intervals_of_a_few_small_sets_cover_the_truth() -> None:
    true = truth(leads=50_000)
    rows, _ = summary(true, {200: [intervals(200, seed, replicates=100) for seed in range(20)]})
    assert len(rows) == len(FIGURES) * len(SHARES)
    # Of 20 intervals of 95 %, fewer than 16 cover once in four hundred times.
    assert all(row["covered, %"] >= 80.0 for row in rows)  # type: ignore[operator]
