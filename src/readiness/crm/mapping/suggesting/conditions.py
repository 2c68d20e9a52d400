"""Conditions on rows, as mappings write them: rows that were deleted, rows that nobody dated."""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Sequence
from typing import Final

from readiness.crm.mapping.suggesting.names import plain
from readiness.crm.mapping.suggesting.profiles import Kind, Sheet
from readiness.crm.mapping.suggesting.words import YES

_DELETED: Final = (
    "is_deleted",
    "deleted",
    "fivetran_deleted",
    "isdeleted",
    "geloscht",
    "eliminado",
    "supprime",
)


def named(column: str) -> str:
    """Return a column as expressions name it.

    >>> named("stage"), named("Deal Stage")
    ('stage', 'col("Deal Stage")')
    """
    plainly = column.isidentifier() and column.isascii() and not keyword.iskeyword(column)
    return column if plainly else f"col({_quoted(column)})"


def missing(column: str) -> str:
    """Return the condition that a column has no value."""
    return f"missing({named(column)})"


def one_of(column: str, words: Sequence[str]) -> str:
    """Return the condition that a column holds one of these words."""
    if len(words) == 1:
        return f"{named(column)} == {_quoted(words[0])}"
    return f"{named(column)} in ({', '.join(map(_quoted, words))})"


def not_deleted(sheet: Sheet) -> tuple[list[str], int]:
    """Return the conditions that keep out rows marked as deleted, and how many rows are."""
    conditions, rows = [], 0
    for each in sheet.those(Kind.YES_NO):
        gone = [(word, times) for word, times in each.common if word.casefold() in YES]
        if plain(each.name) in _DELETED and gone:
            conditions.append(
                f"missing({named(each.name)}) or not ({one_of(each.name, [word for word, _ in gone])})"
            )
            rows += sum(times for _, times in gone)
    return conditions, rows


def together(conditions: Iterable[str]) -> str:
    """Return the condition that all of these hold; empty where there is none."""
    given = [each for each in conditions if each]
    if len(given) < 2:
        return "".join(given)
    return " and ".join(f"({each})" if " or " in each or " and " in each else each for each in given)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
