"""What must hold between instants: between a lead's beginning and its end, and with the time watched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from readiness.crm.findings import Broken, Finding, leads_of, where
from readiness.crm.records import CLOSED_WON, MICROSECONDS_PER_DAY, NO_INSTANT, STOP_CALLING, instant
from readiness.crm.rules import (
    DECIDED_TOO_EARLY,
    ENDED_BEFORE_CREATION,
    IMPLAUSIBLE_DATE,
    KEPT_BEFORE_CREATION,
    NOT_WATCHED_YET,
    PLACEHOLDER_DATE,
    RECORD_KEPT_TOO_LONG,
    SECOND_END,
    UNDATED_END,
    UNDATED_EVENTS,
)
from readiness.crm.tables import Flags, Ints, Tables

EARLIEST: Final = instant("1990-01-01T00:00:00Z")
LATEST: Final = instant("2200-01-01T00:00:00Z")
"""No CRM has an instant before the first of them, or at or after the second."""

_YEAR_9999: Final = instant("9998-12-31T00:00:00Z")
_HALF_A_DAY: Final = 14 * MICROSECONDS_PER_DAY // 24
_DAYS_FOR_NONE: Final = (
    "0001-01-01",
    "1601-01-01",
    "1753-01-01",
    "1899-12-30",
    "1899-12-31",
    "1900-01-01",
    "1970-01-01",
)
"""Days that software writes where there is none: the first that one system or another can count."""

_STAND_INS: Final = tuple(instant(f"{day}T00:00:00Z") for day in _DAYS_FOR_NONE)


def instants_of_a_crm(draft: Tables, _: Broken) -> Iterator[Finding]:
    """Find instants that no CRM has: those that stand for none, and others far off or not observed yet."""
    columns = dates_of(draft)
    there = np.concatenate([at for *_, at in columns])
    there = there[there != NO_INSTANT]
    if not len(there):
        return
    oldest, newest = int(there.min()), int(there.max())
    if oldest < EARLIEST or newest >= LATEST:
        for table, column, at in columns:
            odd = (at != NO_INSTANT) & ((at < EARLIEST) | (at >= LATEST))
            placeholder = odd & _stands_for_none(at)
            yield Finding(PLACEHOLDER_DATE, table, column, where(placeholder))
            yield Finding(IMPLAUSIBLE_DATE, table, column, where(odd & ~placeholder))
    through = draft.observed_through
    if through != NO_INSTANT and newest >= through:
        for table, column, at in columns:
            if column == "last_known_at":
                yield Finding(RECORD_KEPT_TOO_LONG, table, column, where((at > through) & (at < LATEST)))
            else:
                yield Finding(NOT_WATCHED_YET, table, column, where((at >= through) & (at < LATEST)))


def _stands_for_none(at: Ints) -> Flags:
    flags = at >= _YEAR_9999
    for day in _STAND_INS:
        # Whatever the zone in which it was midnight there.
        flags |= (at >= day - _HALF_A_DAY) & (at < day + MICROSECONDS_PER_DAY + _HALF_A_DAY)
    return flags


def dates_of(draft: Tables) -> list[tuple[str, str, Ints]]:
    """Return every column of instants, with its table and name."""
    return [
        ("leads", "created_at", draft.leads.created_at),
        ("leads", "last_known_at", draft.leads.last_known_at),
        ("activities", "occurred_at", draft.activities.occurred_at),
        ("answers", "answered_at", draft.answers.answered_at),
        ("outcomes", "occurred_at", draft.outcomes.occurred_at),
        ("handovers", "handed_over_at", draft.handovers.handed_over_at),
        ("handovers", "decided_at", draft.handovers.decided_at),
    ]


def no_end_before_creation(draft: Tables, _: Broken) -> Iterator[Finding]:
    """Find outcomes before their lead was created."""
    ends = draft.outcomes
    if not len(ends) or not len(draft.leads) or not draft.dated:
        return
    floor = first_instant_of(draft.leads.created_at)
    early = (ends.lead >= 0) & (ends.occurred_at != NO_INSTANT) & (ends.occurred_at < floor[ends.lead])
    yield Finding(ENDED_BEFORE_CREATION, "outcomes", "occurred_at", where(early))


def no_record_before_creation(draft: Tables, _: Broken) -> Iterator[Finding]:
    """Find records that were kept no longer than until before their lead was created."""
    kept = draft.leads.last_known_at
    if not (kept != NO_INSTANT).any():
        return
    early = (kept != NO_INSTANT) & (kept < first_instant_of(draft.leads.created_at))
    yield Finding(KEPT_BEFORE_CREATION, "leads", "last_known_at", where(early))


def first_instant_of(at: Ints) -> Ints:
    """Return the first instant that each one may stand for: of a day's end its midnight, else itself."""
    # What is known to the day stands at the day's end; something with a time on that day is no fault.
    day_end = (at + 1) % MICROSECONDS_PER_DAY == 0
    floor = np.where(day_end, at - (MICROSECONDS_PER_DAY - 1), at)
    floor[at == NO_INSTANT] = NO_INSTANT
    return floor


def decided_after_handover(draft: Tables, _: Broken) -> Iterator[Finding]:
    """Find decisions before their hand-over."""
    handovers = draft.handovers
    if len(handovers):
        floor = first_instant_of(handovers.handed_over_at)
        early = (handovers.decided_at != NO_INSTANT) & (handovers.decided_at < floor)
        yield Finding(DECIDED_TOO_EARLY, "handovers", "decided_at", where(early))


def one_final_end(draft: Tables, _: Broken) -> Iterator[Finding]:
    """Find final outcomes after the first."""
    ends = draft.outcomes
    final = where(is_final(draft) & (ends.lead >= 0))
    if len(final) < 2:
        return
    # An end that nobody dated comes after one that somebody did; of two at once, stop_calling is first.
    when = np.where(ends.occurred_at[final] == NO_INSTANT, np.iinfo(np.int64).max, ends.occurred_at[final])
    final = final[np.lexsort((-ends.outcome[final], when, ends.lead[final]))]
    later = np.r_[False, ends.lead[final][1:] == ends.lead[final][:-1]]
    # Who bought can still tell us to stop: a lead's first stop always counts, or it would be called again.
    stops = (ends.outcome[final] == STOP_CALLING).nonzero()[0]
    first_stop = stops[np.r_[True, ends.lead[final[stops]][1:] != ends.lead[final[stops]][:-1]][: len(stops)]]
    later[first_stop] = False
    yield Finding(SECOND_END, "outcomes", "outcome", np.sort(final[later]))


def is_final(draft: Tables) -> Flags:
    """Return which outcomes are final."""
    ends = draft.outcomes.outcome
    final: Flags = (ends == CLOSED_WON) | (ends == STOP_CALLING)
    return final


def no_events_without_time(draft: Tables, _: Broken) -> Iterator[Finding]:
    """Find dates where no lead has one."""
    if draft.dated:
        return
    for table, lead in leads_of(draft):
        if table == "outcomes":
            rows = where(draft.outcomes.occurred_at != NO_INSTANT)
            yield Finding(UNDATED_END, table, "occurred_at", rows, whole=True)
        else:
            yield Finding(UNDATED_EVENTS, table, None, np.arange(len(lead)), whole=True)
