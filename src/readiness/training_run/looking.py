"""Looking into a judged model: what it rests on, how steadily, and which leads it was learned from."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

import numpy as np
import pyarrow as pa

from readiness.agreement.document import Agreement
from readiness.crm.tables import Floats, Ints, Texts
from readiness.history.outcomes import CENSORED, WON
from readiness.judging.bootstrap import draw
from readiness.judging.cohort import known_at
from readiness.judging.dependence import dependence
from readiness.judging.importance import importance
from readiness.judging.insight import Insight
from readiness.judging.more_leads import MoreLeads, more_leads
from readiness.judging.selection import Selection, at_creation, tell_apart
from readiness.judging.stability import Stability, stability
from readiness.judging.steps import steps
from readiness.judging.themes import bant_names, theme_importance, themes_of
from readiness.judging.together import together
from readiness.learning.incidence import IncidenceModel
from readiness.progress import Progress, silent
from readiness.training_run.forecasts import fit_model, too_little
from readiness.training_run.material import Material
from readiness.training_run.settings import TrainingSettings

SHARES: Final = (1 / 8, 1 / 4, 1 / 2)
"""Of the leads learned from, for the learning curve; each set lies within the next."""

MODELS: Final = 10
"""So many models of resampled leads say how steady the order of importance is."""


def look_into(
    model: IncidenceModel,
    learned: Material,
    unseen: Material,
    scored: Floats,
    scored_ids: Texts,
    agreement: Agreement,
    horizon: float | None,
    settings: TrainingSettings,
    progress: Progress,
) -> Insight:
    """Say what the model rests on, and how the leads it learned from differ from those it scores.

    Parameters
    ----------
    learned, unseen : Material
        What the model learned from, and leads that it had not seen, of the same plan.
    scored : Floats, k × p
        Features of the leads that such a model is asked about, one row each.
    scored_ids : Texts, k
        Their ids, for a lead that is open is learned from, too. Positions would not do: the tables learned
        from are cut, and have others.

    Returns
    -------
    Insight
        With ``settings.thorough`` also its learning curve, and the stability of importance; these fit
        the recipe anew about a dozen times. All empty with ``settings.importance`` off.
    """
    if not settings.importance:
        return Insight()
    seed, cohort, plan, predict = settings.seed, unseen.cohort, unseen.plan, _Score(model, horizon)
    found = importance(unseen.X, cohort, plan, predict, horizon_days=horizon, seed=seed, progress=progress)
    order, bant = [each.group for each in found], bant_names(agreement)
    return Insight(
        importance=found,
        together=together(unseen.X, cohort, plan, predict, horizon_days=horizon, seed=seed),
        dependence=dependence(unseen.X, cohort, plan, predict, found, seed=seed),
        stability=_steady(order, model, learned, unseen, horizon, settings, progress)
        if settings.thorough
        else (),
        more_leads=_curve(model, learned, unseen, horizon, settings, progress) if settings.thorough else None,
        selection=_selection(learned, scored, scored_ids, seed),
        lasting=None if horizon is None else model.choices_.lasting,
        themes=theme_importance(unseen.X, cohort, plan, predict, bant, horizon_days=horizon, seed=seed),
        theme_of=themes_of(plan, bant),
        steps=steps(unseen.X, plan, predict, found, seed=seed),
    )


class _Score:
    """P(won within the horizon), or in the end where nothing is dated."""

    def __init__(self, model: IncidenceModel, horizon: float | None) -> None:
        self.model = model
        self.days = (math.inf if horizon is None else horizon,)

    def __call__(self, X: Floats) -> Floats:
        return np.ascontiguousarray(self.model.predict_incidence(X, self.days)[:, 0, WON - 1])


def _curve(
    model: IncidenceModel,
    learned: Material,
    unseen: Material,
    horizon: float | None,
    settings: TrainingSettings,
    progress: Progress,
) -> MoreLeads | None:
    """Learn from an eighth, a quarter and half of the leads; where that is too little, from fewer sets."""
    leads, position = np.unique(learned.groups, return_inverse=True)
    place = np.random.default_rng((settings.seed, 5)).permutation(len(leads))[position]
    sizes, scores = [], []
    for done, share in enumerate(SHARES):
        progress("would more leads help?", done / len(SHARES))
        many = round(share * len(leads))
        part = _of_rows(learned, np.flatnonzero(place < many))
        if too_little(part, horizon, settings) is None:
            sizes.append(many)
            scores.append(_Score(fit_model(part, horizon, settings, silent), horizon)(unseen.X))
    progress("would more leads help?", 1.0)
    known = known_at(unseen.cohort, horizon)
    resamples = draw(unseen.cohort.lead, replicates=settings.replicates, seed=settings.seed)
    own = _Score(model, horizon)(unseen.X)
    return more_leads([*sizes, len(leads)], [*scores, own], known, resamples)


def _steady(
    order: list[str],
    model: IncidenceModel,
    learned: Material,
    unseen: Material,
    horizon: float | None,
    settings: TrainingSettings,
    progress: Progress,
) -> tuple[Stability, ...]:
    """Learn from resampled leads, with what the model had chosen, and rank what matters each time.

    On the same snapshots, shuffled in the same way: ranks differ only by the leads learned from.
    """
    leads, position = np.unique(learned.groups, return_inverse=True)
    by_lead = np.argsort(position, kind="stable")
    first = np.searchsorted(position[by_lead], np.arange(len(leads) + 1))
    rng = np.random.default_rng((settings.seed, 6))
    drawn = []
    for number in range(MODELS):
        progress("how steady is it?", number / MODELS)
        chosen = np.bincount(rng.integers(0, len(leads), len(leads)), minlength=len(leads))
        rows = np.repeat(by_lead, np.repeat(chosen, np.diff(first)))
        part = _of_rows(learned, rows)
        if too_little(part, horizon, settings) is not None:
            continue
        again = fit_model(part, horizon, settings, silent, model.choices_)
        found = importance(
            unseen.X,
            unseen.cohort,
            unseen.plan,
            _Score(again, horizon),
            horizon_days=horizon,
            seed=settings.seed,
        )
        drawn.append([each.group for each in found])
    progress("how steady is it?", 1.0)
    return stability(order, drawn)


def _of_rows(material: Material, rows: Ints) -> Material:
    """Return these snapshots; a lead drawn twice stands in it twice."""
    return replace(
        material,
        snapshots=material.snapshots.where(rows),
        X=material.X[rows],
        y=material.y[rows],
        groups=material.groups[rows],
        ages=material.ages[rows],
    )


def _selection(learned: Material, scored: Floats, scored_ids: Texts, seed: int) -> Selection:
    """Compare one snapshot a lead: any of those learned from with the scored; called leads with others."""
    ended = np.arange(len(learned)) if learned.tables.dated else np.flatnonzero(learned.y[:, 0] != CENSORED)
    lead = learned.snapshots.lead[ended]
    shuffled = np.random.default_rng((seed, 7)).permutation(len(ended))
    _, first = np.unique(lead[shuffled], return_index=True)
    kept = ended[np.sort(shuffled[first])]
    both = np.concatenate([learned.X[kept], scored])
    sides = np.repeat([False, True], [len(kept), len(scored)])
    ids = np.concatenate([learned.tables.leads.lead_id[learned.snapshots.lead[kept]], scored_ids])
    whose = pa.array(ids, pa.string()).dictionary_encode().indices.to_numpy().astype(np.int64)
    handovers = learned.tables.handovers
    called = None
    if len(handovers):
        leads, youngest = np.unique(learned.snapshots.lead, return_index=True)
        called = tell_apart(learned.X[youngest], np.isin(leads, handovers.lead), learned.plan, seed=seed)
    return Selection(
        scored=tell_apart(
            both, sides, learned.plan, seed=seed, columns=at_creation(learned.plan), lead=whose
        ),
        called=called,
        leads=len(learned.tables.leads),
        handed_over=len(np.unique(handovers.lead)),
        with_propensity=int(np.isfinite(handovers.propensity).sum()),
    )
