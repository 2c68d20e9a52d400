"""What each lead said and did last, and which evidence holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from readiness.agreement.conditions import MET, UNKNOWN, Condition, Evidence, Signs, fold
from readiness.agreement.evidence_of_one import one_answer_value, one_attribute_value
from readiness.agreement.known import NOTHING, Known, Names, Sighting, Value
from readiness.crm.records import NO_INSTANT
from readiness.crm.tables import Attribute, Coded, Codes, Flags, Floats, Ints
from readiness.history import chunks, events


@dataclass(frozen=True, slots=True)
class Found:
    """The newest of several pieces of evidence for each lead; n rows."""

    item: Signs
    """Position among the pieces of evidence, -1 where none holds."""
    pointer: Ints
    age: Floats
    """Infinite where none holds."""
    at: Ints


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
        by_attribute = one_attribute_value if past.alone else _attribute_value
        found = by_attribute(past, columns) if columns or codes else None
        if found is not None and codes:
            row = events.newest(_among(past.tables.answers.field, codes), past.answers.low, past.answers.high)
            found = (one_answer_value if past.alone else _answer_value)(past, row, found)
        past.values[reads] = found
    return past.values[reads]


def met(past: Known, said: Value, condition: Condition) -> Signs:
    """Say for each lead whether what it said is what a condition asks for: MET, NOT_MET or UNKNOWN."""
    if past.alone:
        return np.array([_state_of_one(past, said, condition)], dtype=np.int8)
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
    if past.alone:
        return _newest_of_one(past, evidence)
    found: Found | None = None
    for position, piece in enumerate(evidence):
        held = _held(past, piece)
        if held is None:
            continue
        where, holds = held
        if not holds.any():
            continue
        if found is None:
            found = _only(position, where, holds)
            continue
        newer = holds & (where.age < found.age)
        found.item[newer] = position
        np.copyto(found.pointer, where.pointer, where=newer)
        np.copyto(found.age, where.age, where=newer)
        np.copyto(found.at, where.at, where=newer)
    return _none(len(past)) if found is None else found


def _only(position: int, where: Sighting, holds: Flags) -> Found:
    return Found(
        item=np.where(holds, np.int8(position), np.int8(-1)),
        pointer=np.where(holds, where.pointer, NOTHING),
        age=np.where(holds, where.age, np.inf),
        at=np.where(holds, where.at, NO_INSTANT),
    )


@lru_cache(maxsize=2)
def _none(n: int) -> Found:
    # Many pieces are looked for in vain, among as many leads: nothing found is made once, and not written to.
    nothing = np.full(n, -1, dtype=np.int8), np.full(n, NOTHING, dtype=np.int64), np.full(n, np.inf)
    item, pointer, age = nothing
    at = np.full(n, NO_INSTANT, dtype=np.int64)
    for column in (*nothing, at):
        column.flags.writeable = False
    return Found(item, pointer, age, at)


def _newest_of_one(past: Known, evidence: Sequence[Evidence]) -> Found:
    """Find the same for one lead, without a column of one row for each piece on the way."""
    newest, where, age = -1, None, np.inf
    for position, piece in enumerate(evidence):
        held = _held_of_one(past, piece)
        if held is not None and (where is None or held.age[0] < age):
            newest, where, age = position, held, held.age[0]
    if where is None:
        return _none(1)
    return Found(np.array([newest], dtype=np.int8), where.pointer, where.age, where.at)


def _held_of_one(past: Known, piece: Evidence) -> Sighting | None:
    """Return where a piece of evidence stands if it holds for the one lead."""
    if piece.activities:
        where = done(past, piece.folded_activities)
        holds = where is not None and where.pointer[0] >= 0
    else:
        said = value(past, piece.folded_reads)
        where = None if said is None else said.where
        holds = said is not None and _state_of_one(past, said, piece) == MET
    if where is None or not holds or (piece.lasts_days is not None and not where.age[0] <= piece.lasts_days):
        return None
    return where


def _state_of_one(past: Known, said: Value, condition: Condition) -> int:
    if said.numbers is not None and not np.isnan(said.numbers[0]):
        return int(condition.judge_numbers(said.numbers)[0])
    code = said.code[0]
    if code == 0:
        return UNKNOWN
    text, before = said.texts[code], past.judged.setdefault(id(condition), {})
    if text not in before:
        before[text] = condition.judge(text)
    return before[text]


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
    unsaid = past.lead_age >= 0
    for place, column in columns:
        if isinstance(column, Coded):
            local, words = _distinct(column.codes[lead], column.levels, past.unknown)
            use = unsaid & (local > 0)
            code = np.where(use, local + (len(texts) - 1), code)
            texts += words
        else:
            values = column[lead]
            use = unsaid & ~np.isnan(values)
            numbers = np.where(use, values, np.nan if numbers is None else numbers)
        pointer = np.where(use, -2 - place, pointer)
        unsaid = unsaid & ~use
    nowhere = pointer == NOTHING
    age = np.where(nowhere, np.nan, past.lead_age)
    return Value(Sighting(pointer, age, np.where(nowhere, NO_INSTANT, past.created_at)), code, texts, numbers)


def _answer_value(past: Known, row: Ints, otherwise: Value) -> Value:
    answers = past.tables.answers
    answered = row >= 0
    if not answered.any():
        return otherwise
    # Where there is no answer, row -1 reads the last one, and `answered` puts it aside.
    local, words = _distinct(
        np.where(answered, answers.value.codes[row], np.int32(-1)), answers.value.levels, past.unknown
    )
    code = np.where(local > 0, local + (len(otherwise.texts) - 1), 0)
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
    number = np.zeros(len(levels) + 1, dtype=np.int64)
    words: list[str] = []
    # Code -1 (missing) stands at the end, which keeps number 0.
    for code in _occurring(codes, len(levels)):
        if fold(levels[code]) not in unknown:
            words.append(levels[code])
            number[code] = len(words)
    return number[codes], words


def _occurring(codes: Codes, levels: int) -> list[int]:
    """Return the codes that occur, ascending, without that of a missing text."""
    occurs = np.zeros(levels + 1, dtype=np.bool_)
    occurs[codes] = True
    found: list[int] = occurs[:-1].nonzero()[0].tolist()
    return found


def _among(column: Coded, codes: Sequence[int]) -> Flags:
    """Say of each row of a column whether its code is one of these."""
    among = np.zeros(len(column.levels) + 1, dtype=np.bool_)
    among[list(codes)] = True
    return among[column.codes]
