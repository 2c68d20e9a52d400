"""At which hours and on which weekdays things happen: where times are really dates, or in another zone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from readiness.crm.records import (
    INBOUND,
    MICROSECONDS_PER_DAY,
    MICROSECONDS_PER_HOUR,
    NO_INSTANT,
    OUTBOUND,
)
from readiness.crm.tables import Flags, Ints, Tables

HOURS: Final = 24
_THURSDAY: Final = 3
"""1 January 1970, counted from Monday."""
_SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class Clock:
    """When the instants of one column lie, in UTC.

    Parameters
    ----------
    table, column : str
        Activities are told apart by direction: what we did keeps our working hours.
    instants : int
        How many there are.
    by_hour : Ints, 24
        By hour of the day, without those at a day's last microsecond: they are dates.
    on_the_hour : Ints, 24
        Those of ``by_hour`` at the full hour, to the microsecond.
    dates : int
        At a day's last microsecond: what stood there was a date without a time.
    weekend : int
        On Saturdays and Sundays.
    """

    table: str
    column: str
    instants: int
    by_hour: Ints
    on_the_hour: Ints
    dates: int
    weekend: int

    @property
    def times(self) -> int:
        """How many of them are times and not dates."""
        return self.instants - self.dates


def clocks(tables: Tables) -> tuple[Clock, ...]:
    """Read the clock of every column of instants that has any; hand-overs' decisions apart."""
    a = tables.activities
    given: list[tuple[str, str, Ints]] = [
        ("leads", "created_at", tables.leads.created_at),
        ("activities, inbound", "occurred_at", a.occurred_at[a.direction == INBOUND]),
        ("activities, outbound", "occurred_at", a.occurred_at[a.direction == OUTBOUND]),
        ("answers", "answered_at", tables.answers.answered_at),
        ("outcomes", "occurred_at", tables.outcomes.occurred_at),
        ("handovers", "handed_over_at", tables.handovers.handed_over_at),
        ("handovers", "decided_at", tables.handovers.decided_at),
    ]
    read = (_clock(table, column, at[at != NO_INSTANT]) for table, column, at in given)
    return tuple(clock for clock in read if clock.instants)


def _clock(table: str, column: str, at: Ints) -> Clock:
    of_day = at % MICROSECONDS_PER_DAY
    date: Flags = of_day == MICROSECONDS_PER_DAY - 1
    time = of_day[~date]
    hour = time // MICROSECONDS_PER_HOUR
    weekday = (at // MICROSECONDS_PER_DAY + _THURSDAY) % 7
    return Clock(
        table,
        column,
        instants=len(at),
        by_hour=np.bincount(hour, minlength=HOURS).astype(np.int64),
        on_the_hour=np.bincount(hour[time % MICROSECONDS_PER_HOUR == 0], minlength=HOURS).astype(np.int64),
        dates=int(date.sum()),
        weekend=int((weekday >= _SATURDAY).sum()),
    )
