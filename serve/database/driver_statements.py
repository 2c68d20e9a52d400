"""Statements as SQLite's driver takes them: their text, and the values around those that are asked for."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

_WANTED: Final = b"asked for"


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
