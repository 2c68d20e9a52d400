"""Without times and with few rows, trees are grown otherwise: the best of many parts is what chance made."""

import math
import re

import numpy as np
import pytest

from readiness.crm.tables import Floats
from readiness.learning.choices import Choices
from readiness.learning.defaults import default_growths, is_few
from readiness.learning.hazard_trees import Growth
from readiness.learning.incidence import IncidenceModel

TIMES = np.array([0.0, 10.0, 180.0])
NO_TIMES = np.array([0.0, math.inf])
GROWTH = Growth(8, 0.04, 40, 20, 1, 0)
LEVELS = np.array([12, 0])


def ended(rows: int, seed: int = 0) -> tuple[Floats, Floats]:
    """Return a category of twelve levels, of which one always wins, and a number that tells nothing."""
    rng = np.random.default_rng(seed)
    code = np.arange(rows) % 12
    won = (code == 7) | (rng.random(rows) < 0.2)
    return np.column_stack((code, rng.normal(size=rows))), np.column_stack(
        (np.where(won, 1.0, 3.0), np.full(rows, np.nan))
    )


def fit(rows: int, **parameters: object) -> IncidenceModel:
    X, y = ended(rows)
    model = IncidenceModel(max_rounds=60, folds=3, **parameters)  # type: ignore[arg-type]
    return model.fit(X, y, groups=np.arange(rows), levels=LEVELS)


@pytest.mark.parametrize(
    ("edges", "rows", "few"),
    [(NO_TIMES, 1_499, True), (NO_TIMES, 1_500, False), (TIMES, 10, False)],
    ids=["one below the line", "on the line", "times are known"],
)
def test_few_are_less_than_1500_rows_without_times(edges: Floats, rows: int, few: bool) -> None:
    assert is_few(edges, rows) is few


def test_one_size_of_tree_where_times_are_known_and_two_where_they_are_not() -> None:
    assert [each.leaves for each in default_growths(TIMES, GROWTH, few=False)] == [8]
    assert [each.leaves for each in default_growths(NO_TIMES, GROWTH, few=False)] == [8, 16]


def test_few_rows_grow_small_trees_and_trees_at_random() -> None:
    small, drawn = default_growths(NO_TIMES, GROWTH, few=True)
    assert (small.leaves, small.level_by_level, small.at_random) == (4, True, False)
    assert (drawn.leaves, drawn.level_by_level, drawn.at_random, drawn.min_leaf) == (8, True, True, 8)


def test_a_level_that_few_rows_share_is_told_apart() -> None:
    X = np.column_stack((np.arange(12.0), np.zeros(12)))
    chances = fit(360, logistic=False).predict_incidence(X, (math.inf,))[:, 0, 0]
    many_against_many = fit(360, logistic=False, leaves=(8, 16)).predict_incidence(X, (math.inf,))[:, 0, 0]
    assert chances.argmax() == 7
    assert chances[7] - chances.mean() > 2.0 * (many_against_many[7] - many_against_many.mean())


def test_the_order_of_rows_and_the_number_of_threads_change_no_bit_of_trees_grown_at_random() -> None:
    X, y = ended(240)
    order = np.random.default_rng(1).permutation(240)
    other = IncidenceModel(max_rounds=60, folds=3, num_threads=2)
    other.fit(X[order], y[order], groups=order, levels=LEVELS)
    assert other.ensemble_.to_parts() == fit(240).ensemble_.to_parts()


def test_a_refit_on_more_rows_grows_the_trees_whose_rounds_were_chosen() -> None:
    chosen = fit(240).choices_
    assert chosen.few_rows
    again = fit(1_600, chosen=chosen)
    assert again.choices_.few_rows
    leaves = re.findall(r"^num_leaves=(\d+)", again.ensemble_.trees[0].text, re.MULTILINE)
    assert max(int(count) for count in leaves) <= 4


def test_few_rows_are_learned_from_half_as_fast() -> None:
    assert "shrinkage=0.02" in fit(240).ensemble_.trees[0].text
    assert "shrinkage=0.04" in fit(240, leaves=(8,)).ensemble_.trees[0].text


def test_sizes_that_somebody_asked_for_are_grown_as_ever() -> None:
    assert not fit(240, leaves=(8,)).choices_.few_rows


def test_choices_say_whether_rows_were_few_and_older_ones_say_no() -> None:
    told = Choices((3, 4), None, (0.5, 0.5), few_rows=True).to_json()
    assert Choices.from_json(told).few_rows
    assert not Choices.from_json({name: each for name, each in told.items() if name != "few_rows"}).few_rows
