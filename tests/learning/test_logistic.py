import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from readiness.learning import hazard_logistic
from readiness.learning.base_hazards import fit_bases
from readiness.learning.curves import Ends
from readiness.learning.hazard_logistic import Encoding, HazardLogistic
from readiness.learning.logistic_fit import fit_logistic, negative_log_likelihood
from readiness.learning.person_periods import PersonPeriods, expand
from tests.learning.competing_weibull import world
from tests.learning.fitted import dated, training
from tests.oracles import learning as oracle

LEVELS = np.array([0, 3])


def test_numbers_are_logged_and_standardised_and_codes_one_hot() -> None:
    X = np.array([[0.0, 0.0], [math.e - 1.0, 2.0], [np.nan, np.nan]])
    design = Encoding.of(X, LEVELS).design(X)
    # Signed logs 0 and 1: mean 1/2, deviation 1/2. Then the missing flag, then three codes.
    assert design.tolist() == [[-1, 0, 1, 0, 0], [1, 0, 0, 0, 1], [0, 1, 0, 0, 0]]


def test_an_outlying_number_counts_as_four_deviations_out() -> None:
    X = np.column_stack((np.random.default_rng(0).normal(size=100), np.zeros(100)))
    encoding = Encoding.of(X, LEVELS)
    assert encoding.standardised(np.array([[1e300, 0.0], [-np.inf, 0.0]]))[:, 0].tolist() == [4.0, -4.0]


def test_unseen_codes_and_constants_add_nothing() -> None:
    encoding = Encoding.of(np.array([[5.0, 1.0], [5.0, 2.0]]), LEVELS)
    member = HazardLogistic(encoding, np.zeros((1, 1)), np.ones((1, encoding.width)))
    rows = np.array([[9.0, 3.0], [9.0, -1.0], [9.0, 77.0]])
    assert (member.contributions(rows) == 0.0).all()


@given(st.integers(0, 1000))
def test_contributions_are_the_design_times_the_weights(seed: int) -> None:
    rng = np.random.default_rng(seed)
    X = np.column_stack((rng.normal(size=9), rng.integers(0, 4, 9)))
    X[rng.random((9, 2)) < 0.3] = np.nan
    encoding = Encoding.of(X, LEVELS)
    member = HazardLogistic(encoding, np.zeros((2, 1)), rng.normal(size=(2, encoding.width)))
    assert member.contributions(X).sum(axis=2) == pytest.approx(member.weights @ encoding.design(X).T)
    assert member.log_hazards(X)[:, 0] == pytest.approx(member.contributions(X).sum(axis=2))


def test_on_undated_ends_it_is_the_logistic_regression_of_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    X = np.column_stack((rng.normal(size=600), rng.integers(0, 2, 600)))
    won = rng.random(600) < 1 / (1 + np.exp(-X[:, 0] - X[:, 1]))
    y = np.column_stack((np.where(won, 1, 3), np.full(600, np.nan)))
    rows, ends, fold = expand(y, np.array([0.0, np.inf])), Ends(3, (1,)), np.arange(600) % 3
    bases = fit_bases(X, rows, ends, 1, fold)
    fitted = fit_logistic(X, LEVELS, rows, ends, bases, thinned=rows, fold=fold, penalties=(4.0,))
    member = fitted.member
    peer = LogisticRegression(C=1 / 4.0, tol=1e-10).fit(member.encoding.design(X), won)
    found = member.encoding.design(X) @ member.weights[0]
    assert np.corrcoef(found, peer.decision_function(member.encoding.design(X)))[0, 1] > 0.99999
    assert member.weights[0, 0] == pytest.approx(peer.coef_[0, 0], abs=0.01)


def test_it_finds_the_hazards_that_made_the_data() -> None:
    made = world(3000, 1, ages=(0.0,))
    edges = np.linspace(0.0, 120.0, 9)
    rows, ends = expand(made.y, edges), Ends(0, (1, 2, 3))
    fold = made.groups % 3
    bases = fit_bases(made.X, rows, ends, 8, fold)
    fitted = fit_logistic(made.X, made.levels, rows, ends, bases, thinned=rows, fold=fold, penalties=(2.0,))
    member, unseen = fitted.member, fitted.unseen
    # Hazards of won rise by exp(0.8) a unit of the first number; contributions follow the signed log.
    other = made.X[:, 3]
    added = member.contributions(made.X)[2, :, 3]
    assert np.corrcoef(added, other)[0, 1] > 0.97
    slope = np.polyfit(other, added, 1)[0]
    assert slope == pytest.approx(0.5, abs=0.12)
    assert unseen is not None
    assert unseen.shape == (3, len(rows))


def test_the_likelihood_equals_the_slow_sum() -> None:
    rng = np.random.default_rng(0)
    eta, event = rng.normal(size=(3, 50)), rng.integers(0, 4, 50)
    rows = PersonPeriods(np.arange(50), np.zeros(50, np.int64), event, rng.random(50))
    slow = oracle.log_likelihood(eta, (1, 2, 3), 0, event.tolist(), rows.weight.tolist())
    assert negative_log_likelihood(eta, rows, Ends(0, (1, 2, 3))) == pytest.approx(-slow)


def test_no_rows_have_no_log_hazards() -> None:
    member = dated().ensemble_.logistic
    assert member is not None
    assert member.log_hazards(training().X[:0]).shape == (3, len(dated().edges_) - 1, 0)


def test_written_as_json_it_is_restored_exactly() -> None:
    member = dated().ensemble_.logistic
    assert member is not None
    restored = HazardLogistic.from_json(json.loads(json.dumps(member.to_json())))
    X = training().X
    assert np.array_equal(restored.log_hazards(X), member.log_hazards(X))


def test_numbers_of_one_sign_and_heavy_tails_are_taken_by_their_logarithm() -> None:
    random = np.random.default_rng(0)
    normal, heavy = random.normal(size=500), random.standard_t(1.0, size=500)
    X = np.column_stack((normal, np.abs(normal), heavy, np.full(500, 3.0), np.full(500, np.nan)))
    encoding = Encoding.of(X, np.zeros(5, dtype=np.int64))
    assert encoding.logged.tolist() == [False, True, True, False, False]
    np.testing.assert_allclose(encoding.standardised(X)[:, 0], (normal - normal.mean()) / normal.std())


def test_a_straight_effect_stays_straight() -> None:
    X = np.array([[-1.0], [0.0], [1.0]])
    encoding = Encoding.of(X, np.zeros(1, dtype=np.int64))
    z = encoding.standardised(np.array([[-2.0], [0.0], [2.0]]))[:, 0]
    assert z[2] - z[1] == z[1] - z[0] == 2.0 * encoding.standardised(X)[2, 0]


def test_of_the_design_only_columns_that_are_not_zero_are_made_and_chunks_do_not_change_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    random = np.random.default_rng(0)
    X = np.column_stack((random.normal(size=50), np.full(50, 3.0), random.integers(0, 3, 50)))
    X[7, 0] = np.nan
    encoding = Encoding.of(X, np.array([0, 0, 5]))
    whole = encoding.design(X)
    assert encoding.used(X).tolist() == np.flatnonzero(whole.any(axis=0)).tolist() == [0, 1, 4, 5, 6]
    monkeypatch.setattr(hazard_logistic, "_CHUNK", 7)
    assert (encoding.design(X, encoding.used(X)) == whole[:, encoding.used(X)]).all()
    assert encoding.design(X[:0], encoding.used(X)).shape == (0, 5)
