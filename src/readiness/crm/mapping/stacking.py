"""Parts of a table put one below the other, with where each row came from and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from readiness.crm import cells
from readiness.crm.frames import ArrowTable, Given, Origin
from readiness.crm.mapping.feeds import Part, Work
from readiness.crm.repeated_words import on_distinct
from readiness.crm.rules import UNTRANSLATED_WORD
from readiness.crm.tables import Flags, Ints
from readiness.crm.validation import Finding


def given(
    work: Work, table: str, parts: Sequence[tuple[str, Part]], names: Sequence[str], lead: Ints | None = None
) -> Given:
    """Return one of our tables, not yet typed, from its parts.

    Parameters
    ----------
    parts : sequence of (file, Part)
        Torn lines are counted with the first part of each file.
    names : column names
        In this order; one that no part has is left out.
    """
    heights = [part.sheet.height for _, part in parts]
    rows = stacked([part.columns for _, part in parts], heights, names)
    # Nearly always there is nothing to tell, and big tables should not pay for it.
    told = names if any(part.unread or part.sheet.refusals for _, part in parts) else ()
    flags = {name: np.concatenate([_unread(part, name) for _, part in parts]) for name in told}
    unread = {name: each for name, each in flags.items() if each.any()}
    findings = tuple(_findings(table, parts))
    return Given(rows, tuple(_origins(work, parts)), lead=lead, findings=findings, unread=unread)


def _unread(part: Part, name: str) -> Flags:
    """Say of which rows a column could not be read; why is told elsewhere."""
    flags = np.full(part.sheet.height, name in part.unread)
    for refusal in part.sheet.refusals:
        if refusal.rule is UNTRANSLATED_WORD and refusal.column == name:
            flags |= refusal.flags
    return flags


def stacked(
    parts: Sequence[Mapping[str, cells.Column]], heights: Sequence[int], names: Sequence[str]
) -> ArrowTable:
    """Put columns one below the other; one that a part lacks is missing in its rows.

    Columns whose types differ become texts, and a dictionary where one of them is.
    """
    columns = {}
    for name in names:
        present = [part[name] for part in parts if name in part]
        if not present:
            continue
        if len({column.type for column in present}) > 1 or len(present) < len(parts):
            present = _alike(present)
        kind = present[0].type
        following = iter(present)
        chunks = [
            chunk
            for part, height in zip(parts, heights, strict=True)
            for chunk in (next(following).chunks if name in part else [pa.nulls(height, kind)])
        ]
        columns[name] = pa.chunked_array(chunks, kind)
    return pa.table(columns)


def plain(column: cells.Column) -> cells.Column:
    """Return a column as texts; one that repeats its words stays as short as it is."""
    return on_distinct(column, cells.texts)


def _alike(columns: Sequence[cells.Column]) -> list[cells.Column]:
    if len({column.type for column in columns}) == 1:
        return list(columns)
    texts = [plain(column) for column in columns]
    if any(pa.types.is_dictionary(column.type) for column in texts):
        return [
            column if pa.types.is_dictionary(column.type) else column.dictionary_encode() for column in texts
        ]
    return texts


def _origins(work: Work, parts: Sequence[tuple[str, Part]]) -> list[Origin]:
    origins, seen = [], set()
    for file, part in parts:
        origin = work.export.origins[file]
        ragged = () if file in seen else origin.ragged
        seen.add(file)
        names, label = dict(part.names), work.label(file)
        origins.append(replace(origin, names=names, label=label, rows=part.sheet.rows, ragged=ragged))
    return origins


def _findings(table: str, parts: Sequence[tuple[str, Part]]) -> list[Finding]:
    findings, first = [], 0
    for _, part in parts:
        for refusal in part.sheet.refusals:
            rows = first + np.flatnonzero(refusal.flags)
            # A key's column is told by its own name, unless that is one of ours that came from elsewhere.
            shown = part.names.get(refusal.column, refusal.column)
            known = refusal.column in part.columns or shown == refusal.column
            findings.append(
                Finding(refusal.rule, table, refusal.column if known else None, rows, nearest=refusal.nearest)
            )
        first += part.sheet.height
    return [found for found in findings if len(found.rows)]
