"""What a lead told us, as features: the newest answer to each question, its age, how often it changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from readiness.crm.records import days
from readiness.crm.tables import Answers, Codes, Flags, Floats, Ints
from readiness.history import events
from readiness.history.blocks import Block, blocks
from readiness.history.feature_plan import Feature
from readiness.history.levels import category_table, label_of, number_table, shared_levels, states_numbers
from readiness.history.snapshots import Snapshots

MOST_FIELDS: Final = 50
"""More questions count in the totals only, the rarest first to go."""
MONTH: Final = 30.0
_ALL: Final = "Answers given"
_READ: Final = ("answer:number", "answer:category")
"""Features that an answer itself gives."""


def features(answers: Answers, visible: Flags, min_leads: int) -> Iterator[Feature]:
    """Name the features that these answers support.

    Parameters
    ----------
    answers : Answers
    visible : Flags, one a row
        Rows that some snapshot sees; no other row may show in a plan.
    min_leads : int
        A question counts by itself if so many leads answered it, an answer if so many gave it.
    """
    fields = shared_levels(answers.field.take(visible), answers.lead[visible], min_leads, MOST_FIELDS)
    if not fields:
        return
    yield Feature("answers_30d", "number", _ALL, "answers:count", days=MONTH)
    yield Feature("answers_ever", "number", _ALL, "answers:count")
    yield Feature("answered_fields_ever", "number", _ALL, "answers:fields")
    yield Feature("days_since_answer", "number", _ALL, "answers:since")
    for field in fields:
        yield from _of_field(answers, visible, field, min_leads)


def _of_field(answers: Answers, visible: Flags, field: str, min_leads: int) -> Iterator[Feature]:
    rows = visible & (answers.field.codes == answers.field.levels.index(field))
    value = answers.value.take(rows)
    levels = shared_levels(value, answers.lead[rows], min_leads)
    group = f"{label_of(field)} (answer)"
    stem = "_".join(field.split())
    if states_numbers(value):
        yield Feature(f"answer_{stem}", "number", group, "answer:number", field)
    elif levels:
        yield Feature(f"answer_{stem}", "category", group, "answer:category", field, levels=levels)
    yield Feature(f"days_since_answer_{stem}", "number", group, "answer:since", field)
    yield Feature(f"answer_{stem}_changes_ever", "number", group, "answer:changes", field)


@dataclass(frozen=True, slots=True)
class Program:
    """The features, the fields in the order of their kinds, and which columns each measure fills."""

    planned: tuple[Feature, ...]
    fields: tuple[str, ...]
    read: tuple[tuple[int, int], ...]
    """Columns of numbers and categories that answers give, and of which field."""
    since: tuple[list[int], list[int]]
    """Columns of ages, and of which fields; ``changes`` the same of how often answers changed."""
    changes: tuple[list[int], list[int]]
    overall: tuple[int, ...]
    """Columns that tell of all answers."""


def program(planned: tuple[Feature, ...]) -> Program:
    """Work out once for a plan which fields its answer features need."""
    fields = tuple(dict.fromkeys(f.of for f in planned if f.of))

    def places(*measures: str) -> tuple[list[int], list[int]]:
        columns = [column for column, feature in enumerate(planned) if feature.measure in measures]
        return columns, [fields.index(planned[column].of) for column in columns]

    return Program(
        planned,
        fields,
        read=tuple(zip(*places(*_READ), strict=True)),
        since=places("answer:since"),
        changes=places("answer:changes"),
        overall=tuple(column for column, feature in enumerate(planned) if not feature.of),
    )


@dataclass(frozen=True, slots=True)
class _View:
    """What n snapshots see of a block's answers; arrays are n × fields where not said otherwise."""

    high: Ints
    """n: where each snapshot's past ends."""
    low: Ints
    recent: Ints
    """n: the first row of the last month."""
    fields: Codes
    """n: how many different fields were answered."""
    newest: Ints
    """The row of the newest answer to each field, -1 for none."""
    age: Floats
    """Its age in days."""
    changes: Codes
    """How often the answer became another."""
    last_age: Floats
    """n: the age of the newest answer to anything."""


def measure(answers: Answers, snapshots: Snapshots, needed: Program, out: Floats) -> None:
    """Measure the answer features of a plan.

    Parameters
    ----------
    answers : Answers
    snapshots : Snapshots, n rows
        Ascending by lead.
    needed : Program
        For k features.
    out : Floats, n × k
        Filled: an answer never given is missing: NaN, or the code of a missing category.
    """
    if not needed.planned:
        return
    tables = _value_tables(answers, needed.planned)
    for block in blocks(answers.starts, snapshots.lead):
        view = _view(answers, block, snapshots.cutoff[block.first : block.last], needed.fields)
        value = np.append(answers.value.codes[block.rows], np.int32(-1))
        part = out[block.first : block.last]
        for column, field in needed.read:
            part[:, column] = tables[column][value[view.newest[:, field]]]
        columns, fields = needed.since
        part[:, columns] = view.age[:, fields]
        columns, fields = needed.changes
        part[:, columns] = view.changes[:, fields]
        for column in needed.overall:
            feature = needed.planned[column]
            part[:, column] = _overall(view, feature.measure, feature.days)


def _value_tables(answers: Answers, planned: tuple[Feature, ...]) -> dict[int, Floats]:
    place = {level: code for code, level in enumerate(answers.value.levels)}
    numbers = number_table(answers.value.levels)
    tables = {}
    for column, feature in enumerate(planned):
        if feature.measure == "answer:number":
            tables[column] = numbers
        elif feature.measure == "answer:category":
            tables[column] = category_table(place, feature.levels)
    return tables


def _overall(view: _View, measure: str, window: float | None) -> Ints | Codes | Floats:
    match measure:
        case "answers:count":
            return view.high - (view.low if window is None else view.recent)
        case "answers:fields":
            return view.fields
        case _:
            return view.last_age


def _view(answers: Answers, block: Block, cutoff: Ints, fields: tuple[str, ...]) -> _View:
    at = answers.answered_at[block.rows]
    found = _kinds(answers, block, fields)
    past, opens = events.past_and_windows(block.starts, at, block.lead, cutoff, [days(MONTH)])
    counts = events.counts_from(found, past.low[:, None], past.high)[:, 0, :]
    newest = events.newest_of(found, past.low, past.high)[:, : len(fields)]
    last = np.where(past.high > past.low, past.high - 1, -1)
    return _View(
        high=past.high,
        low=past.low,
        recent=opens[:, 0],
        fields=counts[:, -1],
        newest=newest,
        age=events.days_before(at, newest, cutoff[:, None]),
        changes=counts[:, len(fields) : -1],
        last_age=events.days_before(at, last, cutoff),
    )


def _kinds(answers: Answers, block: Block, fields: tuple[str, ...]) -> events.Kinds:
    """Sort answers into: each field, a change of each field, the first answer to any field."""
    lead = answers.lead[block.rows]
    place = {level: code for code, level in enumerate(answers.field.levels)}
    known = category_table(place, fields)[answers.field.codes[block.rows]].astype(np.int16)
    value = answers.value.codes[block.rows]
    earlier = events.previous_alike(lead, answers.field.codes[block.rows])
    planned = known < len(fields)
    changed = planned & (earlier >= 0) & (value != np.append(value, -1)[earlier])
    none = np.int16(-1)
    layers: list[events.Layer] = [
        (np.where(planned, known, none), len(fields)),
        (np.where(changed, known, none), len(fields)),
        (np.where(earlier < 0, np.int16(0), none), 1),
    ]
    return events.kinds_of(layers, len(lead))
