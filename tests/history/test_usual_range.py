"""Between which numbers nearly all leads lie: nobody's own value, and no false alarm at the rim."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.history.levels import usual_range


def test_too_few_numbers_say_nothing() -> None:
    assert usual_range(np.array([]), 10) is None
    assert usual_range(np.array([4.0]), 10) is None
    assert usual_range(np.array([1.0] * 19 + [np.nan] * 50), 10) is None
    assert usual_range(np.array([1.0] * 20), 10) == (1.0, 1.0)


def test_a_few_outliers_move_nothing() -> None:
    # From 10 (the tenth lowest) to 91 (the tenth highest) it is 81, so 20.25 further out, in whole numbers.
    usual = np.arange(1.0, 101.0)
    assert usual_range(usual, 10) == (0.0, 112.0)
    extreme = np.where(usual > 91, 1e12, usual)
    assert usual_range(extreme, 10) == (0.0, 112.0)


def test_numbers_of_both_signs_reach_below_zero() -> None:
    assert usual_range(np.linspace(-100.0, 100.0, 201), 1) == (-150.0, 150.0)


@pytest.mark.parametrize("extreme", [np.inf, -np.inf, 1.5e308, -1.5e308, 5e-324])
def test_a_range_without_end_is_none(extreme: float) -> None:
    assert usual_range(np.array([0.0] * 20 + [extreme] * 20), 10) is None


@given(st.lists(st.floats(-1e9, 1e9), min_size=2, max_size=60), st.integers(1, 8))
def test_at_most_as_many_leads_as_may_stand_alone_lie_outside_on_either_side(
    numbers: list[float], min_leads: int
) -> None:
    known = np.array(numbers)
    found = usual_range(known, min_leads)
    if found is None:
        return
    low, high = found
    assert low <= high
    assert (known < low).sum() < min_leads
    assert (known > high).sum() < min_leads


@given(st.lists(st.floats(0, 1e9), min_size=20, max_size=60), st.randoms())
def test_the_order_of_leads_changes_nothing(numbers: list[float], random: np.random.Generator) -> None:
    turned = list(numbers)
    random.shuffle(turned)
    assert usual_range(np.array(numbers), 10) == usual_range(np.array(turned), 10)
