"""What was known of leads besides their acts: the columns that are held alike in a comparison."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from readiness.crm.tables import Flags, Floats, Ints, Tables
from readiness.history import features
from readiness.history.feature_plan import FeaturePlan
from readiness.history.snapshots import Snapshots
from readiness.learning.hazard_logistic import Encoding

_MEASURES: Final = ("source", "attribute:number", "attribute:category", "answer:number", "answer:category")
"""What a lead is and what it said; what it did is told apart, and its age is the baseline's."""
_STEPS: Final = 6
"""A number is a straight line and so many steps, as it may do anything to a hazard."""


@dataclass(frozen=True, slots=True)
class Confounders:
    """``columns[state[i]]`` is what was known of snapshot i; equal neighbours of one lead share a row."""

    columns: Floats
    """u × q"""
    state: Ints
    """n, ascending"""


def plan_of(tables: Tables, snapshots: Snapshots, exclude: Sequence[str] = ()) -> FeaturePlan:
    """Choose what leads are compared at: attributes, source and newest answers that enough leads share.

    Identities, outcomes and suppression flags are never among them.

    Parameters
    ----------
    tables : Tables
    snapshots : Snapshots, n rows
        Nothing that they do not see shows in the plan.
    exclude : sequence of str
        Lead columns or answer fields to leave out.
    """
    plan = features.plan(tables, snapshots, exclude=exclude)
    kept = tuple(each for each in plan.features if each.measure in _MEASURES)
    return FeaturePlan(kept, plan.min_leads)


def measure(tables: Tables, snapshots: Snapshots, plan: FeaturePlan, renewed: Flags) -> Confounders:
    """Encode what was known of each snapshot: a column a category, a line and steps a number.

    Parameters
    ----------
    snapshots : Snapshots, n rows
        By (lead, cutoff).
    plan : FeaturePlan
        From `plan_of`.
    renewed : Flags, n
        Where something of the plan may have become known since the row before; True at each lead's first.

    Returns
    -------
    Confounders, n rows
        What is missing has a column of its own, or stands at none of the steps.
    """
    X = features.build(tables, snapshots.where(renewed), plan)
    levels = np.array(
        [each.missing + 1 if each.kind == "category" else 0 for each in plan.features], np.int64
    )
    numbers = np.flatnonzero(levels == 0)
    X = np.concatenate([X, *(_stepped(X[:, [number]]) for number in numbers)], axis=1)
    levels = np.concatenate([levels, np.full(len(numbers), _STEPS, dtype=np.int64)])
    columns = Encoding.of(X, levels).design(X)
    return Confounders(columns[:, columns.any(axis=0)], np.cumsum(renewed) - 1)


def _stepped(values: Floats) -> Floats:
    """Return between which quantiles a number lies; NaN where it is missing."""
    known = values[~np.isnan(values)]
    edges = np.unique(np.quantile(known, np.arange(1, _STEPS) / _STEPS)) if len(known) else np.zeros(0)
    stepped: Floats = np.where(np.isnan(values), np.nan, np.searchsorted(edges, values, side="right"))
    return stepped
