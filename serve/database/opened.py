"""An open database: every statement takes this road, and every failure becomes a StoreError."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

import sqlalchemy as sa

from readiness.errors import StoreError, StoreMissingError, StoreReadOnlyError, StoreSecretError
from serve.database import secret as secrets
from serve.database.driver_statements import driver_statement
from serve.database.failures import lost, told
from serve.database.migrating import hold, is_current, migrate
from serve.database.place import Place, engine_of, place_of, reading
from serve.database.settings import DatabaseSettings
from serve.database.tables import meta

_Found = TypeVar("_Found")

_NOT_GIVEN: Final = (
    "A PostgreSQL database needs READINESS_SUPPRESSION_SECRET (at least 32 characters), the same for every "
    "service and command that uses it: there is no file beside it."
)
_LOST: Final = (
    "The database is gone, or empty, and the file of its secret is still there: a list of people who must "
    "not be called has been lost, or its first start was cut off. If there was a list, put the database "
    "back. To begin an empty one, move the file of the secret away."
)

__all__ = ["Database", "Place", "place_of"]


class Database:
    """A database, its form brought up to date and its secret known to be the right one.

    Parameters
    ----------
    settings : DatabaseSettings
    make : bool
        Whether a database that is missing is made, with a secret of its own. False where one is only asked.
    with_secret : bool
        False for what is in the database without the secret's help: the secret is not looked at then.

    Raises
    ------
    StoreError
        Of the kind that says why it cannot be used.
    """

    def __init__(self, settings: DatabaseSettings, *, make: bool = True, with_secret: bool = True) -> None:
        self.place = place_of(settings.database_url.get_secret_value())
        self._engine = engine_of(self.place, settings)
        self._reading = reading(self._engine)
        # A server is never asked without waiting for the network.
        self._impatient = None if self.place.file is None else engine_of(self.place, settings, waits=False)
        self._given = settings.suppression_secret
        self._file = settings.suppression_secret_file or _beside(self.place)
        # Only a secret that we made ourselves tells that there was a database before.
        self._made_here = self._given is None and settings.suppression_secret_file is None
        self._made: Path | None = None
        try:
            self._begin_where_missing(make)
            self.secret = self._verified() if with_secret else b""
        except StoreError:
            self.close()
            raise

    def read(self, work: Callable[[sa.Connection], _Found]) -> _Found:
        """Do work that only reads; once more if the connection turns out to be lost.

        Raises
        ------
        StoreError
            If the database does not let it.
        """
        return self._once_more(lambda: self._within(self._reading.connect, work))

    def rows(
        self, statement: sa.Select[Any] | sa.CompoundSelect[Any], wanted: Sequence[bytes] = ()
    ) -> list[tuple[Any, ...]]:
        """Return the rows that a statement finds, as the driver gives them: what every request waits for.

        Of a file the driver itself is asked, by a statement that was put together before: the library's own
        road is some five times as long.

        Parameters
        ----------
        statement : a constant, whose only expanding parameter, if any, is called ``wanted``
        wanted : its values

        Raises
        ------
        StoreError
            As `read` does.
        """
        if self.place.file is None:
            values = {"wanted": wanted} if wanted else {}
            return self.read(lambda connection: [tuple(row) for row in connection.execute(statement, values)])
        return self._once_more(lambda: _asked(self._engine, statement, wanted))

    def rows_now(
        self, statement: sa.Select[Any] | sa.CompoundSelect[Any], wanted: Sequence[bytes] = ()
    ) -> list[tuple[Any, ...]] | None:
        """Return what `rows` does if nothing has to be waited for, neither a network nor who holds the file.

        For the one thread that answers everybody: to hand the question to another one, and to have both take
        turns, takes longer than the question. None: ask with `rows`, which also says what is wrong.
        """
        if self._impatient is None:
            return None
        try:
            return _asked(self._impatient, statement, wanted)
        except StoreError:
            return None

    def write(self, work: Callable[[sa.Connection], _Found]) -> _Found:
        """Do work in a transaction, which is on disk when this returns; work must bear being done twice.

        Raises
        ------
        StoreError
            If the database does not let it; nothing of it was done then, or, if the connection was lost
            while it was being committed, all of it.
        """
        return self._once_more(lambda: self._within(self._engine.begin, work))

    def close(self) -> None:
        """Close every connection that is not in use."""
        self._engine.dispose()
        if self._impatient is not None:
            self._impatient.dispose()

    def _within(self, connected: Callable[[], object], work: Callable[[sa.Connection], _Found]) -> _Found:
        with told(), connected() as connection:  # type: ignore[attr-defined]
            return work(connection)

    def _once_more(self, attempt: Callable[[], _Found]) -> _Found:
        try:
            return attempt()
        except StoreError as error:
            if not lost(error.__cause__):
                raise
            return attempt()

    def _begin_where_missing(self, make: bool) -> None:
        file = self.place.file
        if file is not None and make and not file.exists():
            self._refuse_to_forget()
            _make(file)
        if not self.read(_begun):
            if not make:
                raise StoreMissingError(
                    "There is no database of suppressions there, or one of another version. Start the "
                    "service once, or add a suppression: both make it."
                )
            self._begin_it()

    def _verified(self) -> bytes:
        secret = self._secret(secrets.read)
        secrets.verify(self.read(kept_check), secret)
        return secret

    def _begin_it(self) -> None:
        try:
            self.write(self._begin)
        except StoreError:
            self._take_back_secret()
            raise

    def _take_back_secret(self) -> None:
        """Remove the secret that was made for a list which was not begun: it would tell of a lost one."""
        made = self._made
        if made is None:
            return

        def take_back(connection: sa.Connection) -> None:
            hold(connection)
            if not _begun(connection):
                made.unlink(missing_ok=True)

        # Where that cannot be told, the list may have been begun, and nobody would be recognised without it.
        with contextlib.suppress(StoreError, OSError):
            self.write(take_back)

    def _begin(self, connection: sa.Connection) -> None:
        migrate(connection)
        if kept_check(connection) is None:
            self._refuse_to_forget()
            secret = self._secret(self._read_or_made)
            value = {"name": secrets.CHECK, "value": secrets.check_value(secret)}
            connection.execute(sa.insert(meta), value)

    def _refuse_to_forget(self) -> None:
        """Refuse to begin an empty list where there was one: it would bar nobody, in silence."""
        ours = self._made is not None
        if self._made_here and not ours and self._file is not None and self._file.exists():
            raise StoreMissingError(_LOST)

    def _read_or_made(self, file: Path) -> bytes:
        if not file.exists():
            self._made = file
        return secrets.read_or_make(file)

    def _secret(self, from_file: Callable[[Path], bytes]) -> bytes:
        if self._given is not None:
            return self._given.get_secret_value().encode()
        if self._file is None:
            raise StoreSecretError(_NOT_GIVEN)
        return from_file(self._file)


def _asked(
    engine: sa.Engine, statement: sa.Select[Any] | sa.CompoundSelect[Any], wanted: Sequence[bytes]
) -> list[tuple[Any, ...]]:
    text, before, after = driver_statement(statement, len(wanted))
    with told(), contextlib.closing(engine.raw_connection()) as connection:
        cursor = connection.cursor()
        cursor.execute(text, (*before, *wanted, *after))
        return list(cursor.fetchall())


def kept_check(connection: sa.Connection) -> bytes | None:
    """Return what the database keeps to tell a wrong secret; None if it was never begun."""
    found: bytes | None = connection.scalar(sa.select(meta.c.value).where(meta.c.name == secrets.CHECK))
    return found


def _begun(connection: sa.Connection) -> bool:
    return is_current(connection) and kept_check(connection) is not None


def _beside(place: Place) -> Path | None:
    return None if place.file is None else place.file.with_suffix(".secret")


def _make(file: Path) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        # An empty file is an empty database; only its owner reads it.
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600))
    except OSError as error:
        raise StoreReadOnlyError(
            f"The database cannot be made: {error.strerror}. Name another place with READINESS_DATABASE_URL."
        ) from error
