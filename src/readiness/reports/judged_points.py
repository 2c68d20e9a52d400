"""A judgement's figures as raw values, each with its interval: what sentences, charts and CSV rest on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from readiness.history.outcomes import EVENTS, WON
from readiness.judging.bootstrap import Figure
from readiness.judging.judgement import MODEL, Judgement, SetJudgement, called
from readiness.judging.parts import FEWEST, PartJudgement
from readiness.reports import judged_wording

IF_PERFECT: Final = "a perfectly calibrated model"
HAND_OVERS: Final = "the hand-overs that were made"


@dataclass(frozen=True, slots=True)
class VerdictPoint:
    """What decides whether skill is claimed: both lower bounds must be above zero."""

    judged_on: str
    leads: int
    snapshots: int
    won: int
    horizon_days: float | None
    gain: float | None
    lower_999: float | None
    lower_999_overall: float | None
    claimed: bool
    lasting: float | None
    """How much of what was learned counts for later leads, 0 to 1; None where undated."""


@dataclass(frozen=True, slots=True)
class FigurePoint:
    """One figure of one forecast on one set of leads, with its 95 % interval."""

    judged_on: str
    forecast: str
    figure: str
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class SkillPoint:
    """One forecast on one set: its log-loss above the model's, with 95 % interval, and its main figures."""

    judged_on: str
    forecast: str
    log_loss: float | None
    above_the_model: float | None
    low: float | None
    high: float | None
    brier: float | None
    auc_won: float | None
    auc_stop: float | None
    sales_in_top_fifth: float | None
    leads: int | None = None
    snapshots: int | None = None
    """How many the set holds; None in a report that was kept without."""


@dataclass(frozen=True, slots=True)
class PartPoint:
    """The model within one part of the leads; shares, 0 to 1. None where it holds too few to judge."""

    by: str
    part: str
    snapshots: int
    leads: int
    mean_score: float | None
    won: float | None
    won_low: float | None
    won_high: float | None
    bias: float | None
    bias_low: float | None
    bias_high: float | None
    auc: float | None
    auc_low: float | None
    auc_high: float | None
    gain: float | None
    gain_low: float | None
    gain_high: float | None


def verdict(judgement: Judgement) -> tuple[VerdictPoint, ...]:
    """Return what the claim rests on; nothing where there was nothing to judge on."""
    if not judgement.sets:
        return ()
    shown, skill = judgement.sets[0], judgement.skill
    return (
        VerdictPoint(
            judged_on=shown.name,
            leads=shown.leads,
            snapshots=shown.snapshots,
            won=shown.events.get(EVENTS[WON], 0),
            horizon_days=judgement.horizon_days,
            gain=skill.gain,
            lower_999=skill.lower_999,
            lower_999_overall=skill.lower_999_overall,
            claimed=skill.claimed,
            lasting=judgement.insight.lasting,
        ),
    )


def figures(one: SetJudgement, horizon: float | None) -> tuple[FigurePoint, ...]:
    """Return every figure of every forecast on one set, and what else is told beside them.

    That is how far off chance alone would put scores, and how often a hand-over cried wolf.
    """
    cried = () if one.cry_wolf is None else (one.cry_wolf.rate,)
    return (
        *(
            FigurePoint(one.name, called(name, horizon), figure, *_spread(found))
            for name, by_figure in one.figures.items()
            for figure, found in by_figure.items()
        ),
        *(
            FigurePoint(one.name, IF_PERFECT, f"{cause}_ece", *_spread(found))
            for cause, found in one.ece_if_perfect.items()
        ),
        *(FigurePoint(one.name, HAND_OVERS, "cry_wolf_rate", *_spread(found)) for found in cried),
    )


def skill(one: SetJudgement, horizon: float | None) -> tuple[SkillPoint, ...]:
    """Return the forecasts on one set side by side, the model first."""
    return tuple(
        SkillPoint(
            one.name,
            called(name, horizon),
            found["won_log_loss"].value,
            *((0.0, None, None) if name == MODEL else _spread(judged_wording.gap(one, name))),
            brier=found["won_brier"].value,
            auc_won=found["won_auc"].value,
            auc_stop=found["stop_auc"].value,
            sales_in_top_fifth=found["won_top_reached"].value,
            leads=one.leads,
            snapshots=one.snapshots,
        )
        for name, found in one.figures.items()
    )


def parts(found: Sequence[PartJudgement]) -> tuple[PartPoint, ...]:
    """Return the parts as they come; one that is too small has its size, and nothing else."""
    return tuple(
        PartPoint(
            each.by,
            each.name,
            each.n,
            each.leads,
            each.forecast,
            *_spread(each.won),
            *_spread(each.bias),
            *_spread(each.auc),
            *_spread(each.gain),
        )
        for each in found
    )


def too_small(point: PartPoint) -> bool:
    """Say whether a part holds too few to judge: under 30 snapshots, or too few known outcomes."""
    return point.snapshots < FEWEST or None in (point.bias_low, point.bias_high, point.auc_low)


def _spread(found: Figure) -> tuple[float | None, float | None, float | None]:
    return found.value, found.low, found.high
