"""The members taken together: the mean of their log-hazards, weighted by what unseen leads said."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from threadpoolctl import threadpool_limits

from readiness.crm.tables import Floats, Ints
from readiness.learning.blend import blend
from readiness.learning.curves import Ends
from readiness.learning.hazard_logistic import HazardLogistic
from readiness.learning.hazard_trees import Growth, HazardTrees, fit_trees
from readiness.learning.logistic_fit import fit_logistic
from readiness.learning.person_periods import PersonPeriods, base_log_hazards
from readiness.progress import Progress


@dataclass(frozen=True, slots=True)
class Ensemble:
    """Members of trees, perhaps a logistic one, and their weights in this order, summing to one."""

    trees: tuple[HazardTrees, ...]
    logistic: HazardLogistic | None
    weights: Floats

    def log_hazards(self, X: Floats) -> Floats:
        """Return log-hazards against the reference, causes × intervals × n."""
        parts = [member.log_hazards(X) for member in self.trees]
        if self.logistic is not None:
            parts.append(self.logistic.log_hazards(X))
        return self._mean(parts)

    def contributions(self, X: Floats, intervals: int) -> Floats:
        """Return what each feature, and last the interval itself, adds to each cause's log-hazard.

        Causes × the first ``intervals`` × n × (p + 1); up to a constant per cause and interval, a row's
        sum is its log-hazard.
        """
        parts = [member.contributions(X, intervals) for member in self.trees]
        if self.logistic is not None:
            flat = self.logistic.contributions(X)
            with_interval = np.concatenate((flat, np.zeros((*flat.shape[:2], 1))), axis=2)
            parts.append(np.repeat(with_interval[:, None], intervals, axis=1))
        return self._mean(parts)

    def _mean(self, parts: Sequence[Floats]) -> Floats:
        total: Floats = self.weights[0] * parts[0]
        for weight, part in zip(self.weights[1:], parts[1:], strict=True):
            total += weight * part
        return total

    def to_parts(self) -> tuple[dict[str, Any], dict[str, str]]:
        """Take the members apart into JSON-able values and the texts of their trees."""
        parts = {
            "weights": self.weights.tolist(),
            "offsets": [member.offset.tolist() for member in self.trees],
            "logistic": self.logistic.to_json() if self.logistic is not None else None,
        }
        return parts, {_file(number): member.text for number, member in enumerate(self.trees)}

    @classmethod
    def from_parts(cls, parts: Mapping[str, Any], files: Mapping[str, str]) -> Self:
        """Put together what `to_parts` took apart."""
        trees = tuple(
            HazardTrees(files[_file(number)], np.array(offset, dtype=np.float64))
            for number, offset in enumerate(parts["offsets"])
        )
        logistic = HazardLogistic.from_json(parts["logistic"]) if parts["logistic"] else None
        return cls(trees, logistic, np.array(parts["weights"], dtype=np.float64))


@dataclass(frozen=True, slots=True)
class Lessons:
    """What the members learn from: snapshots in canonical order, and their person-periods.

    ``thinned`` are the rows that teach the trees and on which choices are made; ``fold`` is the fold of
    each snapshot, by lead.
    """

    X: Floats
    levels: Ints
    rows: PersonPeriods
    thinned: PersonPeriods
    ends: Ends
    intervals: int
    fold: Ints
    snapshots_per_lead: float


def fit_ensemble(
    lessons: Lessons, growths: Sequence[Growth], penalties: Sequence[float], progress: Progress
) -> Ensemble:
    """Fit a member of trees for each growth, a logistic one if there are penalties, and their weights."""
    ends = lessons.ends
    offset = base_log_hazards(lessons.rows, ends.reference, ends.causes, lessons.intervals)
    trees: list[HazardTrees] = []
    unseen: list[Floats] = []
    logistic = None
    steps = len(growths) + bool(penalties)
    # One thread of linear algebra: with more, sums would be split by their number.
    with threadpool_limits(1, user_api="blas"):
        for growth in growths:
            progress("growing trees", len(trees) / steps)
            member, out = fit_trees(
                lessons.X, lessons.levels, lessons.thinned, ends, offset, fold=lessons.fold, growth=growth
            )
            trees.append(member)
            unseen.append(out)
        if penalties:
            progress("fitting the logistic model", len(growths) / steps)
            logistic, out = fit_logistic(
                lessons.X,
                lessons.levels,
                lessons.rows,
                ends,
                offset,
                thinned=lessons.thinned,
                fold=lessons.fold,
                penalties=penalties,
            )
            unseen.append(out)
        per_lead = lessons.snapshots_per_lead
        weights = blend(unseen, lessons.thinned, ends, snapshots_per_lead=per_lead)
    progress("fitting the members", 1.0)
    return Ensemble(tuple(trees), logistic, weights)


def default_leaves(edges: Floats) -> tuple[int, ...]:
    """Return the sizes of trees: 8 leaves where time is known, 8 and 16 where it is not."""
    return (8, 16) if math.isinf(edges[-1]) else (8,)


def default_folds(rows: int) -> int:
    """Return how many folds for so many person-periods: few make fits cheap and leads dear."""
    return 10 if rows < 3_000 else 5 if rows < 30_000 else 3


def _file(number: int) -> str:
    return f"trees_{number}.txt"
