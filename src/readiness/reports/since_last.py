"""A model beside the one before it: which figures, and which drivers, differ by more than chance."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
from scipy.special import log_ndtr, ndtri

from readiness.agreement.wording import listed
from readiness.counting import counted
from readiness.hindsight.significance import COVERAGE
from readiness.judging.judgement import FORECASTS, MODEL
from readiness.judging.multiplicity import holm
from readiness.reports import judged_wording, notation
from readiness.reports.driver_points import DriverPoint
from readiness.reports.judged_points import FigurePoint
from readiness.reports.printed import Section, Table

Verdict: TypeAlias = Literal["higher", "lower", "within chance", "not known"]
Spread: TypeAlias = tuple[float | None, float | None, float | None]
"""A figure with the ends of its 95 % interval."""

FIGURES: Final = ("won_auc", "won_top_reached", "won_weekly_precision", "won_slope", "stop_auc")
"""What is compared: shares and ranks, which can be told of different leads; a log-loss cannot."""

_REACH: Final = 2.0 * float(ndtri((1.0 + COVERAGE) / 2.0))
"""A 95 % interval is as many standard errors wide."""


@dataclass(frozen=True, slots=True)
class SkillChange:
    """One figure of the model now and before, and whether the difference is more than chance."""

    figure: str
    now: float | None
    now_low: float | None
    now_high: float | None
    before: float | None
    before_low: float | None
    before_high: float | None
    difference: float | None
    p: float | None
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class ImportanceChange:
    """What one behaviour or attribute was worth to the forecast, now and before."""

    name: str
    now: float | None
    now_low: float | None
    now_high: float | None
    before: float | None
    before_low: float | None
    before_high: float | None
    difference: float | None
    p: float | None
    verdict: Verdict


def differences(
    pairs: Sequence[tuple[Spread, Spread]],
) -> tuple[tuple[float | None, float | None, Verdict], ...]:
    """Say for pairs of figures, each now and before, whether they differ by more than chance.

    Each figure's standard error is read off its interval, and the two are taken to be independent. Where the
    same leads stand behind both, the error is overstated: fewer differences are named, never more. p is
    adjusted for their number by Holm's method.

    Returns
    -------
    tuple of (now minus before, p, verdict)
        None and "not known" where a figure has no interval.

    Notes
    -----
    Holm (1979), A simple sequentially rejective multiple test procedure, Scandinavian Journal of
    Statistics 6.
    """
    raw, gaps = np.full(len(pairs), np.nan), []
    for place, (now, before) in enumerate(pairs):
        gap = None if now[0] is None or before[0] is None else now[0] - before[0]
        gaps.append(gap)
        errors = _error(now), _error(before)
        if gap is None or errors[0] is None or errors[1] is None:
            continue
        error = math.hypot(errors[0], errors[1])
        if gap == 0.0 or error == 0.0:
            raw[place] = float(gap == 0.0)
        else:
            raw[place] = 2.0 * np.exp(log_ndtr(-abs(gap) / error))
    adjusted = holm(raw)
    return tuple(_judged(gap, float(p)) for gap, p in zip(gaps, adjusted, strict=True))


def _error(figure: Spread) -> float | None:
    _, low, high = figure
    return None if low is None or high is None else (high - low) / _REACH


def _judged(gap: float | None, p: float) -> tuple[float | None, float | None, Verdict]:
    if gap is None or np.isnan(p):
        return gap, None, "not known"
    if p >= 1.0 - COVERAGE:
        return gap, p, "within chance"
    return gap, p, "higher" if gap > 0 else "lower"


def skill(
    now: Sequence[FigurePoint], before: Sequence[FigurePoint], called: str, *, same_leads: bool = False
) -> Section[SkillChange]:
    """Put the model's figures beside those of another.

    Parameters
    ----------
    now, before : sequence of FigurePoint
        Of the set that each report shows.
    called : str
        The other model, as a sentence calls it: "version 3".
    same_leads : bool
        Whether both were judged on the same leads; else each on those that came after its own data.
    """
    mine, theirs = _of_model(now), _of_model(before)
    shared = [name for name in FIGURES if name in mine and name in theirs]
    pairs = [(mine[name], theirs[name]) for name in shared]
    points = tuple(
        SkillChange(name, *mine[name], *theirs[name], *told)
        for name, told in zip(shared, differences(pairs), strict=True)
    )
    rows = tuple(
        (
            judged_wording.meaning(each.figure),
            _with_interval(each.now, each.now_low, each.now_high, ".3f"),
            _with_interval(each.before, each.before_low, each.before_high, ".3f"),
            notation.plain(each.difference, "+.3f"),
            each.verdict,
        )
        for each in points
    )
    columns = ("Figure", "Now, 95 % interval", capital_of(called), "Difference", "So it is")
    question = f"Is it better than {called}?"
    told = _skill_said(points, called, same_leads=same_leads)
    return Section("since-last", question, told, points, Table(columns, rows, (4,)))


def _of_model(points: Sequence[FigurePoint]) -> Mapping[str, Spread]:
    return {
        each.figure: (each.value, each.low, each.high)
        for each in points
        if each.forecast == FORECASTS[MODEL] and each.value is not None
    }


def _skill_said(points: Sequence[SkillChange], called: str, *, same_leads: bool) -> str:
    told = {each.figure: each for each in points}
    known = [each for each in points if each.verdict != "not known"]
    if not known:
        return f"It could not be set beside {called}: one of the two could not be judged."
    ranking, says = told.get("won_auc"), ""
    if ranking is not None:
        says = (
            f"It picks the right one of two leads {notation.hundredths(ranking.now)} times in 100, where "
            f"{called} did so {notation.hundredths(ranking.before)} times. "
        )
    apart = [each for each in known if each.verdict in ("higher", "lower")]
    many = counted(len(known), "figure")
    says += (
        f"Of {many}, {len(apart)} {'differs' if len(apart) == 1 else 'differ'} by more than chance."
        if apart
        else f"Of {many} none differs by more than chance."
    )
    if same_leads:
        return f"{says} Both were judged on the same leads."
    return f"{says} Each was judged on the leads that came after its own data: the leads differ, too."


def importance(
    now: Sequence[DriverPoint], before: Sequence[DriverPoint], called: str
) -> Section[ImportanceChange]:
    """Put what drives the score beside what drove that of another model.

    Behaviours and attributes that only one of them knows have no figure on the other side.
    """
    mine, theirs = (
        {each.name: (each.increase, each.low, each.high) for each in points} for points in (now, before)
    )
    shared = [name for name in mine if name in theirs]
    pairs = [(mine[name], theirs[name]) for name in shared]
    nothing: Spread = (None, None, None)
    points = [
        ImportanceChange(name, *mine[name], *theirs[name], *told)
        for name, told in zip(shared, differences(pairs), strict=True)
    ]
    alone = [name for name in (*mine, *theirs) if (name in mine) != (name in theirs)]
    points += [
        ImportanceChange(name, *mine.get(name, nothing), *theirs.get(name, nothing), None, None, "not known")
        for name in alone
    ]
    rows = tuple(
        (
            each.name,
            _with_interval(each.now, each.now_low, each.now_high, "+.4f"),
            _with_interval(each.before, each.before_low, each.before_high, "+.4f"),
            notation.plain(each.difference, "+.4f"),
            each.verdict,
        )
        for each in points
    )
    columns = ("Behaviour or attribute", "Now, 95 % interval", capital_of(called), "Difference", "So it is")
    return Section(
        "since-last",
        f"What changed since {called}?",
        _importance_said(points, called),
        tuple(points),
        Table(columns, rows, (4,)),
    )


def _importance_said(points: Sequence[ImportanceChange], called: str) -> str:
    shared = [each for each in points if each.verdict != "not known"]
    if not shared:
        return f"It could not be set beside {called}: they share no behaviour or attribute with an interval."
    many = counted(len(shared), "behaviour or attribute", "behaviours and attributes")
    says = []
    for verdict, way in (("higher", "more"), ("lower", "less")):
        moved = [each.name for each in shared if each.verdict == verdict]
        if moved:
            says.append(f"{listed(moved)} {'matters' if len(moved) == 1 else 'matter'} {way}")
    if says:
        told = f"Of {many} that both know, beyond chance {' and '.join(says)} than in {called}."
    else:
        told = f"Of {many} that both know, none matters more or less than in {called} by more than chance."
    new = [each.name for each in points if each.before is None]
    gone = [each.name for each in points if each.now is None]
    for names, what in ((new, "new"), (gone, "gone")):
        if names:
            told += f" {len(names)} {'is' if len(names) == 1 else 'are'} {what}: {listed(names)}."
    return told


def capital_of(called: str) -> str:
    """Head a column with the other model's name."""
    return f"{called[:1].upper()}{called[1:]}, 95 % interval"


def _with_interval(value: float | None, low: float | None, high: float | None, how: str) -> str:
    text = notation.plain(value, how)
    return text if low is None or high is None else f"{text} ({low:{how}} to {high:{how}})"
