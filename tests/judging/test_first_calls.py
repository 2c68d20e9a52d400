"""Whom the first calls reach, and how much they find."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.judging.first_calls import line, reached, taken
from readiness.judging.gains import chosen
from tests.oracles import first_calls as slow

leads = st.lists(
    st.tuples(st.sampled_from([0.0, 0.2, 0.5, 0.9]), st.integers(0, 3), st.integers(0, 4)), max_size=12
)


def test_the_highest_forecasts_are_called_first() -> None:
    assert taken(line(np.array([0.1, 0.9, 0.5])), 2).tolist() == [0.0, 1.0, 1.0]


def test_who_stands_side_by_side_shares_what_is_left() -> None:
    assert taken(line(np.array([0.5, 0.9, 0.5])), 2).tolist() == [0.5, 1.0, 0.5]


def test_a_lead_that_stands_for_three_takes_three_calls() -> None:
    assert taken(line(np.array([0.9, 0.5]), np.array([3.0, 1.0])), 3).tolist() == [1.0, 0.0]
    assert taken(line(np.array([0.9, 0.5]), np.array([3.0, 1.0])), 1.5).tolist() == [0.5, 0.0]


def test_a_lead_of_no_weight_is_never_called() -> None:
    order = line(np.array([0.9, 0.5]), np.array([0.0, 1.0]))
    assert taken(order, 1).tolist() == [0.0, 1.0]
    assert reached(order, np.array([0.0, 5.0]), np.array([0.0, 1.0])).tolist() == [0.0, 5.0]


def test_a_lead_without_a_forecast_is_called_last() -> None:
    assert taken(line(np.array([np.nan, 0.1, np.nan])), 2).tolist() == [0.5, 1.0, 0.5]


@pytest.mark.parametrize("calls", [0.0, 5.0])
def test_without_leads_nobody_is_reached(calls: float) -> None:
    nobody = line(np.zeros(0))
    assert taken(nobody, calls).tolist() == []
    assert reached(nobody, np.zeros(0), np.array([calls])).tolist() == [0.0]


def test_more_calls_than_leads_reach_no_more() -> None:
    one = line(np.array([0.3]))
    assert taken(one, 7).tolist() == [1.0]
    assert reached(one, np.array([2.0]), np.array([7.0])).tolist() == [2.0]


@given(rows=leads, tenths=st.integers(0, 400))
def test_it_is_what_calling_one_after_the_other_comes_to(
    rows: list[tuple[float, int, int]], tenths: int
) -> None:
    forecast, weight, brings = (np.array([row[part] for row in rows], dtype=float) for part in range(3))
    calls = Fraction(tenths, 10)
    slowly = slow.taken(forecast.tolist(), [row[1] for row in rows], calls)
    order = line(forecast, weight)
    assert taken(order, float(calls)) == pytest.approx([float(part) for part in slowly])
    found = reached(order, weight * brings, np.array([float(calls)]))[0]
    assert found == pytest.approx(
        float(sum((part * row[1] * row[2] for part, row in zip(slowly, rows, strict=True)), Fraction(0)))
    )


@given(rows=leads, calls=st.floats(0, 15))
def test_with_equal_weights_it_is_the_share_that_gains_are_counted_by(
    rows: list[tuple[float, int, int]], calls: float
) -> None:
    forecast = np.array([row[0] for row in rows], dtype=float)
    whole = float(round(calls))
    assert taken(line(forecast), whole) == pytest.approx(chosen(forecast, whole))
