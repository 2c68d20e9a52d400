"""Where in an export the row of a lead stands, found only when somebody asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from readiness.crm import cells
from readiness.crm.frames import Given
from readiness.crm.records import NO_INSTANT, Instant
from readiness.crm.tables import Ints

INSTANTS: Final = {
    "activities": "occurred_at",
    "answers": "answered_at",
    "outcomes": "occurred_at",
    "handovers": "handed_over_at",
}


@dataclass(frozen=True, slots=True)
class _Index:
    """The rows of one table by lead."""

    level: Mapping[str, int]
    codes: Ints
    """Sorted."""
    rows: Ints
    at: Ints


@dataclass(slots=True)
class Whereabouts:
    """Finds rows of what was given by their lead and instant."""

    given: Mapping[str, Given]
    _indices: dict[str, _Index] = field(default_factory=dict)

    def __call__(self, table: str, lead_id: str, at: Instant) -> tuple[str, int | None]:
        """Return the file and line of the first such row; the table and None where none is found.

        Parameters
        ----------
        at : Instant
            NO_INSTANT: of a lead, or a row without a date.
        """
        if table not in self.given or "lead_id" not in self.given[table].rows.column_names:
            return table, None
        if table not in self._indices:
            self._indices[table] = _indexed(table, self.given[table])
        index = self._indices[table]
        code = index.level.get(lead_id, -1)
        first, last = np.searchsorted(index.codes, [code, code + 1])
        rows = index.rows[first:last]
        rows = rows[index.at[rows] == at] if code >= 0 else rows[:0]
        if not len(rows):
            return table, None
        origin, there = self.given[table].origin_of(int(rows.min()))
        return origin.label or table, origin.line(there)


def _indexed(table: str, given: Given) -> _Index:
    lead = cells.coded(given.rows.column("lead_id"))
    rows = np.argsort(lead.codes, kind="stable")
    name = INSTANTS.get(table)
    if name is None or name not in given.rows.column_names:
        at = np.full(len(lead), NO_INSTANT, dtype=np.int64)
    else:
        at = cells.instants(given.rows.column(name)).at
    level = {text: number for number, text in enumerate(lead.levels)}
    return _Index(level, lead.codes[rows].astype(np.int64), rows, at)
