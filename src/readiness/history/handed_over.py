"""What sales was really given: the hand-overs that took place around a snapshot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from readiness.crm.records import NO_INSTANT, days
from readiness.crm.tables import Flags, Floats, Ints, Tables
from readiness.history.events import first_at_or_after
from readiness.history.snapshots import HANDOVERS_ONLY, Snapshots, take


@dataclass(frozen=True, slots=True)
class HandedOver:
    """For each of n snapshots, whether its lead was really handed over before it and soon after it."""

    earlier: Flags
    """Before the cutoff."""
    row: Ints
    """The first hand-over at or after the cutoff and within the days asked for; -1 for none."""


def handed_over_around(tables: Tables, snapshots: Snapshots, *, within_days: float) -> HandedOver:
    """Say which leads were really handed over before their snapshot, and which within some days after it.

    Before is ``at < cutoff``, after is ``[cutoff, cutoff + within_days)``.

    Returns
    -------
    HandedOver, n rows
        In undated tables there are no hand-overs.
    """
    table = tables.handovers
    if not tables.dated:
        return HandedOver(np.zeros(len(snapshots), dtype=np.bool_), np.full(len(snapshots), -1))
    end = snapshots.cutoff + days(within_days)
    edges = np.stack([snapshots.cutoff, end], axis=1)
    found = first_at_or_after(table.starts, table.handed_over_at, snapshots.lead, edges)
    first, beyond = found[:, 0], found[:, 1]
    return HandedOver(first > table.starts[snapshots.lead], np.where(first < beyond, first, -1))


def at_handovers(tables: Tables) -> tuple[Snapshots, Ints]:
    """Look at each lead at each of its hand-overs, and say which row that is.

    Only hand-overs of leads that were open then (`snapshots.take`). Of several at one instant the first
    row is named.

    Returns
    -------
    Snapshots, n rows
        In the order (lead, cutoff); none in undated tables.
    rows : Ints, n
        The row of the hand-over.
    """
    if not tables.dated:
        nothing = np.empty(0, dtype=np.int64)
        return Snapshots(nothing.astype(np.int32), nothing), nothing
    looks = take(tables, until=tables.observed_through, schedule=HANDOVERS_ONLY)
    table = tables.handovers
    return looks, first_at_or_after(table.starts, table.handed_over_at, looks.lead, looks.cutoff)


def propensities(tables: Tables, snapshots: Snapshots) -> Floats:
    """Return the chance with which each lead was handed over at its snapshot's very instant.

    Of several hand-overs at one instant the first row's, as in `at_handovers`.

    Parameters
    ----------
    snapshots : Snapshots, n rows

    Returns
    -------
    Floats, n
        NaN where none was recorded, or nothing was handed over then.
    """
    table = tables.handovers
    row = first_at_or_after(table.starts, table.handed_over_at, snapshots.lead, snapshots.cutoff)
    there = np.append(table.handed_over_at, NO_INSTANT)[row] == snapshots.cutoff
    there &= row < table.starts[snapshots.lead + 1]
    return np.where(there, np.append(table.propensity, np.nan)[row], np.nan)
