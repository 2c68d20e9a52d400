"""An estimator of ours is told its parameters as scikit-learn tells its own."""

from __future__ import annotations

import pytest
from sklearn.base import BaseEstimator, clone

from readiness.learning.recipe import Recipe


class _Ours(Recipe):
    def __init__(self, *, rounds: int = 3, leaves: tuple[int, ...] | None = None) -> None:
        self.rounds, self.leaves = rounds, leaves


class _Theirs(BaseEstimator):
    def __init__(self, *, rounds: int = 3, leaves: tuple[int, ...] | None = None) -> None:
        self.rounds, self.leaves = rounds, leaves


def test_parameters_are_told_as_scikit_learn_tells_them():
    ours, theirs = _Ours(rounds=5), _Theirs(rounds=5)
    assert list(ours.get_params(deep=False).items()) == list(theirs.get_params(deep=False).items())


def test_parameters_are_changed_by_name_and_a_clone_has_them():
    changed = _Ours().set_params(leaves=(8,), rounds=1)
    assert clone(changed).get_params() == {"leaves": (8,), "rounds": 1}


def test_a_parameter_that_does_not_exist_is_refused_with_those_that_do():
    with pytest.raises(ValueError, match="_Ours has no parameter folds; it has leaves, rounds"):
        _Ours().set_params(folds=3)


def test_no_parameters_change_nothing():
    assert _Ours().set_params().get_params() == _Ours().get_params()
