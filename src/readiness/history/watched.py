"""Which looks at leads belong to a stretch of time: at those that came in it, or that could end in it."""

from __future__ import annotations

from typing import Final

import numpy as np

from readiness.crm.records import MICROSECONDS_PER_DAY, Instant, days
from readiness.crm.tables import Flags, Floats, Ints, Tables
from readiness.history.snapshots import Schedule, Snapshots, open_and_kept, open_at, take
from readiness.history.splits import later_leads

FIRST_LOOK: Final = Schedule(age_days=())
"""One look at each lead, when it has just come."""


def look_at_age(age_days: float) -> Schedule:
    """Return the schedule of one look at each lead, so many days after it came."""
    return Schedule(first_hours=None, age_days=(age_days,))


def looks_between(tables: Tables, start: Instant, end: Instant, schedule: Schedule) -> Snapshots:
    """Return the looks of a schedule whose cutoff lies in ``[start, end)``.

    Parameters
    ----------
    tables : Tables
        Dated. Looks at or after the end of what is known are none, whatever ``end`` says.
    schedule : Schedule
        Best one look a lead, at the same age for all: what differs is then not how old they are.

    Returns
    -------
    Snapshots, n rows
        In the order (lead, cutoff).
    """
    looks = take(tables, until=min(end, tables.observed_through), schedule=schedule)
    return looks.where(looks.cutoff >= start)


def looks_in_force(tables: Tables, start: Instant) -> Snapshots:
    """Return one look at each lead that could end from an instant on: what was said of it while it mattered.

    A lead open at the instant is looked at then, one created at or after it when it has just come.

    Returns
    -------
    Snapshots, n rows
        No lead twice. A lead that ended before its first look, or whose record ended by then, has none.
    """
    standing = open_at(tables, start)
    standing = standing.where(open_and_kept(tables, standing))
    fresh = looks_between(tables, start, tables.observed_through, FIRST_LOOK)
    fresh = fresh.where(later_leads(tables, start)[fresh.lead])
    return Snapshots(
        np.concatenate([standing.lead, fresh.lead]), np.concatenate([standing.cutoff, fresh.cutoff])
    )


def since_newest(at: Ints, *, since: Instant, until: Instant, least_days: float, count: int) -> Instant:
    """Return where the newest stretch begins that is long enough and holds enough.

    The last ``least_days`` before ``until``, or as many more whole days as it takes to hold ``count`` of the
    instants ``at``; never before ``since``. It begins at a midnight UTC, so that it does not begin with
    what was counted.

    >>> day = 86_400_000_000
    >>> since_newest(np.array([1, 5, 9]) * day, since=0, until=10 * day, least_days=2.0, count=2) // day
    5
    """
    inside = np.sort(at[(at >= since) & (at < until)])
    start = until - days(least_days)
    if count > 0:
        start = min(start, int(inside[-count]) if len(inside) >= count else since)
    midnight = start - start % MICROSECONDS_PER_DAY
    return max(midnight, since)


def watched_for(tables: Tables, cutoff: Ints, horizon_days: float) -> Flags:
    """Say after which instants a whole horizon lies within what is known."""
    watched: Flags = cutoff <= tables.observed_through - days(horizon_days)
    return watched


def days_until(looks: Snapshots, instant: Instant) -> Floats:
    """Return how many days after each look an instant lies; 0 where it lies before it."""
    lie: Floats = np.maximum(instant - looks.cutoff, 0) / MICROSECONDS_PER_DAY
    return lie


def at_or_after(instants: Ints, instant: Instant) -> Flags:
    """Say which instants lie at or after another."""
    later: Flags = instants >= instant
    return later


def stretches(looks: Snapshots, end: Instant, length: int, fewest: int) -> Ints:
    """Cut the looks before an instant into stretches of time of equal length, back from it.

    Parameters
    ----------
    length : int, above 0
        In microseconds.
    fewest : int
        A stretch of fewer looks is none.

    Returns
    -------
    Ints, n
        The number of each look's stretch, from 0, without gaps; -1 where it is in none.
    """
    back = (end - 1 - looks.cutoff) // length
    numbers, place, count = np.unique(back, return_inverse=True, return_counts=True)
    full = (numbers >= 0) & (count >= fewest)
    number = np.where(full, np.cumsum(full) - 1, -1)
    found: Ints = number[place.reshape(-1)].astype(np.int64)
    return found


def within(duration: Floats, start: Floats, end: Floats) -> Flags:
    """Say which ends, so many days after their look, lie in ``[start, end)``, days after the same look."""
    inside: Flags = (duration >= start) & (duration < end)
    return inside
