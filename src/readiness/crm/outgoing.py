"""The tables as columns that other programs read: Arrow, and through it CSV, Parquet and data frames."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Literal, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from readiness.crm.frames import ArrowTable
from readiness.crm.records import (
    DECISIONS,
    DIRECTIONS,
    MICROSECONDS_PER_DAY,
    MICROSECONDS_PER_SECOND,
    NO_INSTANT,
    OUTCOMES,
)
from readiness.crm.repeated_words import decoded
from readiness.crm.tables import Coded, Codes, Floats, Ints, Tables, Texts

ArrowColumn: TypeAlias = Any
"""A ``pyarrow.Array``; pyarrow has no annotations."""

Spell: TypeAlias = Callable[[ArrowTable], ArrowTable]
"""Writes some rows of a table in the types that a file holds."""

_TEXT: Final = pa.large_string()
_UTC: Final = pa.timestamp("us", tz="UTC")


def to_arrow(tables: Tables) -> dict[str, ArrowTable]:
    """Return the five tables by name, events in the order in which they lie.

    Instants are timestamps in microseconds UTC, words that repeat are dictionaries: see `plain` and
    `as_csv`. Columns that the contract does not require are left out where every value is missing; an
    attribute never is.
    """
    return {
        "leads": _leads(tables),
        "activities": _activities(tables),
        "answers": _answers(tables),
        "outcomes": _outcomes(tables),
        "handovers": _handovers(tables),
    }


def plain(rows: ArrowTable) -> ArrowTable:
    """Return rows with every word written out."""
    columns = {name: decoded(rows.column(name)) for name in rows.column_names}
    return pa.table(columns)


def as_csv(rows: ArrowTable) -> Spell:
    """Return how blocks of these rows are written as texts.

    Instants are written in ISO 8601, as short as the whole column allows.
    """
    units = {
        field.name: _unit(_at(rows.column(field.name)))
        for field in rows.schema
        if pa.types.is_timestamp(field.type)
    }

    def spell(block: ArrowTable) -> ArrowTable:
        block = plain(block)
        for number, name in enumerate(block.column_names):
            if name in units:
                block = block.set_column(number, name, _spelt(_at(block.column(name)), units[name]))
        return block

    return spell


def as_texts(at: Ints) -> ArrowColumn:
    """Write instants in ISO 8601, as short as the whole column allows: dates, seconds or microseconds."""
    return _spelt(at, _unit(at))


Unit: TypeAlias = Literal["D", "s", "us"]


def _unit(at: Ints) -> Unit:
    present = at[at != NO_INSTANT]
    if np.all((present + 1) % MICROSECONDS_PER_DAY == 0):
        return "D"
    return "s" if np.all(present % MICROSECONDS_PER_SECOND == 0) else "us"


def _spelt(at: Ints, unit: Unit) -> ArrowColumn:
    missing = at == NO_INSTANT
    if unit == "D":
        days = (at // MICROSECONDS_PER_DAY).astype(np.int32)
        return pa.array(days, pa.date32(), mask=missing).cast(_TEXT)
    count = at // MICROSECONDS_PER_SECOND if unit == "s" else at
    # Without a zone Arrow writes them ten times faster; that it is UTC is added after.
    text = pa.array(count, pa.timestamp(unit), mask=missing).cast(_TEXT).cast(pa.large_binary())
    text = pc.binary_replace_slice(text, 10, 11, b"T").cast(_TEXT)
    return pc.binary_join_element_wise(text, pa.scalar("Z", _TEXT), pa.scalar("", _TEXT))


def _timestamps(at: Ints) -> ArrowColumn:
    return pa.array(at, pa.int64(), mask=at == NO_INSTANT).cast(_UTC)


def _at(column: ArrowColumn) -> Ints:
    at: Ints = column.cast(pa.int64()).fill_null(NO_INSTANT).to_numpy()
    return at


def _leads(tables: Tables) -> ArrowTable:
    leads = tables.leads
    columns = {"lead_id": _texts(leads.lead_id)}
    if tables.dated:
        columns["created_at"] = _timestamps(leads.created_at)
    columns["source"] = _coded(leads.source)
    if (leads.last_known_at != NO_INSTANT).any():
        columns["last_known_at"] = _timestamps(leads.last_known_at)
    columns |= {name: _texts(values) for name, values in leads.identities.items()}
    for name, values in leads.attributes.items():
        columns[name] = _coded(values) if isinstance(values, Coded) else _numbers(values)
    return pa.table(columns)


def _activities(tables: Tables) -> ArrowTable:
    rows = tables.activities
    columns = {
        "lead_id": _lead_ids(tables, rows.lead),
        "occurred_at": _timestamps(rows.occurred_at),
        "type": _coded(rows.type),
        "direction": _words(rows.direction, DIRECTIONS),
    }
    if (rows.channel.codes >= 0).any():
        columns["channel"] = _coded(rows.channel)
    if not np.isnan(rows.value).all():
        columns["value"] = _numbers(rows.value)
    if (rows.detail.codes >= 0).any():
        columns["detail"] = _coded(rows.detail)
    return pa.table(columns)


def _answers(tables: Tables) -> ArrowTable:
    rows = tables.answers
    return pa.table(
        {
            "lead_id": _lead_ids(tables, rows.lead),
            "answered_at": _timestamps(rows.answered_at),
            "field": _coded(rows.field),
            "value": _coded(rows.value),
        }
    )


def _outcomes(tables: Tables) -> ArrowTable:
    rows = tables.outcomes
    return pa.table(
        {
            "lead_id": _lead_ids(tables, rows.lead),
            "occurred_at": _timestamps(rows.occurred_at),
            "outcome": _words(rows.outcome, OUTCOMES),
        }
    )


def _handovers(tables: Tables) -> ArrowTable:
    rows = tables.handovers
    columns = {
        "lead_id": _lead_ids(tables, rows.lead),
        "handed_over_at": _timestamps(rows.handed_over_at),
        "decided_at": _timestamps(rows.decided_at),
        "decision": _words(rows.decision, DECISIONS),
        "reason": _coded(rows.reason),
    }
    if not np.isnan(rows.propensity).all():
        columns["propensity"] = _numbers(rows.propensity)
    return pa.table(columns)


def _lead_ids(tables: Tables, lead: Codes) -> ArrowColumn:
    return pa.DictionaryArray.from_arrays(pa.array(lead), _texts(tables.leads.lead_id))


def _texts(values: Texts) -> ArrowColumn:
    return pa.array(values, _TEXT)


def _numbers(values: Floats) -> ArrowColumn:
    return pa.array(values, pa.float64(), mask=np.isnan(values))


def _coded(values: Coded) -> ArrowColumn:
    codes = pa.array(values.codes, mask=values.codes < 0)
    return pa.DictionaryArray.from_arrays(codes, pa.array(values.levels, _TEXT))


def _words(codes: NDArray[np.int8], words: tuple[str, ...]) -> ArrowColumn:
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), pa.array(words, _TEXT))
