"""Where a database lies, and how connections to it behave."""

from __future__ import annotations

import math
import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError

from readiness.errors import StoreBusyError, StoreError, StoreMissingError
from serve.database.settings import DatabaseSettings

_STATEMENT_SECONDS: Final = 5
READS: Final = "readiness_reads"
"""Marks a connection that takes no transaction: each statement of it stands alone, and locks nobody out."""

_NO_URL: Final = (
    "READINESS_DATABASE_URL names no database that can be used. Write sqlite:///models/service.sqlite, "
    "or postgresql://USER:PASSWORD@HOST/NAME."
)


_AUDIT: Final = Path("models/audit")


@dataclass(frozen=True, slots=True)
class Place:
    """A database's address; one of a file says which file."""

    url: URL
    file: Path | None
    read_only: bool = False

    def __str__(self) -> str:
        """Say where it is, without a password."""
        return str(self.file) if self.file else self.url.render_as_string(hide_password=True)


def place_of(url: str) -> Place:
    """Read an address.

    Raises
    ------
    StoreError
        If it is none, or of a database that is neither SQLite nor PostgreSQL, or in memory, where every
        worker would have one of its own.
    """
    try:
        read = make_url(url)
    except ArgumentError:
        raise StoreError(_NO_URL) from None
    kind = read.get_backend_name()
    if kind in {"postgresql", "postgres"}:
        return Place(read.set(drivername="postgresql+psycopg"), None)
    if kind != "sqlite" or not read.database or read.database == ":memory:":
        raise StoreError(_NO_URL)
    return Place(read, Path(read.database), read.query.get("mode") == "ro")


def audit_folder(settings: DatabaseSettings) -> Path:
    """Return where answers are written down before they leave.

    Raises
    ------
    StoreError
        If the address of the database is none.
    """
    if settings.audit_folder is not None:
        return settings.audit_folder
    file = place_of(settings.database_url.get_secret_value()).file
    return _AUDIT if file is None else file.with_suffix(".audit")


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Say whether this SQLite may write ahead: older ones can lose a commit when the log is begun anew.

    >>> [wal_is_safe(version) for version in ((3, 40, 1), (3, 44, 6), (3, 50, 6), (3, 50, 7), (3, 51, 3))]
    [False, True, False, True, True]
    """
    return version >= (3, 51, 3) or (3, 44, 6) <= version < (3, 45) or (3, 50, 7) <= version < (3, 51)


def journal_mode() -> str:
    """Return how SQLite keeps its journal here."""
    return "wal" if wal_is_safe(sqlite3.sqlite_version_info) else "truncate"


def engine_of(place: Place, settings: DatabaseSettings, *, waits: bool = True) -> sa.Engine:
    """Return the engine for a database; nothing is opened yet.

    A write takes its lock at once (``BEGIN IMMEDIATE``), so that two writers wait and do not fail half-way;
    what is committed is on disk (``synchronous=FULL``, ``synchronous_commit=on``); what is deleted is
    overwritten (``secure_delete``). Nobody waits for more than seconds.

    Parameters
    ----------
    waits : bool
        False for one connection that waits for nobody at all.
    """
    seconds = settings.database_seconds if waits else 0.0
    rest: dict[str, Any] = {
        "pool_size": settings.database_connections if waits else 1,
        "max_overflow": 0,
        # Whoever gets a connection may still have to wait for the database.
        "pool_timeout": seconds / 2,
        # An error's text would hold the values of its statement.
        "hide_parameters": True,
    }
    if place.file is None:
        return sa.create_engine(
            place.url, connect_args=_postgresql_options(seconds), pool_recycle=1_800, **rest
        )
    file, mode = place.file, "ro" if place.read_only else "rw"

    log = _Log(file.with_name(f"{file.name}-wal"))

    def connect() -> sqlite3.Connection:
        log.refuse_if_taken_away()
        # Not made where it is missing: an empty list in place of the real one would bar nobody.
        address = f"file:{quote(str(file.absolute()))}?mode={mode}"
        return sqlite3.connect(
            address, uri=True, timeout=seconds, isolation_level=None, check_same_thread=False
        )

    engine = sa.create_engine("sqlite://", creator=connect, poolclass=sa.QueuePool, **rest)
    _watch(engine, file, log)
    return engine


def reading(engine: sa.Engine) -> sa.Engine:
    """Return an engine over the same connections for statements that only read, each by itself."""
    if engine.dialect.name == "postgresql":
        return engine.execution_options(isolation_level="AUTOCOMMIT")
    return engine.execution_options(**{READS: True})


def _postgresql_options(seconds: float) -> dict[str, Any]:
    limits = {
        "statement_timeout": _STATEMENT_SECONDS * 1_000,
        "lock_timeout": math.ceil(seconds * 1_000),
        "idle_in_transaction_session_timeout": 10_000,
        "synchronous_commit": "on",
    }
    return {
        "connect_timeout": math.ceil(seconds),
        "tcp_user_timeout": _STATEMENT_SECONDS * 1_000,
        "application_name": "readiness",
        # A database that was made without an encoding gives bytes where text is expected.
        "client_encoding": "utf8",
        "options": " ".join(f"-c {name}={value}" for name, value in limits.items()),
    }


@dataclass(slots=True)
class _Log:
    """The file into which SQLite writes ahead of its database; once taken away, it is gone for good."""

    file: Path
    taken_away: bool = False

    def refuse_if_taken_away(self, known: tuple[int, int] | None = None) -> None:
        """Refuse to go on if the file is not the one that a connection knows, now or before.

        What a connection wrote on would lie in a file without a name, and be gone if this process is killed;
        and a new one would begin another log, in which nothing of that stands.
        """
        if known is not None and known != _identity(self.file):
            self.taken_away = True
        if self.taken_away:
            raise StoreMissingError(
                f"The log of the database ({self.file.name}) was taken away while it was in use. Stop every "
                "process of the service: the last one writes back what it still knows. Then start it anew."
            )


def _watch(engine: sa.Engine, file: Path, log: _Log) -> None:
    @event.listens_for(engine, "connect")
    def _opened(connection: sqlite3.Connection, record: Any) -> None:  # noqa: ANN401 - the pool's own type
        (mode,) = connection.execute(f"PRAGMA journal_mode={journal_mode()}").fetchone()
        if mode == "wal" and journal_mode() != "wal":
            raise StoreBusyError(
                "The database is in use in a mode that is not safe with this version of SQLite. "
                "Stop the other program, or use SQLite 3.51.3 or newer."
            )
        # A transaction that outgrows the cache would take the whole file early, and lock every reader out.
        for setting in ("synchronous=FULL", "secure_delete=ON", "foreign_keys=ON", "cache_spill=OFF"):
            connection.execute(f"PRAGMA {setting}")
        if mode == "wal":
            # The first statement that reads makes the log where there was none.
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        record.info.update(file=_identity(file), log=_identity(log.file) if mode == "wal" else None)

    @event.listens_for(engine, "checkout")
    def _taken(connection: sqlite3.Connection, record: Any, proxy: object) -> None:  # noqa: ANN401, ARG001
        # A file that was put in place of ours is another database; the open one would go on unseen.
        if record.info["file"] != _identity(file):
            raise DisconnectionError
        log.refuse_if_taken_away(record.info["log"])

    @event.listens_for(engine, "begin")
    def _begun(connection: sa.Connection) -> None:
        if not connection.get_execution_options().get(READS):
            connection.exec_driver_sql("BEGIN IMMEDIATE")


def _identity(file: Path) -> tuple[int, int] | None:
    try:
        found = os.stat(file)
    except OSError:
        return None
    return found.st_dev, found.st_ino
