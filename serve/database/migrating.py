"""Brings a database to the form that this code knows, once, however many processes start together."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from readiness.errors import StoreNewerError

VERSION_TABLE: Final = "readiness_schema"
"""A name of its own: a tracking server's tables may lie in the same database."""

_STEPS: Final = Path(__file__).with_name("migrations")
_HEAD: Final = "head"
_LOCK: Final = 0x5EAD1E55
"""Whoever migrates a PostgreSQL holds this advisory lock; SQLite is locked by its transaction."""


def is_current(connection: sa.Connection) -> bool:
    """Say whether the database has the form that this code knows.

    Raises
    ------
    StoreNewerError
        If a newer version of the code made it.
    """
    script = _script()
    current = _context(connection).get_current_revision()
    known = {step.revision for step in script.walk_revisions()}
    if current is not None and current not in known:
        raise StoreNewerError(
            "A newer version of readiness made this database, and this one does not know its form. "
            "Update readiness, or name another database with READINESS_DATABASE_URL."
        )
    return current == script.get_current_head()


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
    script, context = _script(), _context(connection)
    lacking = list(script.iterate_revisions(_HEAD, context.get_current_revision() or "base"))
    with Operations.context(context):
        for step in reversed(lacking):
            step.module.upgrade()
    context.stamp(script, _HEAD)


def _context(connection: sa.Connection) -> MigrationContext:
    return MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})


def _script() -> ScriptDirectory:
    return ScriptDirectory(str(_STEPS))
