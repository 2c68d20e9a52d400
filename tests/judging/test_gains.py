import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.history.outcomes import WON
from readiness.judging.bootstrap import draw
from readiness.judging.cohort import Cohort, known_at
from readiness.judging.gains import (
    Weekly,
    chosen,
    chosen_weekly,
    cry_wolf,
    gains_curve,
    lift_at,
    precision_at,
    precision_weekly,
    reached_at,
)
from tests.judging.cohorts import cohort, undated
from tests.oracles import judging as oracle

FATES = cohort((1, 1.0), (0, 9.0), (1, 2.0), (3, 2.0), (0, 9.0))
FORECAST = np.array([0.9, 0.8, 0.5, 0.3, 0.1])
RESAMPLES = draw(FATES.lead, replicates=50, seed=0)


def test_precision_and_gains_counted_by_hand() -> None:
    known = known_at(FATES, 5.0)
    assert precision_at(known, FORECAST, WON, 2).value() == pytest.approx(1 / 2)
    assert reached_at(known, FORECAST, WON, 2).value() == pytest.approx(1 / 2)
    assert reached_at(known, FORECAST, WON, 3).value() == pytest.approx(1.0)


def test_lift_counted_by_hand() -> None:
    # 1 of the highest 1 was won against 2 of 5
    assert lift_at(known_at(FATES, 5.0), FORECAST, WON, 1, RESAMPLES).value == pytest.approx(2.5)


def test_ties_at_the_boundary_share_what_is_left() -> None:
    assert chosen(np.array([0.5, 0.9, 0.5, 0.1]), 2).tolist() == [0.5, 1.0, 0.5, 0.0]


@given(st.lists(st.integers(0, 4), max_size=30), st.floats(0, 35))
def test_as_many_are_chosen_as_asked_for_highest_first(fifths: list[int], k: float) -> None:
    forecast = np.array(fifths, dtype=np.float64) / 5
    share = chosen(forecast, k)
    assert share.sum() == pytest.approx(min(k, len(forecast)))
    assert ((share >= 0) & (share <= 1)).all()
    order = np.argsort(-forecast, kind="stable")
    assert (np.diff(share[order]) <= 0).all()


def test_gains_never_fall_and_end_with_all() -> None:
    curve = gains_curve(known_at(FATES, 5.0), FORECAST, WON, RESAMPLES, steps=10)
    reached = [gain.reached.value for gain in curve]
    assert reached == sorted(reached, key=lambda value: value or 0.0)
    assert (curve[-1].share, reached[-1]) == (1.0, 1.0)


def test_a_constant_forecast_gains_what_chance_does() -> None:
    curve = gains_curve(known_at(FATES, 5.0), np.full(5, 0.2), WON, RESAMPLES, steps=4)
    assert [gain.reached.value for gain in curve] == pytest.approx([gain.share for gain in curve])


@pytest.mark.parametrize("fates", [cohort(), cohort((0, 1.0)), undated(0)], ids=["none", "one", "undated"])
def test_without_a_known_sale_there_are_no_gains(fates: Cohort) -> None:
    known = known_at(fates, 5.0 if len(fates) and fates.dated else None)
    forecast, resamples = np.full(len(fates), 0.5), draw(fates.lead, replicates=3, seed=0)
    assert all(gain.reached.value is None for gain in gains_curve(known, forecast, WON, resamples))
    assert np.isnan(lift_at(known, forecast, WON, 1, resamples).value)


def test_the_cry_wolf_rate_counts_stops_among_sales_and_stops_only() -> None:
    # of 4 handed over 1 won, 1 stop, 1 closed-lost, 1 still open: 1 of 2, whatever the others are
    handed = cohort((1, 1.0), (2, 2.0), (3, 3.0), (0, 9.0))
    found = cry_wolf(
        handed,
        horizon_days=5.0,
        resamples=draw(handed.lead, replicates=50, seed=0),
        declined=np.array([0.0, 0.0, 1.0, 0.0]),
    )
    assert found.rate.value == pytest.approx(0.5)
    assert found.declined == 0.25
    assert found.still_open == pytest.approx(0.25)


def test_the_cry_wolf_rate_weighs_what_is_not_known_yet() -> None:
    # one is lost sight of before the stop: won 1/4; then 1 of 2 at S = 3/4 says stop: 3/8
    handed = cohort((1, 1.0), (0, 2.0), (2, 3.0), (0, 9.0))
    found = cry_wolf(handed, horizon_days=5.0, resamples=draw(handed.lead, replicates=9, seed=0))
    assert found.rate.value == pytest.approx(0.375 / 0.625)
    assert found.declined is None


def test_without_sale_or_stop_there_is_no_cry_wolf_rate() -> None:
    handed = cohort((0, 9.0), (3, 1.0))
    found = cry_wolf(handed, horizon_days=5.0, resamples=draw(handed.lead, replicates=9, seed=0))
    assert found.rate.value is None
    assert found.still_open == pytest.approx(0.5)


def test_the_week_s_leads_counted_by_hand() -> None:
    # Capacity 2. Week 0: lead 7 stands with .9 and .8, once; then lead 8 with .5. Week 1: all there are.
    forecast = np.array([0.9, 0.8, 0.5, 0.3, 0.1])
    weekly = Weekly(2, np.array([0, 0, 0, 0, 1]))
    assert chosen_weekly(forecast, np.array([7, 7, 8, 9, 7]), weekly).tolist() == [1.0, 0.0, 1.0, 0.0, 1.0]
    # Of these three the first and the third were won.
    known = known_at(FATES, 5.0)
    assert precision_weekly(known, forecast, WON, np.array([7, 7, 8, 9, 7]), weekly).value() == pytest.approx(
        2 / 3
    )


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 5), st.integers(0, 2)), max_size=30),
    st.integers(1, 4),
)
def test_the_week_s_leads_are_those_of_going_through_the_weeks(
    rows: list[tuple[int, int, int]], capacity: int
) -> None:
    forecast, lead, week = ([row[column] for row in rows] for column in range(3))
    fast = chosen_weekly(
        np.array(forecast, dtype=np.float64),
        np.array(lead, dtype=np.int64),
        Weekly(capacity, np.array(week, dtype=np.int64)),
    )
    slow = oracle.chosen_weekly([float(each) for each in forecast], lead, week, capacity)
    assert fast.tolist() == pytest.approx(slow)


@pytest.mark.parametrize("n", [0, 1], ids=["none", "one"])
def test_of_none_or_one_lead_all_are_taken(n: int) -> None:
    weekly = Weekly(3, np.zeros(n, dtype=np.int64))
    assert chosen_weekly(np.full(n, 0.5), np.zeros(n, dtype=np.int64), weekly).tolist() == [1.0] * n


def test_weighted_hand_overs_stand_for_as_many_leads_as_their_chance_says() -> None:
    # one chosen with chance 1/4 was won, two chosen for sure told us to stop, one without a chance counts not
    handed = cohort((1, 1.0), (2, 2.0), (2, 3.0), (2, 3.0))
    found = cry_wolf(
        handed,
        horizon_days=5.0,
        resamples=draw(handed.lead, replicates=9, seed=0),
        weight=np.array([4.0, 1.0, 1.0, 0.0]),
    )
    assert found.rate.value == pytest.approx(2 / 6)
    assert found.weighted


def test_where_no_chance_is_recorded_there_is_no_weighted_rate() -> None:
    handed = cohort((1, 1.0), (2, 2.0))
    resamples = draw(handed.lead, replicates=9, seed=0)
    found = cry_wolf(handed, horizon_days=5.0, resamples=resamples, weight=np.zeros(2))
    assert found.rate.value is None
