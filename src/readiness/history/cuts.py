"""The tables as they were at an earlier instant, with nothing in them that came later."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

import numpy as np

from readiness.crm.records import NO_INSTANT, Instant
from readiness.crm.tables import (
    Activities,
    Answers,
    Attribute,
    Coded,
    Flags,
    Handovers,
    Ints,
    Leads,
    Outcomes,
    Tables,
    starts_of,
)
from readiness.crm.tables import handovers as sort_handovers

Rows = TypeVar("Rows", Activities, Answers, Outcomes, Handovers)


def cut(tables: Tables, instant: Instant) -> Tables:
    """Return the tables as they were known at an instant.

    Rows at or after the instant are gone, and so are leads created at or after it; a hand-over not
    yet decided has no decision. Texts that only later rows held are gone from the levels too. An end
    without a date stays: nobody can say that it came later, and without it the lead would look open.

    Parameters
    ----------
    tables : Tables
    instant : Instant
        Later than ``observed_through`` adds nothing. Ignored in undated tables, which are returned as
        they are.

    Returns
    -------
    Tables
        ``observed_through`` is the instant, at most what it was. ``last_known_at`` at or after it is
        none: that the record would be lost later was not known yet. Leads keep their order; their
        positions close up.
    """
    if not tables.dated:
        return tables
    kept = tables.leads.created_at < instant
    position = np.cumsum(kept) - 1
    handovers = _rows(tables.handovers, tables.handovers.handed_over_at, kept, position, instant)
    return replace(
        tables,
        leads=_leads(tables.leads, kept, instant),
        activities=_rows(tables.activities, tables.activities.occurred_at, kept, position, instant),
        answers=_rows(tables.answers, tables.answers.answered_at, kept, position, instant),
        outcomes=_rows(tables.outcomes, tables.outcomes.occurred_at, kept, position, instant),
        handovers=_undecided(handovers, instant),
        observed_through=min(instant, tables.observed_through),
    )


def compact(column: Coded) -> Coded:
    """Return the same texts, with only those levels that a row holds, in their old order."""
    used = np.zeros(len(column.levels), dtype=np.bool_)
    used[column.codes[column.codes >= 0]] = True
    renumbered = np.append(np.cumsum(used) - 1, -1).astype(np.int32)
    levels = tuple(level for level, held in zip(column.levels, used, strict=True) if held)
    return Coded(renumbered[column.codes], levels)


def _leads(leads: Leads, kept: Flags, instant: Instant) -> Leads:
    last_known = leads.last_known_at[kept]
    return Leads(
        lead_id=leads.lead_id[kept],
        created_at=leads.created_at[kept],
        last_known_at=np.where(last_known >= instant, NO_INSTANT, last_known),
        source=compact(leads.source.take(kept)),
        attributes={name: _attribute(column, kept) for name, column in leads.attributes.items()},
        identities={name: column[kept] for name, column in leads.identities.items()},
    )


def _attribute(column: Attribute, kept: Flags) -> Attribute:
    return compact(column.take(kept)) if isinstance(column, Coded) else column[kept]


def _rows(table: Rows, at: Ints, kept: Flags, position: Ints, instant: Instant) -> Rows:
    seen = (at < instant) & kept[table.lead]
    columns: dict[str, Any] = {}
    for name in table.__slots__:
        column = getattr(table, name)
        if isinstance(column, Coded):
            columns[name] = compact(column.take(seen))
        elif name not in ("lead", "starts"):
            columns[name] = column[seen]
    lead = position[table.lead[seen]].astype(np.int32)
    return replace(table, lead=lead, starts=starts_of(lead, int(kept.sum())), **columns)


def _undecided(handovers: Handovers, instant: Instant) -> Handovers:
    pending = handovers.decided_at >= instant
    reason = Coded(np.where(pending, np.int32(-1), handovers.reason.codes), handovers.reason.levels)
    # Sorted anew: what was decided later must not show in the order of two hand-overs at one instant.
    return sort_handovers(
        leads=len(handovers.starts) - 1,
        lead=handovers.lead,
        handed_over_at=handovers.handed_over_at,
        decided_at=np.where(pending, NO_INSTANT, handovers.decided_at),
        decision=np.where(pending, np.int8(-1), handovers.decision),
        reason=compact(reason),
        propensity=handovers.propensity,
    )
