"""What a model says of snapshots: score, stop risk, percentile and curve of leads that are still open."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from readiness.crm.tables import Flags, Floats, Ints, Tables
from readiness.errors import ModelError
from readiness.history import features
from readiness.history.feature_plan import FeaturePlan
from readiness.history.snapshots import Snapshots
from readiness.learning.model import Prediction, ReadinessModel
from readiness.learning.reasons import explain as explained


@dataclass(frozen=True, slots=True)
class Said:
    """What the model says of n snapshots; NaN where nothing is predicted."""

    score: Floats
    stop_risk: Floats
    percentile: Floats
    prediction: Prediction | None = None
    matrix: Floats | None = None


def predicted(
    model: ReadinessModel | None, tables: Tables, snapshots: Snapshots, points: Floats, still_open: Flags
) -> Said:
    """Ask the model about leads that are still open; without a model nothing is predicted.

    ``points`` are what the points card of the agreement gives each snapshot.

    Raises
    ------
    ModelError
        If the leads have no dates and the model learned with dates: nothing it reads of time is there.
    """
    if model is None:
        unknown = np.full(len(snapshots), np.nan)
        return Said(unknown, unknown, unknown)
    if model.horizon_days is not None and not tables.dated:
        raise ModelError(
            "These leads have no created_at, and this model learned from dated ones: it cannot score them. "
            "Give the dates, or train a model on undated leads"
        )
    matrix = features.build(tables, snapshots, model.plan, points)
    prediction = model.predict(matrix)
    score = np.where(still_open, prediction.score, np.nan)
    return Said(
        score=score,
        stop_risk=np.where(still_open, prediction.stop_risk, np.nan),
        percentile=np.where(np.isnan(score), np.nan, prediction.percentile),
        prediction=prediction,
        matrix=matrix,
    )


def effects(model: ReadinessModel | None, said: Said) -> Floats | None:
    """Return each group's effect on the logit of the score, n × groups, NaN where there is no score.

    None without a model.
    """
    if model is None or said.matrix is None:
        return None
    matrix, score = said.matrix, said.score
    found = np.full((len(matrix), len(model.plan.groups)), np.nan)
    scored = np.flatnonzero(~np.isnan(score))
    if not len(scored):
        return found
    horizon = math.inf if model.horizon_days is None else model.horizon_days
    single = explained(model.incidence, matrix[scored], horizon).values
    total = np.zeros((len(scored), found.shape[1]))
    for groups, columns in _turns(model.plan):
        total[:, groups] += single[:, columns]
    found[scored] = total
    return found


@lru_cache(maxsize=16)
def _turns(plan: FeaturePlan) -> tuple[tuple[Ints, Ints], ...]:
    """Return which columns are added to which groups, turn by turn.

    Column by column, in the plan's order: the same bits for one lead and for many. The first columns of all
    groups are added at once, then the second ones.
    """
    groups = tuple(plan.group_columns().values())
    turns = []
    for turn in range(max(map(len, groups), default=0)):
        longer = [group for group, columns in enumerate(groups) if len(columns) > turn]
        turns.append((_places(longer), _places([groups[group][turn] for group in longer])))
    return tuple(turns)


def _places(numbers: list[int]) -> Ints:
    return np.array(numbers, dtype=np.int64)
