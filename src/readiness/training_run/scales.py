"""The tables that a model's scores are read with: who scores lower, and how many sales can take."""

from __future__ import annotations

from typing import Final

import numpy as np

from readiness.crm.records import MICROSECONDS_PER_DAY
from readiness.learning.incidence import IncidenceModel
from readiness.learning.model import ReadinessModel
from readiness.training_run.material import Material

WEEKS: Final = 13


def for_use(
    model: IncidenceModel, material: Material, *, horizon_days: float | None, weekly_capacity: int
) -> ReadinessModel:
    """Put a fitted model beside the tables of its training population."""
    return ReadinessModel.around(
        model,
        material.plan,
        material.X,
        horizon_days=horizon_days,
        capacity_score=capacity_score(model, material, horizon_days, weekly_capacity),
    )


def capacity_score(
    model: IncidenceModel, material: Material, horizon_days: float | None, weekly_capacity: int
) -> float | None:
    """Return the score above which the last 13 weeks held as many leads a week as sales can take.

    A lead counts once, with its highest score in those weeks, since it is handed over once.

    Returns
    -------
    float or None
        0 where there were fewer leads than sales can take; None in undated data, which has no weeks.
    """
    if horizon_days is None:
        return None
    until = material.tables.observed_through
    week = 7 * MICROSECONDS_PER_DAY
    weeks = min(WEEKS, (until - int(material.tables.leads.created_at.min())) / week)
    recent = np.flatnonzero(material.snapshots.cutoff >= until - WEEKS * week)
    wanted = round(weeks * weekly_capacity)
    score = model.predict_incidence(material.X[recent], (horizon_days,))[:, 0, 0]
    leads, position = np.unique(material.groups[recent], return_inverse=True)
    if len(leads) <= wanted:
        return 0.0
    highest = np.zeros(len(leads))
    np.maximum.at(highest, position, score)
    return float(np.sort(highest)[len(leads) - max(wanted, 1)])
