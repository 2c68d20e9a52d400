"""The section "What drives readiness?": what the score rests on, and what history says of what leads do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from readiness.hindsight import signifier_sentences
from readiness.hindsight.signifiers import Signifiers
from readiness.judging.judgement import Judgement
from readiness.reports import (
    driver_charts,
    driver_points,
    driver_wording,
    insight_sections,
    insight_wording,
    notation,
    wording,
)
from readiness.reports.driver_points import ActsPoint, DriverPoint, SignifierPoint, ThemePoint, TogetherPoint
from readiness.reports.numbers import Numbers
from readiness.reports.points import ShapePoint
from readiness.reports.printed import Section, Table
from readiness.reports.report_section import ReportSection
from readiness.reports.since_last import ImportanceChange

MOST: Final = 10
"""So many behaviours and attributes are drawn, and printed; the CSV has all."""

_HOW_TO_READ: Final = (
    "“× as likely” says what the model makes of the same leads with one step more, all else as it is; it is "
    "not what would happen if they were brought to do it."
)


@dataclass(frozen=True, slots=True)
class Drivers:
    """What the model rests on, and what history says of acts. ``since_last`` where models were compared."""

    sentence: str
    warnings: tuple[str, ...]
    themes: Section[ThemePoint]
    importance: Section[DriverPoint]
    together: tuple[TogetherPoint, ...]
    shape: Section[ShapePoint]
    signifiers: Section[SignifierPoint]
    meaningless: str
    cautions: tuple[str, ...]
    since_last: Section[ImportanceChange] | None = None
    acts: tuple[ActsPoint, ...] = ()


def summarise(judgement: Judgement, acts: Signifiers | None = None) -> Drivers:
    """Tell what was found by looking into the model, and beside it what the agreement says.

    Parameters
    ----------
    judgement : Judgement
    acts : Signifiers, optional
        What history says of what leads do; None where it was not looked into.
    """
    insight, points = judgement.insight, driver_points.of_drivers(judgement.insight)
    claimed = judgement.skill.claimed
    return Drivers(
        sentence=driver_wording.drivers(points, claimed=claimed) if judgement.sets else wording.NOT_JUDGED,
        warnings=(),
        themes=_themes(driver_points.of_themes(insight.themes)),
        importance=_importance(
            points, insight_wording.together(insight.together) + insight_wording.steady(insight.stability)
        ),
        together=driver_points.of_together(insight.together),
        shape=insight_sections.shape(insight),
        signifiers=_signifiers(acts),
        meaningless=driver_wording.meaningless(acts),
        cautions=_cautions(acts),
        acts=driver_points.of_acts(acts),
    )


def _themes(points: tuple[ThemePoint, ...]) -> Section[ThemePoint]:
    rows = tuple(
        (each.name, notation.change(each.increase), notation.changes(each.low, each.high), f"{each.holds}")
        for each in points
    )
    columns = ("Kind", "Forecast error without it", "95 % interval", "Behaviours and attributes")
    return Section(
        "themes",
        "Which kind of thing matters most?",
        driver_wording.by_kind(points),
        points,
        Table(columns, rows),
    )


def _importance(points: tuple[DriverPoint, ...], also: str) -> Section[DriverPoint]:
    steady = any(point.in_top is not None for point in points)
    columns = (
        "Behaviour or attribute",
        "Kind",
        "One step more",
        "A sale is",
        "Forecast error without it",
        "95 % interval",
        "Moves a score by, of 100",
        *(["Among the ten, of resampled models"] if steady else []),
        "Direction",
    )
    rows = tuple(
        (
            each.name,
            each.theme,
            each.step or "–",
            f"{driver_wording.times(each.times)} as likely" if each.times is not None else "–",
            notation.change(each.increase),
            notation.changes(each.low, each.high),
            notation.hundredths(each.moves),
            *([notation.share(each.in_top)] if steady else []),
            each.direction,
        )
        for each in points[:MOST]
    )
    sentence = f"{driver_wording.shown_to_matter(points)} {_HOW_TO_READ}{also}" if points else ""
    texts = (1, 2, len(columns) - 1)
    return Section("importance", "What drives the score?", sentence, points, Table(columns, rows, texts))


def _signifiers(acts: Signifiers | None) -> Section[SignifierPoint]:
    points = driver_points.of_signifiers(acts)
    rows = tuple(
        (
            each.act,
            f"{each.leads:,}",
            driver_wording.times_spread(each.won_times, each.won_low, each.won_high),
            driver_wording.times_spread(each.stop_times, each.stop_low, each.stop_high),
            each.in_the_agreement,
            each.history_says,
        )
        for each in points
    )
    columns = (
        "Act",
        "Leads",
        "Won, times as often",
        "Stop, times as often",
        "In the agreement",
        "History says",
    )
    return Section(
        "signifiers",
        "Which acts go before a sale, and what does the agreement say they are worth?",
        driver_wording.signified(acts),
        points,
        Table(columns, rows, (4, 5)),
    )


def _cautions(acts: Signifiers | None) -> tuple[str, ...]:
    if acts is None or acts.missing is not None:
        return ()
    return (
        *signifier_sentences.part_of_the_end(driver_wording.in_words(acts)),
        signifier_sentences.footnote(acts),
        signifier_sentences.CAUTION,
    )


def numbers(told: Drivers) -> Mapping[str, Numbers]:
    """Return the points of every chart and table, all of them."""
    found = {
        "themes": Numbers.of(ThemePoint, told.themes.points),
        "importance": Numbers.of(DriverPoint, told.importance.points),
        "together": Numbers.of(TogetherPoint, told.together),
        "shape": Numbers.of(ShapePoint, told.shape.points),
        "signifiers": Numbers.of(SignifierPoint, told.signifiers.points),
        "acts": Numbers.of(ActsPoint, told.acts),
    }
    if told.since_last is not None:
        found["since-last"] = Numbers.of(ImportanceChange, told.since_last.points)
    return found


def draw(told: Drivers, width: int) -> Mapping[str, str]:
    """Draw how much each kind, and each behaviour or attribute, matters; its shape; and what acts mark."""
    drawn = {}
    if told.themes.points:
        drawn["themes"] = driver_charts.importance(told.themes.points, width)
    if told.importance.points:
        drawn["importance"] = driver_charts.importance(told.importance.points[:MOST], width)
    if any(point.score is not None for point in told.shape.points):
        drawn["shape"] = driver_charts.shape(told.shape.points, width)
    acts = [point for point in told.signifiers.points if point.told]
    if acts:
        drawn["signifiers"] = driver_charts.signifiers(acts, width)
    return drawn


SECTION: Final = ReportSection(
    "drivers", "What drives readiness?", Drivers, "report_drivers.html.j2", numbers, draw
)
