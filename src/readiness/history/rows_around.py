"""How many rows a lead has before a look and after it, kind by kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from readiness.crm.records import DIRECTIONS
from readiness.crm.tables import Coded, Codes, Flags, Ints, Tables
from readiness.history.events import seen
from readiness.history.snapshots import Snapshots


@dataclass(frozen=True, slots=True)
class RowsAround:
    """Rows of one kind.

    Parameters
    ----------
    kind : str
        In words: "activities by web", "hand-overs".
    before, after : Ints, n looks
        How many lie before the look, and at or after it.
    """

    kind: str
    before: Ints
    after: Ints


def rows_around(tables: Tables, looks: Snapshots) -> Iterator[RowsAround]:
    """Count each lead's activities by channel, type and direction, its answers and its hand-overs.

    Parameters
    ----------
    looks : Snapshots, n rows
        At most one a lead.

    Returns
    -------
    iterator of RowsAround
        Only kinds of which there are rows.
    """
    acts = tables.activities
    past = seen(acts.starts, acts.occurred_at, looks.lead, looks.cutoff)
    direction = Coded(acts.direction.astype(np.int32), DIRECTIONS)
    for column, how in ((acts.channel, "by {}"), (acts.type, "of type {}"), (direction, "that are {}")):
        for code, level in enumerate(column.levels):
            rows = column.codes == code
            if rows.any():
                yield _around(f"activities {how.format(level)}", acts.lead[rows], past[rows], looks, tables)
    for kind, table, at in (
        ("answers", tables.answers, tables.answers.answered_at),
        ("hand-overs", tables.handovers, tables.handovers.handed_over_at),
    ):
        if len(table):
            yield _around(kind, table.lead, seen(table.starts, at, looks.lead, looks.cutoff), looks, tables)


def _around(kind: str, lead: Codes, past: Flags, looks: Snapshots, tables: Tables) -> RowsAround:
    leads = len(tables.leads)
    before = np.bincount(lead[past], minlength=leads).astype(np.int64)
    after = np.bincount(lead[~past], minlength=leads).astype(np.int64)
    return RowsAround(kind, before[looks.lead], after[looks.lead])
