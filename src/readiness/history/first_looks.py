"""Each lead as it was first looked at, what became of it, and for how long its record was kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from readiness.crm.records import MICROSECONDS_PER_DAY, OUTCOMES
from readiness.crm.tables import Floats, Tables
from readiness.history.outcomes import CENSORED, EVENT_OF_OUTCOME, EventOfOutcome, label
from readiness.history.snapshots import Schedule, Snapshots, known_until_of_leads, take

_ONCE: Final = Schedule(age_days=())
_EACH: Final = tuple(range(1, len(OUTCOMES) + 1))


@dataclass(frozen=True, slots=True)
class FirstLooks:
    """One row a lead that was open at its first look.

    Parameters
    ----------
    snapshots : Snapshots, n rows
        In the order of the leads; in undated tables the cutoff is none.
    event : n
        How the lead ended (a position in EVENTS); 0: not known yet.
    end : n
        The same, with every outcome apart: its position in OUTCOMES, plus 1.
    lived : Floats, n
        Days from the look to the end, or for how long nothing ended it. NaN in undated tables.
    followed : Floats, n
        Days from the look until which the record was kept, whether or not the lead ended in them; ≥ lived.
        NaN in undated tables.
    """

    snapshots: Snapshots
    event: NDArray[np.int8]
    end: NDArray[np.int8]
    lived: Floats
    followed: Floats

    def __len__(self) -> int:
        return len(self.snapshots)


def first_looks(tables: Tables, event_of_outcome: EventOfOutcome = EVENT_OF_OUTCOME) -> FirstLooks:
    """Look once at each lead, as early as a learner does, and say what became of it.

    An hour after creation, or at the next midnight where the CRM keeps dates only. A lead that had ended by
    then, that ended nobody knows when, or whose record was kept no longer, is left out. In undated tables
    every lead is there.

    Parameters
    ----------
    tables : Tables
    event_of_outcome : one event for each of OUTCOMES
        Which end counts as what, as the agreement says.
    """
    looks = take(tables, until=tables.observed_through, schedule=_ONCE)
    labels = label(looks, tables, known_until=tables.observed_through, event_of_outcome=_EACH)
    event = np.array([CENSORED, *event_of_outcome], dtype=np.int8)[labels.event]
    followed = np.full(len(looks), np.nan)
    if tables.dated:
        followed = (known_until_of_leads(tables)[looks.lead] - looks.cutoff) / MICROSECONDS_PER_DAY
    return FirstLooks(looks, event, labels.event, labels.duration, followed)
