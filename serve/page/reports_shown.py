"""A published report as the list of reports shows it, all worked out beforehand."""

from __future__ import annotations

from dataclasses import dataclass

from readiness.agreement.wording import date
from readiness.counting import counted
from readiness.crm.records import instant
from serve.report_answers import ReportTable, answer
from serve.shelf import Shelved


@dataclass(frozen=True, slots=True)
class ReportShown:
    """One report of the list; ``facts`` are pairs of a name and a value."""

    name: str
    heading: str
    subtitle: str
    champion: bool
    page: str
    facts: tuple[tuple[str, str], ...]
    numbers: str | None
    tables: tuple[ReportTable, ...]
    tables_counted: str


def shown(report: Shelved) -> ReportShown:
    """Return what the list says of a report."""
    told = answer(report)
    days = (
        ("Trained", told.trained_at, 0),
        ("Judged as of", told.judged_from, 0),
        # The data end before that instant: the day meant is the last one with data, as in the subtitle.
        ("Learned from data until", told.learned_until, -1),
        ("Published", told.published_at, 0),
    )
    return ReportShown(
        name=told.name,
        heading=f"{told.title}, version {report.about.version}",
        subtitle=told.subtitle,
        champion=told.champion,
        page=told.page,
        facts=tuple((name, date(instant(at) + shift)) for name, at, shift in days if at),
        numbers=told.numbers,
        tables=tuple(told.tables),
        tables_counted=counted(len(told.tables), "table"),
    )
