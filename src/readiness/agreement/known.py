"""What was known of each lead at its cutoff: its newest answers, its attributes, its newest activities.

Everything the rules read passes through here, and gets its times from `history.events`: rules see ages
in days, never instants.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from readiness.agreement.conditions import MET, UNKNOWN, Condition, Evidence, Signs, fold
from readiness.crm.records import NO_INSTANT
from readiness.crm.tables import Attribute, Coded, Codes, Flags, Floats, Ints, Tables
from readiness.history import events
from readiness.history.snapshots import Snapshots

NOTHING: Final = -1
"""A pointer to no row. From 0 on it is a row of answers or activities; -2 - k: attribute ``reads[k]``."""


@dataclass(frozen=True, slots=True)
class Said:
    """What each lead's newest answer, or else its attribute, says to a condition; n rows."""

    state: Signs
    pointer: Ints
    age: Floats
    """Days before the cutoff; NaN where nothing is said, 0 where nothing is dated."""


@dataclass(frozen=True, slots=True)
class Found:
    """The newest of several pieces of evidence for each lead; n rows."""

    item: Signs
    """Position among the pieces of evidence, -1 where none holds."""
    pointer: Ints
    age: Floats


@dataclass(frozen=True, slots=True)
class Known:
    """The past of n snapshots, and where things are found in it."""

    tables: Tables
    snapshots: Snapshots
    activities: events.Past
    answers: events.Past
    unknown: frozenset[str]
    fields: Mapping[str, Sequence[int]]
    types: Mapping[str, Sequence[int]]
    attributes: Mapping[str, Attribute]
    lead_age: Floats
    newest_answers: dict[tuple[str, ...], Ints | None] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.snapshots)

    def flags(self, column: Coded, codes: Sequence[int]) -> Flags:
        """Say of each row of a column whether its code is one of these."""
        among = np.zeros(len(column.levels) + 1, dtype=np.bool_)
        among[list(codes)] = True
        # Code -1 (missing) reads the last entry, which is never set.
        return among[column.codes]


def known(tables: Tables, snapshots: Snapshots, unknown: frozenset[str]) -> Known:
    """Find the past of each snapshot.

    Parameters
    ----------
    unknown : folded words that say nothing
    """
    lead, cutoff = snapshots.lead, snapshots.cutoff
    activities, answers = tables.activities, tables.answers
    created = tables.leads.created_at[lead]
    age = events.days_before(tables.leads.created_at, lead.astype(np.int64), cutoff)
    return Known(
        tables=tables,
        snapshots=snapshots,
        activities=events.before(activities.starts, activities.occurred_at, lead, cutoff),
        answers=events.before(answers.starts, answers.answered_at, lead, cutoff),
        unknown=unknown,
        fields=_folded(answers.field.levels) if len(answers) else {},
        types=_folded(activities.type.levels) if len(activities) else {},
        attributes=_attributes(tables),
        lead_age=np.where(created == NO_INSTANT, 0.0, age),
    )


def said(past: Known, reads: tuple[str, ...], condition: Condition) -> Said:
    """Say what each lead's newest answer says to a condition; where it never answered, its attribute.

    A newest answer that is missing or says nothing ("unknown") makes it unknown, whatever the
    attribute says: it is what we know last.

    Returns
    -------
    Said, n rows
    """
    n = len(past)
    state = np.full(n, UNKNOWN, dtype=np.int8)
    pointer = np.full(n, NOTHING, dtype=np.int64)
    age = np.full(n, np.nan)
    for position, name in enumerate(reads):
        column = past.attributes.get(fold(name))
        if column is None:
            continue
        judged = _judged_attribute(past, column, condition)
        use = (state == UNKNOWN) & (judged != UNKNOWN) & (past.lead_age >= 0)
        state = np.where(use, judged, state)
        pointer = np.where(use, -2 - position, pointer)
        age = np.where(use, past.lead_age, age)
    row = newest_answer(past, reads)
    if row is None:
        return Said(state, pointer, age)
    answers = past.tables.answers
    answered = row >= 0
    codes = np.where(answered, answers.value.codes[np.maximum(row, 0)], np.int32(-1))
    spoken = _judged(codes, answers.value.levels, _judge(past, condition))
    return Said(
        state=np.where(answered, spoken, state),
        pointer=np.where(answered, row, pointer),
        age=np.where(answered, events.days_before(answers.answered_at, row, past.snapshots.cutoff), age),
    )


def newest_answer(past: Known, reads: tuple[str, ...]) -> Ints | None:
    """Return each lead's newest answer to any of these fields, -1 for none; None if nobody ever did."""
    if reads not in past.newest_answers:
        codes = [code for name in reads for code in past.fields.get(fold(name), ())]
        rows = None
        if codes:
            member = past.flags(past.tables.answers.field, codes)
            rows = events.newest(member, past.answers.low, past.answers.high)
        past.newest_answers[reads] = rows
    return past.newest_answers[reads]


def done(past: Known, kinds: Sequence[str]) -> Ints | None:
    """Return each lead's newest activity of these types, -1 for none; None if nobody ever did."""
    codes = [code for name in kinds for code in past.types.get(fold(name), ())]
    if not codes:
        return None
    member = past.flags(past.tables.activities.type, codes)
    return events.newest(member, past.activities.low, past.activities.high)


def newest_evidence(past: Known, evidence: Sequence[Evidence]) -> Found:
    """Return the newest piece of evidence that holds for each lead; of equally new ones the first named.

    Evidence holds while it is not older than its ``lasts_days``. What nobody dated is of age 0.

    Returns
    -------
    Found, n rows
    """
    n = len(past)
    item = np.full(n, -1, dtype=np.int8)
    pointer = np.full(n, NOTHING, dtype=np.int64)
    age = np.full(n, np.nan)
    for position, piece in enumerate(evidence):
        held = _held(past, piece)
        if held is None:
            continue
        where, days, holds = held
        better = holds & ((item < 0) | (days < age))
        item = np.where(better, np.int8(position), item)
        pointer = np.where(better, where, pointer)
        age = np.where(better, days, age)
    return Found(item, pointer, age)


def instants(past: Known, evidence: Sequence[Evidence], found: Found) -> Ints:
    """Return when each lead's evidence came about; NO_INSTANT for none, or where nobody dated it."""
    tables = past.tables
    at = np.where(found.item >= 0, tables.leads.created_at[past.snapshots.lead], NO_INSTANT)
    for position, piece in enumerate(evidence):
        rows = (found.item == position) & (found.pointer >= 0)
        column = tables.activities.occurred_at if piece.activities else tables.answers.answered_at
        if len(column):
            at = np.where(rows, column[np.where(rows, found.pointer, 0)], at)
    return at


def _held(past: Known, piece: Evidence) -> tuple[Ints, Floats, Flags] | None:
    if piece.activities:
        row = done(past, piece.activities)
        if row is None:
            return None
        age = events.days_before(past.tables.activities.occurred_at, row, past.snapshots.cutoff)
        holds = row >= 0
    else:
        if not any(fold(name) in past.attributes or fold(name) in past.fields for name in piece.reads):
            return None
        spoken = said(past, piece.reads, piece)
        row, age, holds = spoken.pointer, spoken.age, spoken.state == MET
    if piece.lasts_days is not None:
        holds = holds & (age <= piece.lasts_days)
    return row, age, holds


def attribute(tables: Tables, name: str) -> Attribute | None:
    """Return the lead column of this name, whatever its case; "source" is one of them."""
    return _attributes(tables).get(fold(name))


def _folded(levels: Sequence[str]) -> dict[str, list[int]]:
    codes: dict[str, list[int]] = {}
    for code, level in enumerate(levels):
        codes.setdefault(fold(level), []).append(code)
    return codes


def _attributes(tables: Tables) -> dict[str, Attribute]:
    columns: dict[str, Attribute] = {"source": tables.leads.source}
    for name, column in tables.leads.attributes.items():
        columns.setdefault(fold(name), column)
    return columns


def _judge(past: Known, condition: Condition) -> Callable[[str], int]:
    def judge(text: str) -> int:
        return UNKNOWN if fold(text) in past.unknown else condition.judge(text)

    return judge


def _judged_attribute(past: Known, column: Attribute, condition: Condition) -> Signs:
    lead = past.snapshots.lead
    if isinstance(column, Coded):
        return _judged(column.codes[lead], column.levels, _judge(past, condition))
    return condition.judge_numbers(column[lead])


def _judged(codes: Codes, levels: Sequence[str], judge: Callable[[str], int]) -> Signs:
    # Each text is judged once, however many leads gave it, and only if one of these did.
    table = np.full(len(levels) + 1, UNKNOWN, dtype=np.int8)
    present = np.zeros(len(levels) + 1, dtype=np.bool_)
    present[codes] = True
    for code in np.flatnonzero(present[:-1]).tolist():
        table[code] = judge(levels[code])
    return table[codes]
