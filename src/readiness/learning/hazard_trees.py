"""The curved member: shallow boosted trees that say what happens in each interval.

The trees see the features and the number of the interval, and start from the level that each cause has in
each interval, so that they only learn how a lead differs from the rest.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import lightgbm as lgb
import numpy as np

from readiness.crm.tables import Flags, Floats, Ints
from readiness.learning.base_hazards import Bases
from readiness.learning.canonical import held_out
from readiness.learning.curves import Ends
from readiness.learning.person_periods import PersonPeriods

_CHUNK: Final = 4096
"""Snapshots expanded at once when predicting: bounds memory, changes no bit."""

_ANY_NUMBER: Final = 2**31 - 1
"""As the number of levels up to which a category is parted level by level."""

_RANGES: Final = re.compile(r"^feature_infos=(.*)$", re.MULTILINE)

_FIXED: Final[Mapping[str, Any]] = {
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "cat_smooth": 30.0,
    "min_data_per_group": 100,
    "max_bin": 127,
    "feature_pre_filter": False,
    "deterministic": True,
    "force_row_wise": True,
    "verbosity": -1,
}


@dataclass(frozen=True, slots=True)
class Growth:
    """How trees are grown; the number of rounds is found by cross-validation.

    ``level_by_level`` parts a category's levels one against the rest, instead of many against many;
    ``at_random`` draws one threshold a feature and takes the best of those, instead of the best of all.
    Both are for few rows, where the best of many parts what chance made.
    """

    leaves: int
    learning_rate: float
    max_rounds: int
    patience: int
    num_threads: int
    seed: int
    min_leaf: int = 20
    feature_fraction: float = 0.5
    ridge: float = 1.0
    category_ridge: float = 10.0
    path_smooth: float = 1.0
    level_by_level: bool = False
    at_random: bool = False

    def parameters(self, classes: int) -> dict[str, Any]:
        """Return LightGBM's parameters; two classes need one tree a round, more need one each."""
        aim = {"objective": "binary"} if classes == 2 else {"objective": "multiclass", "num_class": classes}
        one_by_one = {"max_cat_to_onehot": _ANY_NUMBER} if self.level_by_level else {}
        return {
            **_FIXED,
            **one_by_one,
            **aim,
            "metric": "binary_logloss" if classes == 2 else "multi_logloss",
            "num_leaves": self.leaves,
            "learning_rate": self.learning_rate,
            "min_data_in_leaf": self.min_leaf,
            "feature_fraction": self.feature_fraction,
            "lambda_l2": self.ridge,
            "cat_l2": self.category_ridge,
            "path_smooth": self.path_smooth,
            "extra_trees": self.at_random,
            "num_threads": self.num_threads,
            "seed": self.seed,
        }


class HazardTrees:
    """A fitted member: the trees' text, and the level that they start from.

    Parameters
    ----------
    text : str
        LightGBM's own format without its parameter section and the ranges of the features.
    offset : Floats, causes × intervals
    """

    def __init__(self, text: str, offset: Floats) -> None:
        self.text = text
        self.offset = offset
        self._booster = lgb.Booster(model_str=text)

    def log_hazards(self, X: Floats, intervals: int | None = None) -> Floats:
        """Return log-hazards against the reference, causes × the first ``intervals``, or all, × n."""
        offset = self.offset[:, :intervals]
        causes, columns = offset.shape
        result = np.empty((causes, columns, X.shape[0]))
        for start in range(0, X.shape[0], _CHUNK):
            part = X[start : start + _CHUNK]
            raw = self._booster.predict(_every_interval(part, columns), raw_score=True, num_threads=1)
            eta = _against_reference(np.asarray(raw), causes).reshape(causes, len(part), columns)
            result[:, :, start : start + _CHUNK] = eta.transpose(0, 2, 1)
        result += offset[:, :, None]
        return result

    def contributions(self, X: Floats, intervals: int) -> Floats:
        """Return what each feature, and last the interval, adds to each cause's log-hazard.

        TreeSHAP (Lundberg et al. 2020), causes × the first ``intervals`` × n × (p + 1). Without the
        expected value, which is the same for every row.
        """
        causes, columns = len(self.offset), X.shape[1] + 1
        result = np.empty((causes, intervals, X.shape[0], columns))
        for start in range(0, X.shape[0], _CHUNK):
            part = X[start : start + _CHUNK]
            raw = self._booster.predict(_every_interval(part, intervals), pred_contrib=True, num_threads=1)
            by_class = np.asarray(raw).reshape(len(part), intervals, -1, columns + 1)[..., :columns]
            for cause in range(causes):
                shares = by_class[:, :, 0] if causes == 1 else by_class[:, :, cause + 1] - by_class[:, :, 0]
                result[cause, :, start : start + _CHUNK] = shares.transpose(1, 0, 2)
        return result


@dataclass(frozen=True, slots=True)
class GrownTrees:
    """A fitted member, its number of rounds, and what trees that did not see a lead say of it.

    ``unseen`` is causes × person-periods; None where the rounds were given and nothing was held out.
    """

    member: HazardTrees
    rounds: int
    unseen: Floats | None


def fit_trees(
    X: Floats,
    levels: Ints,
    rows: PersonPeriods,
    ends: Ends,
    bases: Bases,
    *,
    fold: Ints,
    growth: Growth,
    rounds: int | None = None,
) -> GrownTrees:
    """Grow trees, as many rounds as cross-validation by lead finds best, or as many as are given.

    Parameters
    ----------
    X : Floats, n × p
        In canonical order, as are ``rows``: LightGBM's bins and bags depend on it.
    levels : Ints, p
        Number of codes of a category feature, 0 for a number feature.
    fold : Ints, n
        The fold of each snapshot.
    bases : Bases
        Where the trees start. What strata add there is added beside this member, in training as in use.
    rounds : int, optional
        Then nothing is cross-validated.
    """
    expanded = _beside_interval(X, rows)
    label = np.zeros(len(rows))
    for position, cause in enumerate(ends.causes):
        label[rows.event == cause] = position + 1
    classes = len(ends.causes) + 1
    parameters = growth.parameters(classes)
    columns = lgb.Dataset(
        expanded,
        label,
        weight=rows.weight,
        init_score=_scores(bases.whole.of(rows)),
        categorical_feature=np.flatnonzero(levels > 0).tolist(),
        params=parameters,
        free_raw_data=False,
    )
    unseen = None
    if rounds is None:
        numbers = np.unique(fold[rows.snapshot])
        splits = [held_out(fold[rows.snapshot], number) for number in numbers]
        starts = [bases.without[number].of(rows) for number in numbers]
        rounds, unseen = _cross_validated(expanded, columns, starts, parameters, growth, splits)
    grown = lgb.train(parameters, columns, rounds)
    return GrownTrees(HazardTrees(_bare(grown.model_to_string()), bases.whole.offset), rounds, unseen)


def _cross_validated(
    expanded: Floats,
    columns: lgb.Dataset,
    starts: Sequence[Floats],
    parameters: dict[str, Any],
    growth: Growth,
    splits: Sequence[tuple[Flags, Flags]],
) -> tuple[int, Floats]:
    waiting = iter(zip(starts, splits, strict=True))

    def from_its_own_start(
        train: lgb.Dataset, valid: lgb.Dataset, parameters: dict[str, Any]
    ) -> tuple[lgb.Dataset, lgb.Dataset, dict[str, Any]]:
        # Folds come in their order. Neither part may start from levels that know the part held out.
        start, (inside, out) = next(waiting)
        train.construct().set_init_score(_scores(start[:, inside]))
        valid.construct().set_init_score(_scores(start[:, out]))
        return train, valid, parameters

    tried: Any = lgb.cv(
        parameters,
        columns,
        num_boost_round=growth.max_rounds,
        folds=[(np.flatnonzero(inside), np.flatnonzero(out)) for inside, out in splits],
        fpreproc=from_its_own_start,
        callbacks=[lgb.early_stopping(growth.patience, verbose=False)],
        return_cvbooster=True,
    )
    boosters = tried["cvbooster"]
    unseen = np.empty_like(starts[0])
    for booster, start, (_, out) in zip(boosters.boosters, starts, splits, strict=True):
        raw = booster.predict(expanded[out], raw_score=True, num_iteration=boosters.best_iteration)
        unseen[:, out] = _against_reference(raw, len(start)) + start[:, out]
    return int(boosters.best_iteration), unseen


def _scores(log_hazards: Floats) -> Floats:
    """Turn causes × m into what LightGBM starts from: m, or m × classes with the reference first."""
    if len(log_hazards) == 1:
        return log_hazards.ravel()
    return np.column_stack((np.zeros(log_hazards.shape[1]), *log_hazards))


def _beside_interval(X: Floats, rows: PersonPeriods) -> Floats:
    """Return the features of each row's snapshot and, last, the number of its interval."""
    expanded = np.empty((len(rows), X.shape[1] + 1))
    for start in range(0, len(rows), _CHUNK):
        some = slice(start, start + _CHUNK)
        expanded[some, :-1], expanded[some, -1] = X[rows.snapshot[some]], rows.interval[some]
    return expanded


def _every_interval(X: Floats, intervals: int) -> Floats:
    """Repeat each row for the first intervals, whose number is the last column."""
    expanded = np.empty((X.shape[0], intervals, X.shape[1] + 1))
    expanded[:, :, :-1] = X[:, None, :]
    expanded[:, :, -1] = np.arange(intervals)
    return expanded.reshape(-1, X.shape[1] + 1)


def _against_reference(raw: Floats, causes: int) -> Floats:
    """Turn raw scores (m, or m × classes with the reference first) into causes × m."""
    if raw.ndim == 1:
        return raw[None, :]
    return np.stack([raw[:, cause + 1] - raw[:, 0] for cause in range(causes)])


def _bare(text: str) -> str:
    """Leave out the parameters, which record threads, and the ranges of the features.

    The ends of a range are one lead's own values, and nothing that predicts reads them.
    """
    head, _, rest = text.partition("\nparameters:\n")
    bare = head + "\n" + rest.partition("end of parameters\n")[2].lstrip("\n")
    return _RANGES.sub(lambda line: f"feature_infos={' '.join('none' for _ in line[1].split())}", bare)
