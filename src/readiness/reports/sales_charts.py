"""The charts of the section "What does it do for sales?", as SVG texts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import altair as alt

from readiness.reports.drawing import BLUE, GREY, INK, Chart, label_room, names, percent, sized, svg
from readiness.reports.points import THE_MODEL
from readiness.reports.sales_points import AS_THEY_CAME, CapacityPoint, PartPoint

_ROW: Final = 30
_APART: Final = 46


def capacity(points: Iterable[CapacityPoint], width: int) -> str:
    """Draw the cry-wolf rate at each capacity, in the model's order and as leads came, with intervals."""
    rows: list[dict[str, Any]] = []
    order: list[str] = []
    for point in points:
        order.append(point.capacity)
        before = (point.rate_before, point.rate_before_low, point.rate_before_high)
        for series, (rate, low, high) in (
            (THE_MODEL, (point.rate, point.rate_low, point.rate_high)),
            (AS_THEY_CAME, before),
        ):
            rows.append({"name": point.capacity, "series": series, "rate": rate, "low": low, "high": high})
    offset = alt.YOffset("series:N", sort=[THE_MODEL, AS_THEY_CAME])
    colour = alt.Color(
        "series:N",
        title=None,
        scale=alt.Scale(domain=[THE_MODEL, AS_THEY_CAME], range=[BLUE, GREY]),
        legend=alt.Legend(orient="top", symbolType="circle"),
    )
    return svg(_spans(rows, order, width, _APART, colour, offset))


def rates(points: Iterable[PartPoint], width: int) -> str:
    """Draw the cry-wolf rate of each source or campaign that has one, with its interval."""
    rows: list[dict[str, Any]] = [
        {
            "name": point.name.replace("_", " "),
            "rate": point.rate,
            "low": point.rate_low,
            "high": point.rate_high,
        }
        for point in points
        if point.rate is not None
    ]
    return svg(_spans(rows, [row["name"] for row in rows], width, _ROW))


def _spans(
    rows: list[dict[str, Any]],
    order: list[str],
    width: int,
    height: int,
    colour: alt.Color | None = None,
    offset: alt.YOffset | None = None,
) -> Chart:
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        y=names(order, width),
        color=alt.value(INK) if colour is None else colour,
        yOffset=alt.Undefined if offset is None else offset,
    )
    x = alt.X("rate:Q", title="Cry-wolf rate", axis=percent(), scale=alt.Scale(domainMin=0))
    spans = base.mark_rule(strokeWidth=3, opacity=0.5).encode(x=alt.X("low:Q"), x2="high:Q")
    dots = base.mark_circle(size=80, opacity=1).encode(x=x)
    return sized(spans + dots, width - label_room(width), height * len(order))
