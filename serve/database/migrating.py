"""Brings a database to the form that this code knows, once, however many processes start together."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import sqlalchemy as sa

from readiness.errors import StoreEncodingError, StoreNewerError

VERSION_TABLE: Final = "readiness_schema"
"""A name of its own: a tracking server's tables may lie in the same database."""

_HOLD_EVERY_LETTER: Final = frozenset({"UTF8", "SQL_ASCII"})
"""SQL_ASCII looks at no letter: it keeps the bytes, which are ours."""

_STEPS: Final = Path(__file__).with_name("migrations")
_LOCK: Final = 0x5EAD1E55
"""Whoever migrates a PostgreSQL holds this advisory lock; SQLite is locked by its transaction."""


def is_current(connection: sa.Connection) -> bool:
    """Say whether the database has the form that this code knows.

    Raises
    ------
    StoreNewerError
        If a newer version of the code made it.
    """
    current, known = _step_of(connection), _known()
    if current is not None and current not in known:
        raise StoreNewerError(
            "A newer version of readiness made this database, and this one does not know its form. "
            "Update readiness, or name another database with READINESS_DATABASE_URL."
        )
    return current == known[-1]


def hold(connection: sa.Connection) -> None:
    """Keep everybody else from bringing the database to its form, until the transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))


def migrate(connection: sa.Connection) -> None:
    """Take the steps that the database lacks, within the transaction of the connection.

    Processes that start together wait for each other: the first takes the steps, the others find them taken.

    Raises
    ------
    StoreNewerError
        If a newer version of the code made the database.
    StoreEncodingError
        If it lacks the tables, and its encoding has no place for every letter.
    """
    hold(connection)
    if is_current(connection):
        return
    _refuse_few_letters(connection)
    # What takes steps is slow to load, and hardly any start has one to take.
    from serve.database.steps import take  # noqa: PLC0415

    take(connection, _STEPS, VERSION_TABLE)


def _refuse_few_letters(connection: sa.Connection) -> None:
    """Refuse a database in which a name could not be written: better at its first start than at that name."""
    if connection.dialect.name != "postgresql":
        return
    encoding = connection.scalar(sa.text("SHOW server_encoding"))
    if encoding not in _HOLD_EVERY_LETTER:
        raise StoreEncodingError(
            f"The database was made with the encoding {encoding}, which lacks letters that names have. Make "
            "one with `createdb --encoding=UTF8 --template=template0`, and name it with "
            "READINESS_DATABASE_URL."
        )


def _step_of(connection: sa.Connection) -> str | None:
    """Return the last step that the database has taken; None if it took none."""
    if not sa.inspect(connection).has_table(VERSION_TABLE):
        return None
    step: str | None = connection.scalar(
        sa.select(sa.column("version_num")).select_from(sa.table(VERSION_TABLE))
    )
    return step


def _known() -> list[str]:
    """Return the steps that this code knows, in order: each file of one says its number."""
    files = (_STEPS / "versions").glob("step_*.py")
    return sorted(file.stem.split("_")[1] for file in files)
