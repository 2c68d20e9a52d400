"""What the age of a lead does to each hazard, taken as it is: neither shrunk nor bent to a line.

Members that are stopped early or penalised shrink every effect. Of most features that is right; of the
age at which a lead is looked at it is not, for then all leads of an age would be forecast too high or too
low together. So each stratum of age starts from its own level.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np

from readiness.crm.tables import Floats, Ints
from readiness.learning.curves import Ends
from readiness.learning.person_periods import PersonPeriods

_STRATA: Final = 8
_PSEUDO_EVENTS: Final = 10.0
"""A stratum's level is drawn to the level of all as if by so many events."""


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
        return self.shifts[:, np.searchsorted(self.edges, X[:, self.column], side="right")]

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
        Whose quantiles part the snapshots into at most eight strata.
    rows : PersonPeriods
    offset : Floats, causes × intervals
        The log-hazards of all strata together.
    """
    value = X[:, column]
    known = value[~np.isnan(value)]
    inner = np.arange(1, _STRATA) / _STRATA
    edges = np.unique(np.quantile(known, inner, method="higher")) if len(known) else np.empty(0)
    stratum: Ints = np.searchsorted(edges, value, side="right")[rows.snapshot]
    odds = np.exp(offset)
    share = odds / (1.0 + odds.sum(axis=0))
    strata = len(edges) + 1
    seen = [np.bincount(stratum, rows.weight * (rows.event == cause), strata) for cause in ends.causes]
    expected = [np.bincount(stratum, rows.weight * each[rows.interval], strata) for each in share]
    shifts = np.log((np.stack(seen) + _PSEUDO_EVENTS) / (np.stack(expected) + _PSEUDO_EVENTS))
    return Strata(column, edges, shifts)
