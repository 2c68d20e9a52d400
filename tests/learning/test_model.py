import math

import numpy as np
import pytest

from readiness.errors import ModelError
from readiness.history.feature_plan import Feature, FeaturePlan
from readiness.learning.incidence import IncidenceModel
from readiness.learning.model import ReadinessModel
from tests.learning.fitted import dated, small, training, undated

X = training().X
PLAN = FeaturePlan(tuple(Feature(f"f{column}", "number", "g", "m") for column in range(6)), min_leads=10)


def model(incidence: IncidenceModel | None = None, horizon: float | None = 60.0) -> ReadinessModel:
    return ReadinessModel.around(incidence or dated(), PLAN, X, horizon_days=horizon)


def test_the_score_is_the_curve_at_the_horizon() -> None:
    found = model().predict(X)
    assert found.curve_days == (30.0, 60.0, 90.0, 180.0)
    assert np.array_equal(found.score, found.won[:, 1])
    assert np.array_equal(found.stop_risk, found.stop[:, 1])


def test_the_curve_is_null_beyond_the_reach() -> None:
    found = model().predict(X)
    assert np.isfinite(found.won[:, :2]).all()
    assert np.isnan(found.won[:, 3]).all()
    assert np.isnan(found.stop[:, 3]).all()


def test_the_percentile_is_the_share_that_scores_no_higher() -> None:
    found = model().predict(X)
    share = np.array([(found.score <= score).mean() for score in found.score])
    assert np.abs(found.percentile / 100.0 - share).max() <= 0.011
    assert found.percentile.min() == 0
    assert found.percentile.max() == 100


def test_a_lead_alone_is_answered_as_among_many() -> None:
    together, alone = model().predict(X), model().predict(X[5:6])
    assert alone.score[0] == together.score[5]
    assert alone.percentile[0] == together.percentile[5]
    assert np.array_equal(alone.won[0], together.won[5], equal_nan=True)


def test_no_leads_are_answered_by_empty_columns() -> None:
    found = model().predict(X[:0])
    assert found.score.shape == (0,)
    assert found.won.shape == (0, 4)
    assert found.percentile.shape == (0,)


def test_undated_there_is_a_score_and_no_curve() -> None:
    found = model(undated(), None).predict(X)
    assert found.curve_days == ()
    assert found.won.shape == (len(X), 0)
    assert np.array_equal(found.score, undated().predict_incidence(X, (math.inf,))[:, 0, 0])


def test_too_few_stops_leave_the_stop_risk_unsaid() -> None:
    made = training()
    y = made.y.copy()
    y[y[:, 0] == 2, 0] = 3
    never_stopped = small().fit(X, y, groups=made.groups, levels=made.levels)
    found = model(never_stopped).predict(X)
    assert np.isnan(found.stop_risk).all()
    assert np.isnan(found.stop).all()
    assert np.isfinite(found.score).all()


def test_a_horizon_beyond_the_reach_is_refused_when_a_model_is_put_together() -> None:
    with pytest.raises(ModelError, match="no score within 400 days"):
        model(horizon=400.0)


def test_the_typical_lead_scores_like_leads_do() -> None:
    found = model()
    score = found.predict(X).score
    assert score.min() < 1 / (1 + math.exp(-found.typical_logit)) < score.max()
