"""The sections of a report on what looking into a model found."""

from __future__ import annotations

from typing import Any

from readiness.judging.insight import Insight
from readiness.reports import insight_wording, notation
from readiness.reports.points import ShapePoint, of_shape
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


def more_leads(found: Insight) -> Section[Any]:
    """Show the learning curve."""
    rows = tuple(
        (
            f"{point.leads:,}",
            notation.plain(point.loss.value, ".4f"),
            _interval(point.loss.low, point.loss.high),
        )
        for point in (found.more_leads.points if found.more_leads else ())
    )
    return Section(
        "more_leads",
        "Would more leads help?",
        insight_wording.more_leads(found.more_leads),
        (),
        Table(("Learned from so many leads", "Log-loss on later leads", "95 % interval"), rows),
    )


def selection(found: Insight) -> Section[Any]:
    """Show by what leads learned from and scored, called and not called, differ."""
    told = found.selection
    sides = [("learned from, or to be scored", told.scored)] if told else []
    if told is not None and told.called is not None:
        sides.append(("handed over, or never", told.called))
    rows: list[tuple[str, ...]] = []
    for name, apart in sides:
        rows.append((name, "all together", _times(apart.auc.value, apart.auc.low, apart.auc.high)))
        rows += [(name, each.group, notation.hundredths(each.auc)) for each in apart.by]
    return Section(
        "selection",
        "Are the leads it learned from like those it scores?",
        insight_wording.chosen(told),
        (),
        Table(("Which side is a lead on", "By", "Told apart, times in 100"), tuple(rows), (1,)),
    )


def _times(value: float | None, low: float | None, high: float | None) -> str:
    text = notation.hundredths(value)
    return text if low is None or high is None else f"{text} ({notation.between(low, high)})"


def _interval(low: float | None, high: float | None) -> str:
    return "–" if low is None or high is None else f"{low:.4f} to {high:.4f}"
