"""Taking in what somebody gives us: everything wrong is told, and nothing is lost.

Either all of it is right (`from_frames`, `accept`), or the faulty rows are set aside with their faults
(`sort_out`), and then what was read is exactly what was accepted plus what was refused.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa

from readiness.crm import cells, validation
from readiness.crm.assembly import instants, settled, watched
from readiness.crm.contract import faulty_headers, strange_columns
from readiness.crm.frames import UNSUPPORTED_TYPE, ArrowTable, Given, Reading, arrow, read_columns
from readiness.crm.records import Instant
from readiness.crm.selection import accepted_rows
from readiness.crm.tables import Flags, Tables
from readiness.crm.validation import TABLES, Finding, Rule
from readiness.errors import DataError, Fault

RAGGED_ROW: Final = Rule(
    "ragged_row",
    "as many cells as the header has",
    "Quote cells that hold the separator, or fill the row up.",
    doubts_end=True,
)
NO_LEADS: Final = Rule("no_leads", "a table of leads", "Give one; the other tables mean nothing without it.")


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows of one table were read, and what became of them; read = accepted + refused."""

    read: int
    accepted: int

    @property
    def refused(self) -> int:
        """Rows set aside."""
        return self.read - self.accepted


@dataclass(frozen=True, slots=True)
class Received:
    """What came in: the tables, how many rows were read and accepted, what was refused and why."""

    tables: Tables
    counts: Mapping[str, Count]
    faults: tuple[Fault, ...] = ()
    """Of the rows set aside, in the order table, row, column."""
    notes: tuple[str, ...] = ()
    """What was accepted though it is odd, and what cannot be known from this data."""
    set_aside: Mapping[str, ArrowTable] = field(default_factory=dict)
    """By table, the rows refused: ``row``, ``fault_code``, ``fault``, then the cells as they were given."""


def from_frames(
    frames: Mapping[str, pd.DataFrame],
    *,
    observed_through: Instant | None = None,
    date_only: bool | None = None,
) -> Tables:
    """Turn data frames into tables, or say everything that is wrong with them.

    Parameters
    ----------
    frames : by table name
        ``leads`` must be there. Index and row order mean nothing, but leads keep their order. Any
        frame with the Arrow stream interface will do.
    observed_through : Instant, optional
        Nothing at or after it is known. By default the newest instant anywhere, plus one microsecond.
    date_only : bool, optional
        Whether the CRM keeps dates without times. By default, whether every instant is a day's end.

    Raises
    ------
    DataError
        If a frame breaks the contract; every fault is listed, rows counted from 1.
    """
    strangers = sorted(set(frames) - set(TABLES))
    if strangers:
        raise DataError([_stranger(name) for name in strangers])
    given = {table: Given(arrow(frame)) for table, frame in frames.items()}
    return accept(given, observed_through=observed_through, date_only=date_only).tables


def accept(
    given: Mapping[str, Given], *, observed_through: Instant | None = None, date_only: bool | None = None
) -> Received:
    """Take everything in, or refuse it all.

    Raises
    ------
    DataError
        If anything is wrong; every fault is listed.
    """
    draft, reading, findings = _examined(given, observed_through, date_only)
    refusing = [found for found in findings if found.rule.refuses]
    faults = _ragged(given) + _spelt(refusing, given)
    if faults:
        raise DataError(faults)
    counts = {table: Count(reading.length(table), reading.length(table)) for table in TABLES}
    return Received(settled(draft), counts, notes=_notes(given, findings))


def sort_out(
    given: Mapping[str, Given], *, observed_through: Instant | None = None, date_only: bool | None = None
) -> Received:
    """Take in the rows that are right and set the others aside with their faults.

    With a lead go all its rows; and with a refused outcome goes its lead, where we would
    otherwise take an ended lead for an open one.

    Raises
    ------
    DataError
        If a whole table cannot be read: a column is missing, or its type makes no sense.
    """
    draft, reading, findings = _examined(given, observed_through, date_only)
    findings += validation.refused_leads(draft, findings)
    accepted = {table: np.ones(reading.length(table), dtype=bool) for table in TABLES}
    _refuse(accepted, findings)
    orphans = validation.orphans(draft, accepted["leads"])
    _refuse(accepted, orphans)
    findings += orphans
    kept = accepted_rows(draft, accepted)
    if observed_through is None or date_only is None:
        parts = (kept.leads, kept.activities, kept.answers, kept.outcomes, kept.handovers)
        through, dates = watched(
            instants(*parts), dated=kept.dated, observed_through=observed_through, date_only=date_only
        )
        kept = replace(kept, observed_through=through, date_only=dates)
    refusing = [found for found in findings if found.rule.refuses]
    ragged = _ragged(given)
    return Received(
        tables=settled(kept),
        counts={
            table: Count(len(flags) + len(given[table].ragged if table in given else ()), int(flags.sum()))
            for table, flags in accepted.items()
        },
        faults=tuple(sorted(ragged + _spelt(refusing, given), key=lambda fault: _place(fault, given))),
        notes=_notes(given, findings),
        set_aside=_set_aside(given, accepted, refusing),
    )


def _examined(
    given: Mapping[str, Given], observed_through: Instant | None, date_only: bool | None
) -> tuple[Tables, Reading, list[Finding]]:
    faults = _faulty_tables(given)
    if faults:
        raise DataError(faults)
    draft, reading = read_columns(given, observed_through=observed_through, date_only=date_only)
    return draft, reading, reading.findings + validation.examine(draft, reading.broken)


def _faulty_tables(given: Mapping[str, Given]) -> list[Fault]:
    if "leads" not in given:
        return [Fault("leads", None, None, _names(given), NO_LEADS.expected, NO_LEADS.remedy, NO_LEADS.code)]
    faults = []
    for table in (table for table in TABLES if table in given):
        rows = given[table].rows
        headers = faulty_headers(table, rows.column_names)
        if given[table].lead is not None:
            headers = [fault for fault in headers if fault.column != "lead_id"]
        faults += headers
        rule = UNSUPPORTED_TYPE
        faults += [
            Fault(table, None, column.name, str(column.type), rule.expected, rule.remedy, rule.code)
            for column in rows.schema
            if not cells.readable(column.type)
        ]
    return [_as_called(fault, given) for fault in faults]


def _names(given: Mapping[str, Given]) -> str:
    return f"only {', '.join(sorted(given))}" if given else "nothing"


def _stranger(name: str) -> Fault:
    expected = f"one of {', '.join(TABLES)}"
    return Fault(
        name, None, None, "a table of this name", expected, "Rename it or leave it out.", "unknown_table"
    )


def _spelt(findings: Iterable[Finding], given: Mapping[str, Given]) -> list[Fault]:
    def seen(table: str, column: str, row: int) -> object:
        source = given[table]
        rows = source.rows if source.original is None else source.original
        name = source.names.get(column, column)
        return rows.column(name)[row].as_py() if name in rows.column_names else None

    faults = validation.faults(findings, seen, lambda table, row: given[table].line(row))
    return [_as_called(fault, given) for fault in faults]


def _as_called(fault: Fault, given: Mapping[str, Given]) -> Fault:
    source = given[fault.table]
    column = None if fault.column is None else source.names.get(fault.column, fault.column)
    return replace(fault, table=source.label or fault.table, column=column)


def _ragged(given: Mapping[str, Given]) -> list[Fault]:
    faults = []
    for table in (table for table in TABLES if table in given):
        for line, text in given[table].ragged[: validation.FAULTS_SHOWN]:
            seen = validation.masked("", text)
            faults.append(
                Fault(table, line, None, seen, RAGGED_ROW.expected, RAGGED_ROW.remedy, RAGGED_ROW.code)
            )
    return [_as_called(fault, given) for fault in faults]


def _place(fault: Fault, given: Mapping[str, Given]) -> tuple[int, int, str]:
    labels = [given[table].label or table if table in given else table for table in TABLES]
    return labels.index(fault.table), -1 if fault.row is None else fault.row, fault.column or ""


def _refuse(accepted: Mapping[str, Flags], findings: Iterable[Finding]) -> None:
    for found in findings:
        if found.rule.refuses:
            accepted[found.table][found.rows] = False


def _notes(given: Mapping[str, Given], findings: Sequence[Finding]) -> tuple[str, ...]:
    notes = [
        note
        for table in TABLES
        if table in given
        for note in strange_columns(table, given[table].rows.column_names)
    ]
    return tuple(notes + validation.notes(findings))


def _set_aside(
    given: Mapping[str, Given], accepted: Mapping[str, Flags], findings: Sequence[Finding]
) -> dict[str, ArrowTable]:
    aside = {}
    for table in (table for table in TABLES if table in given):
        source, refused = given[table], np.flatnonzero(~accepted[table])
        if not len(refused) and not source.ragged:
            continue
        reasons: dict[int, list[tuple[str, str]]] = defaultdict(list)
        for found in (found for found in findings if found.table == table):
            column = source.names.get(found.column or "", found.column or "the row")
            sentence = f"{column}: expected {found.rule.expected}. {found.rule.remedy}"
            for row in found.rows.tolist():
                reasons[row].append((found.rule.code, sentence))
        rows = source.rows if source.original is None else source.original
        aside[table] = _with_reasons(rows.take(pa.array(refused)), refused.tolist(), reasons, source)
    return aside


def _with_reasons(
    rows: ArrowTable, numbers: list[int], reasons: Mapping[int, list[tuple[str, str]]], source: Given
) -> ArrowTable:
    ragged = source.ragged
    lines = [source.line(number) for number in numbers] + [line for line, _ in ragged]
    codes = ["; ".join(code for code, _ in reasons[number]) for number in numbers] + [RAGGED_ROW.code] * len(
        ragged
    )
    sentences = ["; ".join(said for _, said in reasons[number]) for number in numbers]
    sentences += [f"Expected {RAGGED_ROW.expected}. {RAGGED_ROW.remedy}"] * len(ragged)
    columns = {
        "row": pa.array(lines, pa.int64()),
        "fault_code": pa.array(codes),
        "fault": pa.array(sentences),
    }
    if ragged:
        columns["raw_line"] = pa.array([None] * len(numbers) + [text for _, text in ragged], pa.string())
    for name in rows.column_names:
        texts = cells.texts(rows.column(name)).combine_chunks()
        columns[name] = pa.concat_arrays([texts, pa.nulls(len(ragged), texts.type)])
    return pa.table(columns)
