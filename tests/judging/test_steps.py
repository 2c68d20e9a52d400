"""One step more of what a score rests on is told in natural units, with what the model makes of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.history.feature_plan import Feature, FeaturePlan
from readiness.judging.bootstrap import Figure
from readiness.judging.importance import Importance
from readiness.judging.steps import Step, steps

COUNTS = tuple(
    Feature(f"replies_{span}", "number", "Replies", "reply:count", days=days)
    for span, days in (("7d", 7.0), ("14d", 14.0), ("ever", None))
)
PLAN = FeaturePlan(
    (
        *COUNTS,
        Feature("since", "number", "Replies", "reply:since"),
        Feature("decayed", "number", "Replies", "reply:decayed", days=7.0),
        Feature("size", "number", "Company size", "attribute:number", "size"),
        Feature("source", "category", "Source", "source", "source", levels=("list", "web")),
    ),
    min_leads=10,
)
NOTHING = Figure(0.1, 0.0, 0.2)
REPLIES = Importance("Replies", NOTHING, "up", "replies_14d")
SIZE = Importance("Company size", NOTHING, "up", "size")
SOURCE = Importance("Source", NOTHING, "by level", "source", "web", "missing")


def matrix(n: int = 40) -> np.ndarray:
    random = np.random.default_rng(3)
    counts = np.sort(random.integers(0, 4, (n, 3)), axis=1).astype(np.float64)
    since = np.where(counts[:, 2] > 0, random.uniform(0, 30, n), np.nan)
    size = np.repeat([10.0, 20.0, 30.0, 40.0], n // 4)
    return np.column_stack([counts, since, np.zeros(n), size, random.integers(0, 2, n)])


def one(importance: Importance, predict, n: int = 40) -> Step:
    (found,) = steps(matrix(n), PLAN, predict, [importance], seed=0)
    return found


def test_one_more_stands_in_its_own_window_and_in_every_longer_one() -> None:
    moved = [
        one(REPLIES, lambda X, column=column: 1.0 + X[:, column]).ratio * (1.0 + matrix()[:, column]).mean()
        - (1.0 + matrix()[:, column]).mean()
        for column in range(3)
    ]

    assert moved == pytest.approx([0.0, 1.0, 1.0])
    assert one(REPLIES, lambda X: X[:, 0] + 1).said == "one more in the last 14 days"


def test_after_one_more_the_last_one_is_no_older_than_the_middle_of_the_window() -> None:
    found = one(REPLIES, lambda X: (X[:, 3] <= 7.0) * 1.0 + 1.0)

    assert found.ratio == pytest.approx(2.0 / (1.0 + (matrix()[:, 3] <= 7.0).mean()))


def test_one_more_counts_half_in_a_sum_that_is_halved_in_half_its_window() -> None:
    assert one(REPLIES, lambda X: 1.0 + X[:, 4]).ratio == pytest.approx(1.5)


def test_of_a_count_of_all_time_only_the_count_moves() -> None:
    found = one(replace(REPLIES, feature="replies_ever"), lambda X: np.nan_to_num(X[:, 3]) + 1.0)

    assert (found.said, found.ratio) == ("one more so far", 1.0)


def test_where_what_matters_is_no_count_one_more_is_told_of_the_first_count() -> None:
    assert (
        one(replace(REPLIES, feature="since"), lambda X: X[:, 0] + 1.0).said == "one more in the last 7 days"
    )


def test_a_number_is_compared_between_its_upper_and_its_lower_quarter() -> None:
    found = one(SIZE, lambda X: X[:, 5])

    assert found.said == "30 rather than 20"
    assert found.ratio == pytest.approx(1.5)


def test_categories_are_compared_from_the_one_that_lowers_most_to_the_one_that_raises_most() -> None:
    found = one(SOURCE, lambda X: np.where(X[:, 6] == 1, 0.3, 0.1))

    assert (found.said, found.feature) == ("“web” rather than not known", "source")
    assert found.ratio == pytest.approx(3.0)


def test_what_is_always_the_same_has_no_step() -> None:
    same = matrix()
    same[:, 5] = 7.0
    unclear = Importance("Source", NOTHING, "mixed", "source")

    assert steps(same, PLAN, lambda X: X[:, 5], [SIZE, unclear], seed=0) == ()
    same[:, 5] = np.nan
    assert steps(same, PLAN, lambda X: X[:, 6], [SIZE], seed=0) == ()


def test_without_leads_or_importances_there_is_no_step() -> None:
    assert steps(matrix()[:0], PLAN, lambda X: X[:, 0], [SIZE], seed=0) == ()
    assert steps(matrix(), PLAN, lambda X: X[:, 0], [], seed=0) == ()


def test_only_the_most_important_are_asked_about_in_their_order() -> None:
    found = steps(matrix(), PLAN, lambda X: X[:, 5], [SIZE, SOURCE, REPLIES], seed=0, top=2)

    assert [each.group for each in found] == ["Company size", "Source"]


@given(st.lists(st.floats(1.0, 1e6), min_size=4, max_size=40))
def test_a_score_that_ignores_a_number_makes_nothing_of_it(sizes: list[float]) -> None:
    seen = np.zeros((len(sizes), 7))
    seen[:, 5] = sizes

    for found in steps(seen, PLAN, lambda X: np.full(len(X), 0.2), [SIZE], seed=0):
        assert found.ratio == pytest.approx(1.0)
