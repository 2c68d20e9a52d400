"""What the age of a lead does to each hazard, taken as it is."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from readiness.learning import strata
from readiness.learning.curves import Ends
from readiness.learning.incidence import IncidenceModel
from readiness.learning.person_periods import PersonPeriods, expand
from readiness.learning.strata import Strata, fit_strata, settle

ENDS = Ends(0, (1,))


def _rows(event: list[int]) -> PersonPeriods:
    n = len(event)
    return PersonPeriods(np.arange(n), np.zeros(n, np.int64), np.array(event), np.ones(n))


def test_a_stratum_starts_from_the_ends_it_saw_over_those_expected_of_it() -> None:
    # 100 young and 100 old; 20 of the young were won, none of the old; 10 % are expected of all.
    X = np.repeat([[1.0], [50.0]], 100, axis=0)
    found = fit_strata(X, 0, _rows([1] * 20 + [0] * 180), ENDS, np.array([[math.log(0.1 / 0.9)]]))
    # Seen 20 and 0 beside 10 expected each, both with ten events more; then, of the only interval, again.
    young, old = found.log_hazards(np.array([[1.0], [50.0]]))[0, 0]
    odds = 0.1 / 0.9 * np.array([30 / 20, 10 / 20])
    assert young == pytest.approx(math.log(30 / 20) + math.log(30 / (10 + 100 * odds[0] / (1 + odds[0]))))
    assert old == pytest.approx(math.log(10 / 20) + math.log(10 / (10 + 100 * odds[1] / (1 + odds[1]))))


def test_a_stratum_has_a_level_of_its_own_in_each_interval() -> None:
    # The young are won in the first interval and never in the second; the old the other way round.
    n, old = 400, np.repeat([0, 1], 200)
    rows = PersonPeriods(
        np.repeat(np.arange(n), 2),
        np.tile([0, 1], n),
        np.array([int(i == old[s] and s % 4 == 0) for s in range(n) for i in (0, 1)]),
        np.ones(2 * n),
    )
    offset = np.full((1, 2), math.log(1 / 7))
    found = fit_strata(old[:, None] * 50.0, 0, rows, ENDS, offset).log_hazards(np.array([[0.0], [50.0]]))[0]
    # 50 seen where 25 are expected, and none where 25 are, both with ten events more.
    assert found == pytest.approx(np.log([[60 / 35, 10 / 35], [10 / 35, 60 / 35]]))


def test_of_the_first_intervals_levels_are_those_of_all() -> None:
    strata = Strata(0, np.array([7.0]), np.array([[[-1.0, 0.5, 2.0], [1.0, 0.0, 3.0]]]))
    X = np.array([[1.0], [8.0]])
    assert strata.log_hazards(X, 2).tolist() == strata.log_hazards(X)[:, :2].tolist()


def test_an_older_bundle_has_one_level_for_all_intervals() -> None:
    strata = Strata.from_json({"column": 0, "edges": [7.0], "shifts": [[-1.0, 1.0]]})
    assert (np.zeros((1, 3, 1)) + strata.log_hazards(np.array([[8.0]]), 3)).tolist() == [[[1.0]] * 3]


def test_a_value_on_an_edge_belongs_to_the_stratum_above_it_and_a_missing_one_to_the_last() -> None:
    strata = Strata(0, np.array([7.0]), np.array([[[-1.0], [1.0]]]))
    assert strata.log_hazards(np.array([[6.9], [7.0], [np.nan]])).tolist() == [[[-1.0, 1.0, 1.0]]]


@pytest.mark.parametrize("value", [3.0, np.nan], ids=["one value", "none known"])
def test_what_does_not_vary_parts_nothing(value: float) -> None:
    X = np.full((40, 1), value)
    found = fit_strata(X, 0, _rows([1] * 4 + [0] * 36), ENDS, np.array([[math.log(0.1 / 0.9)]]))
    assert np.abs(found.log_hazards(X)).max() < 1e-12


def test_no_rows_have_no_strata() -> None:
    assert Strata(0, np.array([7.0]), np.zeros((2, 2, 4))).log_hazards(np.empty((0, 3))).shape == (2, 4, 0)


def test_written_as_json_they_are_restored_exactly() -> None:
    strata = Strata(2, np.array([0.1, 7.0]), np.array([[[0.1], [0.2], [0.3]], [[1 / 3], [0.0], [-1.0]]]))
    restored = Strata.from_json(json.loads(json.dumps(strata.to_json())))
    X = np.random.default_rng(0).normal(size=(50, 3)) * 10
    assert (restored.log_hazards(X) == strata.log_hazards(X)).all()


def test_forecasts_of_every_age_add_up_to_what_was_seen_though_the_members_shrink_everything() -> None:
    rng = np.random.default_rng(1)
    age = np.repeat([0.0, 1.0, 7.0, 30.0], 500)
    hazard = np.repeat([0.02, 0.002, 0.01, 0.002], 500)
    days = rng.exponential(1 / hazard)
    y = np.column_stack((np.where(days < 60, rng.choice([1, 3], 2000), 0), np.minimum(days, 60)))
    X = np.column_stack((age, rng.normal(size=2000)))
    seen = np.array([((y[:, 0] == 1) & (age == each)).sum() / 500 for each in np.unique(age)])

    def forecast(column: int | None) -> np.ndarray:
        shrunk = {"max_rounds": 1, "learning_rate": 0.005, "penalties": (1e6,)}
        model = IncidenceModel(**shrunk, folds=2, intervals=4, stratified_by=column)
        model.fit(X, y, groups=np.arange(2000), levels=np.zeros(2, np.int64))
        chance = model.predict_incidence(X, (60.0,))[:, 0, 0]
        return np.array([chance[age == each].mean() for each in np.unique(age)])

    assert np.abs(forecast(0) - seen).max() < 0.05
    assert np.abs(forecast(None) - seen).max() > 0.1


def test_levels_are_settled_by_what_is_forecast_of_each_stratum() -> None:
    # Of 100 young ones 20 were won and 10 forecast; of 100 old ones none were won and 10 forecast.
    X = np.repeat([[1.0], [50.0]], 100, axis=0)
    before = Strata(0, np.array([50.0]), np.array([[[0.5], [-0.5]]]))
    forecast = np.full((1, 1), math.log(0.1 / 0.9))
    after = settle(
        before,
        X,
        _rows([1] * 20 + [0] * 180),
        ENDS,
        np.zeros((1, 1)),
        lambda some, intervals: np.tile(forecast[:, :intervals, None], len(some)),
    )
    assert after.shifts[0, :, 0] == pytest.approx([0.5 + math.log(30 / 20), -0.5 + math.log(10 / 20)])


def test_settling_looks_at_many_snapshots_a_chunk_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    X = rng.choice([0.0, 1.0, 7.0], size=(500, 1))
    y = np.column_stack((rng.integers(0, 4, 500), rng.exponential(30, 500)))
    rows = expand(y, np.array([0.0, 10.0, 40.0]))
    ends = Ends(0, (1, 2, 3))

    def log_hazards(some: np.ndarray, intervals: int) -> np.ndarray:
        return -2.0 + 0.1 * np.arange(6).reshape(3, 2, 1)[:, :intervals] * some[:, 0]

    def settled() -> np.ndarray:
        flat = Strata(0, np.array([1.0, 7.0]), np.zeros((3, 3, 2)))
        return settle(flat, X, rows, ends, np.full((3, 2), -2.0), log_hazards).shifts

    whole = settled()
    monkeypatch.setattr(strata, "_CHUNK", 37)
    assert settled() == pytest.approx(whole, rel=1e-12)


def _settled_on_samples(monkeypatch: pytest.MonkeyPatch, most: int, orders: int) -> np.ndarray:
    """Settle 6,000 snapshots of three strata on so many of each, in several orders."""
    rng = np.random.default_rng(5)
    X = np.column_stack((rng.choice([0.0, 1.0, 7.0], 6_000), rng.normal(size=6_000)))
    y = np.column_stack((rng.choice(4, 6_000, p=[0.7, 0.1, 0.1, 0.1]), rng.exponential(30, 6_000)))
    monkeypatch.setattr(strata, "_SETTLED_ON", most)
    found = []
    for _ in range(orders):
        order = rng.permutation(6_000)
        rows, offset = expand(y[order], np.array([0.0, 10.0, 40.0])), np.full((3, 2), -2.0)
        level = Strata(0, np.array([1.0, 7.0]), np.zeros((3, 3, 2)))
        ends = Ends(0, (1, 2, 3))
        bold = settle(level, X[order], rows, ends, offset, lambda x, k: np.tile(x[:, 1] - 2.5, (3, k, 1)))
        found.append(bold.shifts)
    return np.stack(found)


def test_settled_on_some_snapshots_levels_are_right_on_average_and_near(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = _settled_on_samples(monkeypatch, 6_000, 1)[0]
    away = _settled_on_samples(monkeypatch, 400, 60) - whole
    error = away.std(axis=0)
    assert (error > 0.0).all()
    assert np.abs(away.mean(axis=0)).max() < 4.0 * error.max() / np.sqrt(60)
    # The hazards vary by 0.9 of their mean, and 334 of each 2,000 are looked at: 0.9 / √334 or less.
    assert error.max() < 0.05


def test_of_each_stratum_some_are_looked_at_however_rare_it_is() -> None:
    stratum = np.array([0] * 10_000 + [1] * 3)
    looked_at = strata._some_of_each(stratum, 3)
    assert looked_at[-3:].tolist() == [10_000, 10_001, 10_002]
    assert len(looked_at) == 2_000 + 3
    assert len(strata._some_of_each(np.zeros(0, np.int64), 3)) == 0


def test_each_value_is_a_stratum_of_its_own_unless_there_are_many() -> None:
    few, many = (np.arange(n, dtype=np.float64).repeat(2)[:, None] for n in (12, 13))
    rows = {n: _rows([1] + [0] * (2 * n - 1)) for n in (12, 13)}
    offset = np.array([[math.log(0.1 / 0.9)]])
    assert len(fit_strata(few, 0, rows[12], ENDS, offset).edges) == 11
    assert len(fit_strata(many, 0, rows[13], ENDS, offset).edges) == 11
