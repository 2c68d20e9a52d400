"""Rows of a lead that lie before its creation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from readiness.crm.records import NO_INSTANT
from readiness.crm.tables import Codes, Ints, Tables
from readiness.crm.time_checks import first_instant_of


@dataclass(frozen=True, slots=True)
class Early:
    """How many rows of one table lie before their lead's creation, and how many leads have any."""

    table: str
    rows: int
    leads: int


def before_creation(tables: Tables) -> tuple[Early, ...]:
    """Count the rows before their lead's creation, by table; tables without any are left out.

    A creation that is known to the day stands at the day's end: what happened on that day is not
    before it.
    """
    floor = first_instant_of(tables.leads.created_at)
    given = (
        ("activities", tables.activities.lead, tables.activities.occurred_at),
        ("answers", tables.answers.lead, tables.answers.answered_at),
        ("handovers", tables.handovers.lead, tables.handovers.handed_over_at),
    )
    found = (_early(table, lead, at, floor) for table, lead, at in given)
    return tuple(early for early in found if early.rows)


def _early(table: str, lead: Codes, at: Ints, floor: Ints) -> Early:
    rows = lead[(at != NO_INSTANT) & (at < floor[lead])]
    return Early(table, len(rows), len(np.unique(rows)))
