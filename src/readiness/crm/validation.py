"""What must be true of the tables before anybody works with them, each rule with a stable name.

The checks read typed columns whose rows lie in the order given, so the same rules hold for records,
data frames and files. Each says which rows break it; nobody stops at the first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, TypeAlias

import numpy as np

from readiness.crm import time_checks, value_checks
from readiness.crm.findings import TABLES, UNKNOWN_WORD, Broken, Finding, leads_of
from readiness.crm.rules import END_IN_DOUBT, LEAD_REFUSED
from readiness.crm.tables import Flags, Ints, Tables

__all__ = (
    "CHECKS",
    "TABLES",
    "UNKNOWN_WORD",
    "Broken",
    "Check",
    "Finding",
    "examine",
    "orphans",
    "refused_leads",
)


def examine(draft: Tables, broken: Broken | None = None) -> list[Finding]:
    """Return everything that is wrong with tables whose rows lie in the order given.

    Parameters
    ----------
    draft : Tables
        Typed but unchecked: an event's ``lead`` is -1 where no such lead exists, a word is
        UNKNOWN_WORD where it is none of those allowed. Events of a lead that stands twice point
        to the first of its rows.
    broken : mapping of (table, column) to Flags, optional
        Cells that could not be read at all and are reported elsewhere.
    """
    findings = [found for check in CHECKS for found in check(draft, broken or {})]
    return [found for found in findings if len(found.rows)]


def refused_leads(draft: Tables, findings: Sequence[Finding], named: Ints) -> list[Finding]:
    """Return the leads whose end is in doubt because a row of outcomes was refused.

    Parameters
    ----------
    named : Ints
        Further leads of which that is known otherwise.
    """
    doubted = [
        draft.outcomes.lead[found.rows]
        for found in findings
        if found.table == "outcomes" and found.rule.refuses and found.rule.doubts_end
    ]
    leads = np.unique(np.concatenate([named, *doubted]))
    rows = leads[leads >= 0]
    return [Finding(END_IN_DOUBT, "leads", None, rows)] if len(rows) else []


def orphans(draft: Tables, accepted: Mapping[str, Flags]) -> list[Finding]:
    """Return the rows of leads that are not accepted; a row with a fault of its own is told by that one.

    Parameters
    ----------
    accepted : by table
        Which rows have no fault of their own.
    """
    found = []
    leads = np.append(accepted["leads"], True)
    for table, lead in leads_of(draft):
        rows = np.flatnonzero((lead >= 0) & accepted[table] & ~leads[lead])
        if len(rows):
            found.append(Finding(LEAD_REFUSED, table, "lead_id", rows))
    return found


Check: TypeAlias = Callable[[Tables, Broken], Iterable[Finding]]

CHECKS: Final[tuple[Check, ...]] = (
    value_checks.one_row_a_lead,
    value_checks.known_leads,
    value_checks.required_values,
    value_checks.words,
    value_checks.finite_numbers,
    value_checks.probabilities,
    time_checks.no_events_without_time,
    time_checks.no_end_before_creation,
    time_checks.no_record_before_creation,
    time_checks.one_final_end,
    time_checks.decided_after_handover,
    time_checks.instants_of_a_crm,
)
"""Every check of typed rows; one more defect is one more entry."""
