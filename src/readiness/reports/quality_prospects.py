"""Remarks on what can be learned from the data, what that still takes, and what cannot be checked."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final

from readiness.counting import counted
from readiness.crm.quality.contents import Contents
from readiness.reports.quality_fates import PACE_DAYS, Fates, Outlook
from readiness.reports.quality_notation import listed
from readiness.reports.quality_remarks import Remark


def of_outlook(held: Contents, outlook: Outlook, fates: Fates) -> Iterator[Remark]:
    """Say whether there is enough to learn from, and how many more are needed."""
    if outlook.little is not None:
        more = _until(
            (outlook.little.missing.get("ended", 0), outlook.ended_lately),
            (outlook.little.missing.get("won", 0), outlook.won_lately),
            (
                outlook.little.missing.get("ended otherwise than won", 0),
                outlook.ended_lately - outlook.won_lately,
            ),
        )
        ends = f"{counted(outlook.ended_lately, 'lead')} ended, {outlook.won_lately:,} of them won"
        remedy = f"In the last {PACE_DAYS:.0f} days of the data {ends}{more}" if held.dated else _UNDATED
        yield Remark("too_little", "learn", outlook.little.sentence, remedy)
    else:
        yield Remark("enough", "learn", "There is enough to learn a score from.", _ENOUGH)
    if outlook.stop_missing:
        more = _until((outlook.stop_missing, outlook.stop_lately))
        remedy = f"In the last {PACE_DAYS:.0f} days of the data there were {outlook.stop_lately:,}{more}"
        yield Remark(
            "too_few_stops",
            "learn",
            f"A stop risk takes {counted(outlook.stop_missing, 'more lead')} that told us to stop.",
            remedy if held.dated else "Look for opt-outs in the CRM.",
        )
    if outlook.test is not None and held.rows["leads"]:
        yield Remark(
            "no_test_period",
            "learn",
            outlook.test.missing,
            "Until then a model is used without proof that it is any good.",
        )
    if fates.undated_ends:
        yield Remark(
            "leads_without_end_date",
            "learn",
            f"{counted(fates.undated_ends, 'lead')} ended on a day that nobody wrote down and cannot be "
            "learned from.",
            "Add the dates if any history has them.",
        )


_ENOUGH: Final = "`readiness train` learns it, and judges it on later leads."
_UNDATED: Final = "Add more leads whose end is known."


def _until(*needed: tuple[int, int]) -> str:
    """Say how long it takes until so many more have come, at the pace of so many in the last days."""
    lacking = [(more, lately) for more, lately in needed if more]
    if not lacking:
        return "."
    if any(lately <= 0 for _, lately in lacking):
        return ": what is missing did not come lately, so older ones must be added."
    days = max(math.ceil(more / lately * PACE_DAYS) for more, lately in lacking)
    return f": at that pace it takes {counted(days, 'more day')}, unless older ones can be added."


def of_time(held: Contents, tables_without_rows: Sequence[str]) -> Iterator[Remark]:
    """Say what cannot be checked because a date, a time or a table is missing."""
    if not held.rows["leads"]:
        return
    if not held.dated:
        yield Remark(
            "undated",
            "unchecked",
            "No lead has a created_at, so there is no time: whether a column was filled in after the end, "
            "how soon leads end, changes over time and a test on later leads cannot be checked.",
            "Add created_at, and the dates of outcomes, if the CRM has them anywhere.",
        )
    elif held.date_only:
        yield Remark(
            "date_only",
            "unchecked",
            "All dates are without a time: what came first within a day, and the hours at which people work, "
            "cannot be checked.",
            "Export times if the CRM keeps them; a lead is then scored from its first hour.",
        )
    empty = [table for table in tables_without_rows if table in _WITHOUT]
    if held.dated and empty:
        yield Remark(
            "tables_without_rows",
            "unchecked",
            f"There are no rows of {listed(empty)}.",
            " ".join(_WITHOUT[table] for table in empty),
        )
    if not held.ends:
        yield Remark(
            "no_ends",
            "unchecked",
            "No lead has ended, so nothing can be said of how they end.",
            "Map the CRM's closing stages and its do-not-call flag to outcomes.",
        )


_WITHOUT: Final = {
    "activities": "Without activities nothing is known of a lead's behaviour.",
    "answers": "Without answers budget, authority, need and timeframe stay unknown.",
    "handovers": "Without hand-overs the cry-wolf rate cannot be told.",
}
