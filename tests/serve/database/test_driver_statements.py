"""A statement that the driver is asked is the one that the library would ask."""

from __future__ import annotations

import sqlite3

import pytest
import sqlalchemy as sa

from serve.database.driver_statements import driver_statement

_TABLE = sa.table("some", sa.column("key"), sa.column("kind"))
_WANTED = _TABLE.c.key.in_(sa.bindparam("wanted", expanding=True))


def _rows(statement: sa.SelectBase, *wanted: bytes) -> list[tuple[object, ...]]:
    text, before, after = driver_statement(statement, len(wanted))
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE TABLE some (key BLOB, kind TEXT)")
        connection.executemany("INSERT INTO some VALUES (?, ?)", [(b"a", "x"), (b"b", "x"), (b"c", "y")])
        found = connection.execute(text, (*before, *wanted, *after)).fetchall()
    connection.close()
    return sorted(found)


@pytest.mark.parametrize("wanted", [(b"a",), (b"a", b"c"), (b"a", b"b", b"c")])
def test_values_stand_in_the_places_of_what_was_asked_for(wanted):
    kinds = sa.select(sa.literal(0), _TABLE.c.key).where(_TABLE.c.kind == "y")
    both = sa.union_all(sa.select(sa.literal(1), _TABLE.c.key).where(_WANTED), kinds)

    assert _rows(both, *wanted) == [(0, b"c"), *((1, key) for key in wanted)]


def test_a_statement_that_asks_for_no_values_keeps_its_own():
    assert _rows(sa.select(_TABLE.c.key).where(_TABLE.c.kind == "x")) == [(b"a",), (b"b",)]
