"""The straight member: a multinomial logistic model of what happens in each interval.

Its log-hazards are a sum over features plus a level per interval and cause. So a snapshot's sum is
computed once and serves all the intervals it lived through: exact, and several times faster than
fitting the expanded rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from readiness.crm.tables import Flags, Floats, Ints

_HEAVY = 6.0
"""Kurtosis from which on a tail is heavy: that of a normal distribution is 3."""
_OUTLYING = 4.0
"""Standard deviations beyond which a number counts as this far out: a straight line must not run away."""
_CHUNK = 1024
"""Rows encoded at once: so many stay near the processor, and none waits for memory."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """How features become columns: one-hot for codes; standardised numbers, most by signed log.

    ``levels[j]`` is the number of codes of category feature j, 0 for a number feature.
    """

    levels: Ints
    mean: Floats
    scale: Floats
    """0 for a feature that never varied, and for categories."""
    logged: Flags
    """Which numbers are taken by their signed log: all but those of both signs without heavy tails.

    Sizes, counts and times act by ratios; a difference or an index acts by steps, and a log would bend it.
    """

    @classmethod
    def of(cls, X: Floats, levels: Ints) -> Self:
        """Take means and spreads of the known numbers; a missing one later stands at the mean."""
        mean, scale = np.zeros(X.shape[1]), np.zeros(X.shape[1])
        logged = np.zeros(X.shape[1], dtype=np.bool_)
        for feature in np.flatnonzero(levels == 0):
            column = np.ascontiguousarray(X[:, feature])
            known = column[np.isfinite(column)]
            if not len(known) or known.max() <= known.min():
                continue
            logged[feature] = not known.min() < 0.0 < known.max() or _kurtosis(known) > _HEAVY
            taken = _signed_log(known) if logged[feature] else known
            mean[feature], scale[feature] = taken.mean(), taken.std()
        return cls(levels, mean, scale, logged)

    @property
    def width(self) -> int:
        """How many columns the design has: a value and a missing flag a number, one a code."""
        return int(np.where(self.levels == 0, 2, self.levels).sum())

    def starts(self) -> Ints:
        """Return where each feature's columns start."""
        width = np.where(self.levels == 0, 2, self.levels)
        starts: Ints = np.cumsum(width) - width
        return starts

    def standardised(self, X: Floats) -> Floats:
        """Return the numbers as the member sees them: 0 where missing or constant, n × p."""
        divisor = np.where(self.scale > 0.0, self.scale, 1.0)
        taken = X.copy()
        taken[:, self.logged] = _signed_log(X[:, self.logged])
        z = np.clip((taken - self.mean) / divisor, -_OUTLYING, _OUTLYING)
        return np.where(np.isnan(z) | (self.scale <= 0.0), 0.0, z)

    def codes(self, X: Floats, features: Ints) -> tuple[Ints, Flags]:
        """Return some features' values as codes, and whether each is one that training could have seen."""
        values = X[:, features]
        known = (values >= 0.0) & (self.levels[features] > values)
        return np.where(known, values, 0.0).astype(np.int64), known

    def used(self, X: Floats) -> Ints:
        """Return which columns of the design are not zero in every row of the X that means are of."""
        used = np.zeros(self.width, dtype=np.bool_)
        for feature, start in enumerate(self.starts()):
            column = X[:, feature]
            if self.levels[feature]:
                known = (column >= 0.0) & (column < self.levels[feature])
                used[start + np.unique(column[known]).astype(np.int64)] = True
            else:
                used[start], used[start + 1] = self.scale[feature] > 0.0, np.isnan(column).any()
        return np.flatnonzero(used)

    def design(self, X: Floats, used: Ints | None = None, order: Ints | None = None) -> Floats:
        """Return the n × width matrix that the fit sees, or some of its columns, ascending.

        ``order`` says which row of X comes where; by default each stays in its place.
        """
        taken = np.arange(self.width) if used is None else used
        place = np.full(self.width, -1, dtype=np.int64)
        place[taken] = np.arange(len(taken))
        columns = np.zeros((X.shape[0] if order is None else len(order), len(taken)))
        for start in range(0, len(columns), _CHUNK):
            some = slice(start, start + _CHUNK)
            self._fill(columns[some], X[some if order is None else order[some]], place)
        return columns

    def _fill(self, columns: Floats, X: Floats, place: Ints) -> None:
        """Write the design of X; ``place`` is where each of its columns goes, -1 for nowhere."""
        starts, numbers, categories = (
            self.starts(),
            np.flatnonzero(self.levels == 0),
            np.flatnonzero(self.levels),
        )
        codes, known = self.codes(X, categories)
        rows, number = np.nonzero(known)
        _put(columns, rows, place[starts[categories[number]] + codes[rows, number]])
        rows, number = np.nonzero(np.isnan(X[:, numbers]))
        _put(columns, rows, place[starts[numbers[number]] + 1])
        kept = numbers[place[starts[numbers]] >= 0]
        columns[:, place[starts[kept]]] = self.standardised(X)[:, kept]


def _put(columns: Floats, rows: Ints, at: Ints) -> None:
    """Write a one into these cells; a column of -1 is nowhere."""
    somewhere = at >= 0
    columns[rows[somewhere], at[somewhere]] = 1.0


@dataclass(frozen=True, slots=True)
class HazardLogistic:
    """A fitted member. ``level`` is causes × intervals, ``weights`` causes × design columns."""

    encoding: Encoding
    level: Floats
    weights: Floats

    def contributions(self, X: Floats) -> Floats:
        """Return what each feature adds to each cause's log-hazard in any interval, causes × n × p."""
        z, starts = self.encoding.standardised(X), self.encoding.starts()
        categories = np.flatnonzero(self.encoding.levels > 0)
        codes, known = self.encoding.codes(X, categories)
        # A category has no flag for a missing value: that is one of its codes.
        missing, flag = np.isnan(X), np.where(self.encoding.levels > 0, 0, starts + 1)
        result = np.empty((len(self.weights), *X.shape))
        if X.shape[1] == 0:
            return result
        for each, weights in zip(result, self.weights, strict=True):
            np.multiply(z, weights[starts], out=each)
            np.add(each, weights[flag], out=each, where=missing)
            each[:, categories] = np.where(known, weights[starts[categories] + codes], 0.0)
        return result

    def log_hazards(self, X: Floats, intervals: int | None = None) -> Floats:
        """Return log-hazards against the reference, causes × the first ``intervals``, or all, × n.

        Features are added one after the other (`np.add.accumulate` is sequential by definition), so that
        one row alone gives the same bits as many.
        """
        level = self.level[:, :intervals, None]
        if X.shape[1] == 0:
            return np.repeat(level, X.shape[0], axis=2)
        total = np.add.accumulate(self.contributions(X), axis=2)[:, :, -1]
        return level + total[:, None, :]

    def to_json(self) -> dict[str, Any]:
        """Return all there is to it, as JSON-able values; floats survive exactly."""
        return {
            "levels": self.encoding.levels.tolist(),
            "mean": self.encoding.mean.tolist(),
            "scale": self.encoding.scale.tolist(),
            "logged": self.encoding.logged.tolist(),
            "level": self.level.tolist(),
            "weights": self.weights.tolist(),
        }

    @classmethod
    def from_json(cls, parts: dict[str, Any]) -> Self:
        """Restore what `to_json` returned."""
        levels = np.asarray(parts["levels"], dtype=np.int64)
        # An older bundle took every number by its logarithm.
        logged = np.array(parts.get("logged", [True] * len(levels)), dtype=np.bool_)
        encoding = Encoding(levels, _floats(parts["mean"]), _floats(parts["scale"]), logged)
        level, weights = _floats(parts["level"]), _floats(parts["weights"])
        return cls(encoding, level, weights.reshape(len(level), encoding.width))


def _signed_log(values: Floats) -> Floats:
    return np.sign(values) * np.log1p(np.abs(values))


def _kurtosis(values: Floats) -> float:
    away = (values - values.mean()) / max(float(values.std()), 1e-300)
    return float(((away * away) ** 2).mean())


def _floats(values: Any) -> Floats:  # noqa: ANN401 - JSON
    return np.asarray(values, dtype=np.float64)
