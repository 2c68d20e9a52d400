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
    INK,
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
from readiness.reports.leads_points import FOLLOWED_UP, NOW, CountPoint, GapPoint, MovePoint, WaitPoint
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
_WAITING: Final = (LIGHT, MIDDLE, GREY, ORANGE, RED)
_KNOWN: Final = {"confirmed": GREEN, "denied": RED, "not known": LIGHT}
_FAINT, _STRONG = 0.03, 0.55
"""How strongly the rarest and the most frequent move is filled: its figure stays legible on both."""
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


def moves(points: Iterable[MovePoint], width: int) -> str:
    """Draw where the leads of each category are a month later, a row each."""
    rows: list[dict[str, Any]] = [asdict(point) for point in points if point.share is not None]
    before = list(dict.fromkeys(str(row["before"]) for row in rows))
    after = [*before, *dict.fromkeys(str(row["after"]) for row in rows if row["after"] not in before)]
    axis = alt.Axis(orient="top", labelAngle=-50, labelLimit=150, ticks=False, domain=False)
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        y=names(before, width, "before:N"),
        x=alt.X("after:N", sort=after, title="A month later, of 100", axis=axis),
    )
    strength = alt.Scale(domain=[0, 1], range=[_FAINT, _STRONG])
    fields = base.mark_rect(color=BLUE).encode(opacity=alt.Opacity("share:Q", scale=strength, legend=None))
    figures = base.transform_calculate(of_100="datum.share * 100").mark_text(
        color=INK, fontSize=11 if width >= WIDE else 10
    )
    drawn = fields + figures.encode(text=alt.Text("of_100:Q", format=".0f"))
    return svg(sized(drawn, width - label_room(width), 34 * len(before)))


def gaps(points: Iterable[GapPoint], width: int) -> str:
    """Draw of how many leads ready for sales each piece is confirmed, denied or not known."""
    rows: list[dict[str, Any]] = [
        {"piece": point.piece.capitalize(), "state": state, "leads": count, "place": place}
        for point in points
        if point.ready
        for place, (state, count) in enumerate(
            zip(_KNOWN, (point.confirmed, point.denied, point.unknown), strict=True)
        )
    ]
    colour = alt.Color(
        "state:N",
        title=None,
        scale=alt.Scale(domain=list(_KNOWN), range=list(_KNOWN.values())),
        legend=alt.Legend(orient="top", symbolType="square"),
    )
    pieces = list(dict.fromkeys(str(row["piece"]) for row in rows))
    x = alt.X("sum(leads):Q", title="Leads ready for sales", axis=alt.Axis(tickCount=5))
    bars = alt.Chart(alt.InlineData(values=rows)).mark_bar(height={"band": 0.65})
    drawn = bars.encode(y=names(pieces, width, "piece:N"), x=x, color=colour, order=alt.Order("place:Q"))
    return svg(sized(drawn, width - label_room(width), 34 * len(pieces)))
