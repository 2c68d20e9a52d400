"""Findings spelt out for people: in the words of whoever gave the data, personal data masked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

from readiness.crm.tables import IDENTITIES
from readiness.crm.validation import TABLES, Finding
from readiness.errors import Fault

FAULTS_SHOWN: Final = 1_000
"""At most so many faults a check and column are spelt out; one more says how many there are."""


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
            seen = "the row" if found.column is None else masked(found.column, place.seen)
            fault = Fault(place.table, place.row, place.column, seen, rule.expected, rule.remedy, rule.code)
            told.append((table, row, place.column or "", fault))
        if len(found.rows) > len(shown):
            row = int(found.rows[len(shown)])
            place = locate(found.table, found.column, row)
            seen = f"{len(found.rows) - len(shown)} {'more ' if shown else ''}rows"
            fault = Fault(place.table, None, place.column, seen, rule.expected, rule.remedy, rule.code)
            told.append((table, row if shown else -1, place.column or "", fault))
    return [fault for *_, fault in sorted(told, key=lambda entry: entry[:3])]


def noted(findings: Iterable[Finding]) -> list[str]:
    """Say in one sentence each what was accepted though it is odd."""
    return [
        f"{found.table}: {len(found.rows)} rows ({found.rule.code}): "
        f"expected {found.rule.expected}. {found.rule.remedy}"
        for found in findings
        if not found.rule.refuses
    ]


def masked(column: str, value: object) -> str:
    """Write a value for a message: quoted, shortened, and hidden where it says who somebody is.

    >>> masked("email", "a.person@example.com")
    'a value that is not shown'
    >>> masked("occurred_at", "14.3.2026")
    "'14.3.2026'"
    """
    if value is None or value == "" or value != value:
        return "nothing"
    text = str(value)
    if column in IDENTITIES or "@" in text:
        return "a value that is not shown"
    return repr(text if len(text) <= 60 else text[:57] + "…")
