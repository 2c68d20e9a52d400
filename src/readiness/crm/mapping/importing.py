"""An export and its mapping to tables: every row read is accepted or set aside with its faults."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from readiness.counting import counted
from readiness.crm import episodes
from readiness.crm.contract import CONTRACT
from readiness.crm.frames import Given
from readiness.crm.intake import Received, sift
from readiness.crm.legible import NOTHING_UNREAD, Unread
from readiness.crm.mapping.document import EVENTS, Mapping
from readiness.crm.mapping.events import Belonging, event_parts, told_once
from readiness.crm.mapping.exports import Export, open_export
from readiness.crm.mapping.feeds import Part, Work
from readiness.crm.mapping.fitting import fit
from readiness.crm.mapping.headers import as_named
from readiness.crm.mapping.identity import canonical, without_doubles
from readiness.crm.mapping.leads import find, positions
from readiness.crm.mapping.lookups import Lookup, known_before, left_out
from readiness.crm.mapping.remarks import Remarks
from readiness.crm.mapping.stacking import given
from readiness.crm.memory import give_back
from readiness.crm.mending import NOTHING_MENDED, Mended
from readiness.crm.records import NO_INSTANT, Instant, instant
from readiness.crm.sources import Database
from readiness.crm.tables import Leads, Tables
from readiness.errors import Fault
from readiness.progress import Progress, silent


def apply(
    mapping: Mapping,
    sources: Sequence[Path | Database],
    *,
    mended: Mended = NOTHING_MENDED,
    progress: Progress = silent,
) -> Received:
    """Turn an export into tables as the mapping says.

    A lead that becomes active again after a neutral end becomes a new lead: see `episodes.split`.

    Parameters
    ----------
    mapping : Mapping
        See `load`.
    sources : paths and at most one database
        The export's files, or folders that hold them; see `sources.source_of`.
    mended : Mended, optional
        Rows of a quarantine that take the place of those from which it was made: see `read_quarantine`.

    Returns
    -------
    Received
        The tables; rows read, accepted and refused by table, where what the mapping leaves out is not
        read; faults in the words of the export (its file, line and column); and notes on what was left
        out, what had no counterpart, and what this data cannot tell.

    Raises
    ------
    DataError
        If a file is not there or cannot be read whole, or the mapping does not fit the files: a column that
        it names is not there, or stands twice. Such faults name the mapping's line and column; with them
        everything is told that is wrong with the rows and columns that can be read.
    StoreError
        If a file cannot be opened.
    """
    arrived = arrive(mapping, sources, mended=mended, progress=progress)
    sifted = sift(arrived.given, unread=arrived.unread, observed_through=arrived.observed_through)
    notes = arrived.notes
    # What came is not needed any more; a big export would fill the memory while rows are sorted.
    del arrived
    give_back()
    progress("sorting the tables", 0.85)
    received = sifted.settle()
    del sifted
    progress("looking for leads that came back", 0.9)
    split = episodes.split(received.tables)
    progress("looking for leads that came back", 1.0)
    again = len(split.leads) - len(received.tables.leads)
    notes = (*notes, *untold(split, again), *received.notes)
    return replace(received, tables=split, notes=notes, episodes=again)


@dataclass(frozen=True, slots=True)
class Arrived:
    """An export in our columns, not yet typed, with what is to be said of it."""

    given: dict[str, Given]
    observed_through: Instant | None
    notes: tuple[str, ...]
    unread: Unread = NOTHING_UNREAD
    """What is wrong with the mapping, whole files and columns."""


def arrive(
    mapping: Mapping,
    sources: Sequence[Path | Database],
    *,
    there: Leads | None = None,
    mended: Mended = NOTHING_MENDED,
    progress: Progress = silent,
) -> Arrived:
    """Read an export and put it into our columns as the mapping says; nothing is checked yet.

    Parameters
    ----------
    there : Leads, optional
        Those of earlier exports, to which rows may belong.

    Raises
    ------
    StoreError
        If a file cannot be opened.
    """
    export = as_named(mapping, open_export(mapping.files, sources, progress)).with_mended(mended)
    work = Work(mapping, export, Remarks(mapping.places))
    tables = _given(work, there, progress)
    give_back()
    progress("checking the tables", 0.7)
    notes = (*export.notes, *_absent_files(export), *dict.fromkeys(work.remarks.notes))
    unread = Unread((*work.remarks.faults, *export.faults), work.leads_known)
    return Arrived(tables, _watched_until(mapping.observed_through), notes, unread)


def _given(work: Work, there: Leads | None, progress: Progress) -> dict[str, Given]:
    """Return the five tables, not yet typed; the tables without feeds are not there."""
    fit(work.mapping, work.export, work.remarks)
    progress("translating leads", 0.5)
    leads = find(work)
    if not leads and work.leads_known:
        work.remarks.faults.append(_no_leads(work))
        work.remarks.blamed.append(("leads",))
    rows = [each.rows for each in leads if each.rows is not None]
    standing = canonical(work, [each.part for each in leads])
    named = rows or any("lead_id" in feed.columns for feed in work.mapping.leads)
    places = None if named else positions(work, leads)
    known = {} if there is None else known_before(work.mapping, there)
    belonging = Belonging(Lookup(rows, work.remarks, known), standing, left_out(rows), places)
    persons = [(each.file, without_doubles(each.part, standing)) for each in leads]
    names = list(dict.fromkeys(name for _, part in persons for name in part.columns))
    tables = {"leads": given(work, "leads", persons, names)} if leads else {}
    for number, table in enumerate(EVENTS):
        if work.mapping.feeds(table):
            progress(f"translating {table}", 0.55 + 0.03 * number)
            parts = _once(work, table, _events(work, table, belonging))
            if parts:
                tables[table] = _event_table(work, table, parts, belonging)
    return tables


def _events(work: Work, table: str, belonging: Belonging) -> list[tuple[int, Part]]:
    found: list[tuple[int, Part]] = []
    for number, feed in enumerate(work.mapping.feeds(table)):
        found += [(number, part) for part in event_parts(work, table, number, feed, belonging)]
    return found


def _once(work: Work, table: str, parts: list[tuple[int, Part]]) -> list[tuple[str, Part]]:
    """Of rows that several feeds with `one_a_lead` give of a lead, and that say the same, keep the first."""
    feeds = work.mapping.feeds(table)
    marked = [place for place, (number, _) in enumerate(parts) if feeds[number].one_a_lead]
    if len({parts[place][0] for place in marked}) > 1:
        own = [parts[place][1] for place in marked]
        for place, part in zip(marked, told_once(table, own), strict=True):
            number, before = parts[place]
            label, height = f"{work.label(feeds[number].file)} ({table})", before.sheet.height
            reasons = Counter({"another feed says it of an earlier time": height - part.sheet.height})
            work.remarks.left_out(label, part.sheet.height, reasons)
            parts[place] = number, part
    return [(feeds[number].file, part) for number, part in parts]


def _event_table(work: Work, table: str, parts: list[tuple[str, Part]], belonging: Belonging) -> Given:
    lead = None
    if belonging.positions is not None:
        lead = np.concatenate([belonging.positions[file][part.sheet.source_rows] for file, part in parts])
    return given(work, table, parts, CONTRACT[table].all, lead)


def _no_leads(work: Work) -> Fault:
    names = ", ".join(work.mapping.files[feed.file].path for feed in work.mapping.leads)
    seen, expected = "none of them", f"a file of leads ({names})"
    return Fault("leads", None, None, seen, expected, "Export one of them.", "missing_file")


def _absent_files(export: Export) -> Iterator[str]:
    for name in (name for name in export.names if name not in export.origins):
        yield f"{name}: there is no such file, and the mapping can do without it."


def _watched_until(said: str | None) -> Instant | None:
    if said is None:
        return None
    # A day that was watched was watched to its end, and what has no time happened at that end.
    return instant(said) + (len(said) == len("2026-03-14"))


def untold(tables: Tables, again: int) -> Iterator[str]:
    """Say what these tables cannot tell, and how often a lead came back."""
    if not tables.dated:
        yield "No lead has a created_at: there is no time in this data, so nothing about time can be checked."
        return
    undated = int((tables.outcomes.occurred_at == NO_INSTANT).sum())
    if undated:
        told = (
            "is undated: its lead counts as ended when scored, and teaches"
            if undated == 1
            else "are undated: their leads count as ended when scored, and teach"
        )
        yield f"{counted(undated, 'outcome')} {told} nothing."
    if again:
        times = counted(again, "time")
        yield f"{times} a lead became active again after a neutral end: a new lead, such as L-7#2."
    if tables.date_only:
        yield "The CRM keeps dates without times: what happened on a day counts from its end."
