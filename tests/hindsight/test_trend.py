"""Whether the cry-wolf rate rises, falls, or cannot be told."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.hindsight.groups import drawn, draws, followed
from readiness.hindsight.replay import replay
from readiness.hindsight.trend import Trend, _slopes, trend
from tests.builders import lead, tables
from tests.hindsight.small import ADVISER, SMALL, Crm


def told(crm: Crm, through: float = 800) -> Trend:
    made = crm.tables(through)
    found = replay(made, ADVISER)
    rows = drawn(draws(made, found.looked_at, replicates=200, seed=1), found.looked_at, found.lead)
    result = trend(followed(found, SMALL), rows)
    assert result is not None
    return result


def quarters(stops: list[int], decided: int = 20) -> Crm:
    """Each quarter so many leads bought or told us to stop, of which so many stopped."""
    crm = Crm()
    for number, some in enumerate(stops):
        for each in range(decided):
            demo = 10 + 91 * number
            crm.lead(demo, (demo + 20, "stop_calling" if each < some else "closed_won"), created=demo - 5)
    return crm


@pytest.mark.parametrize(
    ("stops", "direction"),
    [([2, 6, 10, 14, 18], "rises"), ([18, 14, 10, 6, 2], "falls"), ([10, 9, 11, 9, 11], "cannot be told")],
)
def test_the_rate_rises_or_falls_where_the_whole_interval_says_so(stops: list[int], direction: str) -> None:
    found = told(quarters(stops))
    assert (found.direction, found.unit, len(found.periods)) == (direction, "quarter", 5)
    rates = [period.cry_wolf.rate.value for period in found.periods]
    assert rates == pytest.approx([some / 20 for some in stops])


def test_the_change_is_the_slope_a_year() -> None:
    # A fifth more each quarter: 0.8 a year.
    assert told(quarters([2, 6, 10, 14, 18])).change_a_year.value == pytest.approx(0.8)


def test_of_a_short_history_months_are_told() -> None:
    found = told(quarters([10, 10]))
    assert (found.unit, found.periods[0].name, found.periods[-1].name) == ("month", "2026-01", "2026-04")
    assert [period.handed_over for period in found.periods] == [20, 0, 0, 20]


def test_a_period_that_cannot_be_followed_yet_has_no_rate() -> None:
    found = told(quarters([2, 6, 10, 14, 18]), through=410)
    assert found.periods[-1].cry_wolf.rate.value is not None
    late = quarters([2, 6, 10, 14, 18])
    late.lead(385, created=380)
    assert told(late, through=410).periods[-1].cry_wolf.rate.value is None


@pytest.mark.parametrize(
    ("through", "told_of"), [(192, True), (191.999, False)], ids=["followed for 90 days", "not quite"]
)
def test_the_line_rests_on_hand_overs_that_can_be_followed_for_a_whole_horizon(
    through: float, told_of: bool
) -> None:
    # Handed over on the Mondays of day 11 and, 90 days before 192, of day 102.
    crm = Crm()
    for each in range(10):
        crm.lead(6, (20, "stop_calling" if each < 5 else "closed_won"))
        crm.lead(97, (110, "stop_calling" if each < 6 else "closed_won"), created=90)
    assert (told(crm, through=through).change_a_year.value is not None) == told_of


def test_with_fewer_than_ten_sales_or_stops_no_direction_is_told() -> None:
    few = told(quarters([0, 0, 0, 0, 9], decided=60))
    assert (few.direction, few.change_a_year.low) == ("cannot be told", None)
    assert told(quarters([0, 0, 0, 0, 10], decided=60)).direction == "rises"


def test_one_period_has_no_trend() -> None:
    found = told(quarters([5]))
    assert (found.change_a_year.value, found.direction) == (None, "cannot be told")


def test_without_hand_overs_or_dates_there_is_none() -> None:
    for made in (tables([lead()]), tables([lead(created=None)], through=None)):
        found = replay(made, ADVISER)
        rows = drawn(draws(made, found.looked_at, replicates=5, seed=1), found.looked_at, found.lead)
        assert trend(followed(found, SMALL), rows) is None


rate = st.one_of(st.none(), st.floats(0, 1))


@given(rows=st.lists(st.tuples(rate, st.integers(1, 50)), min_size=2, max_size=6))
def test_the_slope_is_that_of_least_squares_over_the_periods_that_have_a_rate(
    rows: list[tuple[float | None, int]],
) -> None:
    x = np.arange(len(rows)) / 4
    rates = np.array([[np.nan if each is None else each for each, _ in rows]])
    weights = np.array([float(weight) for _, weight in rows])
    known = np.isfinite(rates[0])
    slope = _slopes(rates, weights, x)[0]
    if known.sum() < 2:
        assert np.isnan(slope)
    else:
        fitted = np.polyfit(x[known], rates[0][known], 1, w=np.sqrt(weights[known]))
        assert slope == pytest.approx(fitted[0], abs=1e-6)
