"""The charts of a model's report, as SVG texts."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, Final

import altair as alt

from readiness.reports.drawing import (
    BLUE,
    GREEN,
    GREY,
    GRID,
    HEIGHT,
    INK,
    LIGHT,
    MIDDLE,
    ORANGE,
    RED,
    WIDE,
    Chart,
    percent,
    sized,
    styled,
    svg,
)
from readiness.reports.points import (
    THE_CARD,
    THE_MODEL,
    CalibrationPoint,
    CategoryPoint,
    GainsPoint,
    ImportancePoint,
    ShapePoint,
)

_LINES: Final = {THE_MODEL: BLUE, THE_CARD: ORANGE}
"""Any other line is drawn like the base rate."""
_ENDS: Final = {
    "Won": GREEN,
    "Still open": LIGHT,
    "Ended otherwise": MIDDLE,
    "Told us to stop": RED,
}
_LETTERS: Final = 17
_LIFT: Final = 7
_LEGIBLE: Final = 0.12
"""A bar narrower than this has no room for its figure."""
_LABELS: Final = {False: 200, True: 128}
"""Room for the names left of the bars, wide and narrow."""


def importance(points: Iterable[ImportancePoint], width: int) -> str:
    """Draw how much worse the forecast gets without each behaviour or attribute."""
    order = [point.name for point in points]
    base = _chart(points).encode(y=names(order, width))
    x = alt.X("increase:Q", title="How much worse the forecast gets without it (log-loss)", axis=_axis("~g"))
    bars = base.mark_bar(color=BLUE, opacity=0.85, height={"band": 0.6}).encode(x=x)
    spans = base.mark_rule(color=INK, strokeWidth=1.5).encode(x="low:Q", x2="high:Q")
    return svg(sized(bars + spans, width - _LABELS[width < WIDE], (26 if width == WIDE else 34) * len(order)))


def shape(points: Iterable[ShapePoint], width: int) -> str:
    """Draw a panel below the other for each behaviour or attribute, all on one scale of the score."""
    points = tuple(point for point in points if point.score is not None)
    top = 1.05 * max(point.high or point.score or 0.0 for point in points)
    names = list(dict.fromkeys(point.moved for point in points))
    scale = alt.Scale(domain=[0, top], nice=False)
    x = [alt.X("score:Q", title=None, axis=_hundredths(), scale=scale) for _ in names]
    x[-1] = alt.X("score:Q", title="Mean score, of 100", axis=_hundredths(), scale=scale)
    each = zip(names, x, strict=True)
    panels = [_panel([point for point in points if point.moved == name], on, width) for name, on in each]
    return svg(styled(alt.vconcat(*panels, spacing=14)))


def _panel(points: list[ShapePoint], x: alt.X, width: int) -> Chart:
    y = names([point.value for point in points], width, "value:N")
    base = _chart(points).encode(y=y)
    spans = base.mark_rule(color=BLUE, opacity=0.45, strokeWidth=4).encode(x=alt.X("low:Q"), x2="high:Q")
    dots = base.mark_circle(color=BLUE, size=70, opacity=1).encode(x=x)
    title = alt.Title(points[0].moved, anchor="start", color=INK, fontSize=13, offset=4)
    size = {"width": width - 20 - _LABELS[width < WIDE], "height": 20 * len(points)}
    panel: Chart = (spans + dots).properties(title=title, **size)
    return panel


def calibration(points: Iterable[CalibrationPoint], width: int) -> str:
    """Draw score beside what happened, and the line on which both are the same."""
    points = tuple(points)
    highest = max(max(point.forecast, point.observed, point.high or 0.0) for point in points)
    top = min(1.0, max(0.01, 1.08 * highest))
    scale = alt.Scale(domain=[0, top], nice=False)
    x = alt.X("forecast:Q", title="Score: sales forecast, of 100", axis=_hundredths(), scale=scale)
    y = alt.Y("observed:Q", title="Won, of 100", axis=_hundredths(), scale=scale)
    ends: list[dict[str, Any]] = [{"forecast": 0, "observed": 0}, {"forecast": top, "observed": top}]
    ideal = alt.Chart(alt.InlineData(values=ends))
    line = ideal.mark_line(color=GREY, strokeDash=[5, 4], strokeWidth=1.5).encode(x=x, y=y)
    base = _chart(points)
    spans = base.mark_rule(color=BLUE, opacity=0.55, strokeWidth=2).encode(x=x, y=alt.Y("low:Q"), y2="high:Q")
    dots = base.mark_circle(color=BLUE, size=70, opacity=1).encode(x=x, y=y)
    return svg(sized(line + spans + dots, width - 60, HEIGHT))


def gains(points: Iterable[GainsPoint], width: int) -> str:
    """Draw which share of the sales the first calls reach, for each forecast."""
    points = tuple(points)
    names = list(dict.fromkeys(point.forecast for point in points))
    x = alt.X("share:Q", title="Share of the leads called, highest scores first", axis=percent())
    y = alt.Y("reached:Q", title="Share of the sales reached", axis=percent())
    colour = alt.Color(
        "forecast:N",
        title=None,
        scale=alt.Scale(domain=names, range=[_LINES.get(name, GREY) for name in names]),
        legend=alt.Legend(orient="top", columns=1 if width < WIDE else 3, symbolStrokeWidth=3),
    )
    chance = alt.Chart(alt.InlineData(values=[{"share": 0, "reached": 0}, {"share": 1, "reached": 1}]))
    diagonal = chance.mark_line(color=GRID, strokeWidth=2).encode(x=x, y=y)
    model = _chart(point for point in points if point.forecast == THE_MODEL and point.low is not None)
    band = model.mark_area(color=BLUE, opacity=0.14).encode(x=x, y=alt.Y("low:Q"), y2="high:Q")
    lines = _chart(points).mark_line(strokeWidth=2.5).encode(x=x, y=y, color=colour)
    return svg(sized(diagonal + band + lines, width - 60, HEIGHT))


def categories(points: Iterable[CategoryPoint], width: int) -> str:
    """Draw how the snapshots of each category ended."""
    rows = [
        {"name": point.name, "end": end, "share": share, "place": place}
        for point in points
        for place, (end, share) in enumerate(
            zip(_ENDS, (point.won, point.still_open, point.otherwise, point.stop), strict=True)
        )
    ]
    order = [point.name for point in points]
    colour = alt.Color(
        "end:N",
        title=None,
        scale=alt.Scale(domain=list(_ENDS), range=list(_ENDS.values())),
        legend=alt.Legend(orient="top", columns=2 if width < WIDE else 4, symbolType="square"),
    )
    x = alt.X(
        "share:Q",
        title="Share of the snapshots in this category",
        axis=percent(),
        scale=alt.Scale(domain=[0, 1]),
    )
    base = alt.Chart(alt.InlineData(values=rows)).encode(y=names(order, width))
    bars = base.mark_bar(height={"band": 0.65}).encode(x=x, color=colour, order=alt.Order("place:Q"))
    won = base.transform_filter(f"datum.place == 0 && datum.share >= {_LEGIBLE}")
    figures = won.mark_text(align="left", dx=5, color="white", fontSize=12).encode(
        x=alt.datum(0), text=alt.Text("share:Q", format=".0%")
    )
    return svg(sized(bars + figures, width - _LABELS[width < WIDE], 34 * len(order)))


def _chart(points: Iterable[Any]) -> alt.Chart:
    rows: list[dict[str, Any]] = [asdict(point) for point in points]
    return alt.Chart(alt.InlineData(values=rows))


def names(order: list[str], width: int, field: str = "name:N") -> alt.Y:
    """Return the axis of names left of bars or dots, with room for two lines on a phone."""
    room = _LABELS[width < WIDE] - 12
    lines = {name: textwrap.wrap(name, _LETTERS) if width < WIDE else [name] for name in order}
    # Names of two lines hang from the first one; they are lifted so that their middle stands at the bar.
    long = [name for name, parts in lines.items() if len(parts) > 1]
    axis = alt.Axis(
        labelOffset={
            "condition": {"test": f"indexof({json.dumps(long)}, datum.value) >= 0", "value": -_LIFT},
            "value": 0,
        },
        labelExpr=f"{json.dumps(lines)}[datum.label]",
        labelLimit=room,
        minExtent=room,
        maxExtent=room,
        labelPadding=8,
        ticks=False,
        domain=False,
    )
    return alt.Y(field, sort=order, title=None, axis=axis)


def _axis(how: str) -> alt.Axis:
    return alt.Axis(format=how, tickCount=5)


def _hundredths() -> alt.Axis:
    return alt.Axis(labelExpr="format(datum.value * 100, '~g')", tickCount=6)
