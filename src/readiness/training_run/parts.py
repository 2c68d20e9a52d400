"""The parts of the leads in which a model is judged apart: by age, source and segment."""

from __future__ import annotations

from typing import Final

import numpy as np

from readiness.counting import counted
from readiness.crm.tables import Floats
from readiness.history.feature_plan import Feature
from readiness.judging.parts import MOST, Part
from readiness.learning.baselines import AGES
from readiness.training_run.material import Material

SEGMENTS: Final = 6
"""So many columns of a few values each are taken as segments, the first in the plan."""

_SAME: Final = 0.02


def parts(material: Material) -> tuple[Part, ...]:
    """Say how the snapshots fall into parts: by age, by source, and by each attribute of a few values.

    Returns
    -------
    tuple of Part
        No ages in undated data; only attributes with at most 12 values.
    """
    features = material.plan.features
    attributes = [
        (column, feature)
        for column, feature in enumerate(features)
        if feature.kind == "category"
        and feature.measure == "attribute:category"
        and 2 <= len(feature.levels) <= MOST
    ]
    sources = [(column, each) for column, each in enumerate(features) if each.measure == "source"]
    by_value = [_by_value(material.X[:, column], each) for column, each in sources + attributes[:SEGMENTS]]
    return (*_by_age(material.ages), *by_value)


def _by_value(codes: Floats, feature: Feature) -> Part:
    return Part(feature.of or feature.name, codes.astype(np.int64), (*feature.levels, "other", "not known"))


def _by_age(age: Floats) -> tuple[Part, ...]:
    """Cut the ages; where all in a part are the same, as at fixed days after creation, it is called by it."""
    if not len(age) or np.isnan(age).any():
        return ()
    code = np.searchsorted(AGES, age, side="right")
    names = []
    for place, (low, high) in enumerate(zip((0.0, *AGES), (*AGES, np.inf), strict=True)):
        here = age[code == place]
        middle = float(np.median(here)) if len(here) else 0.0
        fixed = len(here) and float(np.ptp(here)) <= _SAME * max(middle, 1.0)
        names.append(_age(middle) if fixed else _between(low, high))
    return (Part("age", code, tuple(names)),)


def _age(days: float) -> str:
    if days < 1.0:
        return f"{counted(round(24 * days), 'hour')} after creation"
    return f"{counted(round(days), 'day')} after creation"


def _between(low: float, high: float) -> str:
    if low == 0.0:
        return f"up to {24 * high:.0f} hours old"
    return f"{low:g} to {high:g} days old" if np.isfinite(high) else f"more than {low:g} days old"
