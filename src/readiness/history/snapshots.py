"""The row identity of everything downstream: a lead at an instant, and which ones a learner looks at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from readiness.crm.records import MICROSECONDS_PER_DAY, MICROSECONDS_PER_HOUR, NO_INSTANT, Instant, days
from readiness.crm.tables import Codes, Flags, Floats, Ints, Tables
from readiness.history.events import first_at_or_after


@dataclass(frozen=True, slots=True)
class Snapshots:
    """n rows of (lead, cutoff): ``lead`` is a position in the tables' leads, ``cutoff`` an Instant.

    A snapshot is blind to everything at or after its cutoff. In undated tables the cutoff is
    NO_INSTANT: the snapshot sees the lead as it stands.
    """

    lead: Codes
    cutoff: Ints

    def __len__(self) -> int:
        return len(self.lead)

    def where(self, rows: Ints | Flags) -> Snapshots:
        """Return these rows, in this order."""
        return Snapshots(self.lead[rows], self.cutoff[rows])


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a learner looks at a lead.

    Parameters
    ----------
    first_hours : float, or None
        The first look, in hours after creation. Where the CRM keeps dates only, the first look is
        the next midnight instead: the day of creation is read as its end. None: no first look.
    age_days : tuple of float
        The further looks, in days after creation.
    at_handovers : bool
        Whether a learner also looks at each hand-over, at its very instant: what sales did then is
        not yet seen. A snapshot that stands where it does because sales is about to call knows the
        future, so a learner does not look there unless told to; a judge of hand-overs does.
    """

    first_hours: float | None = 1.0
    age_days: tuple[float, ...] = (1.0, 3.0, 7.0, 14.0, 30.0, 60.0, 90.0, 180.0, 360.0)
    at_handovers: bool = False


STANDARD: Schedule = Schedule()
HANDOVERS_ONLY: Schedule = Schedule(first_hours=None, age_days=(), at_handovers=True)

_WEEK: Final = 7 * MICROSECONDS_PER_DAY
_FIRST_MONDAY: Final = 4 * MICROSECONDS_PER_DAY
"""1970-01-05T00:00Z; all weeks are counted from it."""


def at(tables: Tables, cutoff: int | Ints) -> Snapshots:
    """Return one snapshot of every lead, in the order of the leads.

    Parameters
    ----------
    cutoff : Instant, or one a lead
        Ignored in undated tables, where the only cutoff is none.
    """
    n = len(tables.leads)
    instants = np.full(n, NO_INSTANT, dtype=np.int64)
    if tables.dated:
        instants[:] = cutoff
    return Snapshots(np.arange(n, dtype=np.int32), instants)


def take(tables: Tables, *, until: Instant, schedule: Schedule = STANDARD) -> Snapshots:
    """Take the snapshots that a learner standing at ``until`` can learn from.

    A lead is looked at by the schedule while it is open: after its creation, before ``until``, as
    long as its record was kept, and as long as it had not ended. A lead that ended on an unknown
    date teaches nothing, so it has none.

    Parameters
    ----------
    tables : Tables
        Leads, outcomes and hand-overs are read.
    until : Instant
        Where the learner stands; every cutoff lies before it. Ignored in undated tables.
    schedule : Schedule
        When to look.

    Returns
    -------
    Snapshots, n rows
        In the order (lead, cutoff), no pair twice. In undated tables one row a lead, cutoff none.
    """
    if not tables.dated:
        return at(tables, NO_INSTANT)
    lead, cutoff = _looks(tables, schedule)
    return _admitted(tables, lead, cutoff, until)


def every_week(tables: Tables, *, until: Instant) -> Snapshots:
    """Look at every lead an hour after its creation and each Monday at 00:00 UTC, while it is open.

    So often does marketing go through its leads when an agreement is replayed. Where the CRM keeps
    dates only, the first look is the next midnight.

    Parameters
    ----------
    tables : Tables
        Leads and outcomes are read. A lead that ended on an unknown date is never looked at.
    until : Instant
        Every cutoff lies before it. Ignored in undated tables.

    Returns
    -------
    Snapshots, n rows
        In the order (lead, cutoff), no pair twice. In undated tables one row a lead, cutoff none.
    """
    if not tables.dated:
        return at(tables, NO_INSTANT)
    created = tables.leads.created_at
    first, count = _mondays(tables, until)
    lead = np.repeat(np.arange(len(created), dtype=np.int32), count)
    number = np.arange(len(lead), dtype=np.int64) - np.repeat(np.cumsum(count) - count, count)
    mondays = _FIRST_MONDAY + (first[lead] + number) * _WEEK
    early = created + _first(tables, STANDARD)[0]
    everyone = np.arange(len(created), dtype=np.int32)
    return _admitted(tables, np.concatenate([everyone, lead]), np.concatenate([early, mondays]), until)


def weekly_looks(tables: Tables, *, until: Instant) -> Ints:
    """Return how often `every_week` looks at each lead at most: as often as if it never ended."""
    if not tables.dated:
        return np.ones(len(tables.leads), dtype=np.int64)
    return _mondays(tables, until)[1] + 1


def week_of(instants: Ints) -> Ints:
    """Return the Monday, 00:00 UTC, of the week in which each instant lies."""
    weeks: Ints = (instants - _FIRST_MONDAY) // _WEEK
    return _FIRST_MONDAY + weeks * _WEEK


def _mondays(tables: Tables, until: Instant) -> tuple[Ints, Ints]:
    """Return each lead's first Monday after its creation, and how many there are before its record ends."""
    end = np.minimum(known_until_of_leads(tables), until)
    first = (tables.leads.created_at - _FIRST_MONDAY) // _WEEK + 1
    beyond = -((_FIRST_MONDAY - end) // _WEEK)
    return first, np.maximum(beyond - first, 0)


def _admitted(tables: Tables, lead: Codes, cutoff: Ints, until: Instant) -> Snapshots:
    """Return those looks that lie between creation and ``until`` at an open lead, sorted, each once."""
    asked = (cutoff < until) & (cutoff > tables.leads.created_at[lead])
    looks = Snapshots(lead[asked], cutoff[asked])
    looks = looks.where(open_and_kept(tables, looks))
    looks = looks.where(np.lexsort((looks.cutoff, looks.lead)))
    fresh = np.ones(len(looks), dtype=np.bool_)
    fresh[1:] = (np.diff(looks.lead) != 0) | (np.diff(looks.cutoff) != 0)
    return looks.where(fresh)


def _looks(tables: Tables, schedule: Schedule) -> tuple[Codes, Ints]:
    offsets = np.array([*_first(tables, schedule), *map(days, schedule.age_days)], dtype=np.int64)
    created = tables.leads.created_at
    lead = np.repeat(np.arange(len(created), dtype=np.int32), len(offsets))
    cutoff = (created[:, None] + offsets[None, :]).ravel()
    if not schedule.at_handovers:
        return lead, cutoff
    return (
        np.concatenate([lead, tables.handovers.lead.astype(np.int32)]),
        np.concatenate([cutoff, tables.handovers.handed_over_at]),
    )


def _first(tables: Tables, schedule: Schedule) -> tuple[int, ...]:
    if schedule.first_hours is None:
        return ()
    return (1,) if tables.date_only else (round(schedule.first_hours * MICROSECONDS_PER_HOUR),)


def open_at(tables: Tables, instant: Instant) -> Snapshots:
    """Take one snapshot at an instant of every lead that was open then: what is scored in production.

    Open means: created before the instant, its record still kept at the instant, and not ended
    before it; an end without a date counts as ended.

    Returns
    -------
    Snapshots, n rows
        In the order of the leads. In undated tables: every lead without an outcome, cutoff none.
    """
    everyone = at(tables, instant)
    if not tables.dated:
        return everyone.where(tables.outcomes.starts[1:] == tables.outcomes.starts[:-1])
    kept = _kept_until(tables)
    there = (tables.leads.created_at < instant) & ((kept == NO_INSTANT) | (kept >= instant))
    return everyone.where(there & ~_ended(tables, everyone))


def open_and_kept(tables: Tables, snapshots: Snapshots) -> Flags:
    """Say which snapshots something can be learned from: the lead was open, and its record was kept.

    False where the lead had ended before the cutoff, where it ended on a date that nobody wrote
    down, and where the record was kept only until the cutoff or less. In undated tables all are True.

    Returns
    -------
    Flags, n rows
        In the order of the snapshots.
    """
    if not tables.dated:
        return np.ones(len(snapshots), dtype=np.bool_)
    kept = known_until_of_leads(tables)[snapshots.lead]
    return (snapshots.cutoff < kept) & ~_ended(tables, snapshots)


def known_until_of_leads(tables: Tables) -> Ints:
    """Return until when each lead's record was kept: ``last_known_at``, at most ``observed_through``.

    Where the CRM keeps dates only, a record was kept through the day of ``last_known_at``: what
    happened on that day is known.
    """
    kept = _kept_until(tables)
    return np.where(kept == NO_INSTANT, tables.observed_through, np.minimum(kept, tables.observed_through))


def _kept_until(tables: Tables) -> Ints:
    kept = tables.leads.last_known_at
    # A date is its day's end, and so is all that happened on it: the day after is the first unknown.
    return np.where(kept == NO_INSTANT, kept, kept + 1) if tables.date_only else kept


def ages(tables: Tables, snapshots: Snapshots) -> Floats:
    """Return how many days old each lead was at its snapshot; NaN in undated tables."""
    if not tables.dated:
        return np.full(len(snapshots), np.nan)
    return (snapshots.cutoff - tables.leads.created_at[snapshots.lead]) / MICROSECONDS_PER_DAY


def _ended(tables: Tables, snapshots: Snapshots) -> Flags:
    # An end without a date lies at NO_INSTANT, before every cutoff: it counts as ended all along.
    ends = tables.outcomes
    first = first_at_or_after(ends.starts, ends.occurred_at, snapshots.lead, snapshots.cutoff)
    return first > ends.starts[snapshots.lead]
