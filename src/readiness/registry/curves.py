"""The curves of a judgement as a tracking store draws them: metrics with steps, and the same as a table."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple


class Point(NamedTuple):
    """One point of a curve: its name, how far along (a whole number), and the value there."""

    curve: str
    step: int
    value: float


def points_of(judgement: Mapping[str, Any]) -> tuple[Point, ...]:
    """Return every curve of a judgement, point by point; what is not known has none.

    Returns
    -------
    tuple of Point
        ``SET.gains/FORECAST``: the share of sales reached, by the percent of the highest scores taken;
        ``SET.calibration.END/forecast`` and ``…/observed``: by bin, 1 the lowest; ``more_leads/loss``: by how
        many leads were learned from.
    """
    return tuple(point for point in _points(judgement) if math.isfinite(point.value))


def _points(judgement: Mapping[str, Any]) -> Iterator[Point]:
    for part in judgement.get("sets", ()):
        name = part["name"]
        for forecast, curve in part.get("gains", {}).items():
            for gain in curve:
                yield from _point(f"{name}.gains/{forecast}", round(100 * gain["share"]), gain["reached"])
        for end, bins in part.get("calibration", {}).items():
            for number, one in enumerate(bins, start=1):
                yield Point(f"{name}.calibration.{end}/forecast", number, float(one["forecast"]))
                yield from _point(f"{name}.calibration.{end}/observed", number, one["observed"])
    more = (judgement.get("insight") or {}).get("more_leads")
    for learned in more["points"] if more else ():
        yield from _point("more_leads/loss", int(learned["leads"]), learned["loss"])


def _point(curve: str, step: int, figure: Mapping[str, Any]) -> Iterator[Point]:
    if figure.get("value") is not None:
        yield Point(curve, step, float(figure["value"]))


def as_csv(points: tuple[Point, ...]) -> str:
    """Write points as a table with a head."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(Point._fields)
    writer.writerows(points)
    return out.getvalue()
