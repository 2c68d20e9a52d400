"""The row identity of everything downstream: a lead at an instant."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from readiness.crm.records import NO_INSTANT
from readiness.crm.tables import Codes, Flags, Ints, Tables


@dataclass(frozen=True, slots=True)
class Snapshots:
    """n rows of (lead, cutoff): ``lead`` is a position in the tables' leads, ``cutoff`` an Instant.

    A snapshot is blind to everything at or after its cutoff. In undated tables the cutoff is
    NO_INSTANT: the snapshot sees the lead as it stands.
    """

    lead: Codes
    cutoff: Ints

    def __len__(self) -> int:
        return len(self.lead)

    def where(self, rows: Ints | Flags) -> Snapshots:
        """Return these rows, in this order."""
        return Snapshots(self.lead[rows], self.cutoff[rows])


def at(tables: Tables, cutoff: int | Ints) -> Snapshots:
    """Return one snapshot of every lead, in the order of the leads.

    Parameters
    ----------
    cutoff : Instant, or one a lead
        Ignored in undated tables, where the only cutoff is none.
    """
    n = len(tables.leads)
    instants = np.full(n, NO_INSTANT, dtype=np.int64)
    if tables.dated:
        instants[:] = cutoff
    return Snapshots(np.arange(n, dtype=np.int32), instants)
