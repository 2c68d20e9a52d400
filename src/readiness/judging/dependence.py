"""How the mean score would be if every lead had this value: the shape of what drives it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from readiness.crm.tables import Floats
from readiness.history.feature_plan import Feature, FeaturePlan
from readiness.history.measured import NOTHING_MORE, Measured, measured
from readiness.judging.bootstrap import Figure, Ratio, draw
from readiness.judging.cohort import Cohort
from readiness.judging.importance import Importance

TOP: Final = 5
"""So many behaviours and attributes are shown, the most important first."""

ROWS: Final = 300
"""Snapshots over which a mean score is taken, at most."""

POINTS: Final = 8
_REPLICATES: Final = 200
_SHARED: Final = 0.02
"""A value that fewer of the snapshots have is not asked about."""


@dataclass(frozen=True, slots=True)
class Point:
    """The mean score if every lead had this value; a number, a category's name, or None for "not known"."""

    value: float | str | None
    score: Figure

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {"value": self.value, "score": self.score.to_dict()}


@dataclass(frozen=True, slots=True)
class Dependence:
    """How the mean score goes with one feature, everything else of each lead as it is.

    ``measured`` says what of the group the feature measures, and in which unit.
    """

    group: str
    feature: str
    points: tuple[Point, ...]
    measured: Measured = NOTHING_MORE

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "group": self.group,
            "feature": self.feature,
            "what": self.measured.what,
            "unit": self.measured.unit,
            "points": [point.to_dict() for point in self.points],
        }


def dependence(
    matrix: Floats,
    cohort: Cohort,
    plan: FeaturePlan,
    predict: Callable[[Floats], Floats],
    importances: Sequence[Importance],
    *,
    seed: int,
    top: int = TOP,
    rows: int = ROWS,
) -> tuple[Dependence, ...]:
    """Set the strongest feature of the most important groups to one value after another.

    Parameters
    ----------
    matrix : Floats, n × p
        Features of snapshots that the model was not fitted on, in the plan's order.
    cohort : Cohort, n rows
        For intervals by lead; outcomes are not needed.
    predict : matrix → Floats, n
        The score.
    importances : sequence of Importance
        The most important first; the named ``feature`` of each is moved.

    Returns
    -------
    tuple of Dependence
        One a group: for a number up to eight of its values at equal shares of the snapshots, ascending, for
        a category its most frequent ones; at last "not known" if 2 % lack it. None without snapshots.

    Notes
    -----
    Friedman (2001), Greedy function approximation, Annals of Statistics 29. Values are combined with leads
    that may never have them, and the other windows of the same behaviour stay as they are.
    """
    chosen = np.sort(np.random.default_rng((seed, 3)).permutation(len(matrix))[:rows])
    if not len(chosen):
        return ()
    resamples = draw(cohort.lead[chosen], replicates=_REPLICATES, seed=seed)
    ones = np.ones(len(chosen))
    found = []
    for each in importances[:top]:
        column = plan.names.index(each.feature)
        points = []
        for told, value in _values(plan.features[column], matrix[:, column]):
            moved = matrix[chosen].copy()
            moved[:, column] = value
            points.append(Point(told, resamples.ratio(Ratio(predict(moved), ones)).figure()))
        said = measured(plan.features[column])
        found.append(Dependence(each.group, each.feature, tuple(points), said))
    return tuple(found)


def _values(feature: Feature, column: Floats) -> list[tuple[float | str | None, float]]:
    """Return the values asked about: as they are told, and as they stand in the matrix."""
    if feature.kind == "category":
        count = np.bincount(column.astype(np.int64), minlength=feature.missing + 1)
        told: list[float | str | None] = [*feature.levels, "other", None]
        shared = count >= max(_SHARED * len(column), 1.0)
        frequent = np.argsort(-count[:-1], kind="stable")[:POINTS]
        codes = [*np.sort(frequent).tolist(), feature.missing]
        return [(told[code], float(code)) for code in codes if shared[code]]
    known = column[np.isfinite(column)]
    asked = (
        np.unique(np.quantile(known, np.linspace(0.05, 0.95, POINTS), method="nearest"))
        if len(known)
        else known
    )
    numbers: list[tuple[float | str | None, float]] = [(float(value), float(value)) for value in asked]
    if len(known) < (1.0 - _SHARED) * len(column):
        numbers.append((None, float("nan")))
    return numbers
