"""Brings a database to the form that this code knows, once, however many processes start together."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import sqlalchemy as sa

from readiness.errors import StoreNewerError

VERSION_TABLE: Final = "readiness_schema"
"""A name of its own: a tracking server's tables may lie in the same database."""

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
    """
    hold(connection)
    if is_current(connection):
        return
    # What takes steps is slow to load, and hardly any start has one to take.
    from serve.database.steps import take  # noqa: PLC0415

    take(connection, _STEPS, VERSION_TABLE)


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
