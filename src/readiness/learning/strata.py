"""What the age of a lead does to each hazard, taken as it is: neither shrunk nor bent to a line.

Members that are stopped early or penalised shrink every effect. Of most features that is right; of the
age at which a lead is looked at it is not, for then all leads of an age would be forecast too high or too
low together. So each stratum of age starts from its own levels, one an interval: the first weeks of an old
lead are not those of a new one. Once the members are fitted, which bend the effect of age again, the levels
are settled: what is forecast of a stratum adds up to what it saw.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Self

import numpy as np

from readiness.crm.tables import Floats, Ints
from readiness.learning.curves import Ends, probabilities
from readiness.learning.person_periods import PersonPeriods

_STRATA: Final = 12
_PSEUDO_EVENTS: Final = 10.0
"""A stratum's level is drawn to the level of all as if by so many events."""
_PSEUDO_EVENTS_OF_A_CELL: Final = 10.0
"""And its level in one interval to what stratum and interval, each on its own, lead one to expect."""
_SETTLED_ON: Final = 2_000
"""Of a stratum's snapshots so many settle its level: to forecast all would cost as much as the fit."""
_CHUNK: Final = 8192
"""Snapshots that are forecast at once: bounds memory."""


@dataclass(frozen=True, slots=True)
class Strata:
    """Levels by strata of one number feature: ``shifts`` add to the log-hazards, causes × strata × intervals.

    ``edges`` ascend; stratum s holds ``edges[s - 1] <= value < edges[s]``, the last one also NaN.
    """

    column: int
    edges: Floats
    shifts: Floats

    def log_hazards(self, X: Floats, intervals: int | None = None) -> Floats:
        """Return what each row's stratum adds, causes × the first ``intervals``, or all, × n."""
        return self.shifts[:, self.of(X), :intervals].transpose(0, 2, 1)

    def of(self, X: Floats) -> Ints:
        """Return the number of each row's stratum."""
        return np.searchsorted(self.edges, X[:, self.column], side="right")

    def to_json(self) -> dict[str, Any]:
        """Return them ready for JSON."""
        return {"column": self.column, "edges": self.edges.tolist(), "shifts": self.shifts.tolist()}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        edges, shifts = (np.array(content[name], dtype=np.float64) for name in ("edges", "shifts"))
        # An older bundle has one level for all intervals.
        return cls(int(content["column"]), edges, shifts if shifts.ndim == 3 else shifts[:, :, None])


def fit_strata(X: Floats, column: int, rows: PersonPeriods, ends: Ends, offset: Floats) -> Strata:
    """Compare the ends that each stratum saw with those that all strata's hazards lead one to expect.

    Parameters
    ----------
    X : Floats, n × p
    column : int
        Whose values, or where they are more than twelve their quantiles, part the snapshots into strata.
    rows : PersonPeriods
    offset : Floats, causes × intervals
        The log-hazards of all strata together.
    """
    value = X[:, column]
    known = value[~np.isnan(value)]
    edges = np.unique(known)[1:]
    if len(edges) >= _STRATA:
        inner = np.arange(1, _STRATA) / _STRATA
        edges = np.unique(np.quantile(known, inner, method="higher"))
    flat = Strata(column, edges, np.zeros((len(offset), len(edges) + 1, offset.shape[1])))
    stratum = flat.of(X)[rows.snapshot]
    seen = _ends_of(rows, stratum, ends, flat)
    expected = _Level.of(flat, offset, ends).forecast(rows, stratum)
    moves = _moves(seen.sum(axis=2), expected.sum(axis=2), _PSEUDO_EVENTS)
    apart = replace(flat, shifts=flat.shifts + moves[:, :, None])
    expected = _Level.of(apart, offset, ends).forecast(rows, stratum)
    return replace(apart, shifts=apart.shifts + _moves(seen, expected, _PSEUDO_EVENTS_OF_A_CELL))


def settle(
    strata: Strata,
    X: Floats,
    rows: PersonPeriods,
    ends: Ends,
    offset: Floats,
    log_hazards: Callable[[Floats, int], Floats],
) -> Strata:
    """Move each stratum's level until what is forecast of the stratum adds up to the ends it saw.

    The ends are counted on all snapshots. What is forecast is compared on a few thousand of each stratum with
    what its level alone would forecast of them, and that is counted on all snapshots again.

    Parameters
    ----------
    X : Floats, n × p
        The snapshots that ``rows``, in the order of snapshots, tell of; in canonical order, which is as
        good as random, so that evenly spaced ones are a fair sample.
    offset : Floats, causes × intervals
        The log-hazards of all strata together.
    log_hazards : function of m × p features and k to causes × the first k intervals × m
        What is forecast with the levels that ``strata`` has.

    Notes
    -----
    The ratio estimator of sampling theory: Cochran (1977), Sampling Techniques, chapter 6. Exact where all
    snapshots are looked at, and where a forecast says no more than the level does.
    """
    level, stratum = _Level.of(strata, offset, ends), strata.of(X)
    of_row = stratum[rows.snapshot]
    looked_at = _some_of_each(stratum, strata.shifts.shape[1])
    chosen = np.zeros(len(X), dtype=np.bool_)
    chosen[looked_at] = True
    some = chosen[rows.snapshot]
    sample = rows.where(some)
    forecast = _forecast(X, looked_at, sample, of_row[some], ends, log_hazards, strata.shifts.shape[:2])
    by_level = level.forecast(sample, of_row[some]).sum(axis=2)
    share = np.divide(forecast, by_level, out=np.ones_like(forecast), where=by_level > 0.0)
    seen = _ends_of(rows, of_row, ends, strata).sum(axis=2)
    moves = _moves(seen, level.forecast(rows, of_row).sum(axis=2) * share, _PSEUDO_EVENTS)
    return replace(strata, shifts=strata.shifts + moves[:, :, None])


@dataclass(frozen=True, slots=True)
class _Level:
    """``hazards``, causes × strata × intervals: of a snapshot of which nothing but its stratum is known."""

    hazards: Floats

    @classmethod
    def of(cls, strata: Strata, offset: Floats, ends: Ends) -> Self:
        return cls(probabilities(offset[:, None, :] + strata.shifts, ends)[list(ends.causes)])

    def forecast(self, rows: PersonPeriods, stratum: Ints) -> Floats:
        """Return how many ends to expect of each stratum in each interval, causes × strata × intervals."""
        _, strata, intervals = self.hazards.shape
        cell = stratum * intervals + rows.interval
        expected: Floats = self.hazards * np.bincount(cell, rows.weight, strata * intervals).reshape(
            strata, intervals
        )
        return expected


def _ends_of(rows: PersonPeriods, stratum: Ints, ends: Ends, strata: Strata) -> Floats:
    """Return how many ends each stratum saw in each interval, causes × strata × intervals."""
    _, size, intervals = strata.shifts.shape
    cell = stratum * intervals + rows.interval
    happened = [rows.event == cause for cause in ends.causes]
    counts = [np.bincount(cell[of], rows.weight[of], size * intervals) for of in happened]
    return np.asarray(counts, dtype=np.float64).reshape(-1, size, intervals)


def _moves(seen: Floats, expected: Floats, pseudo: float) -> Floats:
    moves: Floats = np.log((seen + pseudo) / (expected + pseudo))
    return moves


def _some_of_each(stratum: Ints, strata: int) -> Ints:
    """Return evenly spaced snapshots of each stratum, half of ``_SETTLED_ON`` at least where there are."""
    order = np.argsort(stratum, kind="stable")
    size = np.bincount(stratum, minlength=strata)
    place = np.arange(len(stratum)) - np.repeat(np.cumsum(size) - size, size)
    step = np.maximum(-(-size // _SETTLED_ON), 1)
    chosen: Ints = np.sort(order[place % np.repeat(step, size) == 0])
    return chosen


def _forecast(
    X: Floats,
    snapshots: Ints,
    rows: PersonPeriods,
    stratum: Ints,
    ends: Ends,
    log_hazards: Callable[[Floats, int], Floats],
    shape: tuple[int, ...],
) -> Floats:
    """Return how many ends are forecast of each stratum, causes × strata; ``rows`` are the snapshots'."""
    expected = np.zeros(shape)
    at = np.searchsorted(snapshots, rows.snapshot)
    lived = np.zeros(len(snapshots), dtype=np.int64)
    np.maximum.at(lived, at, rows.interval + 1)
    # Those that lived equally long together: what lies beyond need not be forecast.
    for intervals in np.unique(lived[lived > 0]):
        alike = np.flatnonzero(lived == intervals)
        for start in range(0, len(alike), _CHUNK):
            some = alike[start : start + _CHUNK]
            shares = probabilities(log_hazards(X[snapshots[some]], int(intervals)), ends)
            place = np.full(len(snapshots), -1)
            place[some] = np.arange(len(some))
            of = np.flatnonzero(place[at] >= 0)
            weight, cell = rows.weight[of], (rows.interval[of], place[at[of]])
            for number, cause in enumerate(ends.causes):
                expected[number] += np.bincount(stratum[of], weight * shares[cause][cell], shape[1])
    return expected
