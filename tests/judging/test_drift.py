"""How a feature differs between the leads learned from and those that came lately."""

from __future__ import annotations

import numpy as np
import pytest

from readiness.history.feature_plan import Feature
from readiness.judging.drift import shares, shift

COUNTRY = Feature("country", "category", "Country", "attribute:category", "country", levels=("DE", "FR"))
SIZE = Feature("size", "number", "Size", "attribute:number", "size", low=0.0, high=100.0)
VISITS = Feature("visits", "number", "Visits", "activity:count", "web_visit", "inbound", 7.0)
BUDGET = Feature("answer_budget", "category", "Budget", "answer:category", "budget", levels=("yes",))


def test_what_is_missing_or_never_met_is_no_part_of_the_mix():
    # Codes: 0 DE, 1 FR, 2 unseen, 3 missing.
    before, now = np.repeat([0.0, 1.0], 100), np.repeat([0.0, 1.0, 2.0, 3.0], [50, 50, 60, 40])
    found = shift(COUNTRY, before, now)
    assert found.mix.psi == pytest.approx(0.0, abs=1e-12)
    assert found.missing is not None
    assert (found.missing.before, found.missing.now) == ((0, 200), (40, 200))
    assert found.strange is not None
    assert (found.strange.before, found.strange.now) == ((0, 200), (60, 160))


def test_a_number_outside_its_usual_range_is_odd_and_at_its_rim_is_not():
    found = shift(SIZE, np.array([0.0, 100.0, 50.0]), np.array([-1.0, 0.0, 100.0, 101.0, np.nan]))
    assert found.strange is not None
    assert found.strange.now == (2, 4)
    assert found.missing is not None
    assert found.missing.now == (1, 5)


def test_of_a_number_without_a_usual_range_nothing_is_odd():
    free = Feature("size", "number", "Size", "attribute:number", "size")
    found = shift(free, np.array([1.0]), np.array([1e12]))
    assert found.strange is not None
    assert found.strange.now == (0, 1)


def test_that_something_never_happened_is_a_value_of_a_behaviour_and_no_gap():
    since = Feature("days_since_visit", "number", "Visits", "activity:since", "web_visit")
    found = shift(since, np.full(100, np.nan), np.full(100, 2.0))
    assert found.missing is None
    assert found.strange is None
    assert found.mix.p < 1e-6


@pytest.mark.parametrize(("did", "stopped"), [(20, True), (19, False)])
def test_a_behaviour_stopped_where_twenty_should_have_shown_it_and_none_does(did, stopped):
    before = np.r_[np.ones(did), np.zeros(200 - did)]
    assert (shift(VISITS, before, np.zeros(200)).stopped is not None) is stopped


def test_a_behaviour_that_one_lead_still_shows_has_not_stopped():
    assert shift(VISITS, np.ones(200), np.r_[np.zeros(199), 1.0]).stopped is None


def test_an_answer_that_nobody_gives_any_more_has_stopped():
    found = shift(BUDGET, np.repeat([0.0, 2.0], 100), np.full(200, 2.0))
    assert found.stopped is not None
    assert found.stopped.now == (0, 200)


@pytest.mark.parametrize("feature", [COUNTRY, SIZE, VISITS, BUDGET])
def test_without_leads_nothing_differs(feature):
    found = shift(feature, np.zeros(0), np.zeros(0))
    assert (found.mix.psi, found.mix.p, found.stopped) == (0.0, 1.0, None)


def test_how_far_a_stretch_lay_from_all_of_them_is_kept():
    before = np.repeat([True, False, True, False], [10, 30, 30, 10])
    stretch = np.repeat([0, 1], 40)
    assert shares(before, before, stretch).usual == pytest.approx(0.25)
    assert shares(before, before).usual == 0.0
