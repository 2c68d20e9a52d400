import copy
from dataclasses import replace

import numpy as np
import pytest

from readiness.crm.tables import Floats
from readiness.errors import ModelError
from readiness.learning.base_hazards import fit_bases
from readiness.learning.curves import Ends, ends_of, probabilities
from readiness.learning.incidence import IncidenceModel
from readiness.learning.person_periods import base_log_hazards, edges_of, expand
from readiness.learning.points_card import CardHazards
from readiness.learning.pull import EXPECTED_STRENGTH, Pull, pulled, shares, strength_of, unseen_card
from readiness.learning.reasons import explain
from readiness.learning.recalibration import Recalibration
from tests.learning import fitted
from tests.learning.competing_weibull import world

MADE = world(300, 3, ages=(1 / 24, 14.0))
POINTS = np.round(2.0 * MADE.X[:, 0] + 5.0)
CARD = MADE.X.shape[1]
EDGES = edges_of(MADE.y, 120.0, intervals=6)
ROWS = expand(MADE.y, EDGES)
ENDS = ends_of(np.unique(ROWS.event).tolist())
OFFSET = base_log_hazards(ROWS, ENDS.reference, ENDS.causes, len(EDGES) - 1)


def pulled_model(*, points: Floats = POINTS, y: Floats = MADE.y) -> IncidenceModel:
    X = np.column_stack((MADE.X, points))
    model = fitted.small(card_column=CARD, stratified_by=CARD - 1)
    return model.fit(X, y, groups=MADE.groups, levels=np.r_[MADE.levels, 0])


MODEL = pulled_model()
X = np.column_stack((MADE.X, POINTS))


def test_a_cause_with_as_many_events_as_the_strength_is_half_the_cards() -> None:
    # 100 / (100 + 100), 100 / (100 + 300), 100 / (100 + 0)
    assert shares(100.0, np.array([100.0, 300.0, 0.0])).tolist() == [0.5, 0.25, 1.0]
    assert shares(0.0, np.array([0.0, 7.0])).tolist() == [0.0, 0.0]


def test_each_cause_is_pulled_by_its_own_share() -> None:
    members, card = np.zeros((2, 1, 3)), np.ones((2, 1, 3))
    assert pulled(members, card, np.array([0.25, 1.0]))[:, 0, 0].tolist() == [0.25, 1.0]


def test_pulled_incidences_still_sum_to_one() -> None:
    found = probabilities(MODEL.log_hazards(X), MODEL.ends_)
    np.testing.assert_allclose(found.sum(axis=0), 1.0, rtol=0, atol=1e-12)
    curves = MODEL.predict_incidence(X, (10.0, 30.0, 60.0))
    assert (np.diff(curves, axis=1) >= 0.0).all()
    assert (curves.sum(axis=2) <= 1.0).all()


def test_what_unseen_leads_deny_is_pulled_towards_the_card() -> None:
    right = CardHazards.of(POINTS, ROWS, ENDS, OFFSET).log_hazards(POINTS)[:, ROWS.interval, ROWS.snapshot]
    wrong = OFFSET[:, ROWS.interval] + 3.0 * np.random.default_rng(0).normal(size=right.shape)
    events = np.full(len(ENDS.causes), 200.0)
    told = strength_of(wrong, right, ROWS, ENDS, events, snapshots_per_lead=2.0)
    assert told > strength_of(right, wrong, ROWS, ENDS, events, snapshots_per_lead=2.0)


def test_where_unseen_leads_say_nothing_the_strength_is_as_expected() -> None:
    same = OFFSET[:, ROWS.interval]
    found = strength_of(same, same, ROWS, ENDS, np.ones(len(ENDS.causes)), snapshots_per_lead=1.0)
    assert found == EXPECTED_STRENGTH


def test_the_card_that_tells_of_a_lead_has_not_seen_it() -> None:
    fold = MADE.groups % 3
    asked, bases = ROWS.where(ROWS.interval < 4), fit_bases(MADE.X, ROWS, ENDS, len(EDGES) - 1, fold)
    told = unseen_card(POINTS, ROWS, ENDS, bases, fold, asked)
    out = fold == 1
    held = out[asked.snapshot]
    others = ROWS.where(~out[ROWS.snapshot])
    offset = base_log_hazards(others, ENDS.reference, ENDS.causes, len(EDGES) - 1)
    alone = CardHazards.of(POINTS, others, ENDS, offset)
    said = alone.log_hazards(POINTS[asked.snapshot[held]])
    np.testing.assert_array_equal(told[:, held], said[:, asked.interval[held], np.arange(held.sum())])


def test_members_do_not_read_the_points() -> None:
    others = X.copy()
    others[:, CARD] = POINTS[::-1]
    parts = [member.log_hazards(X[:, :CARD]) for member in MODEL.ensemble_.trees]
    assert parts[0].shape[2] == len(X)
    effect = MODEL.contributions(others, 2) - MODEL.contributions(X, 2)
    np.testing.assert_array_equal(np.delete(effect, CARD, axis=3), 0.0)


def test_reasons_with_a_pull_add_up_to_the_score() -> None:
    told = explain(MODEL, X[:50], 60.0)
    score = MODEL.predict_incidence(X[:50], (60.0,))[:, 0, 0]
    total = told.values.sum(axis=1) + told.typical_logit
    np.testing.assert_allclose(total, np.log(score / (1.0 - score)), rtol=0, atol=1e-6)


def test_one_row_has_the_bits_it_has_among_many_and_unknown_points_are_allowed() -> None:
    asked = X[:40].copy()
    asked[::4, CARD] = np.nan
    together = MODEL.predict_incidence(asked, (30.0,))
    alone = np.concatenate([MODEL.predict_incidence(asked[[row]], (30.0,)) for row in range(40)])
    assert together.tobytes() == alone.tobytes()
    assert np.isfinite(together).all()
    assert MODEL.predict_incidence(asked[:0], (30.0,)).shape == (0, 1, 3)


def test_a_pulled_model_is_put_together_bit_for_bit() -> None:
    again = IncidenceModel.from_parts(*MODEL.to_parts())
    assert again.predict_incidence(X, (45.0,)).tobytes() == MODEL.predict_incidence(X, (45.0,)).tobytes()
    assert again.choices_ == MODEL.choices_


def test_a_refit_pulls_as_far_as_was_chosen() -> None:
    again = fitted.small(card_column=CARD, chosen=MODEL.choices_)
    again.fit(X, MADE.y, groups=MADE.groups, levels=np.r_[MADE.levels, 0])
    assert again.choices_.strength == MODEL.choices_.strength


def test_without_dates_the_single_interval_is_pulled_too() -> None:
    model = pulled_model(y=fitted.without_dates(MADE.y))
    np.testing.assert_allclose(model.predict_incidence(X, (np.inf,)).sum(axis=2), 1.0, rtol=0, atol=1e-12)
    assert model.choices_.strength is not None


def test_a_card_of_two_events_is_told_apart_by_its_ends() -> None:
    ends = Ends(0, (1, 2))
    card = CardHazards(ends, np.array([[0.8], [0.1], [0.1], [0.0]]), np.array([1.0]), np.ones((4, 1)))
    told = Pull(card, np.ones(2)).of(np.zeros((2, 1, 1)), np.array([1.0]))
    np.testing.assert_allclose(told[:, 0, 0], np.log([0.125, 0.125]))


def test_points_outside_the_matrix_are_refused() -> None:
    with pytest.raises(ModelError, match="no column 9"):
        fitted.small(card_column=9).fit(MADE.X, MADE.y, groups=MADE.groups, levels=MADE.levels)


def test_reasons_of_mended_hazards_add_up_to_the_score() -> None:
    mended, asked = copy.copy(MODEL), X[:30]
    causes, intervals = MODEL.typical_log_hazards_.shape
    level = np.full((causes, intervals), -3.0)
    mending = Recalibration(level, np.full(causes, 1.4), np.full(causes, -0.2))
    mended.ensemble_ = replace(MODEL.ensemble_, recalibration=mending)
    mended.typical_log_hazards_ = mended.ensemble_.log_hazards(asked).mean(axis=2)
    mended.typical_contributions_ = mended.ensemble_.contributions(asked, intervals).mean(axis=2)
    told = explain(mended, asked, 60.0)
    score = mended.predict_incidence(asked, (60.0,))[:, 0, 0]
    total = told.values.sum(axis=1) + told.typical_logit
    np.testing.assert_allclose(total, np.log(score / (1.0 - score)), rtol=0, atol=1e-6)
    again = IncidenceModel.from_parts(*mended.to_parts())
    one, other = (each.predict_incidence(asked, (60.0,)).tobytes() for each in (again, mended))
    assert one == other
