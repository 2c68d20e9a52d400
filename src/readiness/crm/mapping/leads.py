"""The leads of an export, from one file or several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from readiness.crm.mapping.document import LeadsFeed
from readiness.crm.mapping.feeds import Part, Work, fill, open_feed, stay, without_gaps
from readiness.crm.mapping.fitting import spoken_for
from readiness.crm.mapping.lookups import LeadRows
from readiness.crm.mapping.sheets import Sheet
from readiness.crm.mapping.translation import constant, kept
from readiness.crm.tables import Ints
from readiness.yaml_document import Loc


@dataclass(frozen=True, slots=True)
class Found:
    """The leads of one feed."""

    file: str
    part: Part
    rows: LeadRows | None
    """All of them, also those left out; None where they have no ids."""


def find(work: Work) -> list[Found]:
    """Return the leads, feed after feed; a feed of an optional file that is not there gives none."""
    found = []
    for number, feed in enumerate(work.mapping.leads):
        if feed.file not in work.export.origins:
            continue
        loc: Loc = ("leads", number)
        sheet = open_feed(work, loc, feed)
        part = fill(work, feed.file, stay(work, loc, sheet), {**feed.columns, **feed.attributes})
        part = _without_absent(work, feed, part)
        if feed.others == "keep":
            part = _with_others(part, spoken_for(work.mapping, feed))
        (part,) = without_gaps(work, loc, "leads", feed, [part])
        work.tell_left_out(loc, feed.file, [part])
        found.append(Found(feed.file, part, _rows(work, feed, sheet, part)))
    return found


def _without_absent(work: Work, feed: LeadsFeed, part: Part) -> Part:
    """Return the part without attributes from columns that the file may lack and that say nothing."""
    optional = work.file(feed.file).optional_columns
    absent = {
        name
        for name, spec in feed.attributes.items()
        if spec.column in optional and part.columns[name].null_count == part.sheet.height
    }
    return replace(part, columns={name: each for name, each in part.columns.items() if name not in absent})


def _with_others(part: Part, taken: set[str]) -> Part:
    others = {
        name: kept(part.sheet.fetch(name), drawn.file)
        for name, drawn in part.sheet.columns.items()
        if name not in taken and name not in part.columns
    }
    return replace(part, columns={**part.columns, **others})


def _rows(work: Work, feed: LeadsFeed, sheet: Sheet, part: Part) -> LeadRows | None:
    if "lead_id" not in feed.columns:
        return None
    there = np.zeros(sheet.height, dtype=bool)
    there[part.sheet.source_rows] = True
    if not there.all():
        # Who is left out has an id, too.
        wanted = {name: feed.columns[name] for name in ("lead_id", "created_at") if name in feed.columns}
        part = fill(work, feed.file, sheet, wanted)
    created_at = part.columns.get("created_at", constant(None, part.sheet.height))
    return LeadRows(part.sheet, part.columns["lead_id"], created_at, work.label(feed.file), there)


def positions(work: Work, leads: Sequence[Found]) -> dict[str, Ints]:
    """Return by file which lead each of its rows is, -1 where it is none."""
    found: dict[str, Ints] = {}
    first = 0
    for each in leads:
        position = np.full(work.export.origins[each.file].original.num_rows, -1, dtype=np.int64)
        position[each.part.sheet.source_rows] = first + np.arange(each.part.sheet.height)
        first += each.part.sheet.height
        found[each.file] = position
    return found
