"""What of the tables given can be looked at, where some of their files, tables or columns cannot be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pyarrow as pa

from readiness.crm import cells
from readiness.crm.contract import CONTRACT, faulty_headers
from readiness.crm.findings import TABLES
from readiness.crm.frames import Given, given_as_is
from readiness.crm.rules import NO_LEADS, UNSUPPORTED_TYPE
from readiness.errors import Fault


@dataclass(frozen=True, slots=True)
class Unread:
    """What is wrong with whole files, tables and columns: with any of it nothing is taken in.

    The rest is looked at all the same, so that everything is told at once.
    """

    faults: tuple[Fault, ...] = ()
    leads_known: bool = True
    """False: some leads could not be read, so nothing is said of which lead a row belongs to."""


NOTHING_UNREAD: Final = Unread()

_KEYS: Final = ("lead_id", "created_at")
_ROWS_ARE_THERE: Final = (
    *("missing_column", "misnamed_column", "repeated_column", UNSUPPORTED_TYPE.code),
    *("missing_header", "wrong_separator"),
)
"""Faults with which every row can be read, though a column may not."""


def legible(given: Mapping[str, Given], unread: Unread) -> tuple[dict[str, Given], Unread]:
    """Return the tables with the columns that can be read, and all that is wrong with the others.

    Parameters
    ----------
    unread : Unread
        What is known to be wrong already; a table of which nothing could be read is not among those given.

    Returns
    -------
    dict of Given
        As given if nothing is wrong. Else there are leads, though without rows where there were none, and
        what a column says that is not there counts as unread, not as missing.
    Unread
        Also what is wrong with the headers, and with leads that nobody gave.
    """
    faults = list(unread.faults)
    if "leads" not in given and unread.leads_known and not any(fault.table == "leads" for fault in faults):
        rule = NO_LEADS
        faults.append(Fault("leads", None, None, _names(given), rule.expected, rule.remedy, rule.code))
    tables: dict[str, Given] = {}
    for table in (table for table in TABLES if table in given):
        wrong = list(_faulty_columns(table, given[table]))
        faults += wrong
        tables[table] = _without(given[table], table, wrong) if wrong else given[table]
    if not faults:
        return tables, NOTHING_UNREAD
    known = unread.leads_known and "leads" in given and not any(map(_hides_leads, faults))
    if any(fault.table == "leads" for fault in faults) and not _has_keys(tables.get("leads")):
        # Its header is wrong: whether there is no time, or only no such column, nobody can say.
        known = False
    tables.setdefault("leads", given_as_is(pa.table({"lead_id": _NO_TEXTS, "source": _NO_TEXTS})))
    if not known:
        absent = "created_at" not in tables["leads"].rows.column_names
        hidden = {"leads": ["created_at"] if absent else []}
        tables = {table: _unread(rows, hidden.get(table, ["lead_id"])) for table, rows in tables.items()}
    return tables, Unread(tuple(faults), known)


_NO_TEXTS: Final = pa.array([], pa.large_string())


def rows_are_there(fault: Fault) -> bool:
    """Say whether every row can be read in spite of a fault of a whole file, table or column."""
    return fault.code in _ROWS_ARE_THERE


def _faulty_columns(table: str, given: Given) -> Iterator[Fault]:
    names = given.rows.column_names
    for fault in faulty_headers(table, names, written_by_us=given.written_by_us):
        known = given.lead is not None and fault.column == "lead_id"
        # Where a column of ours could not be filled, that is told; what is left may well be called so.
        if not known and not {fault.column, fault.expected.strip("'")} & given.unread.keys():
            yield fault
    rule = UNSUPPORTED_TYPE
    for column in given.rows.schema:
        if not cells.readable(column.type):
            yield Fault(table, None, column.name, str(column.type), rule.expected, rule.remedy, rule.code)


def _without(given: Given, table: str, faults: list[Fault]) -> Given:
    """Return a table without its faulty columns; those of ours count as unread."""
    names = given.rows.column_names
    faulty = {fault.column for fault in faults}
    kept = [position for position, name in enumerate(names) if name not in faulty]
    meant = faulty | {fault.expected.strip("'") for fault in faults if fault.code == "misnamed_column"}
    return _unread(
        replace(given, rows=given.rows.select(kept)), [name for name in CONTRACT[table].all if name in meant]
    )


def _unread(given: Given, names: list[str]) -> Given:
    everywhere = np.ones(given.rows.num_rows, dtype=bool)
    return replace(given, unread={**given.unread, **dict.fromkeys(names, everywhere)})


def _hides_leads(fault: Fault) -> bool:
    """Say whether some leads, or when they began, are unknown with this fault."""
    if fault.table != "leads":
        return False
    return not rows_are_there(fault) or bool({fault.column, fault.expected.strip("'")} & set(_KEYS))


def _has_keys(leads: Given | None) -> bool:
    return leads is not None and set(_KEYS) <= set(leads.rows.column_names)


def _names(given: Mapping[str, Given]) -> str:
    return f"only {', '.join(sorted(given))}" if given else "nothing"
