"""What is in the data that a report speaks of: how many leads, from when to when, and how they ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from readiness.crm.records import OUTCOMES, iso
from readiness.crm.tables import Tables


@dataclass(frozen=True, slots=True)
class Population:
    """Counts and period; instants are ISO 8601 in UTC, None where there is none."""

    leads: int
    activities: int
    first_created: str | None
    observed_through: str | None
    ended: Mapping[str, int]
    """Leads by how they ended last; the rest is still open."""

    @property
    def still_open(self) -> int:
        """Leads without an outcome: not known yet, never a no."""
        return self.leads - sum(self.ended.values())


def describe(tables: Tables) -> Population:
    """Count what is in the tables."""
    created = tables.leads.created_at
    ended = np.full(len(tables.leads), -1, dtype=np.int64)
    ended[tables.outcomes.lead] = tables.outcomes.outcome
    return Population(
        leads=len(tables.leads),
        activities=len(tables.activities),
        first_created=iso(int(created.min())) if tables.dated and len(created) else None,
        observed_through=iso(tables.observed_through) if tables.dated else None,
        ended={name: int((ended == code).sum()) for code, name in enumerate(OUTCOMES)},
    )
