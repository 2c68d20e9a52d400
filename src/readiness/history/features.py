"""From snapshots to the matrix that the model reads: which columns there are, and their values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from readiness.crm.records import SUPPRESSION_FLAGS
from readiness.crm.tables import Floats, Tables
from readiness.errors import ModelError
from readiness.history import activity_features, activity_plan, answer_features, events, profile_features
from readiness.history.feature_plan import Feature, FeaturePlan, assemble
from readiness.history.snapshots import Snapshots

__all__ = ["POINTS", "Feature", "FeaturePlan", "build", "plan"]

MIN_LEADS = 10
"""A name that fewer leads share could tell who they are."""


POINTS: Final = Feature("points_card", "number", "Points by the agreement", "points")
"""The one feature that is not measured here: points that the rules give, handed over as a number."""


def plan(
    tables: Tables,
    snapshots: Snapshots,
    *,
    min_leads: int = MIN_LEADS,
    exclude: Sequence[str] = (),
    points: bool = False,
) -> FeaturePlan:
    """Choose the features that these snapshots support.

    Only what the snapshots see shows in a plan: their leads' columns, and rows before a cutoff.
    Identities, hand-overs, outcomes and suppression flags are never features, and neither is the calendar.

    Parameters
    ----------
    tables : Tables
    snapshots : Snapshots, n rows
        Those to be learned from. Without any there are hardly any features.
    min_leads : int
        No level, activity type or answer field is named that fewer leads share.
    exclude : sequence of str
        Lead columns, activity types, answer fields, features or groups to leave out.
    points : bool
        Whether the points of a points card, which `build` is then given, are the last feature.

    Returns
    -------
    FeaturePlan
        Profile first, then activities, then answers; the same whatever the order of the rows.
    """
    looked_at = np.unique(snapshots.lead).astype(np.int64)
    chosen = [*profile_features.features(tables.leads, looked_at, tables.dated, min_leads)]
    if tables.dated:
        for module, table, at in (
            (activity_plan, tables.activities, tables.activities.occurred_at),
            (answer_features, tables.answers, tables.answers.answered_at),
        ):
            visible = events.seen(table.starts, at, snapshots.lead, snapshots.cutoff)
            chosen += module.features(table, visible, min_leads)
    chosen += [POINTS] * points
    return assemble(
        chosen,
        min_leads=min_leads,
        columns=list(tables.leads.attributes),
        expected=list(profile_features.usually_known(tables.leads, looked_at)),
        exclude=(*exclude, *_suppression_flags(tables)),
    )


def _suppression_flags(tables: Tables) -> list[str]:
    # Whoever may not be called is never called, whatever the score: a flag is a rule's business, and
    # as a feature it would tell the model of ends that CRMs note in it afterwards.
    names = (*tables.leads.attributes, *tables.answers.field.levels)
    return sorted({name for name in names if name.lower() in SUPPRESSION_FLAGS})


@dataclass(frozen=True, slots=True)
class _Programs:
    profile: tuple[Feature, ...]
    activities: activity_features.Program
    answers: answer_features.Program
    points: bool


@lru_cache(maxsize=16)
def _programs(plan: FeaturePlan) -> _Programs:
    # Assembled in the order profile, activities, answers: three runs of columns.
    profile = tuple(f for f in plan.features if f.measure.startswith(_PROFILE))
    answers = tuple(f for f in plan.features if f.measure.startswith("answer"))
    points = tuple(f for f in plan.features if f.measure == POINTS.measure)
    activities = plan.features[len(profile) : len(plan) - len(answers) - len(points)]
    if (*profile, *activities, *answers, *points) != plan.features:
        raise ModelError(
            "The feature plan names its features out of order; expected the profile's first, then the "
            "activities', then the answers', then the points. Use a plan made by `features.plan`."
        )
    return _Programs(
        profile, activity_features.program(activities), answer_features.program(answers), bool(points)
    )


_PROFILE = ("age", "source", "attribute", "completeness")


def build(tables: Tables, snapshots: Snapshots, plan: FeaturePlan, points: Floats | None = None) -> Floats:
    """Measure a plan's features at the snapshots.

    A row depends on its own lead and cutoff alone: any split of the snapshots or of the leads gives
    the same bits. Nothing at or after a cutoff is read.

    Parameters
    ----------
    tables : Tables
        A column that the plan names and the tables lack is missing for all.
    snapshots : Snapshots, n rows
        In any order.
    plan : FeaturePlan, p features
    points : Floats, n, optional
        What the points card gives each snapshot; needed where the plan ends with it, else not read.

    Returns
    -------
    Floats, n × p, C-contiguous
        In the order of the snapshots and of the plan. NaN is missing; categories are codes.

    Raises
    ------
    ModelError
        If the plan's features are not in the order in which `plan` puts them, or it reads points and
        there are none.
    """
    order = np.argsort(snapshots.lead, kind="stable")
    sorted_already = bool(np.all(snapshots.lead[1:] >= snapshots.lead[:-1]))
    ranked = snapshots if sorted_already else snapshots.where(order)
    needed = _programs(plan)
    matrix = np.empty((len(snapshots), len(plan)), dtype=np.float64)
    if needed.points and points is None:
        raise ModelError("The feature plan reads the points card; give the points of each snapshot.")
    answered = len(plan) - needed.points
    first, last = len(needed.profile), answered - len(needed.answers.planned)
    profile_features.measure(tables, ranked, needed.profile, plan.columns, matrix[:, :first])
    activity_features.measure(tables.activities, ranked, needed.activities, matrix[:, first:last])
    answer_features.measure(tables.answers, ranked, needed.answers, matrix[:, last:answered])
    result = matrix
    if not sorted_already:
        result = np.empty_like(matrix)
        result[order] = matrix
    if needed.points and points is not None:
        result[:, -1] = points
    return result
