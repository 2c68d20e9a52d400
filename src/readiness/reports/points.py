"""The points of the charts, taken from the judgement; nothing is computed here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from readiness.agreement.wording import capital
from readiness.judging.dependence import Dependence
from readiness.judging.judgement import BASE_RATE, MODEL, POINTS_CARD, SetJudgement, called
from readiness.judging.more_leads import MoreLeads
from readiness.judging.selection import Selection
from readiness.reports.insight_wording import moved, value
from readiness.reports.notation import category

THE_MODEL: Final = "Model"
THE_CARD: Final = "Points card"
"""The lines of the gains chart; the third is what is forecast without looking at the lead."""

LEARNED_OR_SCORED: Final = "learned from, or to be scored"
CALLED_OR_NOT: Final = "handed over, or never"
"""Which side is a lead on?"""


@dataclass(frozen=True, slots=True)
class CalibrationPoint:
    """Snapshots with neighbouring scores: the mean score and the share won, with its interval."""

    n: int
    forecast: float
    observed: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class GainsPoint:
    """Calling this share first, in this forecast's order, reaches that share of the sales."""

    forecast: str
    share: float
    reached: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class ShapePoint:
    """The mean score if every lead had this value of what is moved."""

    moved: str
    value: str
    score: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class RankingPoint:
    """How often, of two leads of which one was won, a forecast had the higher one for it; 0.5 is chance."""

    forecast: str
    right: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class LearnedPoint:
    """The log-loss on later leads of a model that learned from so many leads."""

    leads: int
    log_loss: float | None
    low: float | None
    high: float | None
    gain: float | None = None
    gain_low: float | None = None
    gain_high: float | None = None
    """By how much the log-loss fell from the row before, told of the last row alone."""


@dataclass(frozen=True, slots=True)
class ChosenPoint:
    """How many leads there are, how many were handed over, and for how many that chance is known."""

    leads: int
    handed_over: int
    with_propensity: int


@dataclass(frozen=True, slots=True)
class ApartPoint:
    """How often a lead of one side is told from one of the other, by one behaviour or attribute or by all."""

    sides: str
    by: str
    told_apart: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class CategoryPoint:
    """What became of the snapshots in one category within the horizon; the four shares sum to one."""

    name: str
    n: int
    won: float
    won_low: float | None
    won_high: float | None
    stop: float
    otherwise: float
    still_open: float


def of_calibration(shown: SetJudgement | None) -> tuple[CalibrationPoint, ...]:
    """Return the bins of the score whose outcome is known, the lowest first."""
    bins = shown.calibration.get("won", ()) if shown else ()
    return tuple(
        CalibrationPoint(each.n, each.forecast, each.observed.value, each.observed.low, each.observed.high)
        for each in bins
        if each.observed.value is not None
    )


def of_ranking(shown: SetJudgement | None, horizon: float | None) -> tuple[RankingPoint, ...]:
    """Return the forecasts that can rank, the model first."""
    return tuple(
        RankingPoint(capital(called(name, horizon).removeprefix("the ")), auc.value, auc.low, auc.high)
        for name, figures in (shown.figures.items() if shown else ())
        for auc in (figures["won_auc"],)
        if auc.value is not None and not (name == BASE_RATE and horizon is None)
    )


def of_more_leads(found: MoreLeads | None) -> tuple[LearnedPoint, ...]:
    """Return the learning curve; empty where it was not asked for."""
    if found is None:
        return ()
    curve = [
        LearnedPoint(each.leads, each.loss.value, each.loss.low, each.loss.high) for each in found.points
    ]
    if curve:
        gain = found.gain
        curve[-1] = replace(curve[-1], gain=gain.value, gain_low=gain.low, gain_high=gain.high)
    return tuple(curve)


def of_chosen(found: Selection | None) -> tuple[ChosenPoint, ...]:
    """Return how many were handed over; empty where it was not looked into."""
    return () if found is None else (ChosenPoint(found.leads, found.handed_over, found.with_propensity),)


def of_selection(found: Selection | None) -> tuple[ApartPoint, ...]:
    """Return how well the sides are told apart, by everything together and by each group alone."""
    if found is None:
        return ()
    sides = {LEARNED_OR_SCORED: found.scored}
    if found.called is not None:
        sides[CALLED_OR_NOT] = found.called
    points = []
    for name, apart in sides.items():
        points.append(ApartPoint(name, "all together", apart.auc.value, apart.auc.low, apart.auc.high))
        points += [ApartPoint(name, each.group, each.auc, None, None) for each in apart.by]
    return tuple(points)


def of_gains(shown: SetJudgement | None, horizon: float | None) -> tuple[GainsPoint, ...]:
    """Return the curves of the model and of what it must beat, each from nothing to all."""
    found: list[GainsPoint] = []
    base = "Average" if horizon is None else "Age of the lead alone"
    for name, line in {MODEL: THE_MODEL, POINTS_CARD: THE_CARD, BASE_RATE: base}.items():
        curve = shown.gains.get(name, ()) if shown else ()
        known = [
            GainsPoint(line, gain.share, gain.reached.value, gain.reached.low, gain.reached.high)
            for gain in curve
            if gain.reached.value is not None
        ]
        if known:
            found += [GainsPoint(line, 0.0, 0.0, None, None), *known]
    return tuple(found)


def of_shape(found: Sequence[Dependence]) -> tuple[ShapePoint, ...]:
    """Return the values of what matters most, in that order; of values that read alike the first."""
    points: dict[tuple[str, str], ShapePoint] = {}
    for each in found:
        name = moved(each)
        for point in each.points:
            said, score = value(point, each.measured.unit), point.score
            points.setdefault((name, said), ShapePoint(name, said, score.value, score.low, score.high))
    return tuple(points.values())


def of_categories(shown: SetJudgement | None) -> tuple[CategoryPoint, ...]:
    """Return the categories that hold snapshots with a known fate, in the agreement's order."""
    return tuple(
        CategoryPoint(
            category(each.name),
            each.n,
            each.won.value,
            each.won.low,
            each.won.high,
            each.stop.value,
            each.otherwise.value,
            each.still_open,
        )
        for each in (shown.categories if shown else ())
        if each.n
        and each.won.value is not None
        and each.stop.value is not None
        and each.otherwise.value is not None
        and each.still_open is not None
    )
