"""The charts of the section "Where are our leads?", as SVG texts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, Final

import altair as alt

from readiness.agreement.document import CATEGORIES
from readiness.reports.drawing import (
    BLUE,
    GREEN,
    GREY,
    HEIGHT,
    LIGHT,
    MIDDLE,
    ORANGE,
    RED,
    WIDE,
    label_room,
    names,
    sized,
    svg,
)
from readiness.reports.leads_points import FOLLOWED_UP, NOW, CountPoint, WaitPoint
from readiness.reports.notation import category

_ORDER: Final = (
    "sales_ready_buyer",
    "sales_worthy",
    "unqualified_interest",
    "unqualified_suitability",
    "dubious",
    "unworthy",
)
"""From the readiest down; each has a colour of its own."""
_COLOURS: Final = (GREEN, BLUE, ORANGE, GREY, MIDDLE, LIGHT)
_WAITING: Final = (MIDDLE, GREY, ORANGE, RED, RED)
_ROW: Final = 40


def over_time(points: Iterable[CountPoint], width: int) -> str:
    """Draw how many leads of each category were open on the first of each month."""
    order = [category(name) for name in _ORDER if name in CATEGORIES]
    rows: list[dict[str, Any]] = [
        {"month": f"{point.when}-01", "category": point.category, "leads": point.leads,
         "place": order.index(point.category)}
        for point in points
        if point.when != NOW
    ]  # fmt: skip
    colour = alt.Color(
        "category:N",
        title=None,
        scale=alt.Scale(domain=order, range=list(_COLOURS)),
        legend=alt.Legend(orient="top", columns=2 if width < WIDE else 3, symbolType="square"),
    )
    months = sorted({str(row["month"]) for row in rows})
    x = alt.X(
        "yearmonth(month):T",
        title=None,
        axis=alt.Axis(format="%b %y", tickCount=len(months), labelOverlap=True),
    )
    y = alt.Y("leads:Q", title="Open leads on the first of the month", axis=alt.Axis(tickCount=5))
    bars = alt.Chart(alt.InlineData(values=rows)).mark_bar(width=max(6, width // (2 * len(months) + 2)))
    return svg(sized(bars.encode(x=x, y=y, color=colour, order=alt.Order("place:Q")), width - 60, HEIGHT))


def waiting(points: Iterable[WaitPoint], width: int) -> str:
    """Draw how long the leads of each group have waited for somebody of ours."""
    rows: list[dict[str, Any]] = [
        asdict(point) | {"place": place} for place, point in enumerate(points) if point.waiting != FOLLOWED_UP
    ]
    stretches = list(dict.fromkeys(str(row["waiting"]) for row in rows))
    groups = list(dict.fromkeys(str(row["group"]) for row in rows))
    colour = alt.Color(
        "waiting:N",
        title=None,
        scale=alt.Scale(domain=stretches, range=list(_WAITING[-len(stretches) :])),
        legend=alt.Legend(orient="top", columns=2 if width < WIDE else 3, symbolType="square"),
    )
    x = alt.X("leads:Q", title="Leads nobody followed up", axis=alt.Axis(tickCount=5))
    bars = alt.Chart(alt.InlineData(values=rows)).mark_bar(height={"band": 0.65})
    drawn = bars.encode(y=names(groups, width, "group:N"), x=x, color=colour, order=alt.Order("place:Q"))
    return svg(sized(drawn, width - label_room(width), _ROW * len(groups)))
