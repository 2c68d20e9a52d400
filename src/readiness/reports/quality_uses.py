"""What a model makes of each of the leads' columns, and why of some it makes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from readiness.crm.quality.columns import Column
from readiness.crm.records import SUPPRESSION_FLAGS
from readiness.crm.tables import Tables
from readiness.history import profile_features


@dataclass(frozen=True, slots=True)
class Use:
    """What a model makes of a column: its kind, and in words as what it is read, or why it is not."""

    kind: Literal["number", "date", "category", "text", "nothing"]
    how: str

    @property
    def read(self) -> bool:
        """Whether a model reads it."""
        return self.kind in {"number", "date", "category"}


def uses(tables: Tables, columns: Sequence[Column], min_leads: int) -> dict[str, Use]:
    """Say of each column what a model makes of it.

    Parameters
    ----------
    columns : sequence of Column
        Of these tables.
    min_leads : int
        No value that fewer leads share enters a model.
    """
    everyone = np.arange(len(tables.leads), dtype=np.int64)
    planned = {
        feature.of: feature
        for feature in profile_features.features(tables.leads, everyone, tables.dated, min_leads)
    }
    written = profile_features.free_texts(tables.leads)
    found = {}
    for column in columns:
        feature = planned.get(column.name)
        if column.role == "identity":
            found[column.name] = Use("nothing", "identity: never read")
        elif column.name.lower() in SUPPRESSION_FLAGS:
            found[column.name] = Use("nothing", "a rule reads it: yes means never call")
        elif column.filled == 0:
            found[column.name] = Use("nothing", "empty")
        elif column.filled < min_leads:
            found[column.name] = Use("nothing", f"fewer than {min_leads} leads have it")
        elif column.constant:
            found[column.name] = Use("nothing", "says nothing: always the same")
        elif feature is None:
            found[column.name] = _unused(column, min_leads, column.name in written)
        elif feature.kind == "category":
            kinds = len(feature.levels)
            found[column.name] = Use("category", f"{kinds} {'category' if kinds == 1 else 'categories'}")
        else:
            dates = feature.measure == "attribute:date"
            found[column.name] = Use("date", "days since") if dates else Use("number", "number")
    return found


def _unused(column: Column, min_leads: int, written: bool) -> Use:
    if written:
        return Use("text", "nothing: free text")
    if column.rare:
        return Use("text", f"nothing: no value is shared by {min_leads} leads")
    return Use("nothing", "dates: without created_at there is nothing to count from")
