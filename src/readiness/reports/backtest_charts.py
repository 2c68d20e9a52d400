"""The charts of a replay: hand-overs a week beside what sales can take, and cry-wolf rates with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

import altair as alt

from readiness.reports.backtest_summary import HindsightPage, RatePoint, WeekPoint
from readiness.reports.drawing import BLUE, GREY, INK, ORANGE, RED, Chart, percent, sized, svg

_SERIES: Final = (BLUE, ORANGE)
_WEEKS_HEIGHT: Final = 200
_ROW: Final = 30
_NAMES: Final = 150
"""Room for the names left of the dots."""


def draw(page: HindsightPage, width: int) -> dict[str, str]:
    """Return the charts as SVG texts by their section's name; a section without points has none.

    Parameters
    ----------
    width : int
        ``WIDE`` or ``NARROW``.
    """
    charts: dict[str, Chart] = {}
    for section in page.sections:
        if section.weeks:
            charts[section.name] = _weeks(section.weeks, section.capacity, width)
        elif section.rates:
            charts[section.name] = _rates(section.rates, width)
    return {name: svg(chart) for name, chart in charts.items()}


def _weeks(points: Sequence[WeekPoint], capacities: Sequence[int], width: int) -> Chart:
    rows: list[dict[str, Any]] = [asdict(point) for point in points]
    names = list(dict.fromkeys(point.of for point in points))
    x = alt.X("week:T", title=None, axis=alt.Axis(format="%b %Y", tickCount=6, labelOverlap=True))
    y = alt.Y("handed_over:Q", title="Leads handed over a week", axis=alt.Axis(tickCount=5))
    base = alt.Chart(alt.InlineData(values=rows))
    colour = alt.Color(
        "of:N",
        title=None,
        scale=alt.Scale(domain=names, range=list(_SERIES[: len(names)])),
        legend=alt.Legend(orient="top") if len(names) > 1 else None,
    )
    if len(names) > 1:
        drawn: Chart = base.mark_line(strokeWidth=2, interpolate="step-after").encode(x=x, y=y, color=colour)
    else:
        drawn = base.mark_bar(color=BLUE, width=max(2, width // (2 * len(rows)))).encode(x=x, y=y)
    lines = alt.Chart(alt.InlineData(values=[{"capacity": each} for each in sorted(set(capacities))]))
    rule = lines.mark_rule(color=RED, strokeDash=[5, 4], strokeWidth=1.5).encode(y=alt.Y("capacity:Q"))
    return sized(drawn + rule, width - 60, _WEEKS_HEIGHT)


def _rates(points: Sequence[RatePoint], width: int) -> Chart:
    rows: list[dict[str, Any]] = [asdict(point) for point in points]
    names = [point.name for point in points]
    room = _NAMES - 12
    axis = alt.Axis(labelLimit=room - 10, minExtent=room, maxExtent=room, labelPadding=12, ticks=False)
    y = alt.Y("name:N", sort=names, title=None, axis=axis)
    x = alt.X("rate:Q", title="Cry-wolf rate", axis=percent(), scale=alt.Scale(domainMin=0))
    base = alt.Chart(alt.InlineData(values=rows)).encode(y=y)
    spans = base.mark_rule(color=GREY, strokeWidth=2).encode(x=alt.X("low:Q"), x2="high:Q")
    dots = base.mark_circle(color=INK, size=70, opacity=1).encode(x=x)
    return sized(spans + dots, width - _NAMES, _ROW * len(names))
