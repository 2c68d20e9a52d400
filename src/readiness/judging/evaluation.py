"""Judging a model and its baselines on leads they have not seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from readiness.crm.records import NO_INSTANT, Instant
from readiness.crm.tables import Flags, Floats
from readiness.history.outcomes import EVENTS, WON
from readiness.judging import sentences
from readiness.judging.bootstrap import Figure, Resamples, draw
from readiness.judging.calibration import Bin, ece_if_perfect
from readiness.judging.cohort import Cohort, Known, known_at
from readiness.judging.figures import CAUSES, estimates
from readiness.judging.gains import CryWolf, Weekly, cry_wolf, gains_curve
from readiness.judging.incidence import observed_estimates
from readiness.judging.judgement import (
    BASE_RATE,
    MODEL,
    CategoryOutcome,
    Judgement,
    SetJudgement,
)
from readiness.judging.parts import Part, judge_parts
from readiness.judging.skill import Skill, skill_of
from readiness.progress import Progress, silent

REPLICATES: Final = 400
_Figures: TypeAlias = dict[str, dict[str, Figure]]
_STEPS: Final = (1 / 64, 1 / 32, 1 / 16, 1 / 8, 3 / 16, 1 / 4, 3 / 8, 1 / 2, 5 / 8, 3 / 4, 7 / 8, 1.0)


def judging_days(horizon_days: float | None) -> tuple[float, ...]:
    """Return the days at which curves are judged: dense at first, the last one the horizon."""
    if horizon_days is None:
        return (float("inf"),)
    return tuple(horizon_days * step for step in _STEPS)


@dataclass(frozen=True, slots=True)
class Handovers:
    """What became of leads from their hand-over on, and which of them sales declined.

    ``weight`` is how many leads each stands for, where hand-overs are weighted by their recorded chance.
    """

    cohort: Cohort
    declined: Flags
    weight: Floats | None = None


@dataclass(frozen=True, slots=True)
class HeldOut:
    """n snapshots of leads that no forecast was fitted on, and what each forecast said of them.

    Parameters
    ----------
    name : str
        A key of `judgement.SETS`.
    cohort : Cohort, n rows
    forecasts : by the names in `judgement.FORECASTS`, each n × m × 3
        Cumulative incidences at `judging_days`; ``model`` and ``base_rate`` must be there.
    category : codes, n
        Positions in the names given to `judge`.
    overall : Floats, n, optional
        P(won within the horizon) by the base rate of all ages together; None where there are no ages.
    handovers : Handovers, optional
        Of these leads. They stand apart: a snapshot taken because sales is about to call is no fair
        sample of what is scored.
    weekly : Weekly, optional
        The week of each snapshot, and how many leads sales can take in one; None where there are no weeks.
    parts : tuple of Part
        How the snapshots fall into parts, beside categories: by age, source or segment.
    """

    name: str
    cohort: Cohort
    forecasts: Mapping[str, Floats]
    category: NDArray[np.integer]
    overall: Floats | None = None
    handovers: Handovers | None = None
    weekly: Weekly | None = None
    parts: tuple[Part, ...] = ()


def judge(
    held_out: Sequence[HeldOut],
    *,
    horizon_days: float | None,
    categories: Sequence[str],
    test_start: Instant = NO_INSTANT,
    data_end: Instant = NO_INSTANT,
    missing: str | None = None,
    replicates: int = REPLICATES,
    seed: int = 0,
    progress: Progress = silent,
) -> Judgement:
    """Judge a model beside its baselines on each set of leads, never pooled.

    Parameters
    ----------
    held_out : sequence of HeldOut
        Skill is claimed by the first. Empty: nothing to judge on, and no skill is claimed.
    horizon_days : float or None
        None for undated data.
    categories : sequence of str
        The agreement's categories, by code.
    missing : str, optional
        What a judgement, or a better one, would take.
    replicates : int
        Resamples of whole leads behind each 95 % interval.

    Returns
    -------
    Judgement
        The same input gives the same figures.
    """
    judged = tuple(
        _judge_set(one, horizon_days, categories, replicates, seed, _part(progress, index, len(held_out)))
        for index, one in enumerate(held_out)
    )
    if judged:
        found = judged[0].skill
        says = [found.sentence, *judged[0].sentences.values()]
    else:
        found = Skill(None, None, False, "No skill is claimed: there were no later leads to judge on.")
        says = [found.sentence]
    if missing:
        says.append(missing)
    return Judgement(horizon_days, test_start, data_end, judged, found, missing, tuple(says))


def _part(progress: Progress, index: int, of: int) -> Progress:
    def part(what: str, done: float) -> None:
        progress(what, (index + done) / of)

    return part


def _judge_set(
    held_out: HeldOut,
    horizon_days: float | None,
    categories: Sequence[str],
    replicates: int,
    seed: int,
    progress: Progress,
) -> SetJudgement:
    cohort = held_out.cohort
    known = known_at(cohort, horizon_days)
    resamples = draw(cohort.lead, replicates=replicates, seed=seed)
    figures, differences, bins = _compared(held_out, known, horizon_days, resamples, progress)
    gains = {
        name: gains_curve(known, np.ascontiguousarray(curves[:, -1, WON - 1]), WON, resamples)
        for name, curves in held_out.forecasts.items()
        if np.isfinite(curves[:, -1, WON - 1]).all()
    }
    outcome_table = _by_category(held_out, horizon_days, categories, resamples)
    cried = _cry_wolf(held_out.handovers, horizon_days, replicates, seed)
    progress("judging", 1.0)
    return SetJudgement(
        name=held_out.name,
        snapshots=len(cohort),
        leads=cohort.leads,
        events=_events(known),
        figures=figures,
        differences=differences,
        calibration=bins,
        ece_if_perfect=_ece_if_perfect(held_out, known, seed),
        gains=gains,
        skill=_skill(held_out, known, seed),
        categories=outcome_table,
        parts=judge_parts(
            cohort,
            known,
            held_out.forecasts[MODEL][:, -1, WON - 1],
            held_out.forecasts[BASE_RATE][:, -1, WON - 1],
            (Part("category", held_out.category, tuple(categories)), *held_out.parts),
            horizon_days=horizon_days,
            resamples=resamples,
        ),
        cry_wolf=cried,
        sentences={
            "ranking": sentences.ranking(figures, differences, held_out.name, horizon_days),
            "gaps": sentences.gaps(differences, horizon_days),
            "calibration": sentences.calibrated(bins["won"], figures[MODEL]["won_bias"], horizon_days),
            "gains": sentences.gained(gains.get(MODEL, ())),
            "categories": sentences.by_category(outcome_table, horizon_days),
            "cry_wolf": sentences.wolf(cried, horizon_days),
        },
    )


def _compared(
    held_out: HeldOut,
    known: Known,
    horizon_days: float | None,
    resamples: Resamples,
    progress: Progress,
) -> tuple[_Figures, _Figures, dict[str, tuple[Bin, ...]]]:
    """Return each forecast's figures, the model minus each baseline, and the model's calibration."""
    days = judging_days(horizon_days)
    by_day = None if horizon_days is None else [known_at(held_out.cohort, day) for day in days]
    found, bins = {}, {}
    for index, (name, curves) in enumerate(held_out.forecasts.items()):
        progress("judging", index / len(held_out.forecasts))
        found[name], bins[name] = estimates(
            held_out.cohort, known, curves, days, horizon_days, resamples, held_out.weekly, by_day
        )
    figures = {name: {figure: each.figure() for figure, each in of.items()} for name, of in found.items()}
    differences = {
        name: {figure: (found[MODEL][figure] - each).figure() for figure, each in of.items()}
        for name, of in found.items()
        if name != MODEL
    }
    return figures, differences, bins[MODEL]


def _ece_if_perfect(held_out: HeldOut, known: Known, seed: int) -> dict[str, Figure]:
    forecast = {name: held_out.forecasts[MODEL][:, -1, cause - 1] for name, cause in CAUSES.items()}
    return {
        name: ece_if_perfect(known, chance, held_out.cohort.lead, seed=seed).figure()
        if np.isfinite(chance).all()
        else Figure(None, None, None)
        for name, chance in forecast.items()
    }


def _events(known: Known) -> dict[str, int]:
    seen = known.weight > 0
    counts = {name: int((seen & (known.outcome == code)).sum()) for code, name in enumerate(EVENTS) if code}
    return counts | {
        "open_at_horizon": int((seen & (known.outcome == 0)).sum()),
        "not_known_yet": int((~seen).sum()),
    }


def _skill(held_out: HeldOut, known: Known, seed: int) -> Skill:
    chances = (
        held_out.forecasts[MODEL][:, -1, WON - 1],
        held_out.forecasts[BASE_RATE][:, -1, WON - 1],
        held_out.forecasts[BASE_RATE][:, -1, WON - 1] if held_out.overall is None else held_out.overall,
    )
    return skill_of(held_out.cohort, known, *chances, seed=seed)


def _by_category(
    held_out: HeldOut, horizon_days: float | None, categories: Sequence[str], resamples: Resamples
) -> tuple[CategoryOutcome, ...]:
    found = []
    for code, name in enumerate(categories):
        rows = np.flatnonzero(held_out.category == code)
        part = held_out.cohort.where(rows)
        won, stop, otherwise = observed_estimates(part, horizon_days, resamples.where(rows))
        still_open = 1 - won.value - stop.value - otherwise.value
        found.append(
            CategoryOutcome(
                name=name,
                n=len(rows),
                leads=part.leads,
                won=won.figure(),
                stop=stop.figure(),
                otherwise=otherwise.figure(),
                still_open=float(still_open) if np.isfinite(still_open) else None,
            )
        )
    return tuple(found)


def _cry_wolf(
    handovers: Handovers | None, horizon_days: float | None, replicates: int, seed: int
) -> CryWolf | None:
    if handovers is None or not len(handovers.cohort):
        return None
    return cry_wolf(
        handovers.cohort,
        horizon_days=horizon_days,
        resamples=draw(handovers.cohort.lead, replicates=replicates, seed=seed),
        declined=handovers.declined.astype(np.float64),
        weight=handovers.weight,
    )
