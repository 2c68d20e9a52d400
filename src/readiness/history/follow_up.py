"""How long a lead has waited for somebody of ours, as far as was known at a cutoff."""

from __future__ import annotations

import numpy as np

from readiness.crm.records import MICROSECONDS_PER_DAY, NO_INSTANT
from readiness.crm.tables import Floats, Ints, Tables
from readiness.history import events
from readiness.history.snapshots import Snapshots


def waiting_days(tables: Tables, snapshots: Snapshots, touched_at: Ints) -> Floats:
    """Say how many days each lead has waited for somebody of ours to be in touch; NaN where somebody was.

    A lead waits from its newest hand-over before the cutoff on, or from its creation if it was never
    handed over. Whoever was in touch from then on, at the very instant too, followed it up.

    Parameters
    ----------
    tables : Tables
        Leads and hand-overs are read.
    snapshots : Snapshots, n rows
        Their leads were created before the cutoff.
    touched_at : Ints, n
        When somebody was last in touch before the cutoff; NO_INSTANT for never.

    Returns
    -------
    Floats, n
        NaN in undated tables: nobody can tell.
    """
    if not tables.dated:
        return np.full(len(snapshots), np.nan)
    table = tables.handovers
    past = events.before(table.starts, table.handed_over_at, snapshots.lead, snapshots.cutoff)
    newest = np.where(past.high > past.low, past.high - 1, -1)
    handed_over_at = np.append(table.handed_over_at, NO_INSTANT)[newest]
    begun = np.where(newest < 0, tables.leads.created_at[snapshots.lead], handed_over_at)
    followed_up = (touched_at != NO_INSTANT) & (touched_at >= begun)
    return np.where(followed_up, np.nan, (snapshots.cutoff - begun) / MICROSECONDS_PER_DAY)
