"""The section "Where are our leads?": what became of each kind of lead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from readiness.judging.judgement import Judgement
from readiness.reports import charts, notation, points, wording
from readiness.reports.numbers import Numbers
from readiness.reports.points import CategoryPoint
from readiness.reports.printed import Section, Table
from readiness.reports.report_section import ReportSection


@dataclass(frozen=True, slots=True)
class Leads:
    """The categories, and what became of each."""

    sentence: str
    warnings: tuple[str, ...]
    categories: Section[CategoryPoint]


def summarise(judgement: Judgement) -> Leads:
    """Tell the categories of the first of a judgement's sets."""
    shown = judgement.sets[0] if judgement.sets else None
    found = points.of_categories(shown)
    return Leads(wording.by_category(found, shown, judgement.horizon_days), (), _categories(found))


def _categories(found: tuple[CategoryPoint, ...]) -> Section[CategoryPoint]:
    return Section(
        "categories",
        "What became of each kind of lead?",
        "",
        found,
        Table(
            ("Category", "Snapshots", "Won", "Told us to stop", "Ended otherwise", "Still open"),
            tuple(
                (
                    point.name,
                    f"{point.n:,}",
                    *(
                        notation.share(part)
                        for part in (point.won, point.stop, point.otherwise, point.still_open)
                    ),
                )
                for point in found
            ),
        ),
    )


def numbers(told: Leads) -> Mapping[str, Numbers]:
    """Return the categories' ends."""
    return {"categories": Numbers.of(CategoryPoint, told.categories.points)}


def draw(told: Leads, width: int) -> Mapping[str, str]:
    """Draw the categories' ends."""
    found = told.categories.points
    return {"categories": charts.categories(found, width)} if found else {}


SECTION: Final = ReportSection("leads", "Where are our leads?", Leads, "report_leads.html.j2", numbers, draw)
