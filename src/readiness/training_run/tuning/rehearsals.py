"""Rehearsals: what a learner would have learned earlier, and the leads that it had still to meet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from readiness.agreement.document import Agreement
from readiness.crm.records import Instant
from readiness.crm.tables import Flags, Floats, Tables
from readiness.history import splits
from readiness.history.cuts import cut
from readiness.history.outcomes import CENSORED
from readiness.learning.person_periods import edges_of
from readiness.progress import silent
from readiness.training_run import material as materials
from readiness.training_run.forecasts import fit_model, too_little
from readiness.training_run.material import Material
from readiness.training_run.settings import TrainingSettings
from readiness.training_run.tuning.losses import Losses, losses_of, together

_SHARES: Final = (1 / 2, 2 / 3, 5 / 6)
"""Of the leads: a learner stands where so many had come, and meets those until the next, or the end."""
_FOLDS: Final = 3
_INTERVALS: Final = 10


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What is learned from, the leads to be met, and the intervals in which what became of them is read."""

    learned_from: Material
    met: Material
    edges: Floats


def rehearsals(
    tables: Tables, agreement: Agreement, settings: TrainingSettings, rows: Flags | None = None
) -> tuple[Rehearsal, ...]:
    """Make up to three rehearsals; fewer, or none, where there would be too little to learn from.

    Nothing looks ahead: the tables are cut where the learner stands, and it meets only leads created
    later, none of them twice. Undated leads are parted by folds; those with identical attributes stay
    together.

    Parameters
    ----------
    tables : Tables
        As known where the whole run stands: none of the leads that it will be judged on.
    rows : Flags, leads, optional
        In undated tables: the leads that may be looked at.
    """
    if tables.dated:
        starts = splits.rehearsal_starts(tables, _SHARES)
        ends = (*starts[1:], *([tables.observed_through] if starts else []))
        found = [
            _dated(tables, agreement, settings, start, end) for start, end in zip(starts, ends, strict=True)
        ]
    else:
        found = _undated(tables, agreement, settings, rows)
    return tuple(each for each in found if each is not None)


def _dated(
    tables: Tables, agreement: Agreement, settings: TrainingSettings, start: Instant, end: Instant
) -> Rehearsal | None:
    horizon = agreement.horizon_days
    learned_from = materials.to_learn_from(cut(tables, start), agreement, settings)
    if too_little(learned_from, horizon, settings) is not None:
        return None
    met = materials.leads_created_between(tables, agreement, learned_from.plan, start, end, settings)
    edges = edges_of(learned_from.y, horizon, intervals=_INTERVALS)
    return Rehearsal(learned_from, met, edges) if len(met) else None


def _undated(
    tables: Tables, agreement: Agreement, settings: TrainingSettings, rows: Flags | None
) -> list[Rehearsal | None]:
    whole = materials.to_learn_from(tables, agreement, settings, rows)
    fold = np.full(len(tables.leads), -1, dtype=np.int64)
    fold[whole.snapshots.lead] = splits.folds(whole.groups, _FOLDS, settings.seed)
    ended = np.zeros(len(tables.leads), dtype=np.bool_)
    ended[whole.snapshots.lead] = whole.y[:, 0] != CENSORED
    found: list[Rehearsal | None] = []
    for number in range(_FOLDS):
        here = fold == number
        learned_from = materials.to_learn_from(tables, agreement, settings, (fold >= 0) & ~here)
        if too_little(learned_from, None, settings) is None and (here & ended).any():
            met = materials.held_out_leads(tables, agreement, learned_from.plan, here & ended)
            found.append(Rehearsal(learned_from, met, np.array([0.0, np.inf])))
    return found


def rehearse(
    made: tuple[Rehearsal, ...],
    estimator: Mapping[str, Any],
    horizon_days: float | None,
    settings: TrainingSettings,
) -> Losses:
    """Learn with other settings at each rehearsal, and say what is lost on the leads met."""
    others = replace(settings, estimator={**settings.estimator, **estimator})
    lost = []
    for each in made:
        model = fit_model(each.learned_from, horizon_days, others, silent)
        within = model.predict_incidence(each.met.X, each.edges[1:].tolist())
        lost.append(losses_of(within, each.met.y, each.met.groups, each.edges))
    return together(lost)
