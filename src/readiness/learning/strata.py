"""What the age of a lead does to each hazard, taken as it is: neither shrunk nor bent to a line.

Members that are stopped early or penalised shrink every effect. Of most features that is right; of the
age at which a lead is looked at it is not, for then all leads of an age would be forecast too high or too
low together. So each stratum of age starts from its own level, and once the members are fitted, which bend
the effect of age again, the levels are settled: what is forecast of a stratum adds up to what it saw.
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
_CHUNK: Final = 8192
"""Snapshots that are looked at at once: bounds memory."""


@dataclass(frozen=True, slots=True)
class Strata:
    """Levels by strata of one number feature: ``shifts`` (causes × strata) add to the log-hazards.

    ``edges`` ascend; stratum s holds ``edges[s - 1] <= value < edges[s]``, the last one also NaN.
    """

    column: int
    edges: Floats
    shifts: Floats

    def log_hazards(self, X: Floats) -> Floats:
        """Return what each row's stratum adds to the log-hazards, causes × n."""
        return self.shifts[:, self.of(X)]

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
        return cls(int(content["column"]), edges, shifts.reshape(-1, len(edges) + 1))


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
    flat = Strata(column, edges, np.zeros((len(ends.causes), len(edges) + 1)))
    return settle(flat, X, rows, ends, lambda some: np.repeat(offset[:, :, None], len(some), axis=2))


def settle(
    strata: Strata, X: Floats, rows: PersonPeriods, ends: Ends, log_hazards: Callable[[Floats], Floats]
) -> Strata:
    """Move each stratum's level until what is forecast of the stratum adds up to the ends it saw.

    Parameters
    ----------
    X : Floats, n × p
        The snapshots that ``rows``, in the order of snapshots, tell of.
    log_hazards : function of m × p features to causes × intervals × m
        What is forecast with the levels that ``strata`` has.
    """
    size = strata.shifts.shape[1]
    seen, expected = np.zeros_like(strata.shifts), np.zeros_like(strata.shifts)
    for start in range(0, len(X), _CHUNK):
        some = X[start : start + _CHUNK]
        first, last = np.searchsorted(rows.snapshot, (start, start + _CHUNK))
        snapshot, interval = rows.snapshot[first:last] - start, rows.interval[first:last]
        stratum = strata.of(some)[snapshot]
        shares = probabilities(log_hazards(some), ends)
        for number, cause in enumerate(ends.causes):
            weight, event = rows.weight[first:last], rows.event[first:last]
            seen[number] += np.bincount(stratum, weight * (event == cause), size)
            expected[number] += np.bincount(stratum, weight * shares[cause][interval, snapshot], size)
    moves = np.log((seen + _PSEUDO_EVENTS) / (expected + _PSEUDO_EVENTS))
    return replace(strata, shifts=strata.shifts + moves)
