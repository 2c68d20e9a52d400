"""Short versions of the proof that reasons are those of the score, and the values that it compares with."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import prove_faithful
from benchmarks.prove_faithful import (
    Asked,
    compared,
    least_telling,
    logit_of_score,
    rank_correlation,
    shapley,
    summary,
)
from readiness.history.feature_plan import Feature, FeaturePlan
from readiness.learning.incidence import IncidenceModel
from readiness.learning.reasons import explain
from tests.learning.fitted import dated, training, undated

X = training().X


def apart(*columns: int) -> tuple[tuple[int, ...], ...]:
    return tuple((column,) for column in columns)


def test_a_sum_is_worth_its_parts_and_a_product_is_shared_out() -> None:
    # At (3, 2, 5) against (1, 1, 0): x + y·z is 13, was 1. Of x: 3 - 1 = 2. y first adds (2 - 1)·0 = 0, last
    # (2 - 1)·5 = 5: 2.5. z first adds 1·5 = 5, last 2·5 = 10: 7.5.
    row, background = np.array([3.0, 2.0, 5.0]), np.array([[1.0, 1.0, 0.0]])
    values = shapley(lambda rows: rows[:, 0] + rows[:, 1] * rows[:, 2], row, background, apart(0, 1, 2))
    assert values == pytest.approx([2.0, 2.5, 7.5])


def test_columns_of_one_group_come_together() -> None:
    row, background = np.array([3.0, 2.0, 5.0]), np.array([[1.0, 1.0, 0.0]])
    values = shapley(lambda rows: rows[:, 0] + rows[:, 1] * rows[:, 2], row, background, ((0,), (1, 2)))
    assert values == pytest.approx([2.0, 10.0])


def mixed(rows: np.ndarray) -> np.ndarray:
    known = np.nan_to_num(rows, nan=-1.0)
    return known[:, 0] * known[:, 1] + np.maximum(known[:, 2], known[:, 3]) - known[:, 0] ** 2


@given(st.lists(st.sampled_from([0.0, 1.0, 2.5, math.nan]), min_size=16, max_size=16))
@settings(max_examples=40, deadline=None)
def test_values_are_the_mean_of_what_joining_adds_over_all_orders(cells: list[float]) -> None:
    rows = np.array(cells).reshape(4, 4)
    row, background = rows[0], rows[1:]
    expected = np.zeros(4)
    for order in itertools.permutations(range(4)):
        standing = background.copy()
        for column in order:
            before = mixed(standing).mean()
            standing[:, column] = row[column]
            expected[column] += (mixed(standing).mean() - before) / 24
    assert shapley(mixed, row, background, apart(0, 1, 2, 3)) == pytest.approx(expected, abs=1e-12)


def asked(model: IncidenceModel, horizon: float) -> Asked:
    return Asked(model, apart(*range(6)), X[:300:30], X[7::11][:100], horizon)


@pytest.mark.parametrize("horizon", [60.0, math.inf], ids=["dated", "undated"])
def test_effects_are_in_the_order_of_exact_shapley_values_of_the_score(horizon: float) -> None:
    found = compared(asked(undated() if math.isinf(horizon) else dated(), horizon))
    assert np.mean(found["spearman"]) > prove_faithful.WANTED
    assert found["apart"] < prove_faithful.COMPLETE
    assert found["first"] > 0.7


def test_effects_told_of_the_wrong_lead_are_noticed() -> None:
    honest = asked(dated(), 60.0)
    exact = [
        shapley(lambda rows: logit_of_score(dated(), rows, 60.0), row, honest.background, honest.groups)
        for row in honest.X
    ]
    other = explain(dated(), honest.X[::-1].copy(), 60.0).values
    pairs = zip(other, np.array(exact), strict=True)
    assert np.mean([rank_correlation(*pair) for pair in pairs]) < prove_faithful.WANTED


def test_what_does_not_vary_orders_nothing() -> None:
    assert rank_correlation(np.zeros(3), np.array([1.0, 2.0, 3.0])) == 0.0
    assert rank_correlation(np.array([1.0, 2.0, 3.0]), np.array([1.0, 3.0, 4.0])) == pytest.approx(1.0)


def test_the_groups_with_the_largest_effects_stay() -> None:
    plan = FeaturePlan(
        tuple(Feature(name, "number", name[0], "attribute:number") for name in ("a1", "a2", "b", "c")), 10
    )
    assert least_telling(plan, np.array([0.2, 0.2, 0.3, 0.1]), 2) == ("c",)


def found(spearman: float, apart: float) -> dict[str, Any]:
    one = {"kind": "some", "groups": 6, "leads": 2, "first": 1.0}
    return {**one, "spearman": [spearman, spearman], "apart": apart}


def test_a_wrong_order_and_a_wrong_sum_are_told() -> None:
    assert summary([found(0.95, 0.0)])[1].startswith("Holds")
    assert summary([found(0.85, 0.0)])[1].startswith("Does not hold: 0.850 on some")
    assert "off their sum" in summary([found(0.95, 1e-5)])[1]
