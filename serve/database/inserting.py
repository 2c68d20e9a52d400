"""Rows put in where they are not yet: one statement, whoever else puts the same in at the same moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite


def insert_missing(
    connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]], *, unique: str
) -> sa.Executable:
    """Return a statement that puts rows in, leaves those alone that are there, and returns what is new.

    Parameters
    ----------
    unique : str
        The column by which rows are the same; its values of the new rows are returned.
    """
    # Both databases know it, each by a word of its own library.
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = cast("sqlite.Insert", insert(table).values(list(rows)))
    return statement.on_conflict_do_nothing(index_elements=[unique]).returning(table.c[unique])
