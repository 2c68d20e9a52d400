"""How much interest a lead shows of its own accord."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from readiness.agreement.conditions import Signs
from readiness.agreement.definitions import Interest
from readiness.agreement.evidence import newest_evidence
from readiness.agreement.known import NOTHING, Known
from readiness.crm.records import INBOUND, MICROSECONDS_PER_DAY, NO_INSTANT, OUTBOUND, days
from readiness.crm.tables import Activities, Codes, Flags, Floats, Ints
from readiness.history import chunks, events

INTEREST_NONE: Final = 0
INTEREST_LITTLE: Final = 1
INTEREST_HIGH: Final = 2


@dataclass(frozen=True, slots=True)
class Shown:
    """Interest of n snapshots."""

    points: Floats
    """Decayed points now, never below zero."""
    level: Signs
    """INTEREST_NONE, INTEREST_LITTLE or INTEREST_HIGH."""
    trend: Floats
    """Points now less points ``trend_days`` ago; NaN without dates, and where the lead was not there yet."""
    last_inbound: Ints
    """Row of the newest meaningful inbound activity, however old; -1 for none."""
    last_inbound_days: Floats
    """Its age; NaN for none."""
    cooling: Signs
    """How many lines of ``cools`` and, last, ``cold_after_days`` it has passed; -1 for no such activity."""
    cold_since: Ints
    """When that activity ceased to count, if it has; else NO_INSTANT."""
    last_negative: Ints
    """Row of the newest negative behaviour, however old; -1 for none."""
    inbound_recent: Ints
    """Meaningful inbound activities within ``recent_days``."""
    dialogue: Flags
    """Within ``dialogue_days`` we wrote or called, and the lead acted after it."""
    facts: Ints
    """Pointer of each fact of ``shown_by`` (columns) that shows interest; -1 where it does not hold."""


@dataclass(frozen=True, slots=True)
class _Values:
    """What each row of activities is worth when new."""

    points: Floats
    half_life: Floats
    meaningful: Flags
    negative: Flags


def windows(terms: Interest) -> tuple[int, int, int]:
    """Return the lengths in microseconds of the windows that `interest` needs of what is known."""
    # A day more than the cold line, so that a day lies within it or outside as a whole.
    return days(terms.cold_after_days + 1), days(terms.recent_days), days(terms.dialogue_days)


def interest(past: Known, terms: Interest, before: Known | None = None) -> Shown:
    """Say how much interest each lead shows.

    Each meaningful inbound activity earns its points, each negative behaviour takes its own away; both
    halve with every half-life that passes after the day (UTC) of the activity. Of one type only the first
    ``cap_per_day`` of a day count, and nothing older than ``cold_after_days``. Facts that show interest
    add theirs undiminished. Noise and types that the agreement does not name are worth nothing. Without
    activities (undated data) only facts can show interest.

    A lead cools with the days (UTC) that have passed since the day of its last meaningful inbound
    activity: a line is passed when more days have, as they have when the activity ceases to count.

    Parameters
    ----------
    past : Known
        Found with the `windows` of these terms.
    terms : Interest
    before : Known, optional
        What was known ``trend_days`` earlier, found with the first window; None: there is no trend. Nor has
        a lead one that was created later than that.

    Returns
    -------
    Shown, n rows
    """
    table, cutoff = past.tables.activities, past.cutoff
    values = _values(past, table, terms)
    opens = past.opens
    high = past.activities.high
    points, facts = _points(past, values, terms)
    trend = np.full(len(past), np.nan) if before is None else _trend(points, before, values, terms)
    level = (points >= terms.any_from).astype(np.int8) + (points >= terms.high_from).astype(np.int8)
    last = _newest(past, values.meaningful)
    outbound = table.direction == OUTBOUND
    cooling, cold_since = _cooling(past, table, last, terms)
    return Shown(
        points=points,
        level=level,
        trend=trend,
        last_inbound=chunks.place(last, past.chunk.activities),
        last_inbound_days=events.days_before(table.occurred_at, last, cutoff),
        cooling=cooling,
        cold_since=cold_since,
        last_negative=chunks.place(_newest(past, values.negative), past.chunk.activities),
        inbound_recent=_count(values.meaningful, opens[:, 1], high),
        dialogue=_dialogue(past, table, last, events.oldest(outbound, opens[:, 2], high)),
        facts=facts,
    )


def newest_meaningful(past: Known, terms: Interest) -> Ints:
    """Return the chunk's row of each lead's newest meaningful inbound activity, however old; -1 for none."""
    points_of, _, _ = _worths(past, terms)
    table = past.tables.activities
    return _newest(past, _meaningful(points_of[table.type.codes], table))


def _newest(past: Known, member: Flags) -> Ints:
    return events.newest(member, past.activities.low, past.activities.high)


def _meaningful(points: Floats, table: Activities) -> Flags:
    flags: Flags = (points > 0) & (table.direction == INBOUND)
    return flags


def _worths(past: Known, terms: Interest) -> tuple[Floats, Floats, Floats]:
    """Return the points, the cap a day and the half-life of each type; one more entry is for missing."""
    kinds = len(past.tables.activities.type.levels) + 1
    points_of, cap_of, half_life_of = np.zeros(kinds), np.zeros(kinds), np.ones(kinds)
    for name, codes in past.types.items():
        worth = terms.worths.get(name)
        if worth is not None:
            points_of[codes] = worth.points
            cap_of[codes] = worth.cap_per_day
            half_life_of[codes] = worth.half_life_days or terms.half_life_days
    return points_of, cap_of, half_life_of


def _values(past: Known, table: Activities, terms: Interest) -> _Values:
    points_of, cap_of, half_life_of = _worths(past, terms)
    kind = table.type.codes
    points, cap = points_of[kind], cap_of[kind]
    meaningful = _meaningful(points, table)
    counted = np.flatnonzero(meaningful | (points < 0))
    capped = counted[_rank_of_day(table, counted) < cap[counted]]
    valued = np.zeros(len(table))
    valued[capped] = points[capped]
    return _Values(valued, half_life_of[kind], meaningful, points < 0)


def _rank_of_day(table: Activities, rows: Ints) -> Ints:
    """Return for each of these rows how many earlier ones share its lead, type and day (UTC)."""
    if not len(rows):
        return rows
    lead, day = table.lead[rows], table.occurred_at[rows] // MICROSECONDS_PER_DAY
    again = np.zeros(len(rows), dtype=np.bool_)
    again[1:] = (lead[1:] == lead[:-1]) & (day[1:] == day[:-1])
    rank = np.zeros(len(rows), dtype=np.int64)
    # Only where several rows share a lead and a day is there anything to count.
    crowded = np.flatnonzero(again | np.append(again[1:], False))
    if len(crowded):
        rank[crowded] = _ordinal(np.cumsum(~again[crowded]), table.type.codes[rows[crowded]])
    return rank


def _ordinal(group: Ints, kind: Codes) -> Ints:
    """Return for each row how many earlier ones share its group (ascending) and its kind."""
    # Small integers are sorted by counting; a stable sort by kind keeps the order of groups within it.
    small = kind.astype(np.int16) if kind.max() <= np.iinfo(np.int16).max else kind
    order = np.argsort(small, kind="stable")
    kind, group = kind[order], group[order]
    first = np.ones(len(order), dtype=np.bool_)
    first[1:] = (kind[1:] != kind[:-1]) | (group[1:] != group[:-1])
    position = np.arange(len(order), dtype=np.int64)
    ordinal = np.empty(len(order), dtype=np.int64)
    ordinal[order] = position - np.maximum.accumulate(np.where(first, position, 0))
    return ordinal


def _points(past: Known, values: _Values, terms: Interest) -> tuple[Floats, Ints]:
    """Return the points of each snapshot, and where each fact stands that shows interest."""
    points = _decayed(past, values, terms.cold_after_days)
    facts = np.full((len(past), len(terms.shown_by)), NOTHING, dtype=np.int64)
    for column, fact in enumerate(terms.shown_by):
        found = newest_evidence(past, (fact,))
        facts[:, column] = found.pointer
        points = points + fact.points * (found.item >= 0)
    return np.maximum(points, 0.0), facts


def _trend(points: Floats, before: Known, values: _Values, terms: Interest) -> Floats:
    # A lead that was not there yet had no interest to compare with: all it shows would count as a rise.
    return np.where(before.lead_age >= 0, points - _points(before, values, terms)[0], np.nan)


def _decayed(past: Known, values: _Values, cold_after: float) -> Floats:
    table, opens = past.tables.activities, past.opens[:, 0]
    kept = np.flatnonzero(values.points)
    snapshot, position = events.pairs(*events.within(kept, opens, past.activities.high))
    points, half_life = values.points[kept], values.half_life[kept]
    # All activities of a day are of one age, so that none of them loses by coming first under the cap.
    day_ends = _day_ends(table.occurred_at[kept])
    age = np.maximum(events.days_before(day_ends, position, past.cutoff[snapshot]), 0.0)
    worth = points[position] * np.exp2(-age / half_life[position])
    return events.sums(np.where(age <= cold_after, worth, 0.0), snapshot, len(past))


def _day_ends(at: Ints) -> Ints:
    return (at // MICROSECONDS_PER_DAY + 1) * MICROSECONDS_PER_DAY


def _cooling(past: Known, table: Activities, last: Ints, terms: Interest) -> tuple[Signs, Ints]:
    n = len(past)
    if len(table) == 0:
        return np.full(n, -1, dtype=np.int8), np.full(n, NO_INSTANT, dtype=np.int64)
    # Of a lead that never acted the last row of the table is read, and put aside.
    day_ends = _day_ends(table.occurred_at[last])
    idle = events.days_before(day_ends, np.arange(n), past.cutoff)
    cooling = np.zeros(n, dtype=np.int8)
    for line in terms.cools:
        cooling += idle > line.after_days
    cold = (last >= 0) & (idle > terms.cold_after_days)
    cooling += cold
    cooling[last < 0] = -1
    return cooling, np.where(cold, day_ends + days(terms.cold_after_days), NO_INSTANT)


def _dialogue(past: Known, table: Activities, theirs: Ints, ours: Ints) -> Flags:
    ours_days = events.days_before(table.occurred_at, ours, past.cutoff)
    return events.days_before(table.occurred_at, theirs, past.cutoff) < ours_days


def _count(member: Flags, low: Ints, high: Ints) -> Ints:
    first, last = events.within(np.flatnonzero(member), low, high)
    return last - first
