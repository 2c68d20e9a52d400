"""What was known of each lead at its cutoff: its newest answers, its attributes, its newest activities.

Everything the rules read passes through here, and gets its times from `history.events`: rules see ages
in days, never instants.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import numpy as np

from readiness.agreement.conditions import MET, UNKNOWN, Condition, Evidence, Signs, fold
from readiness.crm.records import NO_INSTANT
from readiness.crm.tables import Attribute, Coded, Codes, Flags, Floats, Ints, Tables
from readiness.history import chunks, events
from readiness.history.chunks import Chunk

NOTHING: Final = -1
"""A pointer to no row. From 0 on it is a row of answers or activities; -2 - k: attribute ``reads[k]``."""

Names = tuple[str, ...]
Judged: TypeAlias = dict[int, dict[str, int]]
"""What texts were found to be, by the identity of the condition; chunks of one evaluation share it."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """Where something stands for each of n leads, how old it is, and since when it stands there."""

    pointer: Ints
    age: Floats
    """Days before the cutoff; 0 where nobody dated it, NaN where there is nothing."""
    at: Ints
    """NO_INSTANT where there is nothing, or nobody dated it."""


@dataclass(frozen=True, slots=True)
class Value:
    """What each of n leads said last under some names."""

    where: Sighting
    code: Ints
    """Position in ``texts``; 0 where nothing is known, or a number is."""
    texts: Sequence[str]
    numbers: Floats | None
    """Numbers of attributes that are numbers; NaN elsewhere."""


@dataclass(frozen=True, slots=True)
class Found:
    """The newest of several pieces of evidence for each lead; n rows."""

    item: Signs
    """Position among the pieces of evidence, -1 where none holds."""
    pointer: Ints
    age: Floats
    """Infinite where none holds."""
    at: Ints


@dataclass(frozen=True, slots=True)
class Known:
    """The past of n snapshots, and where things are found in it.

    Tables, snapshots and rows are those of the chunk; pointers and sightings lead into the whole tables.
    """

    chunk: Chunk
    activities: events.Past
    opens: Ints
    """Where each window of activities opens, n × windows asked for."""
    answers: events.Past
    unknown: frozenset[str]
    fields: Mapping[str, Sequence[int]]
    """Codes of the answer fields by their folded names."""
    types: Mapping[str, Sequence[int]]
    """Codes of the activity types by their folded names."""
    attributes: Mapping[str, Attribute]
    created_at: Ints
    lead_age: Floats
    values: dict[Names, Value | None] = field(default_factory=dict)
    sightings: dict[Names, Sighting | None] = field(default_factory=dict)
    """Both hold what was looked up already: several rules read the same names."""
    judged: Judged = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.chunk.snapshots)

    @property
    def tables(self) -> Tables:
        """The leads of the chunk and what is theirs."""
        return self.chunk.tables

    @property
    def lead(self) -> Codes:
        """Whose snapshot each is, as a position in the chunk's leads."""
        return self.chunk.snapshots.lead

    @property
    def cutoff(self) -> Ints:
        """The instant at which each snapshot stands."""
        return self.chunk.snapshots.cutoff


def known(chunk: Chunk, unknown: frozenset[str], windows: Sequence[int], judged: Judged) -> Known:
    """Find the past of each snapshot.

    Parameters
    ----------
    unknown : folded words that say nothing
    windows : k lengths in microseconds
        Windows of activities that will be needed; found in the same search.
    judged : what texts were found to be
        Filled further; one for all chunks of an evaluation.
    """
    tables, lead, cutoff = chunk.tables, chunk.snapshots.lead, chunk.snapshots.cutoff
    activities, answers = tables.activities, tables.answers
    past, opens = events.past_and_windows(activities.starts, activities.occurred_at, lead, cutoff, windows)
    created = tables.leads.created_at[lead]
    age = events.days_before(tables.leads.created_at, lead.astype(np.int64), cutoff)
    return Known(
        chunk=chunk,
        activities=past,
        opens=opens,
        answers=events.before(answers.starts, answers.answered_at, lead, cutoff),
        unknown=unknown,
        fields=_folded(answers.field.levels) if len(answers) else {},
        types=_folded(activities.type.levels) if len(activities) else {},
        attributes=_attributes(tables),
        created_at=created,
        lead_age=np.where(created == NO_INSTANT, 0.0, age),
        judged=judged,
    )


def value(past: Known, reads: Names) -> Value | None:
    """Return what each lead said last under these (folded) names; None if nobody ever said anything.

    The newest answer to any of them counts; where there is none, the first attribute that is known. A
    newest answer that is missing or says nothing ("unknown") makes it unknown, whatever an attribute
    says: it is what we know last. Attributes are visible from the lead's creation.
    """
    if reads not in past.values:
        codes = [code for name in reads for code in past.fields.get(name, ())]
        columns = [
            (place, past.attributes[name]) for place, name in enumerate(reads) if name in past.attributes
        ]
        found = _attribute_value(past, columns) if columns or codes else None
        if found is not None and codes:
            found = _answer_value(past, codes, found)
        past.values[reads] = found
    return past.values[reads]


def met(past: Known, said: Value, condition: Condition) -> Signs:
    """Say for each lead whether what it said is what a condition asks for: MET, NOT_MET or UNKNOWN."""
    return _state(said, condition, _judge_texts(past, said, condition))


def done(past: Known, kinds: Names) -> Sighting | None:
    """Return each lead's newest activity of these (folded) types; None if nobody ever did any."""
    if kinds not in past.sightings:
        codes = [code for name in kinds for code in past.types.get(name, ())]
        activities = past.tables.activities
        found = None
        if codes:
            row = events.newest(_among(activities.type, codes), past.activities.low, past.activities.high)
            age = events.days_before(activities.occurred_at, row, past.cutoff)
            pointer = chunks.place(row, past.chunk.activities)
            found = Sighting(pointer, age, np.where(row < 0, NO_INSTANT, activities.occurred_at[row]))
        past.sightings[kinds] = found
    return past.sightings[kinds]


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
    age = np.full(n, np.inf)
    at = np.full(n, NO_INSTANT, dtype=np.int64)
    for position, piece in enumerate(evidence):
        held = _held(past, piece)
        if held is None:
            continue
        where, holds = held
        newer = holds & (where.age < age)
        item[newer] = position
        np.copyto(pointer, where.pointer, where=newer)
        np.copyto(age, where.age, where=newer)
        np.copyto(at, where.at, where=newer)
    return Found(item, pointer, age, at)


def attribute(tables: Tables, name: str) -> Attribute | None:
    """Return the lead column of this name, whatever its case; "source" is one of them."""
    return _attributes(tables).get(fold(name))


def _held(past: Known, piece: Evidence) -> tuple[Sighting, Flags] | None:
    if piece.activities:
        where = done(past, piece.folded_activities)
        if where is None:
            return None
        holds = where.pointer >= 0
    else:
        said = value(past, piece.folded_reads)
        if said is None:
            return None
        verdicts = _judge_texts(past, said, piece)
        if MET not in verdicts and said.numbers is None:
            return None
        where, holds = said.where, _state(said, piece, verdicts) == MET
    if piece.lasts_days is not None:
        holds = holds & (where.age <= piece.lasts_days)
    return where, holds


def _judge_texts(past: Known, said: Value, condition: Condition) -> list[int]:
    # Each text is judged once, however many leads said it, and in however many chunks.
    before = past.judged.setdefault(id(condition), {})
    for text in said.texts[1:]:
        if text not in before:
            before[text] = condition.judge(text)
    return [UNKNOWN, *(before[text] for text in said.texts[1:])]


def _state(said: Value, condition: Condition, verdicts: Sequence[int]) -> Signs:
    state = np.array(verdicts, dtype=np.int8)[said.code]
    if said.numbers is None:
        return state
    return np.where(np.isnan(said.numbers), state, condition.judge_numbers(said.numbers))


def _attribute_value(past: Known, columns: Sequence[tuple[int, Attribute]]) -> Value:
    n, lead = len(past), past.lead
    code = np.zeros(n, dtype=np.int64)
    pointer = np.full(n, NOTHING, dtype=np.int64)
    texts = [""]
    numbers = None
    for place, column in columns:
        use = (pointer == NOTHING) & (past.lead_age >= 0)
        if isinstance(column, Coded):
            local, words = _distinct(column.codes[lead], column.levels, past.unknown)
            use &= local > 0
            code = np.where(use, local + len(texts) - 1, code)
            texts += words
        else:
            values = column[lead]
            use &= ~np.isnan(values)
            numbers = np.where(use, values, np.nan if numbers is None else numbers)
        pointer = np.where(use, -2 - place, pointer)
    nowhere = pointer == NOTHING
    age = np.where(nowhere, np.nan, past.lead_age)
    return Value(Sighting(pointer, age, np.where(nowhere, NO_INSTANT, past.created_at)), code, texts, numbers)


def _answer_value(past: Known, fields: Sequence[int], otherwise: Value) -> Value:
    answers = past.tables.answers
    row = events.newest(_among(answers.field, fields), past.answers.low, past.answers.high)
    answered = row >= 0
    # Where there is no answer, row -1 reads the last one, and `answered` puts it aside.
    local, words = _distinct(
        np.where(answered, answers.value.codes[row], np.int32(-1)), answers.value.levels, past.unknown
    )
    code = np.where(local > 0, local + len(otherwise.texts) - 1, 0)
    age = events.days_before(answers.answered_at, row, past.cutoff)
    where = otherwise.where
    numbers = otherwise.numbers
    return Value(
        where=Sighting(
            pointer=np.where(answered, chunks.place(row, past.chunk.answers), where.pointer),
            age=np.where(answered, age, where.age),
            at=np.where(answered, answers.answered_at[row], where.at),
        ),
        code=np.where(answered, code, otherwise.code),
        texts=[*otherwise.texts, *words],
        numbers=None if numbers is None else np.where(answered, np.nan, numbers),
    )


def _distinct(codes: Codes, levels: Sequence[str], unknown: frozenset[str]) -> tuple[Ints, list[str]]:
    """Give each text that occurs a number, from 1 on; 0 is missing, or a word that says nothing."""
    occurs = np.zeros(len(levels) + 1, dtype=np.bool_)
    occurs[codes] = True
    number = np.zeros(len(levels) + 1, dtype=np.int64)
    words = []
    # Code -1 (missing) stands at the end of both, which keeps number 0.
    for code in np.flatnonzero(occurs[:-1]).tolist():
        if fold(levels[code]) not in unknown:
            words.append(levels[code])
            number[code] = len(words)
    return number[codes], words


def _among(column: Coded, codes: Sequence[int]) -> Flags:
    """Say of each row of a column whether its code is one of these."""
    among = np.zeros(len(column.levels) + 1, dtype=np.bool_)
    among[list(codes)] = True
    return among[column.codes]


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
