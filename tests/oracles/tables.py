"""The tables' doors done slowly: plain loops over records."""

from __future__ import annotations

import math
from collections.abc import Sequence

from readiness.crm.records import Activity, Lead, Outcome
from readiness.crm.tables import Activities, Tables


def activities_in_order(leads: Sequence[Lead], activities: Sequence[Activity]) -> list[tuple[object, ...]]:
    """Return the activities sorted by lead, instant, content, one by one."""
    position = {lead.lead_id: number for number, lead in enumerate(leads)}

    def key(row: Activity) -> tuple[object, ...]:
        value = math.inf if row.value is None else row.value
        direction = ["inbound", "outbound"].index(row.direction)
        return (
            position[row.lead_id],
            row.occurred_at,
            row.type,
            direction,
            row.channel or "",
            value,
            row.detail or "",
        )

    return [
        (
            row.lead_id,
            row.occurred_at,
            row.type,
            row.direction,
            row.channel or None,
            row.value,
            row.detail or None,
        )
        for row in sorted(activities, key=key)
    ]


def rows_of(tables: Tables, activities: Activities) -> list[tuple[object, ...]]:
    """Return the activities of tables, one by one."""
    return [
        (
            tables.leads.lead_id[activities.lead[row]],
            int(activities.occurred_at[row]),
            activities.type.at(row),
            ("inbound", "outbound")[activities.direction[row]],
            activities.channel.at(row),
            None if math.isnan(activities.value[row]) else float(activities.value[row]),
            activities.detail.at(row),
        )
        for row in range(len(activities))
    ]


def second_ends(outcomes: Sequence[Outcome]) -> set[int]:
    """Return the final rows of outcomes that are neither a lead's first final one nor its first stop."""
    final = [n for n, row in enumerate(outcomes) if row.outcome in ("closed_won", "stop_calling")]
    kept = set()
    for words in (("closed_won", "stop_calling"), ("stop_calling",)):
        first: dict[str, int] = {}
        for number in (n for n in final if outcomes[n].outcome in words):
            held = first.get(outcomes[number].lead_id)
            if held is None or _earlier(outcomes[number], outcomes[held]):
                first[outcomes[number].lead_id] = number
        kept |= set(first.values())
    return set(final) - kept


def _earlier(one: Outcome, other: Outcome) -> bool:
    def key(row: Outcome) -> tuple[float, bool]:
        return (math.inf if row.occurred_at is None else row.occurred_at, row.outcome != "stop_calling")

    return key(one) < key(other)
