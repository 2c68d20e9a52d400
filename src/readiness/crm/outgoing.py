"""The tables as columns that other programs read: Arrow, and through it CSV, Parquet and data frames."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
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
from readiness.crm.tables import Coded, Codes, Floats, Ints, Tables, Texts

ArrowColumn: TypeAlias = Any
"""A ``pyarrow.Array``; pyarrow has no annotations."""

WriteInstants: TypeAlias = Callable[[Ints], ArrowColumn]
"""How a column of instants is written."""


def to_arrow(tables: Tables, write_instants: WriteInstants) -> dict[str, ArrowTable]:
    """Return the five tables by name, events in the order in which they lie.

    Columns that the contract does not require are left out where every value is missing; an
    attribute never is.
    """
    return {
        "leads": _leads(tables, write_instants),
        "activities": _activities(tables, write_instants),
        "answers": _answers(tables, write_instants),
        "outcomes": _outcomes(tables, write_instants),
        "handovers": _handovers(tables, write_instants),
    }


def as_timestamps(at: Ints) -> ArrowColumn:
    """Write instants as timestamps in microseconds UTC, null where missing."""
    return pa.array(at, mask=at == NO_INSTANT).cast(pa.timestamp("us", tz="UTC"))


def as_texts(at: Ints) -> ArrowColumn:
    """Write instants in ISO 8601, as short as the whole column allows: dates, seconds or microseconds."""
    missing = at == NO_INSTANT
    present = at[~missing]
    moments = np.where(missing, 0, at).astype("datetime64[us]")
    if np.all((present + 1) % MICROSECONDS_PER_DAY == 0):
        written = np.datetime_as_string(moments, unit="D")
    elif np.all(present % MICROSECONDS_PER_SECOND == 0):
        written = np.datetime_as_string(moments, unit="s", timezone="UTC")
    else:
        written = np.datetime_as_string(moments, unit="us", timezone="UTC")
    return pa.array(written.astype(np.object_), pa.large_string(), mask=missing)


def _leads(tables: Tables, write_instants: WriteInstants) -> ArrowTable:
    leads = tables.leads
    columns = {"lead_id": _texts(leads.lead_id)}
    if tables.dated:
        columns["created_at"] = write_instants(leads.created_at)
    columns["source"] = _coded(leads.source)
    if (leads.last_known_at != NO_INSTANT).any():
        columns["last_known_at"] = write_instants(leads.last_known_at)
    columns |= {name: _texts(values) for name, values in leads.identities.items()}
    for name, values in leads.attributes.items():
        columns[name] = _coded(values) if isinstance(values, Coded) else _numbers(values)
    return pa.table(columns)


def _activities(tables: Tables, write_instants: WriteInstants) -> ArrowTable:
    rows = tables.activities
    columns = {
        "lead_id": _lead_ids(tables, rows.lead),
        "occurred_at": write_instants(rows.occurred_at),
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


def _answers(tables: Tables, write_instants: WriteInstants) -> ArrowTable:
    rows = tables.answers
    return pa.table(
        {
            "lead_id": _lead_ids(tables, rows.lead),
            "answered_at": write_instants(rows.answered_at),
            "field": _coded(rows.field),
            "value": _coded(rows.value),
        }
    )


def _outcomes(tables: Tables, write_instants: WriteInstants) -> ArrowTable:
    rows = tables.outcomes
    return pa.table(
        {
            "lead_id": _lead_ids(tables, rows.lead),
            "occurred_at": write_instants(rows.occurred_at),
            "outcome": _words(rows.outcome, OUTCOMES),
        }
    )


def _handovers(tables: Tables, write_instants: WriteInstants) -> ArrowTable:
    rows = tables.handovers
    columns = {
        "lead_id": _lead_ids(tables, rows.lead),
        "handed_over_at": write_instants(rows.handed_over_at),
        "decided_at": write_instants(rows.decided_at),
        "decision": _words(rows.decision, DECISIONS),
        "reason": _coded(rows.reason),
    }
    if not np.isnan(rows.propensity).all():
        columns["propensity"] = _numbers(rows.propensity)
    return pa.table(columns)


def _lead_ids(tables: Tables, lead: Codes) -> ArrowColumn:
    return _texts(tables.leads.lead_id).take(pa.array(lead))


def _texts(values: Texts) -> ArrowColumn:
    return pa.array(values, pa.large_string())


def _numbers(values: Floats) -> ArrowColumn:
    return pa.array(values, pa.float64(), mask=np.isnan(values))


def _coded(values: Coded) -> ArrowColumn:
    levels = pa.array(values.levels, pa.large_string())
    return levels.take(pa.array(values.codes, mask=values.codes < 0))


def _words(codes: NDArray[np.int8], words: tuple[str, ...]) -> ArrowColumn:
    return pa.array(words, pa.large_string()).take(pa.array(codes, mask=codes < 0))
