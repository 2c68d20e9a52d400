"""Statements as SQLite's driver takes them, and how few of them there are."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

_WANTED: Final = b"asked for"


def in_few_sizes(values: Collection[bytes]) -> list[bytes]:
    """Return these values in order, the last of them repeated until there are 1, 2, 4, 8 … of them.

    A statement is written anew for each number of values, and every connection keeps the last hundred of
    them, prepared: one for each number ever asked for would fill the memory, slowly.

    >>> in_few_sizes({b"c", b"a", b"b"})
    [b'a', b'b', b'c', b'c']
    >>> in_few_sizes(())
    []
    """
    ordered = sorted(values)
    size = 1 << (len(ordered) - 1).bit_length() if ordered else 0
    return ordered + ordered[-1:] * (size - len(ordered))


@lru_cache(maxsize=64)
def driver_statement(
    statement: sa.Select[Any] | sa.CompoundSelect[Any], wanted: int
) -> tuple[str, tuple[Any, ...], tuple[Any, ...]]:
    """Write a statement down for so many values of its parameter ``wanted``.

    Returns
    -------
    text, before, after
        The values that stand in the statement itself, before and after those of ``wanted``.
    """
    written = statement.compile(dialect=sqlite.dialect())
    state = written.construct_expanded_state({"wanted": [_WANTED] * wanted} if wanted else {})
    values = state.positional_parameters
    first = values.index(_WANTED) if wanted else len(values)
    return state.statement, tuple(values[:first]), tuple(values[first + wanted :])
