"""Takes the steps that bring a database to the form that this code knows."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

_HEAD: Final = "head"


def take(connection: sa.Connection, steps: Path, version_table: str) -> None:
    """Take the steps of a folder that the database lacks, within the transaction of the connection."""
    script = ScriptDirectory(str(steps))
    context = MigrationContext.configure(connection, opts={"version_table": version_table})
    lacking = list(script.iterate_revisions(_HEAD, context.get_current_revision() or "base"))
    with Operations.context(context):
        for step in reversed(lacking):
            step.module.upgrade()
    context.stamp(script, _HEAD)
