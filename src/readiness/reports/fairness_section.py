"""The section "Is it fair to all segments?": where scores hold, where not, and where nobody can tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from readiness.counting import counted
from readiness.judging.judgement import Judgement
from readiness.judging.parts import FEWEST
from readiness.reports import charts, judged_points, judged_wording, notation, wording
from readiness.reports.judged_points import PartPoint, too_small
from readiness.reports.numbers import Numbers
from readiness.reports.printed import Section, Table
from readiness.reports.report_section import ReportSection

_LAST: Final = ("category", "age")
"""Kinds of part that are no segments of the market; they come after those that are."""
MOST: Final = 20
"""So many parts are drawn; the table has all."""
_CHANCE: Final = 20
"""One interval of 95 % in so many misses what it should hold, by chance alone."""
_FEW_NAMED: Final = 6
_COLUMNS: Final = (
    "Segment",
    "Snapshots",
    "Mean score",
    "Won, of 100",
    "95 % interval",
    "Too high by, of 100",
    "95 % interval ",
    "Ranking (AUC)",
    "Log-loss gained over age alone",
)


@dataclass(frozen=True, slots=True)
class Fairness:
    """The model's figures within each part of the leads; ``small`` names those that cannot be judged."""

    sentence: str
    warnings: tuple[str, ...]
    parts: Section[PartPoint]
    small: str


def summarise(judgement: Judgement) -> Fairness:
    """Tell the parts of the first of a judgement's sets, the segments before categories and ages."""
    if not judgement.sets:
        return Fairness(wording.NOT_JUDGED, (), _section("", ()), "")
    found = judgement.sets[0].parts
    beyond = wording.base(judgement.horizon_days) if judgement.skill.claimed else ""
    points = judged_points.parts(sorted(found, key=lambda part: part.by in _LAST))
    section = _section(judged_wording.by_part(found, beyond), points)
    return Fairness(_answer(points), (), section, _too_small(points))


def _answer(points: Sequence[PartPoint]) -> str:
    """Say in how many segments scores are off, which is the farthest, and how many chance would give."""
    told = [each for each in points if not too_small(each)]
    if not told:
        return "This could not be judged: no segment holds enough known outcomes."
    off = [each for each in told if is_off(each)]
    segments = counted(len(told), "segment")
    if not off:
        return f"In none of the {segments} that can be judged are scores off by more than chance."
    chance = max(1, round(len(told) / _CHANCE))
    worst = max(off, key=lambda each: abs(each.bias or 0.0))
    way = "high" if (worst.bias or 0.0) > 0 else "low"
    return (
        f"Of {segments} that can be judged, scores are off in {len(off)}, where chance alone would make it "
        f"look so in about {chance}; they are farthest off for {named(worst)}, "
        f"{notation.hundredths(abs(worst.bias or 0.0))} in 100 too {way}."
    )


def is_off(point: PartPoint) -> bool:
    """Say whether a part's mean score differs from what was won by more than its interval."""
    low, high = point.bias_low, point.bias_high
    return low is not None and high is not None and (low > 0 or high < 0)


def _section(sentence: str, points: tuple[PartPoint, ...]) -> Section[PartPoint]:
    rows = tuple(_row(each) for each in points)
    return Section(
        "parts", "Where do the scores hold, and where not?", sentence, points, Table(_COLUMNS, rows)
    )


def _row(point: PartPoint) -> tuple[str, ...]:
    gain = notation.plain(point.gain, "+.3f")
    if point.gain_low is not None and point.gain_high is not None:
        gain += f" ({point.gain_low:+.3f} to {point.gain_high:+.3f})"
    return (
        named(point),
        f"{point.snapshots:,}",
        notation.hundredths(point.mean_score),
        notation.hundredths(point.won),
        notation.between(point.won_low, point.won_high),
        "too few" if too_small(point) else notation.signed(point.bias),
        "–"
        if point.bias_low is None
        else f"{notation.signed(point.bias_low)} to {notation.signed(point.bias_high)}",
        notation.plain(point.auc, ".2f"),
        gain,
    )


def named(point: PartPoint) -> str:
    """Name a part with its kind.

    >>> nothing = [None] * 13
    >>> named(PartPoint("source", "trade_fair", 40, 40, *nothing))
    'source: trade fair'
    """
    name = notation.category(point.part) if point.by == "category" else point.part.replace("_", " ")
    return f"{point.by.replace('_', ' ')}: {name}"


def _too_small(points: Sequence[PartPoint]) -> str:
    small = [named(each) for each in points if too_small(each)]
    if not points:
        return ""
    if not small:
        return f"Each of the {counted(len(points), 'segment')} is big enough to be judged."
    are = "is" if len(small) == 1 else "are"
    more = f" and {len(small) - _FEW_NAMED} more" if len(small) > _FEW_NAMED else ""
    return (
        f"{counted(len(small), 'segment')} of {len(points)} {are} too small to judge (under {FEWEST} "
        f"snapshots, or too few sales): {'; '.join(small[:_FEW_NAMED])}{more}."
    )


def numbers(told: Fairness) -> Mapping[str, Numbers]:
    """Return every figure of every part."""
    return {"parts": Numbers.of(PartPoint, told.parts.points)}


def draw(told: Fairness, width: int) -> Mapping[str, str]:
    """Draw by how much scores are too high or too low, for the parts in which they are farthest off."""
    told_of = [point for point in told.parts.points if not too_small(point)]
    farthest = sorted(told_of, key=lambda point: -abs(point.bias or 0.0))[:MOST]
    shown = {named(point): point for point in told_of if point in farthest}
    return {"parts": charts.parts(shown, width)} if shown else {}


SECTION: Final = ReportSection(
    "fairness", "Is it fair to all segments?", Fairness, "report_fairness.html.j2", numbers, draw
)
