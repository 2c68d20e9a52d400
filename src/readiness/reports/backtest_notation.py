"""How a replay's figures are written: rows of groups, days, intervals."""

from __future__ import annotations

from typing import Final

from readiness.crm.records import Instant, iso
from readiness.hindsight.groups import Group
from readiness.judging.bootstrap import Figure
from readiness.reports.notation import hundredths, share

COLUMNS: Final = ("", "Leads", "Won", "Stop", "Lost", "Open", "Too soon", "Cry-wolf", "95 %")
"""Of a table with a row for each group of leads handed over; counts are within the horizon."""


def cells(group: Group) -> tuple[str, ...]:
    """Return a group's row: how many came to what within the horizon, and the cry-wolf rate."""
    counts, rate = group.counts, group.cry_wolf.rate
    return (
        group.name.replace("_", " "),
        f"{group.handed_over:,}",
        f"{counts.won:,}",
        f"{counts.stop:,}",
        f"{counts.otherwise:,}",
        f"{counts.still_open:,}",
        f"{counts.too_soon:,}",
        share(rate.value),
        between(rate),
    )


def between(figure: Figure) -> str:
    """Write an interval of shares in hundredths."""
    if figure.low is None or figure.high is None:
        return "–"
    return f"{hundredths(figure.low)}–{hundredths(figure.high)}"


def called(day: Instant) -> str:
    """Write the day of an instant.

    >>> called(1773478800000000)
    '2026-03-14'
    """
    return (iso(day) or "")[:10]
