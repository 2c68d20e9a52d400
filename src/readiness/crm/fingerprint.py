"""Which data a model was trained on, in one short text that any edit changes and no reordering does."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

from readiness.crm.tables import (
    Activities,
    Answers,
    Attribute,
    Coded,
    Handovers,
    Ints,
    Leads,
    Outcomes,
    Tables,
    Texts,
)

ROWS: Final = ("activities", "answers", "outcomes", "handovers")
"""The tables whose rows belong to leads."""


def fingerprint(tables: Tables) -> str:
    """Return the SHA-256 of the data itself.

    Leads count in the order of their ids, rows in the order that the tables keep, texts by what they
    say: so neither the order of rows, leads, columns or levels matters, nor a level that no row has,
    while an edit of any cell, identities included, gives another fingerprint.

    Parameters
    ----------
    tables : Tables
        Lead ids are unique and rows sorted, as every door makes them.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    digest = hashlib.sha256()
    order = np.argsort(
        np.array([str(each) for each in tables.leads.lead_id], dtype=np.object_), kind="stable"
    )
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    digest.update(_period(tables))
    for part in _leads(tables.leads, order):
        digest.update(part)
    for name in ROWS:
        for part in _rows(name, getattr(tables, name), rank):
            digest.update(part)
    return digest.hexdigest()


def fingerprints(tables: Tables) -> dict[str, str]:
    """Return a SHA-256 for each table, and one for the time watched: so it can be said which of them differ.

    A row counts with the id of its lead, so that a lead more in one table changes no other. Otherwise as
    in `fingerprint`.

    Returns
    -------
    dict
        ``period``, ``leads``, ``activities``, ``answers``, ``outcomes``, ``handovers``; 64 hexadecimal digits
        each.
    """
    ids = np.array([str(each) for each in tables.leads.lead_id], dtype=np.object_)
    order = np.argsort(ids, kind="stable")
    names = _hashed(ids)
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    found = {"period": [_period(tables)], "leads": _leads(tables.leads, order)}
    for name in ROWS:
        table = getattr(tables, name)
        of_whom = _named("lead ids", names[np.sort(rank[table.lead])].tobytes())
        found[name] = [of_whom, *_rows(name, table, rank)[1:]]
    return {name: hashlib.sha256(b"".join(parts)).hexdigest() for name, parts in found.items()}


def _hashed(ids: NDArray[np.object_]) -> NDArray[np.void]:
    """Return 16 bytes for each id, in the order of the ids."""
    digests = [hashlib.blake2b(each.encode(), digest_size=16).digest() for each in sorted(ids)]
    return np.array(digests, dtype="V16")


def _period(tables: Tables) -> bytes:
    watched = [int(tables.observed_through), bool(tables.dated), bool(tables.date_only)]
    return _named("tables", json.dumps(watched).encode())


def _leads(leads: Leads, order: Ints) -> list[bytes]:
    columns: dict[str, Attribute | Ints] = {
        "created_at": leads.created_at,
        "last_known_at": leads.last_known_at,
        "source": leads.source,
    }
    columns |= {f"attribute {name}": column for name, column in leads.attributes.items()}
    texts = {"lead_id": leads.lead_id}
    texts |= {f"identity {name}": column for name, column in leads.identities.items()}
    return [
        *(_named(f"leads {name}", _texts(column[order])) for name, column in sorted(texts.items())),
        *(_column(f"leads {name}", column, order) for name, column in sorted(columns.items())),
    ]


def _rows(name: str, table: Activities | Answers | Outcomes | Handovers, rank: Ints) -> list[bytes]:
    lead = rank[table.lead]
    order = np.argsort(lead, kind="stable")
    columns = [each.name for each in fields(table) if each.name not in ("lead", "starts")]
    return [
        _named(f"{name} lead", lead[order].astype("<i8").tobytes()),
        *(_column(f"{name} {column}", getattr(table, column), order) for column in sorted(columns)),
    ]


def _column(name: str, column: Attribute | NDArray[np.integer], order: Ints) -> bytes:
    if isinstance(column, Coded):
        # Levels that no row has are left out: codes count only the texts there are.
        used, codes = np.unique(column.codes[order], return_inverse=True)
        texts = [None if code < 0 else column.levels[code] for code in used.tolist()]
        return _named(name, json.dumps(texts).encode() + codes.astype("<i8").tobytes())
    values = column[order]
    if values.dtype.kind == "f":
        # One missing value and one zero, whatever their bits.
        return _named(name, b"f" + np.where(np.isnan(values), np.nan, values + 0.0).astype("<f8").tobytes())
    return _named(name, b"i" + values.astype("<i8").tobytes())


def _texts(column: Texts) -> bytes:
    return json.dumps([None if each is None else str(each) for each in column]).encode()


def _named(name: str, content: bytes) -> bytes:
    """Set a name and lengths before the content, so that no two different tables read the same."""
    head = name.encode()
    return len(head).to_bytes(8, "little") + head + len(content).to_bytes(8, "little") + content
