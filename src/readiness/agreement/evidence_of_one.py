"""What one lead said last: as `evidence` finds it for many, without columns of one row on the way."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from readiness.agreement.conditions import fold
from readiness.agreement.known import NOTHING, Known, Sighting, Value
from readiness.crm.records import NO_INSTANT
from readiness.crm.tables import Attribute, Coded, Ints
from readiness.history import chunks, events


def one_attribute_value(past: Known, columns: Sequence[tuple[int, Attribute]]) -> Value:
    """Return the first of the (place, column) pairs that says something; nothing before the creation."""
    lead = past.lead[0]
    for place, column in columns if past.lead_age[0] >= 0 else ():
        number, text = None, None
        if isinstance(column, Coded):
            text = _said(column, int(column.codes[lead]), past.unknown)
        elif not np.isnan(column[lead]):
            number = column[past.lead]
        if text is not None or number is not None:
            texts = [""] if text is None else ["", text]
            where = Sighting(np.array([-2 - place]), past.lead_age, past.created_at)
            return Value(where, np.array([len(texts) - 1]), texts, number)
    nowhere = Sighting(np.array([NOTHING]), np.array([np.nan]), np.array([NO_INSTANT]))
    return Value(nowhere, np.array([0]), [""], None)


def one_answer_value(past: Known, row: Ints, otherwise: Value) -> Value:
    """Return what the row of answers says, or what is said otherwise where there is none (-1)."""
    if row[0] < 0:
        return otherwise
    answers = past.tables.answers
    text = _said(answers.value, int(answers.value.codes[row[0]]), past.unknown)
    where = Sighting(
        chunks.place(row, past.chunk.answers),
        events.days_before(answers.answered_at, row, past.cutoff),
        answers.answered_at[row],
    )
    texts = [""] if text is None else ["", text]
    return Value(where, np.array([len(texts) - 1]), texts, None)


def _said(column: Coded, code: int, unknown: frozenset[str]) -> str | None:
    """Return a text, or None where it is missing or a word that says nothing."""
    text = column.levels[code] if code >= 0 else None
    return None if text is None or fold(text) in unknown else text
