"""Where leads are, told slowly: one lead, one month, one activity at a time."""

from __future__ import annotations

import math
from collections import Counter

from readiness.crm.records import MICROSECONDS_PER_DAY, NO_INSTANT, Instant
from readiness.crm.tables import Tables


def moves(
    looks: dict[tuple[int, int], int], ends: dict[int, tuple[int, float]], months: int
) -> Counter[tuple[int, int]]:
    """How often each kind was followed by each state a month later.

    ``looks`` says of which kind a lead was in which month, ``ends`` in which month (with a fraction) it
    ended, and how; months are numbers from 0.
    """
    found: Counter[tuple[int, int]] = Counter()
    for (lead, month), kind in looks.items():
        if month >= months - 1:
            continue
        event, when = ends.get(lead, (0, math.inf))
        if event and month <= when < month + 1:
            found[kind, 5 + event] += 1
        elif (lead, month + 1) in looks:
            found[kind, looks[lead, month + 1]] += 1
    return found


def waiting(tables: Tables, lead: int, cutoff: Instant, sales_types: set[str]) -> float:
    """How many days a lead has waited for somebody in sales to be in touch; NaN if somebody was."""
    begun = int(tables.leads.created_at[lead])
    for row in range(len(tables.handovers)):
        at = int(tables.handovers.handed_over_at[row])
        if tables.handovers.lead[row] == lead and at < cutoff:
            begun = max(begun, at) if begun != NO_INSTANT else at
    kinds = tables.activities.type.texts()
    for row in range(len(tables.activities)):
        at = int(tables.activities.occurred_at[row])
        if tables.activities.lead[row] == lead and kinds[row] in sales_types and begun <= at < cutoff:
            return math.nan
    return (cutoff - begun) / MICROSECONDS_PER_DAY
