"""Leads as they stood on the first of each month."""

from __future__ import annotations

import numpy as np

from readiness.crm.tables import Codes, Ints, Tables
from readiness.history.snapshots import Snapshots, open_at


def month_starts(tables: Tables, most: int) -> Ints:
    """Return the first instants of the last months in which leads were watched, 00:00 UTC, ascending.

    A month that begins where the watch ends is the last of them; the first begins after the first lead
    was created.

    Parameters
    ----------
    tables : Tables
        Dated.
    most : int
        How many at most.
    """
    last = np.array([tables.observed_through]).astype("datetime64[us]").astype("datetime64[M]")
    starts = last - np.arange(most - 1, -1, -1).astype("timedelta64[M]")
    instants: Ints = starts.astype("datetime64[us]").astype(np.int64)
    watched: Ints = instants[instants > tables.leads.created_at.min(initial=tables.observed_through)]
    return watched


def month_of(instants: Ints) -> list[str]:
    """Return the month in which each instant lies.

    >>> month_of(np.array([1773478800000000]))
    ['2026-03']
    """
    return [str(each) for each in instants.astype("datetime64[us]").astype("datetime64[M]")]


def open_at_each(tables: Tables, instants: Ints) -> tuple[Snapshots, Codes]:
    """Look at each lead at each of some instants at which it was open (`open_at`).

    Parameters
    ----------
    tables : Tables
        Dated.
    instants : Ints, m
        Ascending.

    Returns
    -------
    Snapshots, n rows
        In the order (lead, cutoff).
    place : Codes, n
        At which of the instants each stands.
    """
    found = [open_at(tables, instant) for instant in instants.tolist()]
    nothing = np.empty(0, dtype=np.int32)
    lead = np.concatenate([nothing, *(each.lead for each in found)])
    sizes = [len(each) for each in found]
    place = np.repeat(np.arange(len(found), dtype=np.int32), sizes)
    order = np.lexsort((place, lead))
    place = place[order]
    return Snapshots(lead[order], instants[place]), place
