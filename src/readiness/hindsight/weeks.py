"""How many leads an agreement would have handed over each week, beside what sales can take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from readiness.crm.records import MICROSECONDS_PER_DAY, iso
from readiness.crm.tables import Ints
from readiness.hindsight.replay import Replay
from readiness.history.snapshots import week_of
from readiness.judging.bootstrap import Estimate, Figure, Ratio, Resamples

_WEEK: Final = 7 * MICROSECONDS_PER_DAY


@dataclass(frozen=True, slots=True)
class Weeks:
    """How many leads would have been handed over each week, Monday 00:00 UTC to the next."""

    start: Ints
    handed_over: Ints
    capacity: int
    """So many a week can sales take, as the agreement says."""
    mean: Figure

    @property
    def above_capacity(self) -> int:
        """In how many weeks there were more than sales can take."""
        return int(np.count_nonzero(self.handed_over > self.capacity))

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "capacity": self.capacity,
            "mean": self.mean.to_dict(),
            "median": float(np.median(self.handed_over)) if len(self.start) else None,
            "most": int(self.handed_over.max(initial=0)),
            "above_capacity": self.above_capacity,
            "weeks": [
                {"from": iso(start), "handed_over": count}
                for start, count in zip(self.start.tolist(), self.handed_over.tolist(), strict=True)
            ],
        }


def weeks(found: Replay, resamples: Resamples, capacity: int) -> Weeks | None:
    """Count the hand-overs of each week, from that of the first lead to the last one watched.

    Returns
    -------
    Weeks or None
        None in undated tables, or where no lead was looked at. The mean leaves out no week, not even one
        without a hand-over; the last may not be whole.
    """
    tables = found.tables
    if not tables.dated or not found.looked_at.any():
        return None
    created = int(tables.leads.created_at[found.looked_at].min())
    first, last = week_of(np.array([created, tables.observed_through - 1])).tolist()
    start = np.arange(first, last + 1, _WEEK)
    count = np.bincount((week_of(found.at) - first) // _WEEK, minlength=len(start))
    mean = a_week(found, resamples)
    return Weeks(start, count, capacity, Figure(None, None, None) if mean is None else mean.figure())


def a_week(found: Replay, resamples: Resamples) -> Estimate | None:
    """Estimate how many leads would have been handed over a week, from the first creation to the end.

    Parameters
    ----------
    resamples : Resamples
        A row for each lead looked at.

    Returns
    -------
    Estimate or None
        None in undated tables, or where no lead was looked at.
    """
    tables = found.tables
    if not tables.dated or not found.looked_at.any():
        return None
    span = (tables.observed_through - int(tables.leads.created_at[found.looked_at].min())) / _WEEK
    handed = np.zeros(len(tables.leads))
    handed[found.lead] = 1.0
    share = resamples.ratio(Ratio(handed[found.looked_at], np.ones(len(resamples.position))))
    factor = len(resamples.position) / span
    return Estimate(share.value * factor, share.replicates * factor)
