"""From records to tables: the door of the service and of tests, quick enough for one lead a call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import chain, combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from readiness.crm import validation
from readiness.crm.contract import misnamed_attributes
from readiness.crm.drafts import NO_STARTS, instants, settled, watched
from readiness.crm.faults import Place, spelt
from readiness.crm.identifiers import identified
from readiness.crm.records import (
    DECISIONS,
    DIRECTIONS,
    NO_INSTANT,
    OUTCOMES,
    Activity,
    Answer,
    AttributeValue,
    Handover,
    Instant,
    Lead,
    Outcome,
    iso,
    written,
)
from readiness.crm.tables import (
    IDENTITIES,
    Activities,
    Answers,
    Attribute,
    Coded,
    Codes,
    Floats,
    Handovers,
    Ints,
    Leads,
    Outcomes,
    Tables,
    Texts,
    coded,
)
from readiness.errors import DataError

_NUMBERS: Final[tuple[type, ...]] = (int, float, np.float64)
_ALL_NUMBERS: Final = frozenset(
    frozenset(kinds) | missing
    for size in range(1, len(_NUMBERS) + 1)
    for kinds in combinations(_NUMBERS, size)
    for missing in (frozenset[type](), frozenset({type(None)}))
)
"""Every set of types that a column of numbers may show; looking one up is all that a column costs."""


def from_records(
    leads: Sequence[Lead],
    activities: Sequence[Activity] = (),
    answers: Sequence[Answer] = (),
    outcomes: Sequence[Outcome] = (),
    handovers: Sequence[Handover] = (),
    *,
    observed_through: Instant | None = None,
    date_only: bool | None = None,
) -> Tables:
    """Turn records into tables, or say everything that is wrong with them.

    Empty texts are missing. An attribute is a column of numbers where every lead that has it gives
    a number; else of texts, with numbers written as short as they read back, True as "yes" and
    False as "no". A lead whose ``lead_id`` is empty gets one from its content and occurrence.

    Parameters
    ----------
    leads, activities, answers, outcomes, handovers : sequences of records
        The leads keep their order; the order of the others does not matter.
    observed_through : Instant, optional
        Nothing at or after it is known. By default the newest instant anywhere, plus one microsecond.
    date_only : bool, optional
        Whether the CRM keeps dates without times. By default, whether every instant is a day's end.

    Raises
    ------
    DataError
        If a record breaks the contract; every fault is listed, rows counted from 1.
    """
    draft = _draft(leads, activities, answers, outcomes, handovers, observed_through, date_only)
    findings = validation.examine(draft)
    misnamed = misnamed_attributes(tuple(draft.leads.attributes))
    if misnamed or any(found.rule.refuses for found in findings):
        given = dict(zip(validation.TABLES, (leads, activities, answers, outcomes, handovers), strict=True))
        refusing = [found for found in findings if found.rule.refuses]
        raise DataError([*misnamed, *spelt(refusing, partial(_locate, given))])
    return settled(draft)


def _locate(given: Mapping[str, Sequence[object]], table: str, column: str | None, row: int) -> Place:
    record = given[table][row]
    attributes = record.attributes if isinstance(record, Lead) else {}
    seen: object = None
    if column is not None:
        seen = attributes[column] if column in attributes else getattr(record, column)
    if isinstance(seen, int) and str(column).endswith("_at"):
        seen = iso(seen)
    return Place(table, row + 1, column, seen)


def _draft(
    leads: Sequence[Lead],
    activities: Sequence[Activity],
    answers: Sequence[Answer],
    outcomes: Sequence[Outcome],
    handovers: Sequence[Handover],
    observed_through: Instant | None,
    date_only: bool | None,
) -> Tables:
    who = _leads(leads)
    position = {lead_id: row for row, lead_id in reversed(list(enumerate(who.lead_id)))}
    rows = (
        who,
        _activities(activities, position),
        _answers(answers, position),
        _outcomes(outcomes, position),
        _handovers(handovers, position),
    )
    dated = not len(who) or bool((who.created_at != NO_INSTANT).any())
    through, dates = watched(
        instants(*rows), dated=dated, observed_through=observed_through, date_only=date_only
    )
    return Tables(*rows, observed_through=through, dated=dated, date_only=dates)


def _leads(rows: Sequence[Lead]) -> Leads:
    identities = {name: _texts([getattr(lead, name) or None for lead in rows]) for name in IDENTITIES}
    leads = Leads(
        lead_id=_texts([lead.lead_id for lead in rows]),
        created_at=_instants([lead.created_at for lead in rows]),
        last_known_at=_instants([lead.last_known_at for lead in rows]),
        source=_coded([lead.source for lead in rows]),
        attributes=_attributes([lead.attributes for lead in rows]),
        identities={name: texts for name, texts in identities.items() if any(texts)},
    )
    return leads if all(leads.lead_id) else identified(leads)


def _activities(rows: Sequence[Activity], position: Mapping[str, int]) -> Activities:
    return Activities(
        lead=_positions([row.lead_id for row in rows], position),
        starts=NO_STARTS,
        occurred_at=_instants([row.occurred_at for row in rows]),
        type=_coded([row.type for row in rows]),
        direction=_words([row.direction for row in rows], DIRECTIONS),
        channel=_coded([row.channel for row in rows]),
        value=_numbers([row.value for row in rows]),
        detail=_coded([row.detail for row in rows]),
    )


def _answers(rows: Sequence[Answer], position: Mapping[str, int]) -> Answers:
    return Answers(
        lead=_positions([row.lead_id for row in rows], position),
        starts=NO_STARTS,
        answered_at=_instants([row.answered_at for row in rows]),
        field=_coded([row.field for row in rows]),
        value=_coded([row.value for row in rows]),
    )


def _outcomes(rows: Sequence[Outcome], position: Mapping[str, int]) -> Outcomes:
    return Outcomes(
        lead=_positions([row.lead_id for row in rows], position),
        starts=NO_STARTS,
        occurred_at=_instants([row.occurred_at for row in rows]),
        outcome=_words([row.outcome for row in rows], OUTCOMES),
    )


def _handovers(rows: Sequence[Handover], position: Mapping[str, int]) -> Handovers:
    return Handovers(
        lead=_positions([row.lead_id for row in rows], position),
        starts=NO_STARTS,
        handed_over_at=_instants([row.handed_over_at for row in rows]),
        decided_at=_instants([row.decided_at for row in rows]),
        decision=_words([row.decision for row in rows], DECISIONS),
        reason=_coded([row.reason for row in rows]),
        propensity=_numbers([row.propensity for row in rows]),
    )


def _positions(lead_ids: list[str], position: Mapping[str, int]) -> Codes:
    return np.array([position.get(lead_id, -1) for lead_id in lead_ids], dtype=np.int32)


def _instants(values: list[Instant | None]) -> Ints:
    return np.array([NO_INSTANT if value is None else value for value in values], dtype=np.int64)


def _numbers(values: list[float | None]) -> Floats:
    # Plus zero: minus zero and zero are one number, and must not tell which row came first.
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64) + 0.0


def _words(values: Sequence[str | None], words: tuple[str, ...]) -> NDArray[np.int8]:
    code: dict[str | None, int] = {None: -1, "": -1}
    code |= {word: number for number, word in enumerate(words)}
    return np.array([code.get(value, validation.UNKNOWN_WORD) for value in values], dtype=np.int8)


def _coded(values: Sequence[str | None]) -> Coded:
    return coded([value or None for value in values])


def _texts(values: Sequence[str | None]) -> Texts:
    texts = np.empty(len(values), dtype=np.object_)
    texts[:] = values
    return texts


def _attributes(given: Sequence[Mapping[str, AttributeValue]]) -> dict[str, Attribute]:
    columns = {name: [one.get(name) for one in given] for name in sorted(set(chain.from_iterable(given)))}
    numeric = [name for name, values in columns.items() if _all_numbers(values)]
    # All numbers in one array: building sixty arrays of one number each is what a single lead would wait for.
    block = np.array([columns[name] for name in numeric], dtype=np.float64) + 0.0
    numbers: dict[str, Floats] = dict(zip(numeric, block, strict=True))
    return {name: numbers[name] if name in numbers else _column(values) for name, values in columns.items()}


def _all_numbers(values: Sequence[AttributeValue]) -> bool:
    return frozenset(map(type, values)) in _ALL_NUMBERS


def _column(values: Sequence[AttributeValue]) -> Coded:
    return coded([value or None if type(value) is str else written(value) for value in values])
