"""What fewer calls would have met, had the model said whom to call first."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.crm.tables import Coded
from readiness.hindsight.at_capacity import SHARES, STEPS, AtCapacity, Capacity, GivenToSales, at_capacity
from readiness.hindsight.given_parts import given_parts
from readiness.judging.bootstrap import draw
from readiness.judging.cohort import Cohort
from readiness.judging.gains import Weekly
from readiness.judging.judgement import MODEL, POINTS_CARD
from tests.judging.cohorts import cohort, cohorts

WON, STOP, LOST, OPEN = (1, 10.0), (2, 10.0), (3, 10.0), (0, 90.0)


def handed(of: Cohort, score: list[float], weight: list[float] | None = None) -> GivenToSales:
    forecasts = {MODEL: np.array(score, dtype=float), POINTS_CARD: np.zeros(len(score))}
    each = np.ones(len(of)) if weight is None else np.array(weight)
    return GivenToSales("handed_over_anyway", of, each, forecasts)


def found(of: Cohort, score: list[float], weight: list[float] | None = None) -> AtCapacity:
    given_leads = handed(of, score, weight)
    return at_capacity(given_leads, draw(of.lead, replicates=60, seed=1), horizon_days=90.0)


def half(of: AtCapacity) -> Capacity:
    return next(each for each in of.capacities if each.share == 0.5)


def test_without_leads_there_is_no_figure() -> None:
    none = found(cohort(), [])
    assert (none.hand_overs, none.capacities, none.curves, none.enough) == (0, (), (), False)
    assert none.as_it_was.rate.value is None


def test_one_lead_is_half_called() -> None:
    one = half(found(cohort(WON), [0.5]))
    assert (one.calls, one.sales.value, one.rate.value) == (0.5, 0.5, 0.0)
    assert one.stops.value is None


def test_the_rate_is_that_of_whom_the_model_calls_first() -> None:
    # All: two won, two stopped, so one half. The first half: both won, nobody stopped.
    all_four = found(cohort(STOP, WON, WON, STOP), [0.1, 0.8, 0.9, 0.2])
    assert all_four.as_it_was.rate.value == 0.5
    assert half(all_four).rate.value == 0.0
    assert half(all_four).gap.value == -0.5
    assert half(all_four).sales.value == 1.0
    # Two calls as they came meet one stop; the model's two meet none.
    assert half(all_four).stops_avoided.value == 1.0


def test_a_forecast_that_tells_nobody_apart_changes_nothing() -> None:
    same = half(found(cohort(STOP, WON, WON, LOST), [0.5] * 4))
    assert same.gap.value == pytest.approx(0.0)
    assert (same.sales.value, same.stops_avoided.value) == (0.5, 0.0)


def test_what_is_still_open_is_no_end_and_nothing_is_told_of_a_handful() -> None:
    few = found(cohort(WON, OPEN, (0, 20.0)), [0.3, 0.2, 0.1])
    assert (few.counts.won, few.counts.still_open, few.counts.too_soon) == (1, 1, 1)
    assert not few.enough


def test_of_thirty_ends_ten_have_to_be_sales_and_for_a_rate_ten_stops() -> None:
    assert not found(cohort(*[WON] * 9, *[STOP] * 21), [0.5] * 30).enough
    enough = found(cohort(*[WON] * 21, *[STOP] * 9), [0.5] * 30)
    assert (enough.enough, enough.enough_stops) == (True, False)
    assert found(cohort(*[WON] * 20, *[STOP] * 10), [0.5] * 30).enough_stops


def test_the_curve_ends_with_all_calls_and_all_sales() -> None:
    curve = [each for each in found(cohort(WON, STOP, WON), [0.3, 0.2, 0.1]).curves if each.forecast == MODEL]
    assert len(curve) == STEPS
    assert (curve[-1].calls, curve[-1].sales.value, curve[-1].stops.value) == (3.0, 1.0, 1.0)


def test_what_was_found_is_json_without_nan() -> None:
    json.dumps(asdict(found(cohort(WON, OPEN), [0.2, 0.1])), allow_nan=False)


@settings(max_examples=40, deadline=None)
@given(of=cohorts(min_size=1), data=st.data())
def test_a_lead_that_stands_for_three_counts_as_three_would(of: Cohort, data: st.DataObject) -> None:
    n = len(of)
    score = data.draw(st.lists(st.sampled_from([0.1, 0.4, 0.7]), min_size=n, max_size=n))
    times = data.draw(st.lists(st.integers(1, 3), min_size=n, max_size=n))
    weighted = half(
        at_capacity(handed(of, score, times), draw(of.lead, replicates=3, seed=1), horizon_days=4)
    )
    rows = np.repeat(np.arange(n), times)
    written = handed(of.where(rows), np.array(score)[rows].tolist())
    plain = half(at_capacity(written, draw(written.cohort.lead, replicates=3, seed=1), horizon_days=4))
    for name in ("rate", "gap"):
        assert getattr(weighted, name).value == pytest.approx(getattr(plain, name).value)


def weekly(of: Cohort, score: list[float], week: list[int], capacity: int) -> AtCapacity:
    given_leads = replace(handed(of, score), weekly=Weekly(capacity, np.array(week)))
    return at_capacity(given_leads, draw(of.lead, replicates=60, seed=1), horizon_days=90.0)


def test_each_week_as_many_are_called_as_sales_can_take() -> None:
    # The first week has three for two calls: the model leaves out the stop. The second has one: it is called.
    told = weekly(cohort(WON, STOP, WON, STOP), [0.9, 0.1, 0.8, 0.2], [1, 1, 1, 2], 2)
    last = told.capacities[-1]
    assert (last.weekly, last.calls, last.share) == (2, 3.0, 0.75)
    assert (last.sales.value, last.sales_before) == (1.0, pytest.approx(2 / 3))
    assert last.rate.value == pytest.approx(1 / 3)
    assert last.before.value == pytest.approx((2 / 3 + 1) / (2 / 3 + 1 + 4 / 3))
    assert last.stops_avoided.value == pytest.approx(2 / 3)


def test_where_no_week_has_more_than_sales_can_take_there_is_nothing_to_choose() -> None:
    told = weekly(cohort(WON, STOP, WON), [0.9, 0.1, 0.8], [1, 1, 2], 2)
    assert (told.weekly_capacity, len(told.capacities)) == (2, len(SHARES))
    assert weekly(cohort(), [], [], 2).capacities == ()


def test_parts_add_up_and_say_how_many_of_each_the_model_calls_first() -> None:
    given_leads = handed(cohort(WON, STOP, WON, LOST), [0.9, 0.1, 0.8, 0.2])
    source = Coded(np.array([0, 1, 0, -1], dtype=np.int32), ("web", "list"))
    resamples = draw(given_leads.cohort.lead, replicates=20, seed=1)
    parts = given_parts(given_leads, {"source": source}, resamples, horizon_days=90.0)["source"]
    told = {each.name: (each.hand_overs, each.counts.won, each.called.value) for each in parts}
    assert told == {"web": (2, 2, 1.0), "list": (1, 0, 0.0), "not stated": (1, 0, 0.0)}
    assert given_parts(handed(cohort(), []), {"source": source}, resamples, horizon_days=90.0) == {}
