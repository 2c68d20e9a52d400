"""The section "Can I trust it?": skill beside simpler ways, calibration, and what nobody can know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from readiness.history.outcomes import EVENTS, WON
from readiness.judging.judgement import MODEL, Judgement, SetJudgement
from readiness.reports import (
    charts,
    insight_sections,
    judged_sections,
    judged_wording,
    notation,
    points,
    wording,
)
from readiness.reports.numbers import Numbers
from readiness.reports.points import CalibrationPoint
from readiness.reports.printed import Fact, Section, Table
from readiness.reports.report_section import ReportSection


@dataclass(frozen=True, slots=True)
class Trust:
    """How good the model is. ``claimed``: whether it may be said that it knows something."""

    sentence: str
    warnings: tuple[str, ...]
    claimed: bool
    highlights: tuple[Fact, ...]
    calibration: Section[CalibrationPoint]
    comparisons: tuple[Section[Any], ...]
    figures: tuple[Section[Any], ...]
    more_leads: Section[Any]
    selection: Section[Any]


def summarise(judgement: Judgement) -> Trust:
    """Tell the first of a judgement's sets, and all of them in tables; without sets, what is missing."""
    shown = judgement.sets[0] if judgement.sets else None
    horizon = judgement.horizon_days
    return Trust(
        sentence=wording.verdict(judgement, shown),
        warnings=wording.warnings(judgement, shown),
        claimed=judgement.skill.claimed,
        highlights=_highlights(shown, horizon),
        calibration=_calibration(shown, horizon),
        comparisons=tuple(judged_sections.comparison(one, horizon) for one in judgement.sets),
        figures=tuple(judged_sections.all_figures(one, horizon) for one in judgement.sets),
        more_leads=insight_sections.more_leads(judgement.insight),
        selection=insight_sections.selection(judgement.insight),
    )


def _highlights(shown: SetJudgement | None, horizon: float | None) -> tuple[Fact, ...]:
    if shown is None:
        return ()
    figures = shown.figures[MODEL]
    within = "" if horizon is None else f" within {horizon:g} days"
    facts = [
        Fact("leads it was judged on", f"{shown.leads:,}"),
        Fact(
            f"of {shown.snapshots:,} looks at them (snapshots) led to a sale{within}",
            f"{shown.events.get(EVENTS[WON], 0):,}",
        ),
    ]
    reached, lift = figures["won_top_reached"].value, figures["won_top_lift"].value
    if reached is not None:
        facts.append(Fact("of the sales are among the 20 % highest scores", notation.share(reached)))
    if lift is not None:
        facts.append(Fact("as many sales as average among the 10 % highest scores", f"{lift:.1f} ×"))
    return tuple(facts)


def _calibration(shown: SetJudgement | None, horizon: float | None) -> Section[CalibrationPoint]:
    found = points.of_calibration(shown)
    return Section(
        "calibration",
        "Does a score of 30 mean 30 in 100?",
        wording.calibrated(shown, horizon) + (judged_wording.finer(shown) if shown else ""),
        found,
        Table(
            ("Leads with scores near", "Snapshots", "Won, of 100", "95 % interval"),
            tuple(
                (
                    notation.hundredths(point.forecast),
                    f"{point.n:,}",
                    notation.hundredths(point.observed),
                    notation.between(point.low, point.high),
                )
                for point in found
            ),
        ),
    )


def numbers(told: Trust) -> Mapping[str, Numbers]:
    """Return the calibration's points."""
    return {"calibration": Numbers.of(CalibrationPoint, told.calibration.points)}


def draw(told: Trust, width: int) -> Mapping[str, str]:
    """Draw scores beside what happened."""
    found = told.calibration.points
    return {"calibration": charts.calibration(found, width)} if found else {}


SECTION: Final = ReportSection("trust", "Can I trust it?", Trust, "report_trust.html.j2", numbers, draw)
