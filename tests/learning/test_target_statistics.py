"""Columns with very many values are read by what ended at each."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import prove_levels
from benchmarks.prove_levels import Cities, cities
from readiness.learning import target_statistics
from readiness.learning.base_hazards import BaseHazards
from readiness.learning.choices import Choices
from readiness.learning.curves import Ends
from readiness.learning.incidence import IncidenceModel
from readiness.learning.person_periods import PersonPeriods
from readiness.learning.reasons import explain
from readiness.learning.target_statistics import STRENGTHS, TargetStatistics, Taught, fit_statistics
from tests.oracles import target_statistics as oracle

QUICK = {"max_rounds": 30, "folds": 3, "penalties": (200.0, 40.0), "intervals": 4}
ENDS = Ends(0, (1,))


def _fitted(
    codes: Sequence[float], ended: Sequence[int], fold: Sequence[int], values: int, chance: float = 0.3
) -> Taught:
    """One cause, one interval, one snapshot a lead; all are expected to end by the same chance."""
    n = len(codes)
    rows = PersonPeriods(
        np.arange(n), np.zeros(n, dtype=np.int64), np.array(ended, dtype=np.int64), np.ones(n)
    )
    found = fit_statistics(
        np.array(codes, dtype=np.float64)[:, None],
        np.array([values + 2]),
        rows,
        ENDS,
        BaseHazards(np.full((1, 1), math.log(chance / (1 - chance))), np.zeros((1, n))),
        above=2,
        fold=np.array(fold, dtype=np.int64),
        leads=np.arange(n, dtype=np.int64),
    )
    assert found is not None
    return found


def _told() -> tuple[list[int], list[int], list[int]]:
    """Sixty leads of each of four cities in three folds: two where most end, two where hardly any does."""
    codes = [code for code in range(4) for _ in range(60)]
    ended = [int(number % 10 < (9 if code < 2 else 1)) for code in range(4) for number in range(60)]
    return codes, ended, [number % 3 for number in range(240)]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.booleans(), st.integers(0, 2)), min_size=1, max_size=30))
def test_a_value_stands_for_what_counting_lead_by_lead_finds(rows):
    told, chance, fewest = _told(), 0.3, target_statistics.MIN_LEADS
    codes, ended, fold = ([*base, *(int(row[place]) for row in rows)] for place, base in enumerate(told))
    found = _fitted(codes, ended, fold, 5, chance)
    leads = [
        oracle.Lead(code, part, end == 1, chance) for code, end, part in zip(codes, ended, fold, strict=True)
    ]
    whole = found.statistics.shifts[0][0]
    used = next(
        k for k in STRENGTHS if whole[0] == pytest.approx(oracle.number(leads, 0, None, k, fewest), abs=1e-12)
    )
    for code in range(5):
        assert whole[code] == pytest.approx(oracle.number(leads, code, None, used, fewest), abs=1e-12)
    for place in (0, 100, len(codes) - 1):
        expected = oracle.number(leads, codes[place], fold[place], used, fewest)
        assert found.X[place, 0] == pytest.approx(expected, abs=1e-12)


def test_a_lead_is_told_nothing_of_its_own_end_or_of_its_folds():
    codes, ended, fold = _told()
    one_other = [1 - ended[0], *ended[1:]]
    before, after = (_fitted(codes, each, fold, 4) for each in (ended, one_other))
    own, city = np.array(fold) == fold[0], np.array(codes) == codes[0]
    assert before.X[own].tolist() == after.X[own].tolist()
    assert (before.X[~own & city] != after.X[~own & city]).all()


def test_what_chance_alone_did_at_a_value_is_not_told():
    rng = np.random.default_rng(5)
    codes, fold = rng.integers(0, 60, 2_000), rng.integers(0, 5, 2_000)
    found = _fitted(codes, rng.random(2_000) < 0.3, fold, 60)
    assert not found.statistics.shifts[0].any()
    assert not found.X.any()


@pytest.mark.parametrize(("leads", "told"), [(9, False), (10, True)])
def test_a_value_of_fewer_than_ten_leads_enters_no_model(leads, told):
    codes, ended, fold = _told()
    more = [4] * leads, [1] * leads, [number % 3 for number in range(leads)]
    found = _fitted(codes + more[0], ended + more[1], fold + more[2], 5)
    assert (found.statistics.shifts[0][0, 4] != 0.0) == told


def test_missing_is_a_value_like_any_other_and_unseen_stands_for_nothing():
    codes, ended, fold = _told()
    missing, unseen = 6.0, 5.0
    found = _fitted(
        [*codes, *[missing] * 60, *[unseen] * 60], [*ended, *[1] * 120], [*fold, *[0, 1, 2] * 40], 5
    )
    asked = np.array([[missing], [np.nan], [unseen], [99.0], [-1.0]])
    said = found.statistics.of(asked)[:, 0]
    assert said[0] == said[1] > 0.5
    assert said[2:].tolist() == [0.0, 0.0, 0.0]


def test_columns_of_few_values_are_left_to_the_members():
    n = 30
    rows = PersonPeriods(np.arange(n), np.zeros(n, dtype=np.int64), np.arange(n) % 2, np.ones(n))
    X, fold = np.zeros((n, 1)), np.arange(n) % 3
    asked = (X, np.array([5]), rows, ENDS, BaseHazards(np.zeros((1, 1)), np.zeros((1, n))))
    assert fit_statistics(*asked, above=3, fold=fold, leads=np.arange(n)) is None
    assert fit_statistics(*asked, above=None, fold=fold, leads=np.arange(n)) is None
    assert fit_statistics(*asked, above=2, fold=fold, leads=np.arange(n)) is not None


def test_no_rows_and_one_row_are_read_as_many_are():
    kept = TargetStatistics((1,), (np.array([[0.5, -0.25, 0.0, 0.1], [1.5, 2.0, 0.0, 0.2]]),))
    X = np.array([[7.0, 0.0, 8.0], [7.0, 1.0, 8.0], [7.0, np.nan, 8.0]])
    many = kept.of(X)
    assert many.tolist() == [[7.0, 0.5, 8.0, 1.5], [7.0, -0.25, 8.0, 2.0], [7.0, 0.1, 8.0, 0.2]]
    assert kept.of(X[1:2]).tolist() == many[1:2].tolist()
    assert kept.of(X[:0]).shape == (0, 4)
    assert kept.levels(np.array([0, 4, 0])).tolist() == [0, 0, 0, 0]


def test_what_its_numbers_add_is_given_back_to_the_column():
    kept = TargetStatistics((1,), (np.zeros((3, 4)),))
    added = np.array([[1.0, 2.0, 3.0, 10.0, 20.0, 0.5]])
    assert kept.gathered(added, 3).tolist() == [[1.0, 32.0, 3.0, 0.5]]


@pytest.fixture(scope="module")
def world() -> Cities:
    return cities(2_000, of=80, spread=1.0, seed=102)


@pytest.fixture(scope="module")
def model(world: Cities) -> IncidenceModel:
    return IncidenceModel(**QUICK).fit(world.X, world.y, groups=world.leads, levels=world.levels)


def test_a_column_of_many_values_is_read_by_statistics_and_one_of_few_is_not(world, model):
    assert model.ensemble_.statistics.columns == (2,)
    few = IncidenceModel(**QUICK, statistics_above=80).fit(
        world.X, world.y, groups=world.leads, levels=world.levels
    )
    assert few.ensemble_.statistics is None


def test_a_model_read_back_says_the_same_alone_and_among_many(world, model):
    parts, files = model.to_parts()
    again = IncidenceModel.from_parts(json.loads(json.dumps(parts)), files)
    X = np.vstack((world.X[:50], [[0.0, 0.0, np.nan], [0.0, 0.0, 80.0], [0.0, 0.0, 1e9]]))
    whole = model.predict_incidence(X, (30.0, 90.0))
    assert again.predict_incidence(X, (30.0, 90.0)).tobytes() == whole.tobytes()
    one_by_one = [model.predict_incidence(X[row : row + 1], (30.0, 90.0)) for row in range(len(X))]
    assert np.concatenate(one_by_one).tobytes() == whole.tobytes()


def test_reasons_name_the_column_and_add_up(world, model):
    effects = explain(model, world.X[:40], 90.0)
    score = model.predict_incidence(world.X[:40], (90.0,))[:, 0, 0]
    away = np.log(score) - np.log1p(-score) - effects.typical_logit
    assert effects.values.shape == (40, 3)
    assert effects.values.sum(axis=1) == pytest.approx(away, abs=1e-6)
    assert np.abs(effects.values[:, 2]).max() > 0.1


def test_the_order_of_the_leads_changes_no_bit(world, model):
    order = np.random.default_rng(0).permutation(len(world.X))
    other = IncidenceModel(**QUICK).fit(
        world.X[order], world.y[order], groups=world.leads[order], levels=world.levels
    )
    assert other.to_parts() == model.to_parts()


@pytest.mark.slow
def test_cities_that_matter_make_later_leads_better_known_and_those_that_do_not_do_no_harm():
    small = {"leads": 2_500, "of": 200, **QUICK}
    matter = prove_levels.compared(1.0, [100], **small)["without it"]
    not_so = prove_levels.compared(0.0, [100], **small)["without it"]
    assert matter.value > 3.0 * matter.error
    assert not_so.value > -0.001


def test_a_refit_on_other_leads_reads_the_columns_that_the_first_read_and_as_far(world):
    half = world.leads % 2 == 0
    first = IncidenceModel(**QUICK).fit(
        world.X[half], world.y[half], groups=world.leads[half], levels=world.levels
    )
    chosen = first.choices_
    assert chosen.strengths
    again = IncidenceModel(**QUICK, chosen=chosen, statistics_above=10_000)
    again.fit(world.X, world.y, groups=world.leads, levels=world.levels)
    assert again.choices_.strengths == chosen.strengths
    assert Choices.from_json(json.loads(json.dumps(chosen.to_json()))) == chosen


def test_what_was_told_apart_by_codes_is_so_in_a_refit_though_values_were_added(world):
    by_code = IncidenceModel(**QUICK, statistics_above=None)
    by_code.fit(world.X, world.y, groups=world.leads, levels=world.levels)
    assert by_code.choices_.strengths == {}
    again = IncidenceModel(**QUICK, chosen=by_code.choices_)
    again.fit(world.X, world.y, groups=world.leads, levels=world.levels)
    assert again.ensemble_.statistics is None
