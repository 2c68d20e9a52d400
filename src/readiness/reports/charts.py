"""The charts of a model's report, as SVG texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any, Final

import altair as alt

from readiness.reports.drawing import (
    BLUE,
    GREEN,
    GREY,
    GRID,
    HEIGHT,
    LIGHT,
    MIDDLE,
    ORANGE,
    RED,
    WIDE,
    hundredths,
    label_room,
    names,
    of_points,
    percent,
    row_height,
    sized,
    svg,
)
from readiness.reports.judged_points import PartPoint
from readiness.reports.notation import between, signed
from readiness.reports.notation import hundredths as hundredths_of
from readiness.reports.points import (
    THE_CARD,
    THE_MODEL,
    CalibrationPoint,
    CategoryPoint,
    GainsPoint,
    RankingPoint,
)

_LINES: Final = {THE_MODEL: BLUE, THE_CARD: ORANGE}
"""Any other line is drawn like the base rate."""
_ENDS: Final = {
    "Won": GREEN,
    "Still open": LIGHT,
    "Ended otherwise": MIDDLE,
    "Told us to stop": RED,
}
_LEGIBLE: Final = 0.12
"""A bar narrower than this has no room for its figure."""


def ranking(points: Iterable[RankingPoint], width: int) -> str:
    """Draw how often each forecast picks the right one of two leads, beside chance."""
    points = tuple(points)
    lowest = min(0.5, *(point.low or point.right for point in points))
    scale = alt.Scale(domain=[lowest, 1], nice=False)
    base = of_points(points, _ranked).encode(
        y=names([point.forecast for point in points], width, "forecast:N")
    )
    x = alt.X("right:Q", title="Right, times in 100 (50 is chance)", axis=hundredths(), scale=scale)
    spans = base.mark_rule(color=BLUE, opacity=0.45, strokeWidth=4).encode(x=alt.X("low:Q"), x2="high:Q")
    dots = base.mark_circle(color=BLUE, size=70, opacity=1).encode(x=x)
    chance = alt.Chart(alt.InlineData(values=[{"right": 0.5}]))
    line = chance.mark_rule(color=GREY, strokeDash=[5, 4], strokeWidth=1.5).encode(x=x)
    return svg(sized(line + spans + dots, width - label_room(width), row_height(width) * len(points)))


def calibration(points: Iterable[CalibrationPoint], width: int) -> str:
    """Draw score beside what happened, and the line on which both are the same."""
    points = tuple(points)
    highest = max(max(point.forecast, point.observed, point.high or 0.0) for point in points)
    top = min(1.0, max(0.01, 1.08 * highest))
    scale = alt.Scale(domain=[0, top], nice=False)
    x = alt.X("forecast:Q", title="Score: sales forecast, of 100", axis=hundredths(), scale=scale)
    y = alt.Y("observed:Q", title="Won, of 100", axis=hundredths(), scale=scale)
    ends: list[dict[str, Any]] = [{"forecast": 0, "observed": 0}, {"forecast": top, "observed": top}]
    ideal = alt.Chart(alt.InlineData(values=ends))
    line = ideal.mark_line(color=GREY, strokeDash=[5, 4], strokeWidth=1.5).encode(x=x, y=y)
    base = of_points(points, _calibrated)
    spans = base.mark_rule(color=BLUE, opacity=0.55, strokeWidth=2).encode(x=x, y=alt.Y("low:Q"), y2="high:Q")
    dots = base.mark_circle(color=BLUE, size=70, opacity=1).encode(x=x, y=y)
    return svg(sized(line + spans + dots, width - 60, HEIGHT))


def gains(points: Iterable[GainsPoint], width: int) -> str:
    """Draw which share of the sales the first calls reach, for each forecast."""
    points = tuple(points)
    order = list(dict.fromkeys(point.forecast for point in points))
    x = alt.X("share:Q", title="Share of the leads called, highest scores first", axis=percent())
    y = alt.Y("reached:Q", title="Share of the sales reached", axis=percent())
    colour = alt.Color(
        "forecast:N",
        title=None,
        scale=alt.Scale(domain=order, range=[_LINES.get(name, GREY) for name in order]),
        legend=alt.Legend(orient="top", columns=1 if width < WIDE else 3, symbolStrokeWidth=3),
    )
    chance = alt.Chart(alt.InlineData(values=[{"share": 0, "reached": 0}, {"share": 1, "reached": 1}]))
    diagonal = chance.mark_line(color=GRID, strokeWidth=2).encode(x=x, y=y)
    model = of_points(point for point in points if point.forecast == THE_MODEL and point.low is not None)
    band = model.mark_area(color=BLUE, opacity=0.14).encode(x=x, y=alt.Y("low:Q"), y2="high:Q")
    lines = of_points(points).mark_line(strokeWidth=2.5).encode(x=x, y=y, color=colour)
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
    return svg(sized(bars + figures, width - label_room(width), 34 * len(order)))


def parts(points: Mapping[str, PartPoint], width: int) -> str:
    """Draw by how much mean scores are too high, part by part; the line is where they are right."""
    rows: list[dict[str, Any]] = [
        {"name": name, **asdict(point), "said": f"{name}: {_off(point)}"} for name, point in points.items()
    ]
    widest = max(
        abs(end) for point in points.values() for end in (point.bias_low or 0.0, point.bias_high or 0.0)
    )
    scale = alt.Scale(domain=[-1.05 * widest or -0.01, 1.05 * widest or 0.01], nice=False)
    x = alt.X("bias:Q", title="Mean score minus won, of 100", axis=hundredths(), scale=scale)
    base = alt.Chart(alt.InlineData(values=rows)).encode(y=names(list(points), width), description="said:N")
    spans = base.mark_rule(color=BLUE, opacity=0.45, strokeWidth=4).encode(
        x=alt.X("bias_low:Q"), x2="bias_high:Q"
    )
    dots = base.mark_circle(color=BLUE, size=70, opacity=1).encode(x=x)
    right = alt.Chart(alt.InlineData(values=[{"bias": 0}]))
    line = right.mark_rule(color=GREY, strokeDash=[5, 4], strokeWidth=1.5).encode(x=x)
    return svg(sized(line + spans + dots, width - label_room(width), row_height(width) * len(points)))


def _ranked(point: RankingPoint) -> str:
    return (
        f"{point.forecast}: right {hundredths_of(point.right)} times in 100{_spread(point.low, point.high)}"
    )


def _calibrated(point: CalibrationPoint) -> str:
    return (
        f"Of 100 scored near {hundredths_of(point.forecast)}, {hundredths_of(point.observed)} were won"
        f"{_spread(point.low, point.high)}"
    )


def _off(point: PartPoint) -> str:
    return f"{signed(point.bias)} of 100 ({signed(point.bias_low)} to {signed(point.bias_high)})"


def _spread(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f" ({between(low, high)})"
