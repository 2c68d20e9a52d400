"""Snapshots cut into chunks of about equal work, each with the tables of its own leads only.

What is said of a snapshot depends on its own lead only, so where the cuts lie changes no bit: it bounds
how much memory is touched at a time, and lets several threads work side by side.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias, TypeVar

import numpy as np

from readiness.crm.tables import Activities, Answers, Attribute, Coded, Codes, Ints, Leads, Tables
from readiness.history import events
from readiness.history.blocks import edges
from readiness.history.snapshots import Snapshots

Rows: TypeAlias = Ints | slice
"""Row numbers of a whole table: a list of them, or a run without gaps."""

Dated = TypeVar("Dated", Activities, Answers)

CHUNK: Final = 262_144
"""About so many rows of snapshots, activities and answers make a chunk: few enough for a near cache."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some snapshots with the leads, activities and answers that are theirs.

    ``tables`` counts its leads from 0; texts keep the codes of the whole. Outcomes and hand-overs stay
    those of all leads: whoever reads them asks the whole.
    """

    rows: Rows
    """Which snapshots of the whole these are."""
    tables: Tables
    snapshots: Snapshots
    activities: Rows
    """Which rows of the whole table its activities are."""
    answers: Rows
    """The same of its answers."""


def whole(tables: Tables, snapshots: Snapshots) -> Chunk:
    """Return everything as one chunk."""
    everything = slice(0, None)
    return Chunk(everything, tables, snapshots, everything, everything)


def cut(tables: Tables, snapshots: Snapshots, size: int = CHUNK) -> list[Chunk]:
    """Cut n snapshots, in any order, into chunks of about ``size`` rows.

    Parameters
    ----------
    size : int
        Rows of snapshots, activities and answers together. A lead's rows count once for each of its
        snapshots; a snapshot is never cut, however long its history.

    Returns
    -------
    list of Chunk, at least one
        Their ``rows`` hold every snapshot once.
    """
    lead = snapshots.lead
    rows_of = np.diff(tables.activities.starts) + np.diff(tables.answers.starts) + 1
    if len(lead) + int(rows_of.sum()) <= size:
        return [whole(tables, snapshots)]
    ascends = bool((lead[1:] >= lead[:-1]).all())
    order = None if ascends else np.argsort(lead, kind="stable")
    cuts = edges(rows_of[lead if order is None else lead[order]], size)
    return [
        part(tables, snapshots, slice(first, last) if order is None else order[first:last])
        for first, last in itertools.pairwise(cuts)
    ] or [part(tables, snapshots, slice(0, 0))]


def part(tables: Tables, snapshots: Snapshots, rows: Rows) -> Chunk:
    """Return some of the snapshots, in the order of their leads, with what is theirs."""
    lead = snapshots.lead[rows]
    fresh = events.changes(lead)
    own = lead[fresh].astype(np.int64)
    # Leads that lie side by side are looked at where they are; others are fetched.
    together = len(own) == 0 or int(own[-1] - own[0]) + 1 == len(own)
    first = int(own[0]) if len(own) else 0
    local = (fresh.cumsum() - 1).astype(np.int32)
    if together and len(own) == len(tables.leads):
        # Of all leads nothing has to be cut out.
        everything = slice(0, None)
        return Chunk(rows, tables, Snapshots(local, snapshots.cutoff[rows]), everything, everything)
    leads: Rows = slice(first, first + len(own)) if together else own
    activities, activity_rows = _dated(tables.activities, leads)
    answers, answer_rows = _dated(tables.answers, leads)
    return Chunk(
        rows=rows,
        tables=replace(tables, leads=_leads(tables.leads, leads), activities=activities, answers=answers),
        snapshots=Snapshots(local, snapshots.cutoff[rows]),
        activities=activity_rows,
        answers=answer_rows,
    )


def earlier(chunk: Chunk, length: int) -> Chunk:
    """Return the chunk as it was so many microseconds before each cutoff; only dated tables have a before."""
    back = Snapshots(chunk.snapshots.lead, chunk.snapshots.cutoff - length)
    return replace(chunk, snapshots=back)


def place(rows: Ints, within: Rows) -> Ints:
    """Say where a chunk's rows lie in the whole table; what points to no row (below 0) stays as it is."""
    if not isinstance(within, slice):
        return np.where(rows < 0, rows, np.append(within, 0)[rows])
    return rows if within.start == 0 else np.where(rows < 0, rows, rows + within.start)


def _leads(leads: Leads, rows: Rows) -> Leads:
    return Leads(
        lead_id=leads.lead_id[rows],
        created_at=leads.created_at[rows],
        last_known_at=leads.last_known_at[rows],
        source=leads.source.take(rows),
        attributes={name: _attribute(column, rows) for name, column in leads.attributes.items()},
        identities={name: column[rows] for name, column in leads.identities.items()},
    )


def _attribute(column: Attribute, rows: Rows) -> Attribute:
    return column.take(rows) if isinstance(column, Coded) else column[rows]


def _dated(table: Dated, leads: Rows) -> tuple[Dated, Rows]:
    lead: Codes
    if isinstance(leads, slice):
        starts = table.starts[leads.start : leads.stop + 1]
        rows: Rows = slice(int(starts[0]), int(starts[-1]))
        starts = starts - starts[0]
        lead = table.lead[rows] - np.int32(leads.start)
    else:
        starts = np.zeros(len(leads) + 1, dtype=np.int64)
        np.cumsum(table.starts[leads + 1] - table.starts[leads], out=starts[1:])
        owner, rows = events.pairs(table.starts[leads], table.starts[leads + 1])
        lead = owner.astype(np.int32)
    columns: dict[str, Any] = {
        name: _attribute(getattr(table, name), rows)
        for name in table.__slots__
        if name not in ("lead", "starts")
    }
    return replace(table, lead=lead, starts=starts, **columns), rows
