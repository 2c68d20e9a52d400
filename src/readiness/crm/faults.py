"""Findings spelt out for people: in the words of whoever gave the data, personal data masked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

from readiness.counting import counted
from readiness.crm.contract import CONTRACT, nearest_name
from readiness.crm.findings import TABLES, Finding
from readiness.crm.tables import IDENTITIES
from readiness.errors import Fault

FAULTS_SHOWN: Final = 1_000
"""At most so many faults a check and column are spelt out; one more says how many there are."""


_PROSE: Final = ("detail", "reason")
_NEAR: Final = 0.5


@dataclass(frozen=True, slots=True)
class Place:
    """A cell as its reader finds it: their name of the table, the row as they count it, their column."""

    table: str
    row: int
    column: str | None
    seen: object


Locate: TypeAlias = Callable[[str, str | None, int], Place]
"""Says where the cell of a table, a column and a row in the order given came from."""


def spelt(findings: Iterable[Finding], locate: Locate) -> list[Fault]:
    """Spell findings out, in the order table, row, column; personal data is masked.

    A check that finds more than FAULTS_SHOWN rows in a column spells out the first ones and
    counts the rest in one more fault.
    """
    told: list[tuple[int, int, str, Fault]] = []
    for found in findings:
        rule, table = found.rule, TABLES.index(found.table)
        shown = [] if found.whole else found.rows[:FAULTS_SHOWN].tolist()
        for row in shown:
            place = locate(found.table, found.column, row)
            fault = Fault(
                place.table,
                place.row,
                place.column,
                _seen(found, place),
                rule.expected,
                _remedy(found, place.seen),
                rule.code,
            )
            told.append((table, row, place.column or "", fault))
        if len(found.rows) > len(shown):
            row = int(found.rows[len(shown)])
            place = locate(found.table, found.column, row)
            count = len(found.rows) - len(shown)
            seen = counted(count, "more row") if shown else counted(count, "row")
            fault = Fault(place.table, None, place.column, seen, rule.expected, rule.remedy, rule.code, count)
            told.append((table, row if shown else -1, place.column or "", fault))
    return [fault for *_, fault in sorted(told, key=lambda entry: entry[:3])]


def noted(findings: Iterable[Finding], locate: Locate) -> list[str]:
    """Say in one sentence each what was repaired or is odd: how many rows, and where the first one is."""
    return [_note(found, locate) for found in findings if not found.rule.refuses]


def _note(found: Finding, locate: Locate) -> str:
    rule, count = found.rule, len(found.rows)
    place = locate(found.table, found.column, int(found.rows[0]))
    where = f"row {place.row}" + (
        f", column {place.column}: saw {_seen(found, place)}" if found.column else ""
    )
    told = f"{place.table}: {counted(count, 'row')} ({rule.code}), first {where}"
    return f"{told}; expected {rule.expected}. {rule.remedy}"


def _seen(found: Finding, place: Place) -> str:
    if found.column is None:
        return "the row"
    if not found.rule.shows and _any_text(found.table, found.column):
        return "a text that is not shown"
    return masked(found.column, place.seen)


def _any_text(table: str, column: str) -> bool:
    """Say whether people's names may stand in a column."""
    return column not in CONTRACT[table].all or column in _PROSE or (table, column) == ("answers", "value")


def _remedy(found: Finding, seen: object) -> str:
    rule = found.rule
    nearest = found.nearest.get(str(seen).strip()) if found.nearest else None
    if rule.words and seen:
        nearest = nearest_name(str(seen), rule.words, cutoff=_NEAR)
    return f"Did you mean {nearest!r}? {rule.remedy}" if nearest else rule.remedy


def masked(column: str, value: object) -> str:
    """Write a value for a message: quoted, shortened, and hidden where it says who somebody is.

    >>> masked("email", "a.person@example.com")
    '(hidden)'
    >>> masked("occurred_at", "14.3.2026")
    "'14.3.2026'"
    """
    if value is None or value == "" or value != value:
        return "nothing"
    text = str(value)
    if column in IDENTITIES or "@" in text:
        return "(hidden)"
    return repr(text if len(text) <= 60 else text[:57] + "…")
