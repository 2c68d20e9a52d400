import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.errors import ModelError
from readiness.learning.curves import Ends, incidence, probabilities
from readiness.learning.reasons import _chance_from, _slope, explain, typical_logit
from tests.learning.competing_weibull import world
from tests.learning.fitted import dated, fit, small, training, undated

X = training().X
ALL = Ends(0, (1, 2, 3))


def logit_of_score(model: object, rows: np.ndarray, horizon: float) -> np.ndarray:
    score = model.predict_incidence(rows, (horizon,))[:, 0, 0]  # type: ignore[attr-defined]
    return np.log(score) - np.log1p(-score)


@pytest.mark.parametrize("horizon", [5.0, 30.0, 47.5, 75.0])
def test_effects_add_up_to_the_distance_from_the_typical_lead(horizon: float) -> None:
    effects = explain(dated(), X, horizon)
    distance = logit_of_score(dated(), X, horizon) - effects.typical_logit
    assert effects.values.sum(axis=1) == pytest.approx(distance, abs=1e-6)


def test_undated_effects_add_up_too() -> None:
    effects = explain(undated(), X, math.inf)
    distance = logit_of_score(undated(), X, math.inf) - effects.typical_logit
    assert effects.values.sum(axis=1) == pytest.approx(distance, abs=1e-6)


def test_effects_of_strange_leads_add_up_too() -> None:
    rows = np.array([[np.nan] * 6, [50.0] * 6, [-50.0, 50.0, -50.0, 50.0, 3.0, 1.0]])
    effects = explain(dated(), rows, 75.0)
    distance = logit_of_score(dated(), rows, 75.0) - effects.typical_logit
    assert effects.values.sum(axis=1) == pytest.approx(distance, abs=1e-6)


def test_a_row_is_explained_alone_as_among_many() -> None:
    together = explain(dated(), X[:300], 60.0).values
    alone = [explain(dated(), X[[row]], 60.0).values for row in range(0, 300, 7)]
    assert np.array_equal(np.concatenate(alone), together[::7])


def test_no_rows_have_no_effects() -> None:
    assert explain(dated(), X[:0], 60.0).values.shape == (0, 6)


def test_beyond_the_reach_there_is_nothing_to_explain() -> None:
    with pytest.raises(ModelError, match="no score within 400 days"):
        explain(dated(), X[:1], 400.0)
    with pytest.raises(ModelError, match="no score within 30 days: the data reach inf days"):
        typical_logit(undated(), 30.0)


def test_what_drives_the_hazard_of_won_drives_the_score_in_its_direction() -> None:
    effects = explain(dated(), X, 60.0).values
    assert np.abs(effects).mean(axis=0).argmax() == 0
    assert np.corrcoef(effects[:, 0], X[:, 0])[0, 1] > 0.9


def test_a_feature_that_never_varies_has_no_effect() -> None:
    made = training()
    constant = np.column_stack((X, np.full(len(X), 7.0)))
    model = small().fit(constant, made.y, groups=made.groups, levels=np.r_[made.levels, 0])
    assert (explain(model, constant[:50], 60.0).values[:, 6] == 0.0).all()


@given(st.lists(st.floats(-6.0, 2.0), min_size=9, max_size=9), st.floats(0.05, 1.0))
@settings(max_examples=60)
def test_slopes_are_those_of_small_steps(values: list[float], fraction: float) -> None:
    eta = np.array(values).reshape(3, 3, 1)
    slope = _slope(probabilities(eta, ALL), ALL, fraction)

    def logit(at: np.ndarray) -> float:
        score = _chance_from(probabilities(at, ALL), fraction)[0][0]
        return float(np.log(score) - np.log1p(-score))

    for place in np.ndindex(3, 3):
        step = np.zeros((3, 3, 1))
        step[place] = 1e-5
        assert slope[place][0] == pytest.approx((logit(eta + step) - logit(eta - step)) / 2e-5, abs=1e-6)


def test_the_chance_explained_is_the_score() -> None:
    shares = probabilities(np.linspace(-3.0, 0.0, 9).reshape(3, 3, 1), ALL)
    score = incidence(shares, np.array([0.0, 8.0, 20.0, 64.0]), (53.0,))[0, 0, 0]
    assert _chance_from(shares, 0.75)[0][0] == pytest.approx(score, abs=1e-14)


def test_the_logistic_model_alone_is_explained_by_its_weights() -> None:
    made = world(300, 5, ages=(7.0,))
    model = fit(made, leaves=())
    effects = explain(model, made.X, 60.0)
    assert effects.values.sum(axis=1) + effects.typical_logit == pytest.approx(
        logit_of_score(model, made.X, 60.0), abs=1e-9
    )
