"""Which rows of a feed give no row on purpose: unchanged answers, a lead's later rows, what lacks a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from readiness.crm import cells
from readiness.crm.contract import CONTRACT
from readiness.crm.records import NO_INSTANT
from readiness.crm.repeated_words import distinct, one_chunk
from readiness.crm.tables import Codes, Flags

Columns = Mapping[str, cells.Column]


def missing(column: cells.Column) -> Flags:
    """Say in which rows a column has no value."""
    if pa.types.is_dictionary(column.type):
        few, row = distinct(column)
        return missing(few)[row]
    if not len(column):
        return np.zeros(0, dtype=bool)
    flags: Flags = pc.is_null(cells.texts(column)).to_numpy()
    return flags


def unchanged(columns: Columns) -> Flags:
    """Say which answers only repeat the lead's previous one of that field.

    A first answer that is empty changes nothing either. Rows whose lead, field or instant is missing
    or cannot be read are left alone: the tables' own checks tell of them.
    """
    at = cells.instants(columns["answered_at"]).at
    lead, field = (_groups(columns[name]) for name in ("lead_id", "field"))
    value = _ranks(columns["value"])
    known = (at != NO_INSTANT) & (lead >= 0) & (field >= 0)
    order = np.lexsort((value, at, field, lead))
    order = order[known[order]]
    first = np.ones(len(order), dtype=bool)
    first[1:] = (lead[order][1:] != lead[order][:-1]) | (field[order][1:] != field[order][:-1])
    before = np.r_[-1, value[order][:-1]][: len(order)]
    before[first] = -1
    flags = np.zeros(len(at), dtype=bool)
    flags[order] = value[order] == before
    return flags


def not_the_first(columns: Columns, table: str, *, of: Sequence[str] = ()) -> Flags:
    """Say which rows are not the first by time of their lead; a row without date comes after those with one.

    With ``of``, of the lead's rows that say the same in these columns.

    Rows whose lead is missing, or whose date cannot be read, are left alone.
    """
    dates = next(name for name in CONTRACT[table].all if name.endswith("_at"))
    if dates in columns:
        read = cells.instants(columns[dates])
        at, unread = read.at, read.unreadable | read.zoneless
    else:
        rows = len(columns["lead_id"])
        at, unread = np.full(rows, NO_INSTANT, dtype=np.int64), np.zeros(rows, dtype=bool)
    lead = _groups(columns["lead_id"])
    when = np.where(at == NO_INSTANT, np.iinfo(np.int64).max, at)
    content = [_ranks(columns[name]) for name in sorted(columns) if name not in ("lead_id", dates, *of)]
    groups = [*(_groups(columns[name]) for name in of), lead]
    order = np.lexsort((*content, when, *groups))
    order = order[((lead >= 0) & ~unread)[order]]
    flags = np.zeros(len(lead), dtype=bool)
    flags[order[1:]] = np.all([group[order][1:] == group[order][:-1] for group in groups], axis=0)
    return flags


def _ranks(column: cells.Column) -> Codes:
    """Return the place of each cell among the sorted words, so that the order of rows cannot show."""
    return cells.coded(column).codes


def _groups(column: cells.Column) -> Codes:
    """Return a number for each cell that only equal cells share, -1 where missing."""
    if pa.types.is_dictionary(column.type):
        few, row = distinct(column)
        return _groups(few)[row]
    encoded = one_chunk(cells.texts(column)).dictionary_encode()
    codes: Codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return codes
