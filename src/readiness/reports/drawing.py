"""How charts look, and how they become SVG: drawn without a browser, a server or the network."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from typing import Final, TypeAlias, TypeVar

import altair as alt

WIDE: Final = 640
NARROW: Final = 330
"""Widths in pixels, for a desk and for a phone: text keeps its size on both."""

INK, SOFT, GRID = "#1f2933", "#52606d", "#e4e7eb"
BLUE, ORANGE, GREY = "#1d5fa8", "#c2601c", "#7b8794"
GREEN, RED = "#2b8a5f", "#c44536"
HEIGHT: Final = 280
_FONT: Final = "Arial, Helvetica, 'Liberation Sans', sans-serif"

Chart: TypeAlias = alt.Chart | alt.LayerChart
Panels: TypeAlias = Chart | alt.VConcatChart
"""A chart, or several one below the other."""

Drawn = TypeVar("Drawn", alt.Chart, alt.LayerChart, alt.VConcatChart, Chart)


def percent() -> alt.Axis:
    """Return an axis of percentages."""
    return alt.Axis(format="%", tickCount=5)


def sized(chart: Chart, width: int, height: int) -> Chart:
    """Return a chart of this size, in the look of all charts."""
    sized: Chart = styled(chart.properties(width=width - 20, height=height))
    return sized


def styled(chart: Drawn) -> Drawn:
    """Return a chart, or several one below the other, in the look of all charts."""
    looking: Drawn = (
        chart.properties(padding={"left": 4, "right": 14, "top": 4, "bottom": 4})
        .configure(font=_FONT, background="white")
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=SOFT,
            titleColor=SOFT,
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
            titlePadding=8,
            gridColor=GRID,
            domainColor=GREY,
            tickColor=GRID,
        )
        .configure_axisY(labelColor=INK)
        .configure_legend(labelFontSize=12, labelColor=INK, labelLimit=220, offset=8)
    )
    return looking


def svg(chart: Panels) -> str:
    """Return a chart as SVG."""
    out = io.StringIO()
    chart.save(out, format="svg")
    return out.getvalue()


def images(drawn: Mapping[str, str]) -> dict[str, str]:
    """Return charts as addresses that hold the whole picture; so their inner ids cannot collide."""
    return {
        name: "data:image/svg+xml;base64," + base64.b64encode(picture.encode()).decode()
        for name, picture in drawn.items()
    }
