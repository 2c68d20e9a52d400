import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.crm.tables import Floats
from readiness.history.outcomes import WON
from readiness.judging.bootstrap import Ratio
from readiness.judging.cohort import Cohort, Known, known_at
from readiness.judging.metrics import SUREST, auc, brier, curve_loss, integrated_brier, log_loss
from tests.judging.cohorts import cohort, cohorts, exponential, true_incidence, undated
from tests.oracles import judging as oracle

SEEN = cohort((1, 1.0), (0, 9.0), (3, 2.0), (0, 9.0))


def forecasts(n: int, seed: int) -> Floats:
    return np.random.default_rng(seed).integers(0, 5, size=n) / 5


def test_brier_counted_by_hand() -> None:
    # (1-.6)² + .2² + .4² + 0² = .16 + .04 + .16 + 0 = .36, over 4
    score = brier(known_at(SEEN, 5.0), np.array([0.6, 0.2, 0.4, 0.0]), WON)
    assert score.value() == pytest.approx(0.09)


def test_brier_weighs_what_censoring_hides() -> None:
    # weights 1, 0, 1.5, 1.5 (sum 4): 1·(.5)² + 1.5·(.5)² + 1.5·(.5)² = 1, over 4
    score = brier(known_at(cohort((1, 1.0), (0, 2.0), (2, 3.0), (0, 9.0)), 5.0), np.full(4, 0.5), WON)
    assert score.value() == pytest.approx(0.25)


def test_log_loss_counted_by_hand() -> None:
    score = log_loss(known_at(SEEN, 5.0), np.array([0.5, 0.5, 0.25, 0.25]), WON)
    assert score.value() == pytest.approx((2 * math.log(2) + 2 * math.log(4 / 3)) / 4)


def test_no_forecast_is_taken_to_be_surer_than_one_in_ten_thousand() -> None:
    score = log_loss(known_at(cohort((1, 1.0)), 5.0), np.array([0.0]), WON)
    assert score.value() == pytest.approx(-math.log(SUREST))


@pytest.mark.parametrize("score", [brier, log_loss])
def test_the_truth_scores_best(score: Callable[[Known, Floats, int], Ratio]) -> None:
    fates, hazards = exponential(20_000, seed=1)
    known = known_at(fates, 60.0)
    truth = true_incidence(hazards, [60.0])[:, 0, 0]
    others = [truth * 0.7, np.minimum(truth * 1.4, 1), np.full(len(truth), truth.mean()), truth[::-1]]
    assert all(score(known, truth, WON).value() < score(known, other, WON).value() for other in others)


def test_the_true_curves_have_the_least_curve_loss() -> None:
    fates, hazards = exponential(20_000, seed=2)
    days = [5.0, 15.0, 30.0, 60.0, 90.0]
    truth = true_incidence(hazards, days)
    average = np.broadcast_to(truth.mean(axis=0), truth.shape)
    best = curve_loss(fates, truth, days).value()
    assert all(best < curve_loss(fates, other, days).value() for other in (average, truth * 0.7, truth[::-1]))


def test_curve_loss_counted_by_hand() -> None:
    # won in the second step: F goes .2 → .5; censored at 15, half-way: 1 − (.35 + .1 + 0) = .55;
    # seen beyond the last day: 1 − .5 − .1 = .4
    curve = np.array([[[0.2, 0.1, 0.0], [0.5, 0.1, 0.0]]])
    loss = curve_loss(cohort((1, 12.0), (0, 15.0), (0, 99.0)), np.repeat(curve, 3, axis=0), [10.0, 20.0])
    assert loss.value() == pytest.approx(-(math.log(0.3) + math.log(0.55) + math.log(0.4)) / 3)


def test_an_event_after_the_last_day_counts_as_still_open_there() -> None:
    curve = np.array([[[0.2, 0.1, 0.1]]])
    assert curve_loss(cohort((1, 30.0)), curve, [20.0]).value() == pytest.approx(-math.log(0.6))


def test_undated_curve_loss_is_the_loss_of_the_end_that_came() -> None:
    curve = np.array([[[0.5, 0.2, 0.3]]] * 3)
    loss = curve_loss(undated(1, 3, 0), curve, [math.inf])
    assert loss.value() == pytest.approx(-(math.log(0.5) + math.log(0.3)) / 2)


@given(cohorts(min_size=1), st.integers(0, 99))
def test_curve_loss_equals_the_slow_one(fates: Cohort, seed: int) -> None:
    rng = np.random.default_rng(seed)
    days = [1.5, 2.0, 4.0]
    curve = np.cumsum(rng.dirichlet([1] * 10, size=len(fates))[:, :9].reshape(-1, 3, 3), axis=1)
    fast = curve_loss(fates, curve, days).value()
    assert fast == pytest.approx(oracle.curve_loss(fates, curve, days))


def test_auc_counted_by_hand() -> None:
    # cases .6; controls .2, .4, .6: above two, level with one
    area = auc(
        known_at(cohort((1, 1.0), (0, 9.0), (3, 2.0), (2, 3.0)), 5.0), np.array([0.6, 0.2, 0.4, 0.6]), WON
    )
    assert area.tolist() == pytest.approx([2.5 / 3])


@given(cohorts(), st.integers(0, 99), st.integers(1, 3))
def test_auc_equals_the_slow_one(fates: Cohort, seed: int, cause: int) -> None:
    forecast = forecasts(len(fates), seed)
    fast = auc(known_at(fates, 4.0), forecast, cause)
    assert fast.tolist() == pytest.approx([oracle.auc(fates, forecast, cause, 4.0)], nan_ok=True)


@given(cohorts(min_size=2), st.integers(0, 99))
def test_auc_of_the_turned_forecast_is_the_rest_to_one(fates: Cohort, seed: int) -> None:
    known, forecast = known_at(fates, 4.0), forecasts(len(fates), seed)
    assert auc(known, 1 - forecast, WON) == pytest.approx(1 - auc(known, forecast, WON), nan_ok=True)


def test_auc_under_censoring_is_that_without() -> None:
    fates, hazards = exponential(6_000, seed=3, censored_every=50.0)
    seen, _ = exponential(6_000, seed=3, censored_every=1e9)
    forecast = true_incidence(hazards, [60.0])[:, 0, 0]
    censored, whole = (auc(known_at(known, 60.0), forecast, WON)[0] for known in (fates, seen))
    assert censored == pytest.approx(whole, abs=0.015)


@given(cohorts(min_size=1), st.integers(0, 99))
def test_row_order_does_not_matter(fates: Cohort, seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(fates))
    forecast = forecasts(len(fates), seed)
    known, turned = known_at(fates, 4.0), known_at(fates.where(order), 4.0)
    for score in (brier, log_loss):
        first, second = score(known, forecast, WON), score(turned, forecast[order], WON)
        assert first.value() == pytest.approx(second.value(), nan_ok=True)


def test_integrated_brier_counted_by_hand() -> None:
    # errors at days 0, 10, 20: 0, .25, .25 (won at 5, forecast .5): trapezoids 1.25 + 2.5, over 20
    score = integrated_brier(cohort((1, 5.0)), np.array([[0.5, 0.5]]), [10.0, 20.0], WON)
    assert score.value() == pytest.approx(3.75 / 20)


def test_integrated_brier_is_least_for_the_truth() -> None:
    fates, hazards = exponential(20_000, seed=4)
    days = [10.0, 30.0, 60.0]
    truth = true_incidence(hazards, days)[:, :, 0]
    best = integrated_brier(fates, truth, days, WON).value()
    assert best < integrated_brier(fates, truth * 0.6, days, WON).value()
    assert best < integrated_brier(fates, np.broadcast_to(truth.mean(axis=0), truth.shape), days, WON).value()


@pytest.mark.parametrize("fates", [cohort(), cohort((0, 1.0)), undated(), undated(0)])
def test_where_nothing_is_known_there_is_no_figure(fates: Cohort) -> None:
    horizon = 5.0 if fates.dated and len(fates) else None
    known = known_at(fates, horizon)
    forecast = np.full(len(fates), 0.5)
    assert math.isnan(brier(known, forecast, WON).value())
    assert math.isnan(log_loss(known, forecast, WON).value())
    assert np.isnan(auc(known, forecast, WON)).all()


def test_a_missing_forecast_gives_no_figure() -> None:
    known = known_at(SEEN, 5.0)
    forecast = np.array([0.5, np.nan, 0.5, 0.5])
    assert math.isnan(brier(known, forecast, WON).value())
    assert np.isnan(auc(known, forecast, WON)).all()
