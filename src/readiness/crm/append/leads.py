"""Leads that are there and leads of a later export, laid together: each lead once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from readiness.crm.append.rows import stacked
from readiness.crm.records import NO_INSTANT, Instant, written
from readiness.crm.selection import leads_at
from readiness.crm.tables import (
    IDENTITIES,
    Attribute,
    Coded,
    Codes,
    Flags,
    Floats,
    Ints,
    Leads,
    Texts,
    coded,
    no_coded,
)


@dataclass(frozen=True, slots=True)
class CellClash:
    """Cells of one column in which a lead there and the same lead given differ."""

    column: str
    there: Ints
    """Positions of the leads there."""
    given: Ints
    """Positions of the same leads among those given."""


@dataclass(frozen=True, slots=True)
class LeadsTogether:
    """The leads there, then those that are new."""

    leads: Leads
    position: Codes
    """Where each lead given stands now."""
    new: int
    clashes: tuple[CellClash, ...]


def leads_together(
    there: Leads, given: Leads, *, named_only: Flags, through: tuple[Instant, Instant], prefer_new: bool
) -> LeadsTogether:
    """Lay leads together by their ids.

    A cell that differs is a clash; the lead there keeps its own, because an attribute counts as it was
    known at creation, unless the later export is preferred. A column that only one side has says
    nothing on the other. A record is kept until the later of the two instants.

    Parameters
    ----------
    named_only : flags, one for each lead given
        Leads that are only named, so that rows can belong to them: nothing is said of them.
    through : two instants
        Until when the CRM was watched, for the leads there and for those given.
    prefer_new : bool
        Whether cells given win.
    """
    found = _positions(there.lead_id, given.lead_id)
    new = np.flatnonzero(found < 0)
    both = np.flatnonzero((found >= 0) & ~named_only)
    pair = (found[both].astype(np.int64), both)
    laid, clashes = _stack(there, given, pair, prefer_new=prefer_new)
    kept = _kept_until(there, given, pair, through)
    laid.last_known_at[: len(there)] = kept
    position = found.copy()
    position[new] = len(there) + np.arange(len(new), dtype=np.int32)
    rows = np.concatenate([np.arange(len(there)), len(there) + new])
    return LeadsTogether(leads_at(laid, rows), position, len(new), clashes)


def _positions(there: Texts, given: Texts) -> Codes:
    text = pa.large_string()
    found = pc.index_in(pa.array(given, text), value_set=pa.array(there, text))
    positions: Codes = found.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32)
    return positions


def _stack(
    there: Leads, given: Leads, pair: tuple[Ints, Ints], *, prefer_new: bool
) -> tuple[Leads, tuple[CellClash, ...]]:
    """Put the leads given below those there, with what the pairs take over, and tell where they differ."""
    n, old, new = len(there), pair[0], pair[1] + len(there)
    laid = Leads(
        lead_id=np.concatenate([there.lead_id, given.lead_id]),
        created_at=np.concatenate([there.created_at, given.created_at]),
        last_known_at=np.concatenate([there.last_known_at, given.last_known_at]),
        source=stacked(there.source, given.source),
        attributes=dict(_attributes(there, given)),
        identities=dict(_identities(there, given)),
    )
    clashes = []
    for name, column in _columns(laid):
        known = [_has(leads, name) for leads in (there, given)]
        differs = _differ(column[old], column[new])
        if all(known) and differs.any():
            clashes.append(CellClash(name, old[differs], new[differs] - n))
        if known[1] and (prefer_new or not known[0]):
            column[old] = column[new]
    return laid, tuple(clashes)


def _columns(leads: Leads) -> Iterator[tuple[str, NDArray[Any]]]:
    yield "created_at", leads.created_at
    yield "source", leads.source.codes
    yield from leads.identities.items()
    for name, column in leads.attributes.items():
        yield name, column.codes if isinstance(column, Coded) else column


def _has(leads: Leads, name: str) -> bool:
    return name in ("created_at", "source") or name in leads.identities or name in leads.attributes


def _differ(one: NDArray[Any], other: NDArray[Any]) -> Flags:
    differs: Flags = one != other
    if one.dtype.kind == "f":
        differs &= ~(np.isnan(one) & np.isnan(other))
    return differs


def _kept_until(
    there: Leads, given: Leads, pair: tuple[Ints, Ints], through: tuple[Instant, Instant]
) -> Ints:
    """Return until when the records there are kept; NO_INSTANT: as long as the CRM is watched."""
    kept = there.last_known_at.copy()
    one, other = kept[pair[0]], given.last_known_at[pair[1]]
    ends = [np.where(at == NO_INSTANT, end, at) for at, end in ((one, through[0]), (other, through[1]))]
    later = np.maximum(*ends)
    kept[pair[0]] = np.where(one == other, one, np.where(later >= max(through), NO_INSTANT, later))
    return kept


def _attributes(there: Leads, given: Leads) -> Iterator[tuple[str, Attribute]]:
    for name in sorted({*there.attributes, *given.attributes}):
        one, other = _spoken(there.attributes.get(name)), _spoken(given.attributes.get(name))
        if (
            not isinstance(one, Coded)
            and not isinstance(other, Coded)
            and not (one is None and other is None)
        ):
            yield name, np.concatenate([_numbers(one, len(there)), _numbers(other, len(given))])
        else:
            yield name, stacked(_texts(one, len(there)), _texts(other, len(given)))


def _spoken(column: Attribute | None) -> Attribute | None:
    """Return a column that says something; one in which all is missing is of the other side's kind."""
    return None if isinstance(column, Coded) and not (column.codes >= 0).any() else column


def _numbers(column: Attribute | None, rows: int) -> Floats:
    return np.full(rows, np.nan) if column is None or isinstance(column, Coded) else column


def _texts(column: Attribute | None, rows: int) -> Coded:
    if column is None:
        return no_coded(rows)
    if isinstance(column, Coded):
        return column
    # Numbers on one side, words on the other: both are read as words.
    distinct, row = np.unique(column, return_inverse=True)
    return coded([written(value) for value in distinct.tolist()]).take(row)


def _identities(there: Leads, given: Leads) -> Iterator[tuple[str, Texts]]:
    for name in (name for name in IDENTITIES if name in there.identities or name in given.identities):
        nobody = [np.full(len(leads), None, dtype=np.object_) for leads in (there, given)]
        parts = [leads.identities.get(name, none) for leads, none in zip((there, given), nobody, strict=True)]
        yield name, np.concatenate(parts)
