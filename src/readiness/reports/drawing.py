"""How charts look, and how they become SVG: drawn without a browser, a server or the network."""

from __future__ import annotations

import base64
import io
import json
import re
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final, TypeAlias, TypeVar
from xml.etree import ElementTree

import altair as alt

WIDE: Final = 640
NARROW: Final = 330
"""Widths in pixels, for a desk and for a phone: text keeps its size on both."""

INK, SOFT, GRID = "#1f2933", "#52606d", "#e4e7eb"
BLUE, ORANGE, GREY = "#1d5fa8", "#c2601c", "#7b8794"
GREEN, RED = "#2b8a5f", "#c44536"
LIGHT, MIDDLE = "#dfe4ea", "#aab4bf"
"""Two greys for areas that are there, and not the point."""
THEMED: Final = {
    INK: "ink",
    SOFT: "soft",
    GRID: "grid",
    BLUE: "blue",
    ORANGE: "orange",
    GREY: "grey",
    GREEN: "green",
    RED: "red",
    LIGHT: "light",
    MIDDLE: "middle",
}
"""These colours follow the page's theme, light or dark, where a chart stands in the page itself."""
HEIGHT: Final = 280
_FONT: Final = "Arial, Helvetica, 'Liberation Sans', sans-serif"

Chart: TypeAlias = alt.Chart | alt.LayerChart
Panels: TypeAlias = Chart | alt.VConcatChart
"""A chart, or several one below the other."""

P = TypeVar("P")
Drawn = TypeVar("Drawn", alt.Chart, alt.LayerChart, alt.VConcatChart, Chart)


def percent() -> alt.Axis:
    """Return an axis of percentages."""
    return alt.Axis(format="%", tickCount=5)


def hundredths() -> alt.Axis:
    """Return an axis of probabilities, told as so many of 100."""
    return alt.Axis(labelExpr="format(datum.value * 100, '~g')", tickCount=6)


def of_points(points: Iterable[P], said: Callable[[P], str] | None = None) -> alt.Chart:
    """Return a chart of these dataclasses, a field a column; ``said`` tells a mark that is pointed at."""
    rows: list[dict[str, Any]] = [
        asdict(point) | ({} if said is None else {"said": said(point)})  # type: ignore[call-overload]
        for point in points
    ]
    chart = alt.Chart(alt.InlineData(values=rows))
    return chart if said is None else chart.encode(description="said:N")


def names(order: Sequence[str], width: int, field: str = "name:N") -> alt.Y:
    """Return an axis of names, in this order; they take `label_room`, and two lines on a phone."""
    room = label_room(width) - 12
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
    return alt.Y(field, sort=list(order), title=None, axis=axis)


def label_room(width: int) -> int:
    """Return how many pixels the names left of the marks take."""
    return _LABELS[width < WIDE]


def row_height(width: int) -> int:
    """Return how many pixels a row with a name takes: names are wrapped on a phone."""
    return 26 if width >= WIDE else 34


_LETTERS: Final = 17
_LIFT: Final = 7
_LABELS: Final = {False: 200, True: 128}
"""Wide and narrow."""


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


def inlined(picture: str, name: str) -> str:
    """Return an SVG that stands in a page: its colours are the theme's, its marks can be pointed at.

    A mark's description becomes the words that appear over it; what else was written for screen readers is
    left out, for the page says in words what the whole chart shows.

    Parameters
    ----------
    picture : str
        As `svg` returns it.
    name : str
        Its ids begin with it, so that those of several charts on one page cannot collide.
    """
    root = ElementTree.fromstring(picture)  # noqa: S314 - drawn here, from values that were escaped
    background = root.find(f"{_SVG}rect")
    if background is not None and background.get("fill") == "white":
        root.remove(background)
    for element in list(root.iter()):
        described = element.get("aria-label") if element.get("role") == "graphics-symbol" else None
        part = element.get("aria-roledescription", "")
        for key in [key for key in element.attrib if key.startswith("aria-") or key in {"role", "style"}]:
            del element.attrib[key]
        for key, value in element.attrib.items():
            element.set(key, _themed(key, value, name))
        if described and part not in _NO_MARKS:
            title = ElementTree.Element(f"{_SVG}title")
            title.text = described
            element.insert(0, title)
    root.set("focusable", "false")
    ElementTree.register_namespace("", _SVG.strip("{}"))
    return ElementTree.tostring(root, encoding="unicode")


_SVG: Final = "{http://www.w3.org/2000/svg}"
_NO_MARKS: Final = frozenset({"axis", "legend", "title"})
_OF_ID: Final = re.compile(r"url\(#")


def _themed(key: str, value: str, name: str) -> str:
    if key == "id":
        return f"{name}-{value}"
    if key in {"fill", "stroke"} and value in THEMED:
        return f"var(--chart-{THEMED[value]})"
    return _OF_ID.sub(f"url(#{name}-", value)
