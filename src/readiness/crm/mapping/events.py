"""The rows of activities, answers, outcomes and hand-overs, each feed after the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from readiness.counting import counted
from readiness.crm import cells
from readiness.crm.contract import CONTRACT
from readiness.crm.mapping.document import AnswersFeed, Column, Feed, Wide
from readiness.crm.mapping.feeds import Part, Work, fill, open_feed, stay, without_gaps
from readiness.crm.mapping.identity import Canonical
from readiness.crm.mapping.leaving_out import missing, not_the_first, unchanged
from readiness.crm.mapping.lookups import Lookup
from readiness.crm.mapping.sheets import Sheet
from readiness.crm.mapping.stacking import stacked
from readiness.crm.tables import Flags, Ints
from readiness.yaml_document import Loc


@dataclass(frozen=True, slots=True)
class Belonging:
    """How rows find their leads."""

    lookup: Lookup
    canonical: Canonical
    left_out: Any
    """Ids of leads that are left out: their rows are, too."""
    positions: Mapping[str, Ints] | None
    """By file, which lead each row is, where leads have no ids; else None."""


def event_parts(work: Work, table: str, number: int, feed: Feed, belonging: Belonging) -> list[Part]:
    """Return the rows of one feed; several parts where the feed is wide."""
    loc: Loc = (table, number)
    if feed.file not in work.export.origins:
        return []
    sheet = stay(work, loc, open_feed(work, loc, feed))
    parts = (
        _wide(work, loc, feed, feed.wide, sheet)
        if feed.wide
        else [fill(work, feed.file, sheet, feed.columns)]
    )
    parts = [_of_leads(work, loc, feed, part, belonging) for part in parts]
    parts = without_gaps(work, loc, table, feed, parts)
    if table == "outcomes" and feed.rows_without.get("outcome") is None:
        parts = _ended(work, feed, parts)
    if isinstance(feed, AnswersFeed) and feed.on_change:
        parts = _thinned(work, loc, "the value did not change", parts, unchanged(_columns(parts)))
    if feed.one_a_lead:
        later = not_the_first(_columns(parts), table)
        parts = _thinned(work, loc, "a later one of its lead", parts, later)
    work.tell_left_out(loc, feed.file, parts)
    return parts


def told_once(table: str, parts: list[Part]) -> list[Part]:
    """Return the parts without the rows that say of a lead what an earlier row says already.

    Two rows say the same if all their columns but the date do.
    """
    columns = _columns(parts)
    same = [name for name in CONTRACT[table].all if name in columns and not name.endswith(("_at", "lead_id"))]
    later = not_the_first(columns, table, of=same)
    ends = np.cumsum([part.sheet.height for part in parts])[:-1]
    return [part.at(np.flatnonzero(~own)) for part, own in zip(parts, np.split(later, ends), strict=True)]


def _wide(work: Work, loc: Loc, feed: Feed, wide: Wide, sheet: Sheet) -> list[Part]:
    parts = []
    for theirs, says in wide.columns.items():
        empty = missing(sheet.cleaned(theirs))
        work.leave_out(loc, "the cell is empty", int(empty.sum()))
        specs = {**feed.columns, wide.cell: Column(column=theirs)}
        specs |= {name: Column(constant=word) for name, word in says.items()}
        parts.append(fill(work, feed.file, sheet.at(np.flatnonzero(~empty)), specs))
    return parts


def _of_leads(work: Work, loc: Loc, feed: Feed, part: Part, belonging: Belonging) -> Part:
    """Return the part with each row's lead as its id is now; rows of leads that were left out go."""
    if belonging.positions is not None:
        gone = belonging.positions[feed.file][part.sheet.source_rows] < 0
        work.leave_out(loc, "its lead is left out", int(gone.sum()))
        return part.at(np.flatnonzero(~gone))
    spec, ids = feed.columns["lead_id"], part.columns["lead_id"]
    if spec.lookup:
        # A row may still bear the id that its lead gave up in a merge, and no file of leads has that id.
        ids = belonging.lookup.found(belonging.canonical.of(ids), spec.lookup)
        part = part.filled("lead_id", ids)
        unsure = (*loc, "columns", "lead_id", "lookup") in work.remarks.blamed
        if unsure:
            part = replace(part, unread=part.unread | {"lead_id"})
        if spec.unmatched == "leave_out" and work.leads_known and not unsure:
            gone = missing(ids)
            work.leave_out(loc, f"{part.names['lead_id']} is of no lead", int(gone.sum()))
            part = part.at(np.flatnonzero(~gone))
    part = part.filled("lead_id", belonging.canonical.of(part.columns["lead_id"]))
    if not len(belonging.left_out):
        return part
    gone = np.asarray(pc.is_in(cells.texts(part.columns["lead_id"]), value_set=belonging.left_out))
    work.leave_out(loc, "its lead is left out", int(gone.sum()))
    return part.at(np.flatnonzero(~gone))


def _ended(work: Work, feed: Feed, parts: list[Part]) -> list[Part]:
    """Return the rows that say how a lead ended; the others are of leads that are open."""
    still_open = [missing(part.columns["outcome"]) & ("outcome" not in part.unread) for part in parts]
    count = sum(int(flags.sum()) for flags in still_open)
    if count:
        columns = dict.fromkeys(name for part in parts if (name := part.names.get("outcome")))
        of = f", column {' and '.join(columns)}" if columns else ""
        tell, leads = ("tells", "its lead is") if count == 1 else ("tell", "their leads are")
        work.remarks.notes.append(
            f"{work.label(feed.file)}{of}: {counted(count, 'row')} {tell} of no end; "
            f"{leads} open unless others do."
        )
    return [part.at(np.flatnonzero(~flags)) for part, flags in zip(parts, still_open, strict=True)]


def _columns(parts: list[Part]) -> dict[str, pa.ChunkedArray]:
    names = sorted({name for part in parts for name in part.columns})
    table = stacked([part.columns for part in parts], [part.sheet.height for part in parts], names)
    return {name: table.column(name) for name in names}


def _thinned(work: Work, loc: Loc, reason: str, parts: list[Part], flags: Flags) -> list[Part]:
    work.leave_out(loc, reason, int(flags.sum()))
    ends = np.cumsum([part.sheet.height for part in parts])[:-1]
    return [part.at(np.flatnonzero(~own)) for part, own in zip(parts, np.split(flags, ends), strict=True)]
