"""What a database's errors mean to people: what happened and what to do. No value is repeated."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import sqlalchemy.exc as sa_errors

from readiness.errors import (
    StoreBusyError,
    StoreError,
    StoreMissingError,
    StoreReadOnlyError,
    StoreUnreachableError,
)

_SQLSTATES: Final[dict[str, type[StoreError]]] = {
    "25006": StoreReadOnlyError,
    "42501": StoreReadOnlyError,
    "53100": StoreReadOnlyError,
    "40001": StoreBusyError,
    "40P01": StoreBusyError,
    "53300": StoreBusyError,
    "55P03": StoreBusyError,
    "57014": StoreBusyError,
    "42P01": StoreMissingError,
    "3D000": StoreMissingError,
}
"""PostgreSQL's own codes; every other is told as unreachable."""

_SQLITE: Final[dict[str, type[StoreError]]] = {
    "SQLITE_BUSY": StoreBusyError,
    "SQLITE_LOCKED": StoreBusyError,
    "SQLITE_READONLY": StoreReadOnlyError,
    "SQLITE_FULL": StoreReadOnlyError,
    "SQLITE_CORRUPT": StoreMissingError,
    "SQLITE_NOTADB": StoreMissingError,
    "SQLITE_CANTOPEN": StoreMissingError,
    "SQLITE_ERROR": StoreMissingError,
}
"""SQLite's own codes, without what follows the second word."""

_SAID: Final[dict[type[StoreError], str]] = {
    StoreBusyError: "The database is busy: somebody else holds it. Send the same again in a few seconds.",
    StoreReadOnlyError: "The database cannot be written: it is read-only, or its disk is full. Let the "
    "service write to it, or name another one with READINESS_DATABASE_URL.",
    StoreMissingError: "The database is not where READINESS_DATABASE_URL says, is damaged, or lacks its "
    "tables. Put it back, or start the service anew: it makes what is missing.",
    StoreUnreachableError: "The database does not answer. See that it runs, and that READINESS_DATABASE_URL "
    "names it.",
}


@contextmanager
def told() -> Iterator[None]:
    """Raise whatever a database does to us as a StoreError that says what to do.

    Raises
    ------
    StoreError
        Of the kind that fits. The library's own error stays its cause, for the debugger only: it holds the
        statement and its values.
    """
    try:
        yield
    except sa_errors.TimeoutError as error:
        raise _error(StoreBusyError) from error
    except sa_errors.DBAPIError as error:
        raise _error(_kind(error.orig)) from error
    except sqlite3.Error as error:
        raise _error(_kind(error)) from error
    except sa_errors.SQLAlchemyError as error:
        raise _error(StoreUnreachableError) from error


def lost(error: BaseException | None) -> bool:
    """Say whether the connection itself went away, so that a new one may well do."""
    return isinstance(error, sa_errors.DBAPIError) and error.connection_invalidated


def _error(kind: type[StoreError]) -> StoreError:
    return kind(_SAID[kind])


def _kind(original: BaseException | None) -> type[StoreError]:
    state = getattr(original, "sqlstate", None)
    if state is not None:
        return _SQLSTATES.get(state, StoreUnreachableError)
    name = str(getattr(original, "sqlite_errorname", ""))
    return _SQLITE.get("_".join(name.split("_")[:2]), StoreUnreachableError)
