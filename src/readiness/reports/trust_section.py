"""The section "Can I trust it?": skill beside simpler ways, calibration, and what was not found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from readiness.history.outcomes import EVENTS, WON
from readiness.judging.judgement import MODEL, Judgement, SetJudgement
from readiness.reports import (
    charts,
    insight_sections,
    judged_points,
    judged_sections,
    judged_wording,
    not_found,
    notation,
    points,
    wording,
)
from readiness.reports.judged_points import FigurePoint, SkillPoint, VerdictPoint
from readiness.reports.numbers import Numbers
from readiness.reports.points import ApartPoint, CalibrationPoint, ChosenPoint, LearnedPoint, RankingPoint
from readiness.reports.population import Population
from readiness.reports.printed import Fact, Section, Table
from readiness.reports.report_section import ReportSection
from readiness.reports.since_last import SkillChange


@dataclass(frozen=True, slots=True)
class Trust:
    """How good the model is. ``claimed``: whether it may be said that it knows something.

    ``since_last`` stands beside another model's figures; None where the report was not asked to compare.
    """

    sentence: str
    warnings: tuple[str, ...]
    claimed: bool
    verdict: tuple[VerdictPoint, ...]
    highlights: tuple[Fact, ...]
    ranking: Section[RankingPoint]
    calibration: Section[CalibrationPoint]
    comparisons: tuple[Section[SkillPoint], ...]
    figures: tuple[Section[FigurePoint], ...]
    not_found: tuple[str, ...]
    more_leads: Section[LearnedPoint]
    selection: Section[ApartPoint]
    chosen: tuple[ChosenPoint, ...]
    data: tuple[Fact, ...]
    since_last: Section[SkillChange] | None = None


def summarise(judgement: Judgement, population: Population | None = None) -> Trust:
    """Tell the first of a judgement's sets, and all of them in tables; without sets, what is missing.

    Parameters
    ----------
    judgement : Judgement
    population : Population, optional
        What is in the data, where it is known.
    """
    shown = judgement.sets[0] if judgement.sets else None
    horizon = judgement.horizon_days
    return Trust(
        sentence=wording.verdict(judgement, shown),
        warnings=wording.warnings(judgement, shown),
        claimed=judgement.skill.claimed,
        verdict=judged_points.verdict(judgement),
        highlights=_highlights(shown, horizon),
        ranking=_ranking(shown, horizon),
        calibration=_calibration(shown, horizon),
        comparisons=tuple(judged_sections.comparison(one, horizon) for one in judgement.sets),
        figures=tuple(judged_sections.all_figures(one, horizon) for one in judgement.sets),
        not_found=not_found.sentences(judgement, shown),
        more_leads=insight_sections.more_leads(judgement.insight),
        selection=insight_sections.selection(judgement.insight),
        chosen=points.of_chosen(judgement.insight.selection),
        data=_data(population),
    )


def _highlights(shown: SetJudgement | None, horizon: float | None) -> tuple[Fact, ...]:
    if shown is None:
        return ()
    figures = shown.figures[MODEL]
    within = "" if horizon is None else f" within {horizon:g} days"
    looks = f"of {shown.snapshots:,} looks at them (snapshots)"
    if shown.snapshots == shown.leads:
        looks = "of them"
    facts = [
        Fact("leads it was judged on", f"{shown.leads:,}"),
        Fact(f"{looks} led to a sale{within}", f"{shown.events.get(EVENTS[WON], 0):,}"),
    ]
    reached, lift = figures["won_top_reached"].value, figures["won_top_lift"].value
    if reached is not None:
        facts.append(Fact("of the sales are among the 20 % highest scores", notation.share(reached)))
    if lift is not None:
        facts.append(Fact("as many sales as average among the 10 % highest scores", f"{lift:.1f} ×"))
    return tuple(facts)


def _ranking(shown: SetJudgement | None, horizon: float | None) -> Section[RankingPoint]:
    found = points.of_ranking(shown, horizon)
    rows = tuple(
        (each.forecast, notation.hundredths(each.right), notation.between(each.low, each.high))
        for each in found
    )
    return Section(
        "ranking",
        "How often does it pick the right one of two leads?",
        shown.sentences["ranking"] if shown else "",
        found,
        Table(("Forecast", "Right, times in 100", "95 % interval"), rows),
    )


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


def _data(population: Population | None) -> tuple[Fact, ...]:
    if population is None:
        return ()
    first, last = population.first_created, population.observed_through
    return (
        *([Fact("Period", f"{notation.day(first)} to {notation.last_day(last)}")] if first and last else []),
        Fact("Leads in the data", f"{population.leads:,}"),
        Fact("Activities in the data", f"{population.activities:,}"),
        *(Fact(notation.OUTCOMES[name], f"{count:,}") for name, count in population.ended.items()),
        Fact("Still open", f"{population.still_open:,}"),
    )


def numbers(told: Trust) -> Mapping[str, Numbers]:
    """Return every figure that the section rests on."""
    found = {
        "verdict": Numbers.of(VerdictPoint, told.verdict),
        "ranking": Numbers.of(RankingPoint, told.ranking.points),
        "calibration": Numbers.of(CalibrationPoint, told.calibration.points),
        "skill": Numbers.of(SkillPoint, [each for one in told.comparisons for each in one.points]),
        "figures": Numbers.of(FigurePoint, [each for one in told.figures for each in one.points]),
        "selection": Numbers.of(ApartPoint, told.selection.points),
        "chosen": Numbers.of(ChosenPoint, told.chosen),
        "more-leads": Numbers.of(LearnedPoint, told.more_leads.points),
        "data": Numbers.of(Fact, told.data),
    }
    if told.since_last is not None:
        found["since-last"] = Numbers.of(SkillChange, told.since_last.points)
    return found


def draw(told: Trust, width: int) -> Mapping[str, str]:
    """Draw how often each forecast is right, and scores beside what happened."""
    drawn = {}
    if told.ranking.points:
        drawn["ranking"] = charts.ranking(told.ranking.points, width)
    if told.calibration.points:
        drawn["calibration"] = charts.calibration(told.calibration.points, width)
    return drawn


SECTION: Final = ReportSection("trust", "Can I trust it?", Trust, "report_trust.html.j2", numbers, draw)
