"""The charts of what drives readiness, as SVG texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import altair as alt

from readiness.reports.drawing import (
    BLUE,
    GREY,
    INK,
    WIDE,
    Chart,
    hundredths,
    label_room,
    names,
    of_points,
    row_height,
    sized,
    styled,
    svg,
)
from readiness.reports.driver_points import DriverPoint, SignifierPoint, ThemePoint
from readiness.reports.driver_wording import times_spread
from readiness.reports.notation import between, change, changes
from readiness.reports.notation import hundredths as of_100
from readiness.reports.points import ShapePoint

_FAR: Final = 8.0
"""Beyond so many times as often, or so many times as seldom, a chart says no more than "far"."""


def importance(points: Sequence[DriverPoint | ThemePoint], width: int) -> str:
    """Draw how much worse the forecast gets without each behaviour or attribute, or each kind."""
    order = [point.name for point in points]
    base = of_points(points, _matters).encode(y=names(order, width))
    x = alt.X(
        "increase:Q",
        title="How much worse the forecast gets without it (log-loss)",
        axis=alt.Axis(format="~g", tickCount=5 if width >= WIDE else 3),
    )
    bars = base.mark_bar(color=BLUE, opacity=0.85, height={"band": 0.6}).encode(x=x)
    spans = base.mark_rule(color=INK, strokeWidth=1.5).encode(x="low:Q", x2="high:Q")
    return svg(sized(bars + spans, width - label_room(width), row_height(width) * len(order)))


def shape(points: Iterable[ShapePoint], width: int) -> str:
    """Draw a panel below the other for each behaviour or attribute, all on one scale of the score."""
    points = tuple(point for point in points if point.score is not None)
    top = 1.05 * max(point.high or point.score or 0.0 for point in points)
    shown = list(dict.fromkeys(point.moved for point in points))
    scale = alt.Scale(domain=[0, top], nice=False)
    x = [alt.X("score:Q", title=None, axis=hundredths(), scale=scale) for _ in shown]
    x[-1] = alt.X("score:Q", title="Mean score, of 100", axis=hundredths(), scale=scale)
    each = zip(shown, x, strict=True)
    panels = [_panel([point for point in points if point.moved == name], on, width) for name, on in each]
    return svg(styled(alt.vconcat(*panels, spacing=14)))


def _panel(points: list[ShapePoint], x: alt.X, width: int) -> Chart:
    y = names([point.value for point in points], width, "value:N")
    base = of_points(points, _shaped).encode(y=y)
    spans = base.mark_rule(color=BLUE, opacity=0.45, strokeWidth=4).encode(x=alt.X("low:Q"), x2="high:Q")
    dots = base.mark_circle(color=BLUE, size=70, opacity=1).encode(x=x)
    title = alt.Title(points[0].moved, anchor="start", color=INK, fontSize=13, offset=4)
    size = {"width": width - 20 - label_room(width), "height": 20 * len(points)}
    panel: Chart = (spans + dots).properties(title=title, **size)
    return panel


def signifiers(points: Iterable[SignifierPoint], width: int) -> str:
    """Draw how many times as often leads are won after each act, on a scale of ratios; 1 is no difference."""
    points = tuple(points)
    order = [point.act for point in points]
    scale = alt.Scale(type="log", domain=[1 / _FAR, _FAR], clamp=True, nice=False)
    marked = [1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8] if width >= WIDE else [1 / 8, 1 / 2, 2, 8]
    axis = alt.Axis(values=marked, format="~r", labelExpr="datum.label + ' ×'")
    x = alt.X("won_times:Q", title="Won so many times as often after it", scale=scale, axis=axis)
    base = of_points(points, _marks).encode(y=names(order, width, "act:N"))
    spans = base.mark_rule(color=BLUE, opacity=0.45, strokeWidth=4).encode(
        x=alt.X("won_low:Q", scale=scale), x2="won_high:Q"
    )
    dots = base.mark_circle(color=BLUE, size=70, opacity=1).encode(x=x)
    same = alt.Chart(alt.InlineData(values=[{"won_times": 1}]))
    line = same.mark_rule(color=GREY, strokeDash=[5, 4], strokeWidth=1.5).encode(x=x)
    return svg(sized(line + spans + dots, width - label_room(width), row_height(width) * len(points)))


def _matters(point: DriverPoint | ThemePoint) -> str:
    return f"{point.name}: {change(point.increase)} ({changes(point.low, point.high)})"


def _shaped(point: ShapePoint) -> str:
    return f"{point.value}: {of_100(point.score)} of 100 ({between(point.low, point.high)})"


def _marks(point: SignifierPoint) -> str:
    spread = times_spread(point.won_times, point.won_low, point.won_high)
    return f"Won {spread} times as often after {point.act}"
