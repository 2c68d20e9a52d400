import math

import numpy as np
import pytest

from readiness.crm.tables import Floats
from readiness.errors import ModelError
from readiness.learning.aalen_johansen import aalen_johansen
from readiness.learning.baselines import BaseRateByAge, PointsCard, logistic
from tests.learning.competing_weibull import World, world
from tests.learning.fitted import without_dates

MADE = world(600, 2, ages=(1 / 24, 7.0, 30.0))
DAYS = (7.0, 30.0, 60.0)
POINTS = np.round(3.0 + 2.0 * MADE.X[:, [0]])


def base_rate(made: World = MADE) -> BaseRateByAge:
    return BaseRateByAge().fit(made.age[:, None], made.y, groups=made.groups)


def points_card() -> PointsCard:
    return PointsCard().fit(POINTS, MADE.y, groups=MADE.groups)


def observed(rows: Floats) -> Floats:
    return aalen_johansen(MADE.y[rows, 0].astype(int), MADE.y[rows, 1], DAYS)


@pytest.mark.parametrize("age", [1 / 24, 7.0, 30.0])
def test_the_base_rate_is_what_was_observed_at_this_age(age: float) -> None:
    answer = base_rate().predict_incidence(np.array([[age]]), DAYS)
    assert answer[0] == pytest.approx(observed(MADE.age == age))


def test_buckets_with_too_few_leads_are_joined() -> None:
    age = np.repeat([1.0, 3.0, 7.0, 100.0], [50, 10, 50, 5])
    y = np.column_stack((np.tile([1.0, 0.0, 3.0, 0.0, 2.0], 23), np.full(115, 9.0)))
    model = BaseRateByAge(at_risk=40).fit(age[:, None], y, groups=np.arange(115))
    assert [len(rows) for rows in model.buckets_] == [50, 65]


def test_beyond_a_bucket_s_own_leads_all_leads_tell_how_it_goes_on() -> None:
    # The old snapshots were all censored on day 10; the young ones go on till day 90.
    age = np.repeat([1.0, 60.0], 60)
    young = np.column_stack((np.tile([1, 0], 30), np.tile([50.0, 90.0], 30)))
    old = np.column_stack((np.tile([3, 0, 0], 20), np.tile([5.0, 10.0, 10.0], 20)))
    model = BaseRateByAge(at_risk=20).fit(age[:, None], np.vstack((young, old)), groups=np.arange(120))
    answer = model.predict_incidence(np.array([[60.0]]), (10.0, 80.0))[0]
    assert answer[0] == pytest.approx([0.0, 0.0, 1 / 3])
    assert answer[1] == pytest.approx([2 / 3 * 1 / 2, 0.0, 1 / 3])


def test_no_baseline_answers_beyond_the_reach() -> None:
    for model, rows in ((base_rate(), MADE.age[:2, None]), (points_card(), POINTS[:2])):
        answer = model.predict_incidence(rows, (model.reach_, model.reach_ + 1.0))
        assert np.isfinite(answer[:, 0]).all()
        assert np.isnan(answer[:, 1]).all()


def test_more_points_never_lower_the_chance_of_won() -> None:
    answer = points_card().predict_incidence(np.linspace(-9.0, 15.0, 97)[:, None], DAYS)
    assert (np.diff(answer[:, :, 0], axis=0) >= -1e-12).all()
    assert (np.diff(answer[:, :, 1:].sum(axis=2), axis=0) <= 1e-12).all()
    assert (answer[-1, :, 0] > 2 * answer[0, :, 0]).all()


def test_the_points_card_s_mean_is_what_was_observed() -> None:
    answer = points_card().predict_incidence(POINTS, DAYS)
    assert answer.mean(axis=0) == pytest.approx(observed(np.ones(len(POINTS), bool)), abs=0.02)


def test_points_that_say_the_opposite_are_ignored_and_not_turned_round() -> None:
    model = PointsCard().fit(-POINTS, MADE.y, groups=MADE.groups)
    answer = model.predict_incidence(np.array([[-6.0], [0.0]]), DAYS)
    assert answer[0, :, 0] == pytest.approx(answer[1, :, 0], rel=0.25)
    assert (answer[1, :, 0] >= answer[0, :, 0]).all()


def test_a_lead_of_unknown_points_gets_the_base_rate() -> None:
    model = points_card()
    unknown = model.predict_incidence(np.array([[np.nan]]), DAYS)[0]
    assert unknown == pytest.approx(observed(np.ones(len(POINTS), bool)), abs=0.04)


def test_a_card_without_points_is_the_base_rate() -> None:
    model = PointsCard().fit(POINTS * np.nan, MADE.y, groups=MADE.groups)
    answer = model.predict_incidence(np.array([[np.nan], [5.0]]), DAYS)
    assert np.array_equal(answer[0], answer[1])


def test_logistic_regression_is_the_estimator_with_one_member() -> None:
    model = logistic().fit(MADE.X, MADE.y, groups=MADE.groups, levels=MADE.levels)
    assert model.ensemble_.trees == ()
    assert model.ensemble_.weights.tolist() == [1.0]


def test_undated_all_baselines_answer_in_the_end_only() -> None:
    y = without_dates(MADE.y)
    ended = y[:, 0] > 0
    share = [(y[ended, 0] == cause).mean() for cause in (1, 2, 3)]
    for model, rows in ((BaseRateByAge(), MADE.age[:, None] * np.nan), (PointsCard(), POINTS)):
        answer = model.fit(rows, y, groups=MADE.groups).predict_incidence(rows, (math.inf, 30.0))
        assert answer[ended, 0].mean(axis=0) == pytest.approx(share, abs=0.02)
        assert answer[:, 0].sum(axis=1) == pytest.approx(1.0)
        assert np.isnan(answer[:, 1]).all()


def test_from_nobody_nothing_is_learnt() -> None:
    nobody, lead = np.zeros((0, 2)), np.zeros(0, np.int64)
    with pytest.raises(ModelError, match="no row says what became of a lead"):
        PointsCard().fit(np.zeros((0, 1)), nobody, groups=lead)
    with pytest.raises(ModelError, match="no day has enough leads at risk"):
        PointsCard().fit(POINTS[:9], MADE.y[:9], groups=MADE.groups[:9])
    silent = BaseRateByAge().fit(np.zeros((0, 1)), nobody, groups=lead)
    assert np.isnan(silent.predict_incidence(np.array([[1.0]]), (math.inf,))).all()


def test_no_rows_and_no_days_keep_their_shape() -> None:
    for model, rows in ((base_rate(), MADE.age[:, None]), (points_card(), POINTS)):
        assert model.predict_incidence(rows[:0], DAYS).shape == (0, 3, 3)
        assert model.predict_incidence(rows[:2], ()).shape == (2, 0, 3)


def test_a_row_alone_gives_the_same_bits_as_among_many() -> None:
    for model, rows in ((base_rate(), MADE.age[:, None]), (points_card(), POINTS)):
        together = model.predict_incidence(rows, DAYS)
        assert np.array_equal(model.predict_incidence(rows[9:10], DAYS)[0], together[9])
