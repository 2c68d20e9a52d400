"""Everything that can be said of tables by counting their rows, put together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from readiness.crm.drafts import instants
from readiness.crm.quality.clock import Clock, clocks
from readiness.crm.quality.columns import Column, columns
from readiness.crm.quality.contents import Contents, contents, fields_answered, kinds_of_activity
from readiness.crm.quality.copies import Copies, copies
from readiness.crm.quality.counting import Tally
from readiness.crm.quality.early import Early, before_creation
from readiness.crm.quality.endings import FullerAtEnd, fuller_at_end
from readiness.crm.quality.jumps import Series
from readiness.crm.quality.months import Months, covering
from readiness.crm.records import DIRECTIONS, NO_INSTANT
from readiness.crm.tables import Coded, Ints, Tables
from readiness.progress import Progress, silent

START_MONTHS: Final = 2
"""Activities are followed from the third month of leads on: in the first ones all leads are new."""


@dataclass(frozen=True, slots=True)
class Quality:
    """What the tables are like; ``series`` are the shares by month in which jumps are looked for."""

    contents: Contents
    columns: tuple[Column, ...]
    fuller: tuple[FullerAtEnd, ...]
    copies: Copies
    early: tuple[Early, ...]
    clocks: tuple[Clock, ...]
    series: tuple[Series, ...]


def measure(tables: Tables, *, shared_by: int, progress: Progress = silent) -> Quality:
    """Count what is in the tables.

    Parameters
    ----------
    shared_by : int
        A text that fewer leads share is rare, and a source or an activity that fewer have is not followed.

    Returns
    -------
    Quality
        The same whatever the order of the rows. The series are: of the leads created in a month, the
        share that has each column filled, and that came from each source; of the leads active in a
        month, from the third month of leads on, the share that has each type of activity.
    """
    parts = (tables.leads, tables.activities, tables.answers, tables.outcomes, tables.handovers)
    months = _months(instants(*parts)) if tables.dated else Months(0, 0)
    progress("Counting activities and answers", 0.0)
    types, fields = kinds_of_activity(tables, months), fields_answered(tables, months)
    held = contents(tables, months, types, fields)
    progress("Looking at the leads' columns", 0.3)
    found = columns(tables, months, shared_by)
    progress("Looking for copies", 0.5)
    twice = copies(tables)
    progress("Reading the clock", 0.8)
    return Quality(
        contents=held,
        columns=found,
        fuller=fuller_at_end(found, held.rows["leads"], held.rows["leads"] - held.still_open),
        copies=twice,
        early=before_creation(tables),
        clocks=clocks(tables),
        series=_series(tables, held, found, types, shared_by),
    )


def _months(columns: Iterable[Ints]) -> Months:
    ends = [
        end
        for at in columns
        if len(known := at[at != NO_INSTANT])
        for end in (int(known.min()), int(known.max()))
    ]
    return covering(np.array(ends, dtype=np.int64))


def _series(
    tables: Tables, held: Contents, found: tuple[Column, ...], types: Tally, shared_by: int
) -> tuple[Series, ...]:
    if not len(held.months):
        return ()
    series = [Series(column.role, column.name, column.filled_by_month, held.created) for column in found]
    by_source = _by_level(tables, tables.leads.source, held.months)
    series += [
        Series("from", name, by_source[code], held.created)
        for code, name in enumerate(tables.leads.source.levels)
        if by_source[code].sum() >= shared_by
    ]
    begun = np.cumsum(held.created > 0) > START_MONTHS
    sides = len(DIRECTIONS)
    names = tables.activities.type.levels
    series += [
        Series(
            "activity",
            f"{names[code // sides]}, {DIRECTIONS[code % sides]}",
            by_month * begun,
            held.active * begun,
        )
        for code, by_month in enumerate(types.lead_months)
        if types.leads[code] >= shared_by
    ]
    return tuple(series)


def _by_level(tables: Tables, column: Coded, months: Months) -> Ints:
    place = months.places(tables.leads.created_at)
    counted = (place >= 0) & (column.codes >= 0)
    cell = column.codes[counted].astype(np.int64) * len(months) + place[counted]
    size = len(column.levels) * len(months)
    return np.bincount(cell, minlength=size).reshape(len(column.levels), len(months)).astype(np.int64)
