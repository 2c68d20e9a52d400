"""What is there: how many rows, from when to when, what leads did and said, and how they ended."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from readiness.crm.quality.counting import Tally, lead_months_of, tally
from readiness.crm.quality.months import Months
from readiness.crm.records import DIRECTIONS, MICROSECONDS_PER_DAY, NO_INSTANT, OUTCOMES, Instant
from readiness.crm.tables import Ints, Tables


@dataclass(frozen=True, slots=True)
class Named:
    """Rows of one name: an activity type in one direction, or an answer field.

    ``first_at`` and ``last_at`` are NO_INSTANT where nothing is dated; ``direction`` is empty where
    it means nothing.
    """

    name: str
    direction: str
    rows: int
    leads: int
    first_at: Instant
    last_at: Instant


@dataclass(frozen=True, slots=True)
class Ending:
    """The rows of one kind of outcome, and the days from creation to them.

    The quartiles are of dated ends alone, None where there is none: slower leads may still be open.
    """

    name: str
    rows: int
    undated: int
    quarter_days: float | None
    median_days: float | None
    three_quarters_days: float | None


@dataclass(frozen=True, slots=True)
class Contents:
    """What the tables hold.

    Parameters
    ----------
    rows : by table, in the contract's order
    months : Months
        Of everything that is dated, but ``last_known_at``.
    created, ended, active : Ints, months
        Leads created in each month, those of them that have ended since, and leads with any activity
        in it.
    activities : tuple of Named
        By type and direction, those with the most rows first.
    answers : tuple of Named
        By field, those with the most rows first.
    ends : tuple of Ending
        In the contract's order, those that there are.
    still_open : int
        Leads without an outcome: not known yet.
    without_activity, without_source : int
        Leads.
    """

    rows: dict[str, int]
    dated: bool
    date_only: bool
    observed_through: Instant
    first_created: Instant
    last_created: Instant
    months: Months
    created: Ints
    ended: Ints
    active: Ints
    activities: tuple[Named, ...]
    answers: tuple[Named, ...]
    ends: tuple[Ending, ...]
    still_open: int
    without_activity: int
    without_source: int


def contents(tables: Tables, months: Months, types: Tally, fields: Tally) -> Contents:
    """Say what the tables hold.

    Parameters
    ----------
    types, fields : Tally
        Of activities by `kinds_of_activity`, of answers by field.
    """
    leads, at = tables.leads, tables.leads.created_at
    place = months.places(at)
    known = at[at != NO_INSTANT]
    return Contents(
        rows={
            "leads": len(leads),
            "activities": len(tables.activities),
            "answers": len(tables.answers),
            "outcomes": len(tables.outcomes),
            "handovers": len(tables.handovers),
        },
        dated=tables.dated,
        date_only=tables.date_only,
        observed_through=tables.observed_through,
        first_created=int(known.min()) if len(known) else NO_INSTANT,
        last_created=int(known.max()) if len(known) else NO_INSTANT,
        months=months,
        created=_counted(place, months),
        ended=_counted(place[tables.outcomes.starts[1:] > tables.outcomes.starts[:-1]], months),
        active=lead_months_of(tables.activities.lead, tables.activities.occurred_at, months),
        activities=_named(types, tables.activities.type.levels, DIRECTIONS),
        answers=_named(fields, tables.answers.field.levels, ("",)),
        ends=_ends(tables),
        still_open=_without_rows(tables.outcomes.starts),
        without_activity=_without_rows(tables.activities.starts),
        without_source=int((leads.source.codes < 0).sum()),
    )


def kinds_of_activity(tables: Tables, months: Months) -> Tally:
    """Count activities by type and direction: code ``type × directions + direction``."""
    rows = tables.activities
    sides = len(DIRECTIONS)
    code = rows.type.codes * np.int32(sides) + rows.direction
    return tally(rows.lead, rows.occurred_at, code, sides * len(rows.type.levels), months)


def fields_answered(tables: Tables, months: Months) -> Tally:
    """Count answers by field."""
    rows = tables.answers
    return tally(rows.lead, rows.answered_at, rows.field.codes, len(rows.field.levels), months)


def _counted(place: Ints, months: Months) -> Ints:
    return np.bincount(place[place >= 0], minlength=len(months)).astype(np.int64)


def _named(found: Tally, names: tuple[str, ...], directions: tuple[str, ...]) -> tuple[Named, ...]:
    every = [
        Named(names[code // len(directions)], directions[code % len(directions)], *figures)
        for code, figures in enumerate(
            zip(*(part.tolist() for part in (found.rows, found.leads, found.first, found.last)), strict=True)
        )
        if figures[0]
    ]
    return tuple(sorted(every, key=lambda one: (-one.rows, one.name, one.direction)))


def _ends(tables: Tables) -> tuple[Ending, ...]:
    ends = tables.outcomes
    dated = ends.occurred_at != NO_INSTANT
    days = (ends.occurred_at - tables.leads.created_at[ends.lead]) / MICROSECONDS_PER_DAY
    found = []
    for code, name in enumerate(OUTCOMES):
        rows = ends.outcome == code
        count = int(rows.sum())
        if count:
            taken = days[rows & dated]
            quartiles = np.percentile(taken, (25, 50, 75)).tolist() if len(taken) else [None] * 3
            found.append(Ending(name, count, count - len(taken), *quartiles))
    return tuple(found)


def _without_rows(starts: Ints) -> int:
    return int((starts[1:] == starts[:-1]).sum())
