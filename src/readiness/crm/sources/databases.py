"""Tables and queries of a database: one SELECT, read and never written, in blocks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote_plus

import sqlalchemy as sa
from sqlalchemy import event, exc
from sqlalchemy.pool import NullPool

from readiness.crm.contract import nearest_name
from readiness.crm.frames import Origin
from readiness.crm.sources.blocks import Blocks
from readiness.crm.sources.database_url import Database
from readiness.crm.sources.select_only import refusal
from readiness.errors import DataError, Fault, StoreError

_ROWS: Final = 50_000
"""So many rows are fetched at a time."""
_HARMLESS: Final = (exc.OperationalError, exc.ProgrammingError, exc.InterfaceError)
"""Errors that speak of tables, columns and servers, not of what stands in rows."""
_REFUSE_WRITING: Final = {
    "sqlite": "PRAGMA query_only = ON",
    "mysql": "SET SESSION TRANSACTION READ ONLY",
    "mariadb": "SET SESSION TRANSACTION READ ONLY",
}
"""What makes a new connection refuse to write; PostgreSQL has an option of its own for it."""


def read_database(
    database: Database, label: str, *, table: str | None = None, query: str | None = None
) -> Origin:
    """Read a table, or the rows that a query gives, in a transaction that cannot write where there is one.

    Parameters
    ----------
    label : str
        How faults and notes call it.
    table : str, optional
        A table or view, with its schema where it needs one: ``crm.leads``. Either this or ``query``.
    query : str, optional
        One SELECT.

    Returns
    -------
    Origin
        Typed columns, rows in the order in which they came, counted from 1.

    Raises
    ------
    DataError
        If there is no such table, the query is not one SELECT, or the database refuses it.
    StoreError
        If the address is none, its driver is not installed, or the database cannot be reached. No message
        shows the address or its password.
    """
    if (table is None) == (query is None):
        raise ValueError("either a table or a query")
    if query is not None and (wrong := refusal(query)) is not None:
        remedy = "Write the query as one SELECT; nothing is ever written to a database."
        raise DataError([Fault(label, None, None, wrong, "one SELECT", remedy, "not_one_select")])
    with _connected(database) as connection:
        try:
            statement = query if table is None else _all_of(connection, label, table)
            return _fetched(connection, statement, label)
        except exc.SQLAlchemyError as error:
            seen = f"a refusal by the database ({_reason(error, database)})"
            remedy = "Correct the `table` or `query` in the mapping."
            raise DataError([Fault(label, None, None, seen, "rows", remedy, "refused_query")]) from None


def table_names(database: Database) -> list[str]:
    """Return the names of its tables and views, sorted.

    Raises
    ------
    StoreError
        As `read_database`.
    """
    with _connected(database) as connection:
        try:
            there = sa.inspect(connection)
            return sorted([*there.get_table_names(), *there.get_view_names()])
        except exc.SQLAlchemyError as error:
            raise StoreError(f"{database.name} cannot be read: {_reason(error, database)}.") from None


@contextmanager
def _connected(database: Database) -> Iterator[sa.Connection]:
    engine = _engine(database)
    refuse = _REFUSE_WRITING.get(engine.dialect.name)
    if refuse is not None:
        event.listen(engine, "connect", lambda raw, _: _say(raw, refuse))
    options = {"postgresql_readonly": True} if engine.dialect.name == "postgresql" else {}
    try:
        connection = engine.connect().execution_options(**options)
    except exc.SQLAlchemyError as error:
        raise StoreError(f"{database.name} cannot be reached: {_reason(error, database)}.") from None
    with connection:
        yield connection
        connection.rollback()


def _engine(database: Database) -> sa.Engine:
    try:
        url = sa.make_url(database.url)
        engine = sa.create_engine(url, poolclass=NullPool, hide_parameters=True)
    except exc.NoSuchModuleError:
        raise StoreError(f"{database.name} needs a driver that is not installed here.") from None
    except ModuleNotFoundError as error:
        raise StoreError(f"{database.name} needs the library {error.name}; install it.") from None
    except (exc.ArgumentError, ValueError):
        expected = "a SQLAlchemy URL such as sqlite:///crm.db"
        raise StoreError(f"The address of {database.name} cannot be read; expected {expected}.") from None
    file = url.database if engine.dialect.name == "sqlite" else None
    # The driver would make an empty one.
    if file and not file.startswith((":", "file:")) and not Path(file).is_file():
        raise StoreError(f"There is no database {Path(file).name}.")
    return engine


def _say(raw: Any, words: str) -> None:  # noqa: ANN401 - each driver has its own
    cursor = raw.cursor()
    cursor.execute(words)
    cursor.close()


def _all_of(connection: sa.Connection, label: str, table: str) -> str:
    there = sa.inspect(connection)
    schema, _, name = table.rpartition(".")
    if there.has_table(table):
        found = sa.table(table)
    elif schema and there.has_table(name, schema=schema):
        found = sa.table(name, schema=schema)
    else:
        known = [*there.get_table_names(), *there.get_view_names()]
        known += [f"{schema}.{other}" for other in there.get_table_names(schema=schema)] if schema else []
        raise DataError([_no_table(label, table, known)])
    return str(sa.select(sa.text("*")).select_from(found).compile(dialect=connection.dialect))


def _fetched(connection: sa.Connection, statement: str | None, label: str) -> Origin:
    streaming = connection.execution_options(stream_results=True, max_row_buffer=_ROWS, no_parameters=True)
    result = streaming.exec_driver_sql(statement or "")
    names = list(result.keys())
    blocks = Blocks(names)
    for rows in result.partitions(_ROWS):
        blocks.add(list(zip(*rows, strict=True)))
    table, notes = blocks.table(label)
    return Origin(table, notes=notes)


def _no_table(label: str, wanted: str, there: Sequence[str]) -> Fault:
    nearest = nearest_name(wanted, there)
    seen = (
        f"a table {nearest!r}" if nearest else f"the tables {', '.join(map(repr, sorted(there))) or '(none)'}"
    )
    remedy = "Correct `table` in the mapping."
    return Fault(label, None, None, seen, f"a table {wanted!r}", remedy, "missing_table")


def _reason(error: exc.SQLAlchemyError, database: Database) -> str:
    """Return what a database says, without secrets; only its kind where it may quote somebody's data."""
    if not isinstance(error, exc.DBAPIError) or not isinstance(error, _HARMLESS) | (
        type(error) is exc.DatabaseError
    ):
        return type(error).__name__
    url = sa.make_url(database.url)
    said = str(error.orig).strip().partition("\n")[0].rstrip(".")
    password = str(url.password) if url.password else ""
    words = {password, quote_plus(password), *(str(value) for value in url.query.values())}
    for secret in sorted(words, key=len, reverse=True):
        said = said.replace(secret, "…") if secret else said
    return said
