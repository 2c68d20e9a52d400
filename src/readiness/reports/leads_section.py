"""The section "Where are our leads?": their kinds, how these move, what becomes of each, and who waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from readiness.hindsight.leads_now import LeadsNow
from readiness.judging.judgement import Judgement
from readiness.reports import charts, leads_charts, leads_points, notation, points, wording
from readiness.reports import leads_wording as say
from readiness.reports.leads_points import (
    NOW,
    CountPoint,
    FatePoint,
    GapPoint,
    MovePoint,
    OverviewPoint,
    WaitPoint,
)
from readiness.reports.numbers import Numbers
from readiness.reports.points import CategoryPoint
from readiness.reports.printed import Section, Table
from readiness.reports.report_section import ReportSection


@dataclass(frozen=True, slots=True)
class Leads:
    """Where the leads are.

    ``categories`` is of the snapshots that the model was judged on; all else asks the agreement alone.
    """

    sentence: str
    warnings: tuple[str, ...]
    categories: Section[CategoryPoint]
    standing: Section[CountPoint] | None = None
    fates: Section[FatePoint] | None = None
    moves: Section[MovePoint] | None = None
    gaps: Section[GapPoint] | None = None
    waiting: Section[WaitPoint] | None = None
    overview: tuple[OverviewPoint, ...] = ()


def summarise(judgement: Judgement, found: LeadsNow | None = None) -> Leads:
    """Tell where the leads are.

    Parameters
    ----------
    judgement : Judgement
        Of its sets the first is shown.
    found : LeadsNow, optional
        Where they are; without it, only what became of each kind among the leads judged.
    """
    shown = judgement.sets[0] if judgement.sets else None
    judged = points.of_categories(shown)
    told = wording.by_category(judged, shown, judgement.horizon_days)
    if found is None:
        return Leads(told, (), _categories(judged, ""))
    return about(found, _categories(judged, told))


def about(found: LeadsNow, categories: Section[CategoryPoint]) -> Leads:
    """Tell where these leads are, beside what became of the kinds when the model was judged."""
    return Leads(
        sentence=say.headline(found),
        warnings=(),
        categories=categories,
        standing=_standing(found),
        fates=_fates(found),
        moves=_moves(found),
        gaps=_gaps(found),
        waiting=_waiting(found),
        overview=leads_points.of_overview(found),
    )


def _standing(found: LeadsNow) -> Section[CountPoint]:
    rows = leads_points.of_counts(found)
    kinds = list(dict.fromkeys(row.category for row in rows))
    counts = {(row.when, row.category): row.leads for row in rows}
    table = Table(
        ("First of", *kinds),
        tuple(
            (when, *(f"{counts[when, kind]:,}" for kind in kinds))
            for when in dict.fromkeys(row.when for row in rows)
        ),
    )
    return Section("standing", "Of which kind are they, now and before?", say.over_time(found), rows, table)


def _fates(found: LeadsNow) -> Section[FatePoint]:
    rows = leads_points.of_fates(found)
    columns = ("Category", "Leads", "Looks", "Won", "95 %", "Told us to stop", "95 %", "Ended otherwise",
               "Still open")  # fmt: skip
    table = Table(
        columns,
        tuple(
            (
                row.category,
                f"{row.leads:,}",
                f"{row.looks:,}",
                notation.share(row.won),
                notation.between(row.won_low, row.won_high),
                notation.share(row.stop),
                notation.between(row.stop_low, row.stop_high),
                notation.share(row.otherwise),
                notation.share(row.still_open),
            )
            for row in rows
        ),
    )
    return Section("fates", "What becomes of each kind?", say.fates(found), rows, table)


def _moves(found: LeadsNow) -> Section[MovePoint]:
    rows = leads_points.of_moves(found)
    before = list(dict.fromkeys(row.before for row in rows))
    after = list(dict.fromkeys([*before, *(row.after for row in rows)]))
    shares = {(row.before, row.after): row.share for row in rows}
    table = Table(
        ("On the first of a month, and a month later", *after),
        tuple((one, *(notation.share(shares.get((one, other))) for other in after)) for one in before),
    )
    return Section("moves", "How do they move from month to month?", say.moves(found), rows, table)


def _gaps(found: LeadsNow) -> Section[GapPoint]:
    rows = leads_points.of_gaps(found)
    pieces = list(dict.fromkeys(row.piece for row in rows))
    unknown = {(row.category, row.piece): row for row in rows}
    leads = {row.category: row.leads for row in rows}
    table = Table(
        ("Category", "Leads", *(f"{piece.capitalize()} not known" for piece in pieces)),
        tuple(
            (kind, f"{count:,}", *(f"{unknown[kind, piece].unknown:,}" for piece in pieces))
            for kind, count in leads.items()
        ),
    )
    return Section("gaps", "What don't we know of them?", say.gaps(found), rows, table)


def _waiting(found: LeadsNow) -> Section[WaitPoint]:
    rows = leads_points.of_waits(found)
    stretches = list(dict.fromkeys(row.waiting for row in rows))
    counts = {(row.group, row.waiting): row.leads for row in rows}
    table = Table(
        ("", *(stretch.capitalize() for stretch in stretches)),
        tuple(
            (group.capitalize(), *(f"{counts[group, stretch]:,}" for stretch in stretches))
            for group in dict.fromkeys(row.group for row in rows)
        ),
    )
    return Section("waiting", "Which leads did nobody follow up?", say.waiting(found), rows, table)


def _categories(found: tuple[CategoryPoint, ...], sentence: str) -> Section[CategoryPoint]:
    return Section(
        "categories",
        "What became of each kind, among the leads that the model was judged on?",
        sentence,
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
    """Return everything that sentences, tables and charts say."""
    return {
        "categories": Numbers.of(CategoryPoint, told.categories.points),
        "standing": Numbers.of(CountPoint, told.standing.points if told.standing else ()),
        "fates": Numbers.of(FatePoint, told.fates.points if told.fates else ()),
        "moves": Numbers.of(MovePoint, told.moves.points if told.moves else ()),
        "gaps": Numbers.of(GapPoint, told.gaps.points if told.gaps else ()),
        "waiting": Numbers.of(WaitPoint, told.waiting.points if told.waiting else ()),
        "overview": Numbers.of(OverviewPoint, told.overview),
    }


def draw(told: Leads, width: int) -> Mapping[str, str]:
    """Draw the kinds over time, what becomes of them, how they move, what is not known, and who waits."""
    drawn: dict[str, str] = {}
    if told.standing and any(row.when != NOW for row in told.standing.points):
        drawn["standing"] = leads_charts.over_time(told.standing.points, width)
    if told.fates and (fates := leads_points.drawn_of(told.fates.points)):
        drawn["fates"] = charts.categories(fates, width)
    if told.moves and told.moves.points:
        drawn["moves"] = leads_charts.moves(told.moves.points, width)
    if told.gaps and any(row.ready for row in told.gaps.points):
        drawn["gaps"] = leads_charts.gaps(told.gaps.points, width)
    if told.waiting and any(row.leads for row in told.waiting.points):
        drawn["waiting"] = leads_charts.waiting(told.waiting.points, width)
    if told.categories.points:
        drawn["categories"] = charts.categories(told.categories.points, width)
    return drawn


SECTION: Final = ReportSection("leads", "Where are our leads?", Leads, "report_leads.html.j2", numbers, draw)
