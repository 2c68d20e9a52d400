"""What the clock says of the data: times that are dates, another time zone, days that nobody chose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from readiness.crm.quality.clock import HOURS, Clock
from readiness.reports.notation import share
from readiness.reports.quality_remarks import Remark

FEWEST_TIMES: Final = 100
"""Fewer times show no habit."""
FULL_HOUR: Final = 0.05
"""So many of the times at one full hour are no chance: of a day's 86,400 seconds it is one."""
FEWEST_AT_HOUR: Final = 20
TWO_HOURS: Final = 0.8
"""A date turned into a time stands at one hour, or at two where clocks are put forward in spring."""
OFFICE_HOURS: Final = 8
_MORNING: Final = 5
_EVENING: Final = 20
"""Office hours whose middle lies outside of these are at night, in UTC."""
WEEKEND: Final = 0.8 * 2 / 7


def of_clocks(clocks: Sequence[Clock], *, date_only: bool) -> Iterator[Remark]:
    """Say where instants stand as no person or machine would put them.

    Parameters
    ----------
    date_only : bool
        The CRM keeps dates without times: then only the days are looked at.
    """
    for clock in clocks:
        if not date_only:
            yield from _dates(clock)
        if clock.table == "activities, outbound" and clock.instants >= FEWEST_TIMES:
            yield from _habits(clock)


def _dates(clock: Clock) -> Iterator[Remark]:
    if clock.dates:
        yield Remark(
            "dates_among_times",
            "know",
            f"{clock.dates:,} of {clock.instants:,} cells of {clock.column} ({clock.table}) are dates "
            "without a time.",
            "They count as the end of their day: what was known on that day may be taken for known before.",
        )
    hours = date_hours(clock)
    if hours:
        at = " and ".join(f"{hour:02d}:00:00" for hour in hours)
        count = int(clock.on_the_hour[list(hours)].sum())
        midnight = hours == (0,)
        yield Remark(
            "midnight",
            "mend",
            f"{counted_share(count, clock.times)} of {clock.column} ({clock.table}) stand at exactly "
            f"{at} UTC: "
            + ("dates that were given a time." if midnight else "probably midnight in another time zone."),
            "Give dates as dates, without a time: as they are, a row of a day counts before all else of "
            "that day."
            if midnight
            else "Give dates as dates, or name the zone in the mapping: as they are, "
            "the rows may lie on the day before.",
        )


def counted_share(count: int, of: int) -> str:
    """Say how many of how many, and which share that is."""
    return f"{count:,} of {of:,} times ({share(count / of)})"


def date_hours(clock: Clock) -> tuple[int, ...]:
    """Return the one or two full hours at which dates stand that were turned into times; none: ().

    At least 5 % of the times, and 20, stand at exactly such an hour, and no more than a fifth of all
    that stand at a full hour stand at others: where people round to hours, they round to all of them.
    """
    counts = clock.on_the_hour
    often = (counts >= FEWEST_AT_HOUR) & (counts >= FULL_HOUR * clock.times)
    fullest = np.argsort(-counts, kind="stable")[:2]
    hours = tuple(sorted(int(hour) for hour in fullest if often[hour]))
    return hours if hours and counts[list(hours)].sum() >= TWO_HOURS * counts.sum() else ()


def office_hours(clock: Clock) -> tuple[int, int]:
    """Return from when to when the busiest eight hours last, in UTC; of several the earliest."""
    day = np.concatenate([clock.by_hour, clock.by_hour])
    sums = [int(day[hour : hour + OFFICE_HOURS].sum()) for hour in range(HOURS)]
    start = int(np.argmax(sums))
    return start, (start + OFFICE_HOURS) % HOURS


def _habits(clock: Clock) -> Iterator[Remark]:
    if clock.times >= FEWEST_TIMES:
        start, end = office_hours(clock)
        middle = (start + OFFICE_HOURS // 2) % HOURS
        if not _MORNING <= middle < _EVENING:
            yield Remark(
                "at_night",
                "mend",
                f"Most of what we did lies between {start:02d}:00 and {end:02d}:00 UTC.",
                "Fine if your people work then; if it is their night, times were exported in another zone: "
                "name it in the mapping.",
            )
    if clock.weekend >= WEEKEND * clock.instants:
        yield Remark(
            "weekends",
            "know",
            f"{share(clock.weekend / clock.instants)} of what we did lies on Saturdays and Sundays, as many "
            "as by chance.",
            "Check whether a machine dates these rows: their dates then say nothing of people's work.",
        )
