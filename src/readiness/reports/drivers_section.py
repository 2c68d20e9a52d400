"""The section "What drives readiness?": what the score rests on, and which way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from readiness.judging.importance import Importance
from readiness.judging.insight import Insight
from readiness.judging.judgement import Judgement
from readiness.reports import charts, insight_sections, insight_wording, notation, points, wording
from readiness.reports.numbers import Numbers
from readiness.reports.points import ImportancePoint, ShapePoint
from readiness.reports.printed import Section, Table
from readiness.reports.report_section import ReportSection


@dataclass(frozen=True, slots=True)
class Drivers:
    """What the model rests on."""

    sentence: str
    warnings: tuple[str, ...]
    importance: Section[ImportancePoint]
    shape: Section[ShapePoint]


def summarise(judgement: Judgement) -> Drivers:
    """Tell what was found by looking into the model."""
    judged, importance = bool(judgement.sets), judgement.insight.importance
    return Drivers(
        sentence=wording.drivers(importance) if judged else wording.NOT_JUDGED,
        warnings=(),
        importance=_importance(importance, judgement.insight),
        shape=insight_sections.shape(judgement.insight),
    )


def _importance(importance: Sequence[Importance], insight: Insight) -> Section[ImportancePoint]:
    found = points.of_importance(importance)
    moved = {each.group: each.contribution for each in importance}
    steady = {each.group: notation.share(each.in_top) for each in insight.stability}
    also = insight_wording.together(insight.together) + insight_wording.steady(insight.stability)
    return Section(
        "importance",
        "What drives the score?",
        also.strip(),
        found,
        Table(
            (
                "Behaviour or attribute",
                "Forecast error without it",
                "95 % interval",
                "Moves a score by, of 100",
                *(["Among the ten, of resampled models"] if steady else []),
                "Direction",
            ),
            tuple(
                (
                    point.name,
                    notation.change(point.increase),
                    notation.changes(point.low, point.high),
                    notation.hundredths(moved.get(point.name)),
                    *([steady.get(point.name, "–")] if steady else []),
                    point.direction,
                )
                for point in found
            ),
            texts=(5 if steady else 4,),
        ),
    )


def numbers(told: Drivers) -> Mapping[str, Numbers]:
    """Return the points of both charts."""
    return {
        "importance": Numbers.of(ImportancePoint, told.importance.points),
        "shape": Numbers.of(ShapePoint, told.shape.points),
    }


def draw(told: Drivers, width: int) -> Mapping[str, str]:
    """Draw importance, and how the score goes with what matters most."""
    drawn = {}
    if told.importance.points:
        drawn["importance"] = charts.importance(told.importance.points, width)
    if any(point.score is not None for point in told.shape.points):
        drawn["shape"] = charts.shape(told.shape.points, width)
    return drawn


SECTION: Final = ReportSection(
    "drivers", "What drives readiness?", Drivers, "report_drivers.html.j2", numbers, draw
)
