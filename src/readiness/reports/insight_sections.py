"""The sections of a report on what looking into a model found."""

from __future__ import annotations

from readiness.judging.insight import Insight
from readiness.reports import insight_wording, notation
from readiness.reports.points import (
    ApartPoint,
    LearnedPoint,
    ShapePoint,
    of_more_leads,
    of_selection,
    of_shape,
)
from readiness.reports.printed import Section, Table


def shape(found: Insight) -> Section[ShapePoint]:
    """Show how the mean score goes with what matters most."""
    points = of_shape(found.dependence)
    rows = tuple(
        (
            f"{point.moved}: {point.value}",
            notation.hundredths(point.score),
            notation.between(point.low, point.high),
        )
        for point in points
    )
    return Section(
        "shape",
        "How does the score go with what drives it?",
        insight_wording.shaped(found.dependence),
        points,
        Table(("If every lead had", "Mean score, of 100", "95 % interval"), rows),
    )


def more_leads(found: Insight) -> Section[LearnedPoint]:
    """Show the learning curve."""
    points = of_more_leads(found.more_leads)
    rows = tuple(
        (f"{each.leads:,}", notation.plain(each.log_loss, ".4f"), _interval(each.low, each.high))
        for each in points
    )
    return Section(
        "more_leads",
        "Would more leads help?",
        insight_wording.more_leads(found.more_leads),
        points,
        Table(("Learned from so many leads", "Log-loss on later leads", "95 % interval"), rows),
    )


def selection(found: Insight) -> Section[ApartPoint]:
    """Show by what leads learned from and scored, called and not called, differ."""
    points = of_selection(found.selection)
    rows = tuple((each.sides, each.by, _times(each.told_apart, each.low, each.high)) for each in points)
    return Section(
        "selection",
        "Are the leads it learned from like those it scores?",
        insight_wording.chosen(found.selection),
        points,
        Table(("Which side is a lead on", "By", "Told apart, times in 100"), rows, (1,)),
    )


def _times(value: float | None, low: float | None, high: float | None) -> str:
    text = notation.hundredths(value)
    return text if low is None or high is None else f"{text} ({notation.between(low, high)})"


def _interval(low: float | None, high: float | None) -> str:
    return "–" if low is None or high is None else f"{low:.4f} to {high:.4f}"
