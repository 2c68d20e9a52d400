"""Behaviours and attributes that tell of the same thing, shuffled together: what one lends the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform
from scipy.stats import rankdata

from readiness.crm.tables import Floats
from readiness.history.feature_plan import FeaturePlan
from readiness.judging.bootstrap import Figure
from readiness.judging.cohort import Cohort
from readiness.judging.importance import ROWS, look

ALIKE: Final = 0.7
"""Rank correlation from which on two groups are taken to tell of the same thing."""


@dataclass(frozen=True, slots=True)
class Together:
    """Groups that tell of the same thing, and how much the score loses without all of them."""

    groups: tuple[str, ...]
    increase: Figure

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {"groups": list(self.groups), "increase": self.increase.to_dict()}


def together(
    matrix: Floats,
    cohort: Cohort,
    plan: FeaturePlan,
    predict: Callable[[Floats], Floats],
    *,
    horizon_days: float | None,
    seed: int,
    rows: int = ROWS,
) -> tuple[Together, ...]:
    """Find groups of features that tell of the same thing, and shuffle each set of them as one.

    Shuffled alone, each of them seems to matter little, for the others still tell. Two groups are alike
    where two of their columns have a rank correlation of 0.7 or more, either way; in a set all are alike
    (complete linkage). A missing number ranks lowest; a category stands for the mean score of its
    snapshots.

    Parameters
    ----------
    matrix, cohort, plan, predict, horizon_days, seed, rows
        As in `importance`.

    Returns
    -------
    tuple of Together
        Sets of two or more, the most important first; empty where no outcome is known.

    Notes
    -----
    Gregorutti, Michel and Saint-Pierre (2017), Correlation and variable importance in random forests,
    Statistics and Computing 27.
    """
    looked = look(matrix, cohort, predict, horizon_days=horizon_days, seed=seed, rows=rows)
    if looked is None or len(plan.groups) < 2:
        return ()
    shuffle = np.random.default_rng((seed, 2)).permutation(len(looked.matrix))
    members = plan.group_columns()
    found = []
    for groups in _sets(_ranks(looked.matrix, plan, looked.score), list(members.values()), plan.groups):
        columns = [column for group in groups for column in members[group]]
        found.append(Together(groups, looked.increase(predict(looked.shuffled(columns, shuffle)))))
    return tuple(sorted(found, key=lambda each: (-(each.increase.value or 0.0), each.groups)))


def _ranks(matrix: Floats, plan: FeaturePlan, score: Floats) -> Floats:
    """Return the ranks of every column, centred and of length one; zeros for a constant one."""
    ranks = np.zeros_like(matrix)
    for column, feature in enumerate(plan.features):
        values = matrix[:, column]
        if feature.kind == "category":
            code = values.astype(np.int64)
            count = np.bincount(code)
            values = (np.bincount(code, score) / np.maximum(count, 1))[code]
        ranks[:, column] = rankdata(np.nan_to_num(values, nan=-np.inf))
    ranks -= ranks.mean(axis=0)
    length = np.sqrt((ranks * ranks).sum(axis=0))
    centred: Floats = ranks / np.where(length > 0, length, 1.0)
    return centred


def _sets(ranks: Floats, members: Sequence[Sequence[int]], groups: Sequence[str]) -> list[tuple[str, ...]]:
    alike = np.eye(len(groups))
    for first in range(len(groups)):
        for second in range(first):
            # einsum without BLAS adds in one fixed order: the same bytes whatever the number of threads.
            pairs = np.einsum(
                "ij,ik->jk", ranks[:, members[first]], ranks[:, members[second]], optimize=False
            )
            alike[first, second] = alike[second, first] = min(float(np.abs(pairs).max()), 1.0)
    tree = linkage(squareform(1.0 - alike, checks=False), method="complete")
    number: NDArray[np.integer] = fcluster(tree, 1.0 - ALIKE, criterion="distance")
    sets = [
        tuple(groups[place] for place in np.flatnonzero(number == each).tolist())
        for each in np.unique(number)
    ]
    return [each for each in sets if len(each) > 1]
