"""The recipe judged on leads it has not seen, before it is refitted for use."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from readiness.agreement.document import CATEGORIES, Agreement
from readiness.crm.records import MICROSECONDS_PER_DAY, NO_INSTANT, Instant
from readiness.crm.tables import Flags, Floats, Ints, Tables
from readiness.hindsight.for_sales import ForSales
from readiness.history import splits
from readiness.history.cuts import cut
from readiness.history.outcomes import CENSORED
from readiness.judging.evaluation import HeldOut, judge, judging_days
from readiness.judging.judgement import HANDED_OVER, HELD_OUT_LEADS, LATER_LEADS, OPEN_LEADS, Judgement
from readiness.learning.incidence import IncidenceModel
from readiness.progress import Progress
from readiness.training_run import material as materials
from readiness.training_run.forecasts import fit_rivals, held_out, too_little
from readiness.training_run.looking import look_into
from readiness.training_run.material import Material
from readiness.training_run.sales import judged_for_sales
from readiness.training_run.settings import TrainingSettings


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found about a recipe.

    ``model`` is the one model that was judged, and ``learned_from`` what it learned from; None where
    nothing could be judged, or where several folds were. ``sales`` is what it does for sales; None where
    that was not asked, or nothing is dated.
    """

    judgement: Judgement
    model: IncidenceModel | None = None
    learned_from: Material | None = None
    sales: ForSales | None = None


MOST_TO_FOLLOW: Final = 3.0
LEAST_TO_FOLLOW: Final = 1.5
"""Between these, half of the history lies after T, in horizons. Of three, leads created within the first two
can all be followed for a whole horizon; of one and a half, those of half a horizon can."""


def judge_dated(
    tables: Tables, agreement: Agreement, settings: TrainingSettings, progress: Progress
) -> Judged:
    """Judge a model standing at T on leads created later, and apart from these on leads open at T."""
    horizon = agreement.horizon_days
    start = where_it_stands(tables, agreement, settings)
    if isinstance(start, str):
        return _nothing_to_judge(tables, agreement, start)
    instant, material = start
    rivals = fit_rivals(material, horizon, settings, progress)
    later = materials.later_leads(tables, agreement, material.plan, instant, settings)
    open_then = materials.leads_open_at(tables, agreement, material.plan, instant)
    days = judging_days(horizon)
    handovers = materials.handovers_of_later_leads(
        tables, agreement, instant, by_propensity=settings.by_propensity
    )
    at_handover = materials.leads_handed_over(tables, agreement, material.plan, instant)
    judged_on = [(LATER_LEADS, later, handovers), (OPEN_LEADS, open_then, None)]
    if len(at_handover):
        judged_on.append((HANDED_OVER, at_handover, None))
    capacity = agreement.handover.weekly_capacity
    sets = [
        held_out(name, each, rivals.curves(each, days), horizon, of, each.weekly(capacity))
        for name, each, of in judged_on
    ]
    missing = None if len(later) else _too_young(horizon)
    judgement = _judgement(tables, sets, horizon, instant, settings, progress, missing)
    unseen = later if len(later) else open_then
    found = look_into(
        rivals.model,
        material,
        unseen,
        open_then.X,
        tables.leads.lead_id[open_then.snapshots.lead],
        agreement,
        horizon,
        settings,
        progress,
    )
    sales = (
        judged_for_sales(tables, agreement, rivals.model, material, at_handover, instant, settings, progress)
        if settings.importance
        else None
    )
    return Judged(replace(judgement, insight=found), rivals.model, material, sales)


def _too_young(horizon: float) -> str:
    more = math.ceil((LEAST_TO_FOLLOW - 1.0) * horizon)
    return (
        f"No lead created since the model's data end could be followed for {horizon:g} days yet; "
        f"to judge on some takes about {more} more days of history."
    )


def where_it_stands(
    tables: Tables, agreement: Agreement, settings: TrainingSettings
) -> tuple[Instant, Material] | str:
    """Find where the judged model stands and what it learns from, or say what is missing."""
    horizon, missing = agreement.horizon_days, ""
    for horizons in _horizons_to_follow(tables, horizon):
        start = splits.test_start(tables, horizon_days=horizons * horizon, won_needed=settings.won_needed)
        if isinstance(start, splits.NoTestStart):
            missing = start.missing
            continue
        material = materials.to_learn_from(cut(tables, start.at), agreement, settings)
        little = too_little(material, horizon, settings)
        if little is None:
            return start.at, material
        missing = f"Before the test would start: {little.sentence}"
    return missing


def _horizons_to_follow(tables: Tables, horizon: float) -> tuple[float, ...]:
    """Return how many horizons should lie after T, to be tried in turn."""
    history = (tables.observed_through - int(tables.leads.created_at.min())) / MICROSECONDS_PER_DAY
    half = history / 2.0 / horizon
    return min(max(half, LEAST_TO_FOLLOW), MOST_TO_FOLLOW), LEAST_TO_FOLLOW, 1.0


def judge_undated(
    whole: Material, agreement: Agreement, settings: TrainingSettings, progress: Progress
) -> Judged:
    """Judge the recipe on leads held out by folds; leads that no model can tell apart share a fold."""
    tables, ended = whole.tables, whole.y[:, 0] != CENSORED
    fold = _dealt(whole, settings)
    judged_folds = range(1 if len(whole) > settings.one_fold_above else settings.folds)
    days = judging_days(None)
    curves: dict[str, Floats] = {}
    first: tuple[IncidenceModel, Material, Material] | None = None
    for number in judged_folds:
        material = materials.to_learn_from(tables, agreement, settings, rows=fold != number)
        little = too_little(material, None, settings)
        if little is not None:
            missing = f"With a part of the leads held out to judge by: {little.sentence}"
            return _nothing_to_judge(tables, agreement, missing)
        rivals = fit_rivals(material, None, settings, _fold(progress, number, len(judged_folds)))
        rows = (fold == number) & ended
        part = materials.held_out_leads(tables, agreement, material.plan, rows)
        first = first or (rivals.model, material, part)
        for name, curve in rivals.curves(part, days).items():
            whole_curve = curves.setdefault(name, np.full((len(whole), *curve.shape[1:]), np.nan))
            whole_curve[rows] = curve
    judged = ended & (fold < len(judged_folds))
    everyone = materials.held_out_leads(tables, agreement, whole.plan, judged)
    sets = [held_out(HELD_OUT_LEADS, everyone, {name: all_[judged] for name, all_ in curves.items()}, None)]
    judgement = _judgement(tables, sets, None, NO_INSTANT, settings, progress)
    if first is not None:
        ids = tables.leads.lead_id[whole.snapshots.lead[~ended]]
        found = look_into(*first, whole.X[~ended], ids, agreement, None, settings, progress)
        judgement = replace(judgement, insight=found)
    return Judged(judgement)


def _dealt(whole: Material, settings: TrainingSettings) -> Ints:
    return splits.folds(whole.groups, settings.folds, settings.seed)


def outside_first_fold(whole: Material, settings: TrainingSettings) -> Flags:
    """Say which undated leads are outside the fold that is judged first: what is tried, is tried on these."""
    outside: Flags = _dealt(whole, settings) != 0
    return outside


def _judgement(
    tables: Tables,
    sets: list[HeldOut],
    horizon: float | None,
    test_start: int,
    settings: TrainingSettings,
    progress: Progress,
    missing: str | None = None,
) -> Judgement:
    return judge(
        sets,
        horizon_days=horizon,
        categories=CATEGORIES,
        test_start=test_start,
        data_end=tables.observed_through if settings.refit else test_start,
        missing=missing,
        replicates=settings.replicates,
        seed=settings.seed,
        progress=progress,
    )


def _nothing_to_judge(tables: Tables, agreement: Agreement, missing: str) -> Judged:
    judgement = judge(
        [],
        horizon_days=agreement.horizon_days if tables.dated else None,
        categories=CATEGORIES,
        data_end=tables.observed_through,
        missing=missing,
    )
    return Judged(judgement)


def _fold(progress: Progress, number: int, of: int) -> Progress:
    def tell(what: str, done: float) -> None:
        progress(f"{what}, part {number + 1} of {of}", done)

    return progress if of == 1 else tell
