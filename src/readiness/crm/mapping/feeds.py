"""Rows of a file to rows of one of our tables, as one feed of the mapping says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa

from readiness.crm import cells
from readiness.crm.mapping.document import Column, File, LeadsFeed
from readiness.crm.mapping.document import Feed as EventFeed
from readiness.crm.mapping.document import Mapping as Document
from readiness.crm.mapping.exports import Export
from readiness.crm.mapping.fitting import read_by
from readiness.crm.mapping.joining import Place, joined
from readiness.crm.mapping.leaving_out import missing
from readiness.crm.mapping.remarks import Remarks
from readiness.crm.mapping.sheets import Leaving, Refusal, Sheet, sheet_of
from readiness.crm.mapping.translation import constant, translated, untranslated
from readiness.crm.rules import MISSING_END_DATE, MISSING_VALUE, UNTRANSLATED_WORD
from readiness.crm.tables import Ints
from readiness.yaml_document import Loc

_CHECKED = frozenset(
    {"lead_id", "occurred_at", "type", "direction", "answered_at", "field", "handed_over_at"}
)
"""Columns of events whose missing cells the tables' own checks refuse; of outcomes only ``lead_id``."""


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of one table in our columns, with where they come from."""

    sheet: Sheet
    columns: Mapping[str, cells.Column]
    names: Mapping[str, str]
    """What their reader calls each of our columns."""
    unread: frozenset[str] = frozenset()
    """Our columns that come from a column which is not there, where that is a fault told elsewhere."""

    def at(self, rows: Ints) -> Part:
        """Return the part with these of its rows, in order."""
        if len(rows) == self.sheet.height:
            return self
        chosen = pa.array(rows, pa.int64())
        columns = {name: column.take(chosen) for name, column in self.columns.items()}
        return replace(self, sheet=self.sheet.at(rows), columns=columns)

    def refusing(self, refusal: Refusal) -> Part:
        """Return the part with some of its rows refused."""
        if not refusal.flags.any():
            return self
        return replace(self, sheet=replace(self.sheet, refusals=(*self.sheet.refusals, refusal)))

    def filled(self, name: str, column: cells.Column) -> Part:
        """Return the part with another column under this name."""
        return replace(self, columns={**self.columns, name: column})


@dataclass(slots=True)
class Work:
    """One export on its way in: the mapping, the files, and what is said of them."""

    mapping: Document
    export: Export
    remarks: Remarks
    reasons: dict[Loc, Counter[str]] = field(default_factory=dict)
    """By feed, why rows were left out and how many."""

    @property
    def refused(self) -> bool:
        """Say whether nothing will be taken in: then rows are looked at only to tell their faults as well."""
        return bool(self.remarks.faults or self.export.faults)

    @property
    def leads_known(self) -> bool:
        """Say whether all leads could be read, with their ids and when they began."""
        if not self.refused:
            return True
        identity, faulty = self.mapping.identity, self.export.faulty
        files = {merges.file for merges in identity.merges} if identity else set[str]()
        for feed in self.mapping.leads:
            files |= {feed.file, *(join.file for join in feed.join if _chooses(feed))}
        return not files & faulty and not any(self._hides_leads(loc) for loc in self.remarks.blamed)

    def _hides_leads(self, loc: Loc) -> bool:
        """Say whether a fault in this part of the mapping leaves it unknown who the leads are."""
        if loc[0] != "leads":
            return loc[0] == "identity"
        number, group, name = (*loc[1:4], 0, "", "")[:3]
        if group in ("columns", "attributes"):
            return group == "columns" and name in ("lead_id", "created_at")
        return group != "join" or not isinstance(number, int) or _chooses(self.mapping.leads[number])

    def label(self, file: str) -> str:
        """Return what a file is called on the disk."""
        return self.export.names[file]

    def file(self, name: str) -> File:
        """Return how a file is written; its zone is the mapping's where it has none of its own."""
        file, zone = self.mapping.files[name], self.mapping.zone
        return file if file.zone or not zone else file.model_copy(update={"zone": zone})

    def sheet(self, file: str) -> Sheet:
        """Return all rows of a file."""
        return sheet_of(self.export.origins[file].original, self.file(file))

    def leave_out(self, loc: Loc, reason: str, count: int) -> None:
        """Count rows that a feed leaves out."""
        if count:
            self.reasons.setdefault(loc, Counter())[reason] += count

    def tell_left_out(self, loc: Loc, file: str, parts: Sequence[Part]) -> None:
        """Note how many rows a feed left out, and why."""
        reasons = self.reasons.get(loc, Counter())
        given = sum(part.sheet.height for part in parts)
        self.remarks.left_out(f"{self.label(file)} ({loc[0]})", given, reasons)


def open_feed(work: Work, loc: Loc, feed: LeadsFeed | EventFeed) -> Sheet:
    """Return the rows of a feed with all that joins brought to them; those to leave out are marked."""
    sheet = work.sheet(feed.file)
    for number, join in enumerate(feed.join):
        if join.file in work.export.origins:
            other = work.sheet(join.file)
            if work.refused and (join.on not in sheet.columns or (join.key or join.on) not in other.columns):
                continue
            place = Place((*loc, "join", number), work.label(feed.file), work.label(join.file))
            # Of a file that is not read whole nobody can say that it lacks a key.
            only_noted = {"unmatched": "note"} if join.file in work.export.faulty else {}
            sheet = joined(sheet, other, join.model_copy(update=only_noted), place, work.remarks)
    if feed.where is None:
        return sheet
    false = ~sheet.computed(feed.where).fill_null(False).to_numpy()
    return replace(sheet, leaving=(*sheet.leaving, Leaving("`where` is not true", false)))


def stay(work: Work, loc: Loc, sheet: Sheet) -> Sheet:
    """Return the rows that are not marked to be left out; the others are counted, each for one reason."""
    gone = np.zeros(sheet.height, dtype=bool)
    for leaving in sheet.leaving:
        work.leave_out(loc, leaving.reason, int((leaving.flags & ~gone).sum()))
        gone |= leaving.flags
    return replace(sheet.at(np.flatnonzero(~gone)), leaving=())


def fill(work: Work, file: str, sheet: Sheet, specs: Mapping[str, Column]) -> Part:
    """Fill columns of ours from rows of a file."""
    part = Part(sheet, {}, {})
    for name, spec in specs.items():
        if spec.constant is not None:
            part = part.filled(name, constant(spec.constant, sheet.height))
            continue
        written, theirs, column = _drawn(work, file, sheet, spec)
        part = part.filled(name, translated(column, name, spec, written))
        if work.refused and not set(read_by(spec)) <= sheet.columns.keys():
            part = replace(part, unread=part.unread | {name})
        part = replace(part, names={**part.names, name: theirs})
        if spec.others == "refuse":
            strange, nearest = untranslated(column, spec, written)
            part = part.refusing(Refusal(UNTRANSLATED_WORD, name, strange, nearest))
    return part


def without_gaps(
    work: Work, loc: Loc, table: str, feed: LeadsFeed | EventFeed, parts: list[Part]
) -> list[Part]:
    """Leave out or refuse the rows in which a column is missing that must not be."""
    for name, what in feed.rows_without.items():
        parts = [_without_gap(work, loc, table, part, name, what) for part in parts]
    return parts


def _without_gap(work: Work, loc: Loc, table: str, part: Part, name: str, what: str) -> Part:
    if name in part.unread:
        return part
    gaps = missing(part.columns[name])
    if what == "leave_out":
        work.leave_out(loc, f"{name} is missing", int(gaps.sum()))
        return part.at(np.flatnonzero(~gaps))
    if table == "outcomes":
        # A missing outcome is refused by the tables' own checks once its row is not taken for an open lead.
        return (
            part if name in ("lead_id", "outcome") else part.refusing(Refusal(MISSING_END_DATE, name, gaps))
        )
    if table != "leads" and name in _CHECKED:
        return part
    return part.refusing(Refusal(MISSING_VALUE, name, gaps))


def _chooses(feed: LeadsFeed) -> bool:
    """Say whether it may hang on a feed's joins which of its rows are leads."""
    joins = any(join.many or join.unmatched == "leave_out" for join in feed.join)
    return joins or feed.where is not None or bool(feed.rows_without)


def _drawn(work: Work, file: str, sheet: Sheet, spec: Column) -> tuple[File, str, cells.Column]:
    """Return how the cells are written, what their reader calls them, and the cells."""
    if spec.expression is not None:
        # What was computed is written our way, as a plain number, whatever the file does.
        written = work.file(file).model_copy(update={"decimal": None})
        only = spec.expression.columns
        theirs = only[0] if len(only) == 1 else spec.expression.text
        return written, theirs, sheet.computed(spec.expression)
    name = spec.column or ""
    drawn = sheet.columns.get(name)
    return work.file(file) if drawn is None else drawn.file, name, sheet.fetch(name)
