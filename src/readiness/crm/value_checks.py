"""What must stand in the cells of the tables, whatever their rows' times: values, words, leads that exist."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from readiness.crm.cell_rules import NOT_A_NUMBER
from readiness.crm.findings import UNKNOWN_WORD, Broken, Finding, leads_of, where
from readiness.crm.records import NO_INSTANT
from readiness.crm.rules import (
    CONFLICTING_LEAD,
    COPIED_LEAD,
    MISSING_END_DATE,
    MISSING_VALUE,
    NOT_A_PROBABILITY,
    UNKNOWN_DECISION,
    UNKNOWN_DIRECTION,
    UNKNOWN_LEAD,
    UNKNOWN_OUTCOME,
)
from readiness.crm.tables import Coded, Flags, Leads, Tables


def required_values(draft: Tables, broken: Broken) -> Iterator[Finding]:
    """Find empty cells where something must stand."""
    cells: list[tuple[str, str, Flags]] = []
    if len(draft.activities):
        cells.append(("activities", "occurred_at", draft.activities.occurred_at == NO_INSTANT))
        cells.append(("activities", "type", draft.activities.type.codes < 0))
        cells.append(("activities", "direction", draft.activities.direction == -1))
    if len(draft.answers):
        cells.append(("answers", "answered_at", draft.answers.answered_at == NO_INSTANT))
        cells.append(("answers", "field", draft.answers.field.codes < 0))
    if len(draft.outcomes):
        cells.append(("outcomes", "outcome", draft.outcomes.outcome == -1))
    if len(draft.handovers):
        cells.append(("handovers", "handed_over_at", draft.handovers.handed_over_at == NO_INSTANT))
    if draft.dated:
        cells.append(("leads", "created_at", draft.leads.created_at == NO_INSTANT))
    for table, column, missing in cells:
        reported = broken.get((table, column))
        rows = where(missing if reported is None else missing & ~reported)
        yield Finding(MISSING_END_DATE if table == "outcomes" else MISSING_VALUE, table, column, rows)


def words(draft: Tables, broken: Broken) -> Iterator[Finding]:
    """Find words that are none of ours; those that are told already are not told again."""
    columns = (
        (UNKNOWN_DIRECTION, "activities", "direction", draft.activities.direction),
        (UNKNOWN_OUTCOME, "outcomes", "outcome", draft.outcomes.outcome),
        (UNKNOWN_DECISION, "handovers", "decision", draft.handovers.decision),
    )
    for rule, table, name, codes in columns:
        reported = broken.get((table, name))
        strange = codes == UNKNOWN_WORD
        yield Finding(rule, table, name, where(strange if reported is None else strange & ~reported))


def finite_numbers(draft: Tables, _: Broken) -> Iterator[Finding]:
    """Find infinite numbers."""
    columns = [
        ("leads", name, each) for name, each in draft.leads.attributes.items() if not isinstance(each, Coded)
    ]
    columns.append(("activities", "value", draft.activities.value))
    columns.append(("handovers", "propensity", draft.handovers.propensity))
    if np.isinf(np.concatenate([values for *_, values in columns])).any():
        for table, name, values in columns:
            yield Finding(NOT_A_NUMBER, table, name, where(np.isinf(values)))


def probabilities(draft: Tables, _: Broken) -> Iterator[Finding]:
    """Find probabilities below 0 or above 1."""
    propensity = draft.handovers.propensity
    if len(propensity):
        outside = np.isfinite(propensity) & ((propensity < 0) | (propensity > 1))
        yield Finding(NOT_A_PROBABILITY, "handovers", "propensity", where(outside))


def known_leads(draft: Tables, broken: Broken) -> Iterator[Finding]:
    """Find rows of leads that do not exist."""
    for table, lead in leads_of(draft):
        reported = broken.get((table, "lead_id"))
        yield Finding(
            UNKNOWN_LEAD, table, "lead_id", where(lead < 0 if reported is None else (lead < 0) & ~reported)
        )


def one_row_a_lead(draft: Tables, _: Broken) -> Iterator[Finding]:
    """Find leads that stand twice, alike or not."""
    ids = draft.leads.lead_id.tolist()
    if len(set(ids)) == len(ids):
        return
    by_id: dict[str, list[int]] = defaultdict(list)
    for row, lead_id in enumerate(ids):
        by_id[lead_id].append(row)
    copies: list[int] = []
    conflicts: list[int] = []
    for rows in by_id.values():
        if len(rows) > 1:
            alike = len({_content(draft.leads, row) for row in rows}) == 1
            copies += rows[1:] if alike else []
            conflicts += [] if alike else rows
    yield Finding(COPIED_LEAD, "leads", "lead_id", np.array(sorted(copies), dtype=np.int64))
    yield Finding(CONFLICTING_LEAD, "leads", "lead_id", np.array(sorted(conflicts), dtype=np.int64))


def _content(leads: Leads, row: int) -> tuple[object, ...]:
    columns: list[NDArray[Any]] = [leads.created_at, leads.last_known_at, leads.source.codes]
    columns += leads.identities.values()
    columns += [a.codes if isinstance(a, Coded) else a for a in leads.attributes.values()]
    return tuple(str(column[row]) for column in columns)
