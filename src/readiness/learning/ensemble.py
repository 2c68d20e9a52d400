"""The members taken together: the mean of their log-hazards, weighted by what unseen leads said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from readiness.crm.tables import Floats
from readiness.learning.curves import Ends
from readiness.learning.hazard_logistic import HazardLogistic
from readiness.learning.hazard_trees import HazardTrees
from readiness.learning.pull import Pull
from readiness.learning.recalibration import Recalibration
from readiness.learning.strata import Strata
from readiness.learning.target_statistics import TargetStatistics


@dataclass(frozen=True, slots=True)
class Ensemble:
    """Members of trees, perhaps a logistic one, and their weights in this order, summing to one.

    ``strata``, where there are any, add to what the members say. ``card`` is the column of X that holds
    the points of the points card, which the members do not read; ``pull`` draws them to the card,
    ``recalibration`` mends how bold they are; ``statistics`` stand in for columns with very many values.
    """

    trees: tuple[HazardTrees, ...]
    logistic: HazardLogistic | None
    weights: Floats
    strata: Strata | None = None
    card: int | None = None
    pull: Pull | None = None
    recalibration: Recalibration | None = None
    statistics: TargetStatistics | None = None

    def log_hazards(self, X: Floats, intervals: int | None = None) -> Floats:
        """Return log-hazards against the reference, causes × the first ``intervals``, or all, × n.

        Of one interval they are the same bits, however many are asked for.
        """
        read = self._read(X)
        parts = [member.log_hazards(read, intervals) for member in self.trees]
        if self.logistic is not None:
            parts.append(self.logistic.log_hazards(read, intervals))
        total = self._mean(parts)
        if self.pull is not None:
            total = self.pull.of(total, X[:, self.card])
        if self.recalibration is not None:
            total = self.recalibration.of(total)
        if self.strata is not None:
            total += self.strata.log_hazards(X, total.shape[1])
        return total

    def contributions(self, X: Floats, intervals: int) -> Floats:
        """Return what each feature, and last the interval itself, adds to each cause's log-hazard.

        Causes × the first ``intervals`` × n × (p + 1); up to a constant per cause and interval, a row's
        sum is its log-hazard.
        """
        read = self._read(X)
        parts = [member.contributions(read, intervals) for member in self.trees]
        if self.logistic is not None:
            flat = self.logistic.contributions(read)
            with_interval = np.concatenate((flat, np.zeros((*flat.shape[:2], 1))), axis=2)
            parts.append(np.repeat(with_interval[:, None], intervals, axis=1))
        total = self._mean(parts)
        if self.card is not None:
            total = np.insert(total, self.card, 0.0, axis=3)
        if self.statistics is not None:
            total = self.statistics.gathered(total, X.shape[1])
        if self.pull is not None:
            total *= (1.0 - self.pull.share)[:, None, None, None]
            said = self.pull.card.log_hazards(X[:, self.card])[:, :intervals]
            total[..., self.card] = self.pull.share[:, None, None] * said
        if self.recalibration is not None:
            total *= self.recalibration.slope[:, None, None, None]
        if self.strata is not None:
            total[..., self.strata.column] += self.strata.log_hazards(X, intervals)
        return total

    def _read(self, X: Floats) -> Floats:
        return without(X if self.statistics is None else self.statistics.of(X), self.card)

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
            "strata": self.strata.to_json() if self.strata is not None else None,
            "card": self.card,
            "pull": self.pull.to_json() if self.pull is not None else None,
            "recalibration": self.recalibration.to_json() if self.recalibration is not None else None,
            "statistics": self.statistics.to_json() if self.statistics is not None else None,
        }
        return parts, {_file(number): member.text for number, member in enumerate(self.trees)}

    @classmethod
    def from_parts(cls, parts: Mapping[str, Any], files: Mapping[str, str], ends: Ends) -> Self:
        """Put together what `to_parts` took apart; ``ends`` are those of the log-hazards."""
        trees = tuple(
            HazardTrees(files[_file(number)], np.array(offset, dtype=np.float64))
            for number, offset in enumerate(parts["offsets"])
        )
        logistic = HazardLogistic.from_json(parts["logistic"]) if parts["logistic"] else None
        strata = Strata.from_json(parts["strata"]) if parts["strata"] else None
        pull = Pull.from_json(parts["pull"], ends) if parts.get("pull") else None
        weights = np.array(parts["weights"], dtype=np.float64)
        mending = parts.get("recalibration")
        recalibration = Recalibration.from_json(mending) if mending else None
        counted = parts.get("statistics")
        statistics = TargetStatistics.from_json(counted) if counted else None
        return cls(trees, logistic, weights, strata, parts.get("card"), pull, recalibration, statistics)


def without(X: Floats, column: int | None) -> Floats:
    """Return X without a column that no member reads."""
    return X if column is None else np.delete(X, column, axis=1)


def _file(number: int) -> str:
    return f"trees_{number}.txt"
