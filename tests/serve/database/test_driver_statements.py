"""A statement that the driver is asked is the one that the library would ask."""

from __future__ import annotations

import sqlite3
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from serve.database import SuppressionStore
from serve.database.audit_rows import erased_since
from serve.database.driver_statements import driver_statement, in_few_sizes
from tests.serve.database.conftest import OpenDatabase

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


@given(st.sets(st.binary(max_size=3), max_size=70))
def test_values_come_in_few_sizes_and_stay_the_same_values(values):
    padded = in_few_sizes(values)
    assert set(padded) == values
    assert padded == sorted(padded)
    assert len(padded) in {0, 1, 2, 4, 8, 16, 32, 64, 128}
    assert len(padded) < 2 * len(values) or not values


def test_however_many_are_looked_up_few_statements_are_written(opened: OpenDatabase) -> None:
    store = SuppressionStore(opened())
    driver_statement.cache_clear()
    for count in range(1, 200):
        keys = {number.to_bytes(32, "big") for number in range(count)}
        assert store.look_up(keys) == frozenset()
        # A server is never asked without waiting.
        assert store.look_up_now(keys) in {None, frozenset()}
    # 1, 2, 4 … 256 keys.
    assert driver_statement.cache_info().currsize <= 9


def test_of_however_many_leads_answers_are_moved_few_statements_are_written(opened: OpenDatabase) -> None:
    entries = [SimpleNamespace(entry=SimpleNamespace(lead=bytes([number]) * 32)) for number in range(200)]
    said = set[str]()

    def asked(connection: sa.Connection) -> None:
        sa.event.listen(connection, "before_cursor_execute", lambda *told: said.add(told[2]))
        for count in range(1, 200):
            assert erased_since(connection, entries[:count]) == {}  # type: ignore[arg-type]

    opened().read(asked)
    assert 1 <= len(said) <= 9
