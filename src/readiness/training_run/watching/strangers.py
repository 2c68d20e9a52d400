"""Values that a model never met, named where so many leads share one that it tells of none of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from readiness.crm.contract import nearest_name
from readiness.crm.tables import Coded, Ints, Leads
from readiness.history.feature_plan import FeaturePlan
from readiness.history.profile_features import SOURCE

MOST: Final = 3
"""So many of a column are named."""

_WORDS: Final = ("attribute:category", "source")


@dataclass(frozen=True, slots=True)
class Stranger:
    """A value that the model never met, how many leads have it, and a value it knows that is spelt alike."""

    value: str
    leads: int
    like: str | None

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {"value": self.value, "leads": self.leads, "like": self.like}


def strangers(leads: Leads, rows: Ints, plan: FeaturePlan) -> dict[str, tuple[Stranger, ...]]:
    """Name the values of some leads that the model never met, by column, the most frequent first.

    Parameters
    ----------
    leads : Leads
    rows : Ints
        Which of them; none twice.
    plan : FeaturePlan
        A value that fewer leads share than a plan may name is not named here either.

    Returns
    -------
    dict
        Only columns with such a value.
    """
    found = {}
    for feature in plan.features:
        column = leads.source if feature.of == SOURCE else leads.attributes.get(feature.of)
        if feature.measure not in _WORDS or not isinstance(column, Coded):
            continue
        codes = column.codes[rows]
        held = np.bincount(codes[codes >= 0], minlength=len(column.levels))
        named = [
            Stranger(level, int(count), nearest_name(level, feature.levels))
            for level, count in zip(column.levels, held.tolist(), strict=True)
            if count >= max(plan.min_leads, 1) and level not in feature.levels
        ]
        if named:
            named.sort(key=lambda each: (-each.leads, each.value))
            found[feature.of] = tuple(named[:MOST])
    return found


def said(named: tuple[Stranger, ...]) -> str:
    """Name them in a sentence; empty where there are none.

    >>> said((Stranger("de", 40, "DE"), Stranger("Spain", 12, None)))
    'Most often: “de” (40 leads; perhaps “DE” spelt otherwise), “Spain” (12 leads).'
    """
    if not named:
        return ""
    parts = [
        f"“{each.value}” ({each.leads:,} leads"
        + (f"; perhaps “{each.like}” spelt otherwise)" if each.like is not None else ")")
        for each in named
    ]
    return f"Most often: {', '.join(parts)}."
