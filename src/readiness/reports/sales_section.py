"""The section "What does it do for sales?": how many of the sales the first calls reach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from readiness.judging.judgement import Judgement, SetJudgement
from readiness.reports import charts, judged_wording, notation, points, wording
from readiness.reports.numbers import Numbers
from readiness.reports.points import GainsPoint
from readiness.reports.printed import Section, Table
from readiness.reports.report_section import ReportSection

_CURVE, _STEP = 20, 2
"""Curves have twenty points; the table prints every second."""


@dataclass(frozen=True, slots=True)
class Sales:
    """What calling by score would reach."""

    sentence: str
    warnings: tuple[str, ...]
    gains: Section[GainsPoint]


def summarise(judgement: Judgement) -> Sales:
    """Tell the gains of the first of a judgement's sets."""
    shown = judgement.sets[0] if judgement.sets else None
    return Sales(wording.gained(shown), (), _gains(shown, judgement.horizon_days))


def _gains(shown: SetJudgement | None, horizon: float | None) -> Section[GainsPoint]:
    found = points.of_gains(shown, horizon)
    shares = sorted({point.share for point in found if round(point.share * _CURVE) % _STEP == 0})
    forecasts = list(dict.fromkeys(point.forecast for point in found))
    reached: Mapping[tuple[str, float], float | None] = {(p.forecast, p.share): p.reached for p in found}
    return Section(
        "gains",
        "How many of the sales do the first calls reach?",
        judged_wording.week(shown).strip() if shown else "",
        found,
        Table(
            ("Called first", *forecasts),
            tuple(
                (notation.share(share), *(notation.share(reached.get((name, share))) for name in forecasts))
                for share in shares
            ),
        ),
    )


def numbers(told: Sales) -> Mapping[str, Numbers]:
    """Return the curves."""
    return {"gains": Numbers.of(GainsPoint, told.gains.points)}


def draw(told: Sales, width: int) -> Mapping[str, str]:
    """Draw the curves."""
    return {"gains": charts.gains(told.gains.points, width)} if told.gains.points else {}


SECTION: Final = ReportSection(
    "sales", "What does it do for sales?", Sales, "report_sales.html.j2", numbers, draw
)
