"""Whose row it is, where the row names the lead by something else than its id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from readiness.counting import counted
from readiness.crm import cells
from readiness.crm.mapping.document import Mapping as Document
from readiness.crm.mapping.remarks import Remarks
from readiness.crm.mapping.sheets import Sheet
from readiness.crm.records import NO_INSTANT
from readiness.crm.repeated_words import on_distinct, one_chunk
from readiness.crm.tables import Coded, Flags, Ints, Leads

_TEXT = pa.large_string()


@dataclass(frozen=True, slots=True)
class LeadRows:
    """The leads as one of their feeds gives them, for other rows to find them."""

    sheet: Sheet
    lead_id: cells.Column
    created_at: cells.Column
    label: str
    there: Flags
    """Which of them are not left out; who is left out is known too, so that its rows can go with it."""

    @property
    def created(self) -> Ints:
        """When each was created; what has no instant comes last."""
        at = cells.instants(self.created_at).at
        return np.where(at == NO_INSTANT, np.iinfo(np.int64).max, at)


@dataclass(slots=True)
class Lookup:
    """Finds leads by columns of their files."""

    leads: Sequence[LeadRows]
    remarks: Remarks
    known: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    """Leads of earlier exports, by column: its cells, and the id of each; see `known_before`."""
    _ids: dict[str, tuple[Any, Any]] = field(default_factory=dict)

    def found(self, cell: cells.Column, columns: Sequence[str]) -> cells.Column:
        """Return the ids of the leads that have each cell in one of these columns, null where none has.

        The columns are looked into in this order, first those of the export, then what is known of earlier
        ones; of several leads with the same cell the earliest created is meant, and a note says that there
        are some.
        """

        def look(texts: cells.Column) -> cells.Column:
            texts = cells.texts(texts)
            result = pa.chunked_array([pa.nulls(len(texts), _TEXT)])
            indexes = [
                *map(self._index, columns),
                *(self.known[name] for name in columns if name in self.known),
            ]
            for keys, ids in indexes:
                at = one_chunk(pc.index_in(texts, value_set=keys, skip_nulls=True))
                result = pc.coalesce(result, pa.chunked_array([ids.take(at)]))
            return result

        return on_distinct(cell, look)

    def _index(self, name: str) -> tuple[Any, Any]:
        if name not in self._ids:
            having = [leads for leads in self.leads if name in leads.sheet.columns]
            keys = _one([cells.texts(leads.sheet.cleaned(name)) for leads in having])
            ids = _one([cells.texts(leads.lead_id) for leads in having])
            created = np.concatenate([np.empty(0, np.int64), *(leads.created for leads in having)])
            gone = ~np.concatenate([np.empty(0, np.bool_), *(leads.there for leads in having)])
            columns = pa.table({"gone": gone, "created": created, "id": ids})
            order = pc.sort_indices(columns, sort_keys=[(each, "ascending") for each in columns.column_names])
            keys, ids = keys.take(order), ids.take(order)
            self._tell_shared(name, keys, ids, having)
            self._ids[name] = keys, ids
        return self._ids[name]

    def _tell_shared(self, name: str, keys: Any, ids: Any, having: Sequence[LeadRows]) -> None:  # noqa: ANN401
        pairs = (
            pa.table({"key": keys, "id": ids}).filter(pc.is_valid(keys)).group_by(["key", "id"]).aggregate([])
        )
        shared = len(pairs) - pc.count_distinct(pairs.column("key")).as_py()
        if shared:
            labels = ", ".join(dict.fromkeys(leads.label for leads in having))
            self.remarks.notes.append(
                f"{labels}: {counted(shared, 'lead')} with the same {name} as an earlier one, "
                "to which the rows go."
            )


def known_before(mapping: Document, leads: Leads) -> dict[str, tuple[Any, Any]]:
    """Return by which columns of the export's files leads of earlier exports can be found.

    These are the columns that fill a column or an attribute of ours as they stand: no other is kept.

    Parameters
    ----------
    leads : Leads
        Those that are there.

    Returns
    -------
    dict
        By column, its cells and the ids of the leads, the earliest created first.
    """
    created = np.where(leads.created_at == NO_INSTANT, np.iinfo(np.int64).max, leads.created_at)
    ids = pa.array(leads.lead_id, _TEXT)
    order = pc.sort_indices(
        pa.table({"created": created, "id": ids}), sort_keys=[("created", "ascending"), ("id", "ascending")]
    )
    found: dict[str, tuple[Any, Any]] = {}
    for feed in mapping.leads:
        specs = {**feed.columns, **feed.attributes}
        named = {spec.column: ours for ours, spec in specs.items() if spec.column and not spec.values}
        for theirs, ours in named.items():
            cells_there = _cells(leads, ours)
            if cells_there is not None:
                found.setdefault(theirs, (cells_there.take(order), ids.take(order)))
    return found


def _cells(leads: Leads, ours: str) -> Any:  # noqa: ANN401 - pyarrow has no annotations
    """Return a column of leads as texts; None if they do not have it, or it is a date or a source."""
    if ours == "lead_id":
        return pa.array(leads.lead_id, _TEXT)
    if ours in leads.identities:
        return pa.array(leads.identities[ours], _TEXT)
    values = leads.attributes.get(ours)
    if isinstance(values, Coded):
        return pa.array(values.texts(), _TEXT)
    return None if values is None else _one([cells.texts(pa.chunked_array([values], pa.float64()))])


def left_out(leads: Sequence[LeadRows]) -> Any:  # noqa: ANN401 - pyarrow has no annotations
    """Return the ids of which every lead is left out."""
    ids = _one([cells.texts(rows.lead_id) for rows in leads])
    there = pa.array(np.concatenate([np.empty(0, np.bool_), *(rows.there for rows in leads)]))
    gone = ids.filter(pc.invert(there)).drop_null()
    return gone.filter(pc.invert(pc.is_in(gone, value_set=ids.filter(there))))


def _one(columns: Sequence[cells.Column]) -> Any:  # noqa: ANN401 - pyarrow has no annotations
    return pa.chunked_array([chunk for column in columns for chunk in column.chunks], _TEXT).combine_chunks()
