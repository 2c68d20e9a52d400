"""The section "What does it do for sales?": what fewer calls would find and meet, and what would be lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from readiness.hindsight.for_sales import ForSales
from readiness.hindsight.referrals import Referrals
from readiness.judging.judgement import Judgement, SetJudgement
from readiness.reports import charts, judged_wording, notation, points, sales_charts, sales_points, wording
from readiness.reports import sales_wording as say
from readiness.reports.numbers import Numbers
from readiness.reports.points import GainsPoint
from readiness.reports.printed import Section, Table
from readiness.reports.report_section import ReportSection
from readiness.reports.sales_points import (
    AMONG,
    CapacityPoint,
    FirstCallsPoint,
    KeptPoint,
    LostPoint,
    PartPoint,
    ReferralPoint,
)

_CURVE, _STEP = 20, 2
"""Curves have twenty points; the table prints every second."""


@dataclass(frozen=True, slots=True)
class Sales:
    """What calling by score would do for sales.

    ``gains`` is of all leads that the model had not seen, whoever called them; all else is of leads that
    sales was given.
    """

    sentence: str
    warnings: tuple[str, ...]
    gains: Section[GainsPoint]
    how: str = ""
    capacity: tuple[Section[CapacityPoint], ...] = ()
    first_calls: tuple[Section[FirstCallsPoint], ...] = ()
    kept: Section[KeptPoint] | None = None
    lost: Section[LostPoint] | None = None
    parts: tuple[Section[PartPoint], ...] = ()
    referrals: Section[ReferralPoint] | None = None


def summarise(judgement: Judgement, found: ForSales | None = None, worth: Referrals | None = None) -> Sales:
    """Tell what a model does for sales.

    Parameters
    ----------
    judgement : Judgement
        Of its sets the first is shown.
    found : ForSales, optional
        What leads that sales was given tell; None where they were not asked, or nothing is dated.
    worth : Referrals, optional
        What a referral is worth; None where that was not asked.
    """
    shown = judgement.sets[0] if judgement.sets else None
    gains = _gains(shown, judgement.horizon_days)
    referrals = None if worth is None else _referrals(worth)
    if shown is None:
        return Sales(wording.NOT_JUDGED, (), gains, referrals=referrals)
    if found is None:
        sentence = say.UNDATED if judgement.horizon_days is None else say.NOT_ASKED
        return Sales(sentence, (), gains, referrals=referrals)
    return Sales(
        sentence=say.headline(found),
        warnings=say.warnings(found),
        gains=gains,
        how=say.HOW if found.at_capacity else "",
        capacity=_capacity(found),
        first_calls=_first_calls(found),
        kept=_kept(found),
        lost=_lost(found),
        parts=_parts(found),
        referrals=referrals,
    )


def _gains(shown: SetJudgement | None, horizon: float | None) -> Section[GainsPoint]:
    found = points.of_gains(shown, horizon)
    shares = sorted({point.share for point in found if round(point.share * _CURVE) % _STEP == 0})
    forecasts = list(dict.fromkeys(point.forecast for point in found))
    reached: Mapping[tuple[str, float], float | None] = {(p.forecast, p.share): p.reached for p in found}
    told = wording.gained(shown) + (judged_wording.week(shown) if shown else "")
    return Section(
        "gains",
        "How many of all sales are among the highest scores, called or not?",
        told,
        found,
        Table(
            ("Called first", *forecasts),
            tuple(
                (notation.share(share), *(notation.share(reached.get((name, share))) for name in forecasts))
                for share in shares
            ),
        ),
    )


def _capacity(found: ForSales) -> tuple[Section[CapacityPoint], ...]:
    every = sales_points.of_capacity(found)
    sections = []
    for one in found.at_capacity:
        rows = tuple(point for point in every if point.among == AMONG[one.among])
        sentence = say.capacity(one, found.horizon_days)
        question = f"What would fewer calls have met? Among {AMONG[one.among]}"
        sections.append(Section(f"capacity-{one.among}", question, sentence, rows, _capacity_table(rows)))
    return tuple(sections)


def _capacity_table(rows: tuple[CapacityPoint, ...]) -> Table:
    columns = (
        "Calls",
        "Of the sales, 95 %",
        "Sales as they came",
        "Of the stops, 95 %",
        "Cry-wolf rate, 95 %",
        "Rate as they came",
        "Change, in points, 95 %",
    )
    return Table(
        columns,
        tuple(
            (
                row.capacity,
                say.span(row.sales, row.sales_low, row.sales_high, notation.share),
                notation.share(row.sales_before),
                say.span(row.stops, row.stops_low, row.stops_high, notation.share),
                *(_rates(row) if row.enough_stops else ["–"] * 3),
            )
            for row in rows
        ),
    )


def _rates(row: CapacityPoint) -> tuple[str, ...]:
    return (
        say.span(row.rate, row.rate_low, row.rate_high, notation.share),
        notation.share(row.rate_before),
        say.span(row.gap, row.gap_low, row.gap_high, say.in_points),
    )


def _first_calls(found: ForSales) -> tuple[Section[FirstCallsPoint], ...]:
    every = sales_points.of_first_calls(found)
    sections = []
    for one in found.at_capacity:
        rows = tuple(point for point in every if point.among == AMONG[one.among])
        question = f"How many of the sales do the first calls find? Among {AMONG[one.among]}"
        sentence = say.first_calls(one)
        table = _first_calls_table(rows)
        sections.append(Section(f"first-calls-{one.among}", question, sentence, rows, table))
    return tuple(sections)


def _first_calls_table(rows: tuple[FirstCallsPoint, ...]) -> Table:
    forecasts = list(dict.fromkeys(row.forecast for row in rows))
    cells = {(row.forecast, row.share): row for row in rows}
    shares = [share for place, share in enumerate(sorted({row.share for row in rows})) if place % _STEP]
    columns = (f"{end}, {name}" for end in ("Sales", "Stops") for name in forecasts)
    return Table(
        ("First calls", *columns),
        tuple(
            (
                notation.share(share),
                *(notation.share(cells[name, share].sales) for name in forecasts),
                *(notation.share(cells[name, share].stops) for name in forecasts),
            )
            for share in shares
        ),
    )


def _kept(found: ForSales) -> Section[KeptPoint]:
    rows = sales_points.of_kept(found)
    table = Table(
        ("Kept back, because", "Among", "Leads", "Won", "Stop"),
        tuple((row.rule, row.among, f"{row.kept:,}", f"{row.won:,}", f"{row.stop:,}") for row in rows),
        texts=(1,),
    )
    return Section("kept", "Which good leads would be kept back?", say.kept(found), rows, table)


def _lost(found: ForSales) -> Section[LostPoint]:
    rows = sales_points.of_lost(found)
    table = Table(
        ("Lead", "Handed over", "It would have been kept back", "Won after, in days"),
        tuple((row.lead_id, notation.day(row.handed_over), row.rule, f"{row.days:.0f}") for row in rows),
        texts=(1, 2),
    )
    return Section("lost", "Examples of good leads kept back", say.examples(found), rows, table)


def _parts(found: ForSales) -> tuple[Section[PartPoint], ...]:
    rows = sales_points.of_parts(found)
    return tuple(
        Section(
            f"by-{by}",
            f"By {by}",
            say.by_part(by, parts),
            tuple(row for row in rows if row.by == by),
            Table(
                ("", "Leads", "Won", "Stop", "Cry-wolf rate", "95 %", "Called first", "Their rate"),
                tuple(
                    (
                        row.name.replace("_", " "),
                        f"{row.hand_overs:,}",
                        f"{row.won:,}",
                        f"{row.stop:,}",
                        notation.share(row.rate),
                        notation.between(row.rate_low, row.rate_high),
                        notation.share(row.called),
                        notation.share(row.called_rate),
                    )
                    for row in rows
                    if row.by == by
                ),
            ),
        )
        for by, parts in found.by.items()
    )


def _referrals(found: Referrals) -> Section[ReferralPoint]:
    rows = sales_points.of_referrals(found)
    table = Table(
        ("", "Leads", "Won", "95 %", "Told us to stop", "Won × as often as leads alike, 95 %"),
        tuple(
            (
                row.name,
                f"{row.leads:,}",
                notation.share(row.won),
                notation.between(row.won_low, row.won_high),
                notation.share(row.stop),
                say.span(row.adjusted, row.adjusted_low, row.adjusted_high, say.times),
            )
            for row in rows
        ),
    )
    return Section("referrals", "What is a referral worth?", say.referrals(found), rows, table)


def numbers(told: Sales) -> Mapping[str, Numbers]:
    """Return everything that sentences, tables and charts say."""
    return {
        "gains": Numbers.of(GainsPoint, told.gains.points),
        "capacity": Numbers.of(CapacityPoint, [row for each in told.capacity for row in each.points]),
        "first-calls": Numbers.of(FirstCallsPoint, [row for each in told.first_calls for row in each.points]),
        "kept": Numbers.of(KeptPoint, told.kept.points if told.kept else ()),
        "lost": Numbers.of(LostPoint, told.lost.points if told.lost else ()),
        "parts": Numbers.of(PartPoint, [row for each in told.parts for row in each.points]),
        "referrals": Numbers.of(ReferralPoint, told.referrals.points if told.referrals else ()),
    }


def draw(told: Sales, width: int) -> Mapping[str, str]:
    """Draw cry-wolf rates at each capacity, the curves of the first calls, and rates by source."""
    drawn: dict[str, str] = {}
    for capacity in told.capacity:
        if any(row.enough_stops for row in capacity.points):
            drawn[capacity.name] = sales_charts.capacity(capacity.points, width)
    for first in told.first_calls:
        if curves := sales_points.drawn_of(first.points):
            drawn[first.name] = charts.gains(curves, width)
    for part in told.parts:
        if sum(row.rate_low is not None for row in part.points) > 1:
            drawn[part.name] = sales_charts.rates(part.points, width)
    if told.gains.points:
        drawn["gains"] = charts.gains(told.gains.points, width)
    return drawn


SECTION: Final = ReportSection(
    "sales", "What does it do for sales?", Sales, "report_sales.html.j2", numbers, draw
)
