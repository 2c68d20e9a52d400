"""Taking in what somebody gives us: everything wrong is told, and nothing is lost.

Either all of it is right (`from_frames`, `accept`), or the faulty rows are set aside with their faults
(`sort_out`), and then what was read is exactly what was accepted plus what was refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from readiness.crm import cells, oddities, validation
from readiness.crm.drafts import instants, settled, watched
from readiness.crm.findings import TABLES, Finding, leads_of
from readiness.crm.frames import (
    ArrowTable,
    Given,
    arrow,
    given_as_is,
)
from readiness.crm.legible import NOTHING_UNREAD, Unread, legible
from readiness.crm.quarantine import set_aside
from readiness.crm.reading import Reading, read_columns
from readiness.crm.records import Instant
from readiness.crm.rules import LEAD_REFUSED
from readiness.crm.selection import accepted_rows
from readiness.crm.tables import Flags, Tables
from readiness.crm.telling import faults_of, notes_of, torn_lines
from readiness.errors import DataError, Fault


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
    """Of the rows set aside, in the order table, row, column; torn lines come last in their table."""
    notes: tuple[str, ...] = ()
    """What was accepted though it is odd, and what cannot be known from this data."""
    set_aside: Mapping[str, ArrowTable] = field(default_factory=dict)
    """By table and source, the rows refused with their faults: see `quarantine.set_aside`."""
    episodes: int = 0
    """So many leads, the last ones, are later episodes of leads before them."""


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
    strangers = tuple(_stranger(name) for name in sorted(set(frames) - set(TABLES)))
    given = {table: given_as_is(arrow(frames[table])) for table in TABLES if table in frames}
    unread = Unread(strangers)
    return accept(given, unread=unread, observed_through=observed_through, date_only=date_only).tables


def accept(
    given: Mapping[str, Given],
    *,
    unread: Unread = NOTHING_UNREAD,
    observed_through: Instant | None = None,
    date_only: bool | None = None,
) -> Received:
    """Take everything in, or refuse it all.

    Raises
    ------
    DataError
        If anything is wrong; every fault is listed.
    """
    draft, reading, findings = _examined(given, unread, observed_through, date_only)
    faults = faults_of(given, findings)
    if faults:
        raise DataError(faults)
    counts = {table: Count(reading.length(table), reading.length(table)) for table in TABLES}
    return Received(settled(draft), counts, notes=notes_of(given, findings))


def sort_out(
    given: Mapping[str, Given],
    *,
    unread: Unread = NOTHING_UNREAD,
    observed_through: Instant | None = None,
    date_only: bool | None = None,
) -> Received:
    """Take in the rows that are right and set the others aside with their faults: see `sift`."""
    return sift(given, unread=unread, observed_through=observed_through, date_only=date_only).settle()


@dataclass(frozen=True, slots=True)
class Sifted:
    """What came in, looked over row by row; nothing of what was given is needed any more."""

    unsettled: Received
    """Its tables' rows lie in the order given."""

    def settle(self) -> Received:
        """Return what came in with its rows sorted by lead, instant and content.

        Sorting needs room: who lets go of what was given before, needs half as much for a big export.
        """
        return replace(self.unsettled, tables=settled(self.unsettled.tables))


def sift(
    given: Mapping[str, Given],
    *,
    unread: Unread = NOTHING_UNREAD,
    observed_through: Instant | None = None,
    date_only: bool | None = None,
) -> Sifted:
    """Part the rows that are right from the others, which are set aside with their faults.

    With a lead go all its rows; and with a refused outcome goes its lead, where we would
    otherwise take an ended lead for an open one.

    Raises
    ------
    DataError
        If a whole table cannot be read: a column is missing, or its type makes no sense.
    """
    draft, reading, findings = _examined(given, unread, observed_through, date_only)
    findings += _ends_in_doubt(draft, given, findings)
    accepted = {table: np.ones(reading.length(table), dtype=bool) for table in TABLES}
    _refuse(accepted, findings)
    orphans = validation.orphans(draft, accepted)
    _refuse(accepted, orphans)
    findings += orphans
    kept = accepted_rows(draft, accepted)
    if observed_through is None or date_only is None:
        parts = (kept.leads, kept.activities, kept.answers, kept.outcomes, kept.handovers)
        through, dates = watched(
            instants(*parts), dated=kept.dated, observed_through=observed_through, date_only=date_only
        )
        kept = replace(kept, observed_through=through, date_only=dates)
    torn = Counter(table for table, _, _ in torn_lines(given))
    return Sifted(
        Received(
            tables=kept,
            counts={
                table: Count(len(flags) + torn[table], int(flags.sum())) for table, flags in accepted.items()
            },
            faults=faults_of(given, findings),
            notes=notes_of(given, _of_accepted(findings, accepted)),
            set_aside=set_aside(given, accepted, findings),
        )
    )


def _examined(
    given: Mapping[str, Given], unread: Unread, observed_through: Instant | None, date_only: bool | None
) -> tuple[Tables, Reading, list[Finding]]:
    """Read and check what was given; where some of it cannot be read at all, tell everything."""
    given, unread = legible(given, unread)
    draft, reading = read_columns(given, observed_through=observed_through, date_only=date_only)
    torn = _of_torn_leads(given, draft, reading)
    before = [found for source in given.values() for found in source.findings]
    findings = before + reading.findings + torn + validation.examine(draft, reading.broken)
    if unread.faults:
        raise DataError(faults_of(given, findings, unread.faults))
    return draft, reading, findings + oddities.noticed(draft)


def _of_torn_leads(given: Mapping[str, Given], draft: Tables, reading: Reading) -> list[Finding]:
    """Return the rows of leads whose own line has too few or too many cells; they are not unknown."""
    torn = {cell for table, _, ragged in torn_lines(given) if table == "leads" for cell in ragged.cells}
    found: list[Finding] = []
    if not torn:
        return found
    ids = pa.array(sorted(torn), pa.large_string())
    for table, lead in leads_of(draft):
        if not len(lead) or given[table].lead is not None:
            continue
        named = pc.is_in(cells.texts(reading.column(table, "lead_id")), value_set=ids)
        flags = (lead < 0) & cells.flags(named)
        reading.broken[table, "lead_id"] = reading.broken[table, "lead_id"] | flags
        found.append(Finding(LEAD_REFUSED, table, "lead_id", flags.nonzero()[0]))
    return [one for one in found if len(one.rows)]


def _stranger(name: str) -> Fault:
    expected = f"one of {', '.join(TABLES)}"
    return Fault(
        name, None, None, "a table of this name", expected, "Rename it or leave it out.", "unknown_table"
    )


def _ends_in_doubt(draft: Tables, given: Mapping[str, Given], findings: Sequence[Finding]) -> list[Finding]:
    # A line of outcomes that has too few or too many cells still names its lead in one of them.
    torn = {cell for table, _, ragged in torn_lines(given) if table == "outcomes" for cell in ragged.cells}
    named = [row for row, lead_id in enumerate(draft.leads.lead_id) if lead_id in torn] if torn else []
    return validation.refused_leads(draft, findings, np.array(named, dtype=np.int64))


def _refuse(accepted: Mapping[str, Flags], findings: Iterable[Finding]) -> None:
    for found in findings:
        if found.rule.refuses:
            accepted[found.table][found.rows] = False


def _of_accepted(findings: Sequence[Finding], accepted: Mapping[str, Flags]) -> list[Finding]:
    """Return what is to be noted of rows that were taken; of the others their faults are told."""
    kept = [replace(found, rows=found.rows[accepted[found.table][found.rows]]) for found in findings]
    return [found for found in kept if len(found.rows) and not found.rule.refuses]
