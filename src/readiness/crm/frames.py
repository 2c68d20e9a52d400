"""From columns as somebody else keeps them to typed columns of our tables, and what cannot be read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from readiness.crm import cells
from readiness.crm.contract import CONTRACT
from readiness.crm.drafts import NO_STARTS, instants, watched
from readiness.crm.identifiers import identified
from readiness.crm.records import DECISIONS, DIRECTIONS, NO_INSTANT, OUTCOMES, Instant, written
from readiness.crm.rules import NO_ZONE, NOT_A_NUMBER, UNREADABLE_INSTANT, Rule
from readiness.crm.tables import (
    IDENTITIES,
    Activities,
    Answers,
    Attribute,
    Coded,
    Codes,
    Flags,
    Floats,
    Handovers,
    Ints,
    Leads,
    Outcomes,
    Tables,
    Texts,
)
from readiness.crm.validation import Finding

ArrowTable: TypeAlias = Any
"""A ``pyarrow.Table``; pyarrow has no annotations."""


@dataclass(frozen=True, slots=True)
class Ragged:
    """A line of a file that has more or fewer cells than the header."""

    line: int
    text: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where rows came from, in the words of whoever gave them: faults are told in these."""

    original: ArrowTable
    """The rows as they were given, before anything was translated."""
    line: Callable[[int], int] = lambda row: row + 1
    """How their reader counts rows: the line of the file, or the position from 1."""
    names: Mapping[str, str] = field(default_factory=dict)
    """What their reader calls a column, where not by our name."""
    label: str | None = None
    """What their reader calls the table, where not by our name."""
    rows: Ints | None = None
    """Which rows of the original were taken, where not all of them."""
    ragged: tuple[Ragged, ...] = ()
    notes: tuple[str, ...] = ()
    """What was assumed in reading it, one sentence each."""

    def __len__(self) -> int:
        return self.original.num_rows if self.rows is None else len(self.rows)

    def original_row(self, row: int) -> int:
        """Return which row of the original one of the rows taken is."""
        return row if self.rows is None else int(self.rows[row])


@dataclass(frozen=True, slots=True)
class Given:
    """One table in our columns, not yet typed, with where its rows came from, one origin after the other."""

    rows: ArrowTable
    origins: tuple[Origin, ...]
    lead: Ints | None = None
    """Which row of the leads each row belongs to, where it is known otherwise than by ``lead_id``."""
    numbers: frozenset[str] = frozenset()
    """Attributes written as text that are columns of numbers."""
    written_by_us: bool = False
    findings: tuple[Finding, ...] = ()
    """What was found wrong with rows before they came here."""

    def origin_of(self, row: int) -> tuple[Origin, int]:
        """Return where a row came from, and which row it is there."""
        for origin in self.origins:
            if row < len(origin):
                return origin, origin.original_row(row)
            row -= len(origin)
        raise IndexError(row)


def given_as_is(rows: ArrowTable) -> Given:
    """Return a table whose rows are in our columns already, counted from 1."""
    return Given(rows, (Origin(rows),))


@dataclass(slots=True)
class Reading:
    """The typed columns of what was given, gathered with every cell that could not be read."""

    given: Mapping[str, Given]
    findings: list[Finding] = field(default_factory=list)
    broken: dict[tuple[str, str], Flags] = field(default_factory=dict)

    def length(self, table: str) -> int:
        """Return the number of rows."""
        return self.given[table].rows.num_rows if table in self.given else 0

    def column(self, table: str, name: str) -> cells.Column:
        """Return a column as given; one in which everything is missing where there is none."""
        if table in self.given and name in self.given[table].rows.column_names:
            return self.given[table].rows.column(name)
        return pa.chunked_array([pa.nulls(self.length(table))])

    def instants(self, table: str, name: str) -> Ints:
        """Return a column of instants."""
        read = cells.instants(self.column(table, name))
        self._note(UNREADABLE_INSTANT, table, name, read.unreadable)
        self._note(NO_ZONE, table, name, read.zoneless)
        self.broken[table, name] = read.unreadable | read.zoneless
        return read.at

    def words(self, table: str, name: str, allowed: tuple[str, ...]) -> NDArray[np.int8]:
        """Return a column of words, as codes."""
        return cells.words(self.column(table, name), allowed)

    def numbers(self, table: str, name: str) -> Floats:
        """Return a column of numbers."""
        values, unreadable = cells.numbers(self.column(table, name))
        self._note(NOT_A_NUMBER, table, name, unreadable)
        return values

    def coded(self, table: str, name: str) -> Coded:
        """Return a column of texts."""
        return cells.coded(self.column(table, name))

    def attribute(self, name: str) -> Attribute:
        """Return a lead's attribute."""
        if name in self.given["leads"].numbers:
            return self.numbers("leads", name)
        values, unreadable = cells.attribute(self.column("leads", name))
        self._note(NOT_A_NUMBER, "leads", name, unreadable)
        return values

    def _note(self, rule: Rule, table: str, column: str, flags: Flags) -> None:
        rows = flags.nonzero()[0]
        if len(rows):
            whole = len(rows) == self.length(table) and rule is NO_ZONE and len(rows) > 1
            self.findings.append(Finding(rule, table, column, rows, whole=whole))


def arrow(frame: pd.DataFrame | ArrowTable) -> ArrowTable:
    """Return a data frame as an Arrow table; a column of mixed objects becomes texts.

    Anything with the Arrow stream interface, such as a polars frame, is taken too.
    """
    if not isinstance(frame, pd.DataFrame):
        return pa.table(frame)
    columns = {}
    for name in frame.columns:
        series = frame[name]
        try:
            columns[str(name)] = pa.chunked_array([pa.Array.from_pandas(series)])
        except (pa.ArrowInvalid, pa.ArrowTypeError):
            columns[str(name)] = pa.chunked_array(
                [pa.array([_cell(value) for value in series], pa.large_string())]
            )
    return pa.table(columns)


def read_columns(
    given: Mapping[str, Given], *, observed_through: Instant | None, date_only: bool | None
) -> tuple[Tables, Reading]:
    """Read every column of what was given into tables whose rows lie in the order given.

    Returns
    -------
    Tables
        Unchecked: see `validation.examine`.
    Reading
        Which cells could not be read.
    """
    reading = Reading(given)
    leads = _leads(reading)
    known = pa.array(leads.lead_id, pa.large_string())
    rows = (
        leads,
        _activities(reading, known),
        _answers(reading, known),
        _outcomes(reading, known),
        _handovers(reading, known),
    )
    dated = not len(leads) or bool((leads.created_at != NO_INSTANT).any())
    dated = dated or bool(reading.broken["leads", "created_at"].any())
    through, dates = watched(
        instants(*rows), dated=dated, observed_through=observed_through, date_only=date_only
    )
    return Tables(*rows, observed_through=through, dated=dated, date_only=dates), reading


def _leads(reading: Reading) -> Leads:
    given = reading.given["leads"].rows
    attributes = sorted(name for name in given.column_names if name not in CONTRACT["leads"].all)
    identities = {name: _objects(cells.texts(reading.column("leads", name))) for name in IDENTITIES}
    leads = Leads(
        lead_id=_objects(cells.texts(reading.column("leads", "lead_id"))),
        created_at=reading.instants("leads", "created_at"),
        last_known_at=reading.instants("leads", "last_known_at"),
        source=reading.coded("leads", "source"),
        attributes={name: reading.attribute(name) for name in attributes},
        identities={name: texts for name, texts in identities.items() if any(texts)},
    )
    return leads if all(leads.lead_id) else identified(leads, _by_outcome(reading, len(leads)))


def _activities(reading: Reading, known: cells.Column) -> Activities:
    return Activities(
        lead=_positions(reading, "activities", known),
        starts=NO_STARTS,
        occurred_at=reading.instants("activities", "occurred_at"),
        type=reading.coded("activities", "type"),
        direction=reading.words("activities", "direction", DIRECTIONS),
        channel=reading.coded("activities", "channel"),
        value=reading.numbers("activities", "value"),
        detail=reading.coded("activities", "detail"),
    )


def _answers(reading: Reading, known: cells.Column) -> Answers:
    return Answers(
        lead=_positions(reading, "answers", known),
        starts=NO_STARTS,
        answered_at=reading.instants("answers", "answered_at"),
        field=reading.coded("answers", "field"),
        value=reading.coded("answers", "value"),
    )


def _outcomes(reading: Reading, known: cells.Column) -> Outcomes:
    return Outcomes(
        lead=_positions(reading, "outcomes", known),
        starts=NO_STARTS,
        occurred_at=reading.instants("outcomes", "occurred_at"),
        outcome=reading.words("outcomes", "outcome", OUTCOMES),
    )


def _handovers(reading: Reading, known: cells.Column) -> Handovers:
    return Handovers(
        lead=_positions(reading, "handovers", known),
        starts=NO_STARTS,
        handed_over_at=reading.instants("handovers", "handed_over_at"),
        decided_at=reading.instants("handovers", "decided_at"),
        decision=reading.words("handovers", "decision", DECISIONS),
        reason=reading.coded("handovers", "reason"),
        propensity=reading.numbers("handovers", "propensity"),
    )


def _positions(reading: Reading, table: str, known: cells.Column) -> Codes:
    if table in reading.given and reading.given[table].lead is not None:
        return np.asarray(reading.given[table].lead, dtype=np.int32)
    found = pc.index_in(cells.texts(reading.column(table, "lead_id")), value_set=known, skip_nulls=True)
    positions: Codes = found.fill_null(-1).to_numpy().astype(np.int32)
    return positions


def _by_outcome(reading: Reading, leads: int) -> list[int]:
    # Leads of the same content are counted in the order of their outcomes, so that row order cannot show.
    ends = reading.given.get("outcomes")
    code = np.full(leads + 1, -1, dtype=np.int64)
    if ends is not None and ends.lead is not None:
        code[ends.lead] = reading.words("outcomes", "outcome", OUTCOMES)
    order: list[int] = np.argsort(code[:leads], kind="stable").tolist()
    return order


def _objects(column: cells.Column) -> Texts:
    texts = np.empty(len(column), dtype=np.object_)
    texts[:] = column.to_pylist()
    return texts


def _cell(value: object) -> str | None:
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    return written(value) if isinstance(value, str | int | float | bool | None) else str(value)
