"""From columns as they were given to typed columns of our tables, with what is to be said of their cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from readiness.crm import cells, spelling
from readiness.crm.cell_rules import KEPT_WORD, NO_ZONE, NUMBERS_AND_WORDS
from readiness.crm.contract import CONTRACT
from readiness.crm.drafts import NO_STARTS, instants, watched
from readiness.crm.findings import Finding, Found, refused_by
from readiness.crm.frames import Given
from readiness.crm.identifiers import identified
from readiness.crm.records import DECISIONS, DIRECTIONS, NO_INSTANT, OUTCOMES, Instant
from readiness.crm.repeated_words import distinct, on_distinct
from readiness.crm.rules import ID_FROM_CONTENT, LOST_ZEROS, Rule
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

_PROSE: Final = ("detail", "reason")
"""Columns in which people write sentences."""


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

    def identifiers(self, table: str) -> cells.Column:
        """Return the column of ``lead_id``, as texts; what readiness wrote is taken as it stands."""
        if table in self.given and self.given[table].written_by_us:
            self._break(table, "lead_id", np.zeros(self.length(table), dtype=bool))
            return self._texts(table, "lead_id")
        text, found = spelling.cleaned(self._texts(table, "lead_id"), spelling.IDENTIFIER)
        self._tell(table, "lead_id", found)
        return text

    def instants(self, table: str, name: str) -> Ints:
        """Return a column of instants."""
        read = cells.instants(self.column(table, name))
        self._tell(table, name, read.found)
        return read.at

    def words(self, table: str, name: str, allowed: tuple[str, ...]) -> NDArray[np.int8]:
        """Return a column of words, as codes."""
        read = cells.words(self.column(table, name), allowed)
        self._tell(table, name, read.found)
        return read.codes

    def numbers(self, table: str, name: str) -> Floats:
        """Return a column of numbers."""
        read = cells.numbers(self.column(table, name))
        self._tell(table, name, read.found)
        return read.values

    def coded(self, table: str, name: str, kind: spelling.Spelling) -> Coded:
        """Return a column of texts."""
        read = cells.coded(self.free(table, name, kind))
        if name not in _PROSE:
            self._doubt(KEPT_WORD, table, name, read, spelling.is_surely_nothing)
        return read

    def free(self, table: str, name: str, kind: spelling.Spelling) -> cells.Column:
        """Return a column in which any text may stand; what readiness wrote is taken as it stands."""
        text = self._texts(table, name)
        if table in self.given and self.given[table].written_by_us:
            return text
        text, found = spelling.cleaned(text, kind)
        self._tell(table, name, found)
        return text

    def attribute(self, name: str) -> Attribute:
        """Return a lead's attribute."""
        column = self.column("leads", name)
        if name in self.given["leads"].numbers:
            return self.numbers("leads", name)
        if cells.holds_texts(column):
            read = self.coded("leads", name, spelling.FREE)
            if cells.mostly_numbers(read):
                self._doubt(NUMBERS_AND_WORDS, "leads", name, read, cells.is_no_number)
            return read
        values, found = cells.attribute(column)
        self._tell("leads", name, found)
        return values

    def add(self, rule: Rule, table: str, column: str, flags: Flags) -> None:
        """Say that a rule concerns these cells."""
        self.findings.append(Finding(rule, table, column, flags.nonzero()[0]))
        if rule.refuses:
            self.broken[table, column] = self.broken[table, column] | flags

    def _doubt(self, rule: Rule, table: str, name: str, words: Coded, doubted: Callable[[str], bool]) -> None:
        """Note which texts of a column are doubtful, though they stay as they are."""
        levels = np.array([doubted(level) for level in words.levels] + [False])
        if levels.any():
            self.findings.append(Finding(rule, table, name, levels[words.codes].nonzero()[0]))

    def _texts(self, table: str, name: str) -> cells.Column:
        return on_distinct(self.column(table, name), cells.texts)

    def _tell(self, table: str, column: str, found: Found) -> None:
        for rule, flags in found:
            rows = flags.nonzero()[0]
            whole = len(rows) == self.length(table) and rule is NO_ZONE and len(rows) > 1
            self.findings.append(Finding(rule, table, column, rows, whole=whole))
        self._break(table, column, refused_by(found, self.length(table)))

    def _break(self, table: str, column: str, flags: Flags) -> None:
        """Remember which cells of a column have no value because of something that is told already."""
        unread = self.given[table].unread.get(column) if table in self.given else None
        self.broken[table, column] = flags if unread is None else flags | unread


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
    identities = {name: _objects(reading.free("leads", name, spelling.FREE)) for name in IDENTITIES}
    ids = reading.identifiers("leads")
    if 0 < ids.null_count < len(ids):
        reading.add(ID_FROM_CONTENT, "leads", "lead_id", cells.flags(pc.is_null(ids)))
    leads = Leads(
        lead_id=_objects(ids),
        created_at=reading.instants("leads", "created_at"),
        last_known_at=reading.instants("leads", "last_known_at"),
        source=reading.coded("leads", "source", spelling.WORD),
        attributes={name: reading.attribute(name) for name in attributes},
        identities={name: texts for name, texts in identities.items() if any(texts)},
    )
    return leads if all(leads.lead_id) else identified(leads, _by_outcome(reading, len(leads)))


def _activities(reading: Reading, known: cells.Column) -> Activities:
    return Activities(
        lead=_positions(reading, "activities", known),
        starts=NO_STARTS,
        occurred_at=reading.instants("activities", "occurred_at"),
        type=reading.coded("activities", "type", spelling.WORD),
        direction=reading.words("activities", "direction", DIRECTIONS),
        channel=reading.coded("activities", "channel", spelling.WORD),
        value=reading.numbers("activities", "value"),
        detail=reading.coded("activities", "detail", spelling.FREE),
    )


def _answers(reading: Reading, known: cells.Column) -> Answers:
    return Answers(
        lead=_positions(reading, "answers", known),
        starts=NO_STARTS,
        answered_at=reading.instants("answers", "answered_at"),
        field=reading.coded("answers", "field", spelling.WORD),
        value=reading.coded("answers", "value", spelling.FREE),
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
        reason=reading.coded("handovers", "reason", spelling.FREE),
        propensity=reading.numbers("handovers", "propensity"),
    )


def _positions(reading: Reading, table: str, known: cells.Column) -> Codes:
    if table in reading.given and reading.given[table].lead is not None:
        return np.asarray(reading.given[table].lead, dtype=np.int32)
    ids = reading.identifiers(table)
    found = _rows_of(ids, known)
    unknown = (found < 0) & ~reading.broken[table, "lead_id"]
    if unknown.any():
        # Ids that differ in their leading zeros only are hardly those of two leads.
        stripped = on_distinct(ids, _without_zeros)
        lost = unknown & (_rows_of(stripped, _without_zeros(known)) >= 0)
        if lost.any():
            reading.add(LOST_ZEROS, table, "lead_id", lost)
    return found


def _rows_of(ids: cells.Column, known: cells.Column) -> Codes:
    if pa.types.is_dictionary(ids.type):
        few, row = distinct(ids)
        return _rows_of(few, known)[row]
    found = pc.index_in(ids, value_set=known, skip_nulls=True)
    positions: Codes = found.fill_null(-1).to_numpy().astype(np.int32)
    return positions


def _without_zeros(ids: cells.Column) -> cells.Column:
    """Return ids of digits without their leading zeros, and nothing for any other."""
    digits = pc.match_substring_regex(ids, r"^[0-9]+$").fill_null(False)
    return pc.if_else(digits, pc.utf8_ltrim(ids, "0"), pa.scalar(None, ids.type))


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
