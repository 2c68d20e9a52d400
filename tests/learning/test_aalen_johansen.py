import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.learning.aalen_johansen import aalen_johansen
from tests.oracles import learning as oracle

FATES = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 12).map(lambda half: half / 2)), min_size=1, max_size=20
)


def observed(fates: list[tuple[int, float]], days: tuple[float, ...]) -> np.ndarray:
    event, duration = np.array([event for event, _ in fates]), np.array([days for _, days in fates], float)
    return aalen_johansen(event, duration, days)


def test_a_hand_counted_case() -> None:
    # Day 1: 1 of 4 won. Day 2: one censored. Day 3: 1 of 2 stops: 3/4 · 1/2. Day 4: censored.
    found = observed([(1, 1.0), (0, 2.0), (2, 3.0), (0, 4.0)], (1.0, 2.0, 4.0))
    assert found == pytest.approx(np.array([[0, 0, 0], [0.25, 0, 0], [0.25, 0.375, 0]]))


def test_without_censoring_it_is_the_share() -> None:
    assert observed([(1, 1.0), (3, 2.0), (3, 2.0), (2, 5.0)], (9.0,))[0] == pytest.approx([0.25, 0.25, 0.5])


def test_beyond_the_last_day_seen_nothing_is_said() -> None:
    assert np.isnan(observed([(1, 1.0), (0, 2.0)], (3.0,))).all()


@given(FATES, st.integers(0, 14).map(lambda half: half / 2))
def test_it_equals_the_slow_walk(fates: list[tuple[int, float]], day: float) -> None:
    assert observed(fates, (day,))[0] == pytest.approx(oracle.aalen_johansen(fates, day), nan_ok=True)


@given(FATES, st.lists(st.integers(0, 3), min_size=20, max_size=20))
def test_a_weight_is_so_many_rows(fates: list[tuple[int, float]], counts: list[int]) -> None:
    fates, counts = [*fates, (1, 0.5)], [*counts[: len(fates)], 1]
    event, duration = np.array([event for event, _ in fates]), np.array([days for _, days in fates], float)
    weighted = aalen_johansen(event, duration, (3.0,), np.array(counts, float))
    repeated = observed(
        [fate for fate, count in zip(fates, counts, strict=True) for _ in range(count)], (3.0,)
    )
    assert weighted == pytest.approx(repeated, nan_ok=True)


def test_undated_it_is_the_share_among_the_ended() -> None:
    assert observed([(1, math.nan), (0, math.nan), (3, math.nan)], (math.inf,))[0].tolist() == [0.5, 0.0, 0.5]


def test_of_nobody_nothing_is_known() -> None:
    assert np.isnan(observed([], (1.0, 2.0))).all()
    assert observed([(1, 3.0)], (4.0,))[0].tolist() == [1.0, 0.0, 0.0]


@given(FATES, st.integers(0, 99), st.booleans())
def test_replicates_at_once_are_replicates_one_by_one(
    fates: list[tuple[int, float]], seed: int, dated: bool
) -> None:
    event = np.array([event for event, _ in fates])
    duration = np.array([days if dated else math.nan for _, days in fates])
    weights = np.random.default_rng(seed).integers(0, 3, size=(4, len(fates))).astype(float)
    at_once = aalen_johansen(event, duration, (1.5, 4.0, math.inf), weights)
    one_by_one = [aalen_johansen(event, duration, (1.5, 4.0, math.inf), each) for each in weights]
    assert at_once == pytest.approx(np.array(one_by_one), nan_ok=True)


def test_of_no_replicates_and_no_days_nothing_comes() -> None:
    event, duration = np.array([1, 0]), np.array([1.0, 2.0])
    assert aalen_johansen(event, duration, (1.0,), np.ones((0, 2))).shape == (0, 1, 3)
    assert aalen_johansen(event, duration, ()).shape == (0, 3)
