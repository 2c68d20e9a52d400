import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.crm.tables import Floats
from readiness.errors import ModelError
from readiness.learning.naive_bayes import NaiveBayes
from tests.learning.competing_weibull import world
from tests.learning.fitted import without_dates
from tests.oracles import learning as oracle

MADE = world(600, 2, ages=(1 / 24, 7.0, 30.0))
DAYS = (7.0, 30.0, 60.0)

# Two fields of two values (0, 1; 2 unseen, 3 missing); the third column is a number.
VALUES = np.array([[0, 0, 9.0], [0, 1, 9.0], [0, 1, 9.0], [1, 1, 9.0], [1, 3, 9.0]])
LEVELS = np.array([4, 4, 0])
ENDS = np.array([1, 1, 3, 3, 3])


def undated(ends: Floats) -> Floats:
    return without_dates(np.column_stack((ends.astype(np.float64), np.zeros(len(ends)))))


def counted() -> NaiveBayes:
    return NaiveBayes().fit(VALUES, undated(ENDS), groups=np.arange(5), levels=LEVELS)


def won(model: NaiveBayes, *row: float) -> float:
    return float(model.predict_incidence(np.array([row]), (math.inf,))[0, 0, 0])


def test_the_odds_of_each_value_are_multiplied_as_counted_by_hand() -> None:
    # average 2.1 to 3.1. First field, 0: 2 won of 2, 1 not of 3, smoothed (2.1/2.2) ÷ (1.1/3.2).
    # Second field, 1: 1 won of 2, 2 not of 2; 0: 1 won; 3 is missing: (1.1/2.2) ÷ (2.1/2.2).
    odds = (2.1 / 3.1) * (2.1 / 2.2) / (1.1 / 3.2) * (1.1 / 2.2) / (2.1 / 2.2)
    assert won(counted(), 0, 1, 5.0) == pytest.approx(odds / (1 + odds))


def test_a_missing_value_and_one_never_met_have_no_factor() -> None:
    model = counted()
    average = 2.1 / (2.1 + 3.1)
    assert won(model, 3, 3, 0.0) == pytest.approx(average)
    assert won(model, 2, 2, 0.0) == pytest.approx(average)


def test_numbers_are_not_looked_at() -> None:
    assert won(counted(), 0, 1, -1e9) == won(counted(), 0, 1, math.nan)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.sampled_from([0, 1, 3])), min_size=1))
def test_undated_odds_equal_the_slow_ones(rows: list[tuple[int, int, int]]) -> None:
    X, ends = np.array([row[:2] for row in rows], dtype=np.float64), np.array([row[2] for row in rows])
    if 1 not in ends or 3 not in ends:
        return
    model = NaiveBayes().fit(X, undated(ends), groups=np.arange(len(X)), levels=np.array([4, 4]))
    asked = [(first, second) for first in range(4) for second in range(4)]
    found = model.predict_incidence(np.array(asked, dtype=np.float64), (math.inf,))[:, 0, 0]
    assert found == pytest.approx(np.array([oracle.naive_bayes(rows, each, missing=3) for each in asked]))


def fitted() -> NaiveBayes:
    return NaiveBayes().fit(MADE.X, MADE.y, groups=MADE.groups, levels=MADE.levels)


def test_without_a_category_everybody_gets_what_was_observed() -> None:
    model = NaiveBayes().fit(MADE.X, MADE.y, groups=MADE.groups, levels=0 * MADE.levels)
    found = model.predict_incidence(MADE.X[:4], model.edges_[[2, -1]])
    seen = [oracle.aalen_johansen([(int(e), d) for e, d in MADE.y], day) for day in model.edges_[[2, -1]]]
    assert found[0] == pytest.approx(np.array(seen), abs=1e-3)
    assert (found == found[0]).all()


def test_what_is_not_known_yet_counts_as_neither_won_nor_lost() -> None:
    # Value 0: half are won on day 1; value 1: the same, but half of the rest are lost sight of on day 2.
    y = np.array([[1, 1.0], [0, 99.0]] * 60 + [[1, 1.0], [0, 99.0], [1, 1.0], [0, 2.0]] * 30)
    X = np.repeat([[0.0], [1.0]], 120, axis=0)
    model = NaiveBayes(intervals=2).fit(X, y, groups=np.arange(240), levels=np.array([4]))
    low, high = model.predict_incidence(np.array([[0.0], [1.0]]), (99.0,))[:, 0, 0]
    assert low == pytest.approx(high)
    assert low == pytest.approx(0.5, abs=0.01)


def test_curves_never_fall_and_stay_within_one() -> None:
    found = fitted().predict_incidence(MADE.X, (0.0, 1.0, 5.0, 20.0, 60.0, 90.0))
    assert (np.diff(found, axis=1) >= 0).all()
    assert (found.sum(axis=2) <= 1 + 1e-12).all()
    assert (found[:, 0] == 0).all()


def test_undated_the_three_ends_sum_to_one() -> None:
    model = NaiveBayes().fit(MADE.X, without_dates(MADE.y), groups=MADE.groups, levels=MADE.levels)
    found = model.predict_incidence(MADE.X, (math.inf, 30.0))
    assert found[:, 0].sum(axis=1) == pytest.approx(1.0)
    assert np.isnan(found[:, 1]).all()


def test_an_end_never_seen_has_no_chance() -> None:
    assert counted().predict_incidence(VALUES, (math.inf,))[:, 0, 1].tolist() == [0.0] * 5


def test_no_answer_beyond_the_reach() -> None:
    model = fitted()
    found = model.predict_incidence(MADE.X[:2], (model.reach_, model.reach_ + 1))
    assert np.isfinite(found[:, 0]).all()
    assert np.isnan(found[:, 1]).all()


def test_the_category_that_matters_is_ranked_as_the_truth_does() -> None:
    # Code 2 lowers won, code 1 raises the other end.
    rows = np.repeat(MADE.X[:1], 4, axis=0)
    rows[:, 4] = range(4)
    found = fitted().predict_incidence(rows, (60.0,))[:, 0]
    assert int(found[:, 0].argmin()) == 2
    assert int(found[:, 2].argmax()) == 1


def test_from_nobody_nothing_is_learnt() -> None:
    with pytest.raises(ModelError, match="no day has enough leads at risk"):
        NaiveBayes().fit(MADE.X[:9], MADE.y[:9], groups=MADE.groups[:9], levels=MADE.levels)


def test_no_rows_and_no_days_keep_their_shape_and_a_row_alone_its_bits() -> None:
    model = fitted()
    assert model.predict_incidence(MADE.X[:0], DAYS).shape == (0, 3, 3)
    assert model.predict_incidence(MADE.X[:2], ()).shape == (2, 0, 3)
    together = model.predict_incidence(MADE.X, DAYS)
    assert np.array_equal(model.predict_incidence(MADE.X[9:10], DAYS)[0], together[9])
