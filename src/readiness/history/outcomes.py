"""What became of a lead after a snapshot, as far as it is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from readiness.crm.records import MICROSECONDS_PER_DAY, NO_INSTANT, OUTCOMES, STOP_CALLING, Instant, iso
from readiness.crm.tables import Flags, Floats, Ints, Tables
from readiness.errors import DataError, Fault
from readiness.history.events import first_at_or_after, newest
from readiness.history.snapshots import Snapshots, known_until_of_leads, open_and_kept

__all__ = [
    "CENSORED",
    "ENDED",
    "EVENTS",
    "EVENT_OF_OUTCOME",
    "STOP",
    "WON",
    "Ended",
    "EventOfOutcome",
    "Labels",
    "ended_before",
    "label",
    "open_and_kept",
]

EVENTS: Final = ("censored", "closed_won", "stop_calling", "otherwise_ended")
"""What a label's event code stands for."""

CENSORED: Final = 0
WON: Final = 1
STOP: Final = 2
ENDED: Final = 3

EventOfOutcome: TypeAlias = tuple[int, ...]
"""Which event each outcome counts as, by position in OUTCOMES."""

EVENT_OF_OUTCOME: Final[EventOfOutcome] = (WON, STOP, ENDED, ENDED)
"""What the outcomes count as unless an agreement says otherwise: only their names' own meanings."""


@dataclass(frozen=True, slots=True)
class Labels:
    """Per snapshot: ``event`` (a position in EVENTS) and ``duration`` in days from the cutoff to it."""

    event: NDArray[np.int8]
    duration: Floats

    def __len__(self) -> int:
        return len(self.event)


@dataclass(frozen=True, slots=True)
class Ended:
    """Per snapshot: how its lead had ended before the cutoff, and when.

    ``outcome`` is a position in OUTCOMES, -1 where the lead was open. ``at`` is NO_INSTANT where it
    was open or where nobody dated the end.
    """

    outcome: NDArray[np.int8]
    at: Ints


def label(
    snapshots: Snapshots,
    tables: Tables,
    *,
    known_until: Instant,
    event_of_outcome: EventOfOutcome = EVENT_OF_OUTCOME,
) -> Labels:
    """Say for each snapshot which terminal outcome came first, and when.

    Only the first terminal outcome at or after the cutoff counts; of several at one instant the one
    named first in OUTCOMES. A lead without one before ``known_until`` (or its ``last_known_at``, or
    ``observed_through``, if sooner) is right-censored there: not known yet is not the same as no.

    Parameters
    ----------
    snapshots : Snapshots, n rows
        (lead, cutoff), cutoffs in UTC. Row order is kept. A lead that had already ended before its
        cutoff teaches nothing: `snapshots.take` makes no such row, `open_and_kept` says which they are.
    tables : Tables
        ``outcomes`` is read, and until when each lead's record was kept.
    known_until : Instant
        The instant at which the learner stands; outcomes at or after it do not exist. Ignored in
        undated tables.
    event_of_outcome : one event for each of OUTCOMES
        Which end counts as what, as the agreement says. It changes events only: which row is the first,
        and when, stays.

    Returns
    -------
    Labels, n rows
        ``event``: 0 censored, 1 closed-won, 2 stop-calling, 3 otherwise ended.
        ``duration``: days from cutoff to the event or to where the lead is censored, float, ≥ 0. In
        undated tables NaN: the event is the lead's outcome, whenever it was.

    Raises
    ------
    DataError
        If a snapshot lies at or after ``known_until`` or its lead's end, or its lead's record was
        kept no longer, or the end has no date; all such rows are listed.
    """
    ends = tables.outcomes
    # The last entry is reached by -1: no outcome.
    event_of = np.array([*event_of_outcome, CENSORED], dtype=np.int8)
    if not tables.dated:
        outcome = _outcome_at(tables, ends.starts[snapshots.lead], ends.starts[snapshots.lead + 1])
        return Labels(event_of[outcome], np.full(len(snapshots), np.nan))
    _refuse_blind(snapshots, tables, known_until)
    until = np.minimum(known_until_of_leads(tables), known_until)[snapshots.lead]
    first = first_at_or_after(ends.starts, ends.occurred_at, snapshots.lead, snapshots.cutoff)
    last = first_at_or_after(ends.starts, ends.occurred_at, snapshots.lead, until)
    outcome = _outcome_at(tables, first, last)
    stop = until.copy()
    stop[outcome >= 0] = ends.occurred_at[first[outcome >= 0]]
    return Labels(event_of[outcome], (stop - snapshots.cutoff) / MICROSECONDS_PER_DAY)


def ended_before(tables: Tables, snapshots: Snapshots) -> Ended:
    """Say which leads had ended before their cutoff, how and when.

    Whoever told us to stop is suppressed, whatever else was noted: the newest stop counts if there
    is one, else the newest end. An end without a date counts as ended, all along. In undated tables
    every lead with an outcome has ended.

    Returns
    -------
    Ended, n rows
        In the order of the snapshots.
    """
    ends = tables.outcomes
    low = ends.starts[snapshots.lead]
    high = ends.starts[snapshots.lead + 1]
    if tables.dated:
        high = first_at_or_after(ends.starts, ends.occurred_at, snapshots.lead, snapshots.cutoff)
    stop = newest(ends.outcome == STOP_CALLING, low, high)
    row = np.where(stop >= 0, stop, np.where(high > low, high - 1, -1))
    outcome = np.append(ends.outcome, np.int8(-1))[row]
    return Ended(outcome, np.append(ends.occurred_at, NO_INSTANT)[row])


def _outcome_at(tables: Tables, first: Ints, last: Ints) -> NDArray[np.int8]:
    padded = np.append(tables.outcomes.outcome, np.int8(-1))
    return np.where(first < last, padded[first], np.int8(-1))


def _refuse_blind(snapshots: Snapshots, tables: Tables, known_until: Instant) -> None:
    late: Flags = snapshots.cutoff >= known_until
    bad = np.flatnonzero(late | ~open_and_kept(tables, snapshots))
    if len(bad) == 0:
        return
    ended = ended_before(tables, snapshots.where(bad))
    raise DataError(
        [
            _fault(
                row, snapshots, tables, _why(late[row], ended.outcome[place], ended.at[place], known_until)
            )
            for place, row in enumerate(bad.tolist())
        ]
    )


def _why(late: bool, outcome: int, at: int, known_until: Instant) -> str:
    if outcome >= 0:
        return f"the lead's end ({OUTCOMES[outcome]}, {iso(at) or 'undated'})"
    return (
        f"{iso(known_until)}, where the learner stands"
        if late
        else "the instant until which its record was kept"
    )


def _fault(row: int, snapshots: Snapshots, tables: Tables, end: str) -> Fault:
    lead_id = tables.leads.lead_id[snapshots.lead[row]]
    return Fault(
        table="snapshots",
        row=row + 1,
        column="cutoff",
        seen=f"{iso(int(snapshots.cutoff[row]))} for lead {lead_id}",
        expected=f"an instant before {end}",
        remedy="Learn only from snapshots that `snapshots.take` makes or `outcomes.open_and_kept` admits.",
    )
