"""Sums over pairs are those that a look at each pair gives."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.judging.pairs import pair_sums
from tests.oracles import judging as oracle


@given(st.integers(0, 40), st.integers(0, 10_000))
def test_sums_over_pairs_equal_those_of_each_pair(n: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    time, score = random.integers(0, 9, n), random.integers(0, 5, n).astype(np.float64)
    later, earlier = random.integers(0, 4, (2, 2, n)).astype(np.float64)
    found = pair_sums(time, score, later, earlier)
    for sums, weights, sign in zip(found, (later, earlier), (1, -1), strict=True):
        for row, weight in enumerate(weights):
            lower, everything = oracle.pair_sums((sign * time).tolist(), score.tolist(), weight.tolist())
            assert sums.lower[row].tolist() == lower
            assert sums.all[row].tolist() == everything
            assert sums.higher[row] == pytest.approx(np.array(everything) - np.array(lower))


def test_rows_of_one_time_are_no_pair_and_equal_scores_count_half() -> None:
    # The second and the third are later than the first: one is ranked lower, the other the same.
    weight = np.array([[1.0, 2.0, 4.0]])
    later, earlier = pair_sums(np.array([0, 3, 3]), np.array([0.5, 0.1, 0.5]), weight, weight)
    assert later.lower.tolist() == [[2.0 + 4.0 / 2.0, 0.0, 0.0]]
    assert later.all.tolist() == [[6.0, 0.0, 0.0]]
    assert earlier.higher.tolist() == [[0.0, 1.0, 0.5]]
