"""The rhythm of the week: when people work, and how to place what happens on a day into their hours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from readiness.crm.records import (
    MICROSECONDS_PER_DAY,
    MICROSECONDS_PER_HOUR,
    MICROSECONDS_PER_SECOND,
    instant,
)
from readiness.crm.tables import Floats, Ints

BEGIN: Final = instant("2024-09-01T00:00:00Z")
END: Final = instant("2026-03-01T00:00:00Z")
"""The CRM is watched for these 18 months."""

DAYS: Final = (END - BEGIN) // MICROSECONDS_PER_DAY
HALF: Final = BEGIN + DAYS // 2 * MICROSECONDS_PER_DAY

_MONDAY: Final = instant("1970-01-05T00:00:00Z")
_WEEK: Final = 7 * MICROSECONDS_PER_DAY
_HOUR_MARKS: Final = np.arange(169, dtype=np.float64) * MICROSECONDS_PER_HOUR


@dataclass(frozen=True, slots=True, eq=False)
class Rhythm:
    """How much of the week's work is done by each hour; a whole week counts as 7 working days' worth.

    ``by_hour`` has 169 entries, rising from 0 (Monday, 00:00 UTC) to 7.
    """

    by_hour: Floats

    def work(self, at: Ints) -> Floats:
        """Return the work done since a Monday long ago, in days' worth."""
        weeks, within = np.divmod(at - _MONDAY, _WEEK)
        return 7.0 * weeks + np.interp(within, _HOUR_MARKS, self.by_hour)

    def reached(self, work: Floats) -> Ints:
        """Return when that much work is done: the inverse of ``work``, to the second below."""
        weeks, within = np.divmod(work, 7.0)
        at = np.interp(within, self.by_hour, _HOUR_MARKS)
        whole = (at // MICROSECONDS_PER_SECOND).astype(np.int64) * MICROSECONDS_PER_SECOND
        return _MONDAY + weeks.astype(np.int64) * _WEEK + whole

    def by_weekday(self, start: Ints) -> Floats:
        """Return the work in each of the 7 days from ``start`` on, 7 × n; the eighth is as the first."""
        marks = start[None, :] + np.arange(8, dtype=np.int64)[:, None] * MICROSECONDS_PER_DAY
        return np.diff(self.work(marks), axis=0)


def rhythm(*, evening: float, night: float, weekend: float) -> Rhythm:
    """Return a rhythm from the intensities at other than working hours, which count 1.

    All must be above 0: every hour then holds some work, and ``reached`` is unique.
    """
    day = np.full(24, night)
    day[[6, 7, 18, 19, 20, 21]] = evening
    day[8:18] = 1.0
    week = np.concatenate([np.tile(day, 5), np.tile(day * weekend, 2)])
    by_hour = np.concatenate([[0.0], np.cumsum(week)])
    return Rhythm(by_hour * (7.0 / by_hour[-1]))


OFFICE: Final = rhythm(evening=0.15, night=0.01, weekend=0.06)
ARRIVALS: Final = rhythm(evening=0.5, night=0.06, weekend=0.4)
EVEN: Final = rhythm(evening=1.0, night=1.0, weekend=1.0)
