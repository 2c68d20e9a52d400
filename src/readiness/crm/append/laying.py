"""A later export laid onto the tables that are there: what is new is added, what contradicts is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from readiness.crm import episodes
from readiness.crm.append.conflicts import Locate, told, unplaced
from readiness.crm.append.events import EVENTS, lay
from readiness.crm.append.leads import leads_together
from readiness.crm.drafts import settled
from readiness.crm.records import NO_INSTANT
from readiness.crm.tables import Flags, Tables
from readiness.errors import DataError, Fault


@dataclass(frozen=True, slots=True)
class Appended:
    """The tables after a later export."""

    tables: Tables
    episodes: int
    """So many leads, the last ones, are later episodes of leads before them."""
    added: Mapping[str, int]
    """By table, how many rows more there are; leads without later episodes."""
    conflicts: tuple[Fault, ...] = ()
    """What the two exports say differently, one fault each, in the order of the tables."""


def append(
    there: Tables,
    given: Tables,
    *,
    episodes_there: int = 0,
    named_only: Flags | None = None,
    in_doubt: Flags | None = None,
    prefer_new: bool = False,
    locate: Locate = unplaced,
) -> Appended:
    """Lay a later export onto tables.

    A row that both have is kept once, so the same export twice changes nothing and exports may come in
    any order. Rows older than the tables' end are welcome. ``observed_through`` never moves back. A
    hand-over that was undecided takes the decision. Where the two contradict each other (a lead's
    cell; an answer to the same question at the same instant; another outcome at the same instant, or a
    second final one) what was there stays, and each such case is told. Episodes are made anew.

    Parameters
    ----------
    there : Tables
        As they were written; ``episodes_there`` of their leads, the last ones, are later episodes.
    given : Tables
        The later export: checked, leads not split into episodes.
    named_only : flags, one for each lead given, optional
        Leads that are there already and are given only so that rows can belong to them.
    in_doubt : flags, one for each lead there (its later episodes not counted), optional
        Leads of which the export says something that cannot be read: what is known of them ends where
        the watch ended before.
    prefer_new : bool
        What the later export says wins a contradiction.
    locate : Locate, optional
        Where in the export a row stands.

    Raises
    ------
    DataError
        If one has dates and the other has none.
    """
    if len(there.leads) and len(given.leads) and there.dated != given.dated:
        raise DataError([_undated(given.dated)])
    there = episodes.joined(there, episodes_there)
    named = np.zeros(len(given.leads), dtype=bool) if named_only is None else named_only
    through = (there.observed_through, given.observed_through)
    leads = leads_together(there.leads, given.leads, named_only=named, through=through, prefer_new=prefer_new)
    if in_doubt is not None:
        known = leads.leads.last_known_at[: len(in_doubt)]
        known[in_doubt & (known == NO_INSTANT)] = through[0]
    laid = lay(there, given, leads, prefer_new=prefer_new)
    merged = settled(laid.tables)
    tables = episodes.split(merged)
    added = {table: len(getattr(merged, table)) - len(getattr(there, table)) for table in EVENTS}
    return Appended(
        tables,
        len(tables.leads) - len(merged.leads),
        {"leads": leads.new, **added},
        told(there, given, leads.clashes, laid.clashes, prefer_new=prefer_new, locate=locate),
    )


def _undated(dated: bool) -> Fault:
    seen, expected = ("dates", "none, as there") if dated else ("no created_at", "dates, as there")
    remedy = "Import it into a folder of its own."
    return Fault("leads", None, "created_at", seen, expected, remedy, "events_without_creation")
