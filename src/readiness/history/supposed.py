"""Leads as they would be known if they had given some answers just before the cutoff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from readiness.crm.records import written
from readiness.crm.selection import copied
from readiness.crm.stated import number_in
from readiness.crm.tables import Attribute, Coded, Codes, Ints, Leads, Tables, Texts, answers, coded
from readiness.history.snapshots import Snapshots

_JUST_BEFORE: Final = 1
"""Microseconds before the cutoff: the newest instant that a snapshot sees."""


@dataclass(frozen=True, slots=True)
class Supposed:
    """Answers that nobody gave: answer i says that case ``case[i]`` put ``value[i]`` under ``field[i]``."""

    case: Ints
    field: Sequence[str]
    value: Sequence[str]


def suppose(tables: Tables, cases: Snapshots, said: Supposed) -> tuple[Tables, Snapshots]:
    """Return the leads of the cases as if each had given its answers one microsecond before its cutoff.

    Each case gets a copy of its lead's rows, so several cases may suppose different things of one lead.
    In undated tables, which have no answers, the lead's attributes say what is supposed.

    Parameters
    ----------
    tables : Tables
    cases : Snapshots, m rows
        The snapshot that each case supposes something about.
    said : Supposed
        Of one case no field twice.

    Returns
    -------
    Tables, Snapshots
        m leads, and one snapshot of each, in the order of the cases.
    """
    copies = copied(tables, cases.lead.astype(np.int64))
    looks = Snapshots(np.arange(len(cases), dtype=np.int32), cases.cutoff)
    if not len(said.case):
        return copies, looks
    if not tables.dated:
        return replace(copies, leads=_with_attributes(copies.leads, said)), looks
    known = copies.answers
    field, value = coded(said.field), coded(said.value)
    added = answers(
        leads=len(cases),
        lead=np.concatenate([known.lead, said.case.astype(np.int32)]),
        answered_at=np.concatenate([known.answered_at, cases.cutoff[said.case] - _JUST_BEFORE]),
        field=_joined(known.field, field),
        value=_joined(known.value, value),
    )
    return replace(copies, answers=added), looks


def _joined(one: Coded, other: Coded) -> Coded:
    """Put two columns of texts below each other, levels sorted anew."""
    levels = tuple(sorted({*one.levels, *other.levels}))
    code = {level: number for number, level in enumerate(levels)}
    return Coded(np.concatenate([_recoded(column, code) for column in (one, other)]), levels)


def _recoded(column: Coded, code: dict[str, int]) -> Codes:
    new = np.array([*(code[level] for level in column.levels), -1], dtype=np.int32)
    return new[column.codes]


def _with_attributes(leads: Leads, said: Supposed) -> Leads:
    names: dict[str, str] = {}
    for name in leads.attributes:
        names.setdefault(name.casefold(), name)
    rows_of: dict[str, list[int]] = {}
    for row, field in enumerate(said.field):
        rows_of.setdefault(field, []).append(row)
    attributes = dict(leads.attributes)
    source = leads.source
    for field, rows in rows_of.items():
        who, values = said.case[rows], [said.value[row] for row in rows]
        if field.casefold() == "source":
            source = _with(source, who, values)
        else:
            name = names.get(field.casefold(), field)
            attributes[name] = _column(attributes.get(name), len(leads), who, values)
    return replace(leads, source=source, attributes=attributes)


def _column(column: Attribute | None, leads: int, who: Ints, values: Sequence[str]) -> Attribute:
    if column is None:
        return _with(Coded(np.full(leads, -1, dtype=np.int32), ()), who, values)
    if isinstance(column, Coded):
        return _with(column, who, values)
    numbers = [number_in(value) for value in values]
    if None in numbers:
        # A word in a column of numbers makes it a column of texts, as it would in anybody's table.
        return _with(coded([written(number) for number in column.tolist()]), who, values)
    changed = column.copy()
    changed[who] = numbers
    return changed


def _with(column: Coded, who: Ints, values: Sequence[str]) -> Coded:
    texts: Texts = column.texts()
    texts[who] = values
    return coded(texts)
