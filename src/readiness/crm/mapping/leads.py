"""The leads of an export, from one file or several."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from readiness.crm.mapping.feeds import Part, Work, fill, open_feed, without_gaps
from readiness.crm.mapping.fitting import spoken_for
from readiness.crm.mapping.lookups import LeadRows
from readiness.crm.mapping.translation import constant, kept
from readiness.crm.tables import Ints


def lead_parts(work: Work) -> list[Part]:
    """Return the leads' rows, one part a feed; a feed of an optional file that is not there gives none."""
    parts = []
    for number, feed in enumerate(work.mapping.leads):
        if feed.file not in work.export.origins:
            continue
        loc = ("leads", number)
        sheet = open_feed(work, loc, feed)
        part = fill(work, feed.file, sheet, {**feed.columns, **feed.attributes})
        if feed.others == "keep":
            taken = spoken_for(work.mapping, feed) | set(part.columns)
            others = {
                name: kept(sheet.fetch(name), drawn.file)
                for name, drawn in sheet.columns.items()
                if name not in taken
            }
            part = replace(part, columns={**part.columns, **others})
        parts += without_gaps(work, loc, "leads", feed, [part])
    return parts


def lead_rows(work: Work, parts: list[Part]) -> list[LeadRows]:
    """Return the leads for other rows to find them; none where they have no ids."""
    present = [feed for feed in work.mapping.leads if feed.file in work.export.origins]
    return [
        LeadRows(
            part.sheet,
            part.columns["lead_id"],
            part.columns.get("created_at", constant(None, part.sheet.height)),
            work.label(feed.file),
        )
        for feed, part in zip(present, parts, strict=True)
        if "lead_id" in part.columns
    ]


def positions(work: Work, parts: list[Part]) -> dict[str, Ints]:
    """Return by file which lead each of its rows is, -1 where it is none."""
    present = [feed for feed in work.mapping.leads if feed.file in work.export.origins]
    found: dict[str, Ints] = {}
    first = 0
    for feed, part in zip(present, parts, strict=True):
        position = np.full(work.export.origins[feed.file].original.num_rows, -1, dtype=np.int64)
        position[part.sheet.source_rows] = first + np.arange(part.sheet.height)
        first += part.sheet.height
        found[feed.file] = position
    return found
