"""Where a list lies, and how it goes away and comes back, as databases do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa

from benchmarks import postgresql

SECRET = "a secret of the machine that is long enough"  # noqa: S105


class Place(Protocol):
    """A database that can be taken away."""

    settings: dict[str, Any]
    """What the settings say of it."""
    away: bool

    def take_away(self) -> None:
        """Have nobody reach it any more, whoever did."""

    def bring_back(self) -> None:
        """Have it there again, with what it held."""


class File:
    """An SQLite database; its file goes."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "service.sqlite"
        self._moved = folder / "away.sqlite"
        self.settings = {"database_url": f"sqlite:///{self._file}"}

    @property
    def away(self) -> bool:
        return self._moved.exists()

    def take_away(self) -> None:
        self._file.rename(self._moved)

    def bring_back(self) -> None:
        self._moved.rename(self._file)


class Served:
    """A database of a PostgreSQL server, which lets nobody in and ends every connection."""

    def __init__(self, address: str) -> None:
        self.settings = {"database_url": address, "suppression_secret": SECRET}
        url = sa.make_url(address).set(drivername="postgresql+psycopg")
        self._name = url.database
        self._admin = sa.create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
        self.away = False

    def take_away(self) -> None:
        ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
        with self._admin.connect() as connection:
            connection.execute(sa.text(f"ALTER DATABASE {self._name} ALLOW_CONNECTIONS false"))
            connection.execute(sa.text(ended), {"name": self._name})
        self.away = True

    def bring_back(self) -> None:
        with self._admin.connect() as connection:
            connection.execute(sa.text(f"ALTER DATABASE {self._name} ALLOW_CONNECTIONS true"))
        self.away = False

    def close(self) -> None:
        self._admin.dispose()


@contextmanager
def served(server: postgresql.Server) -> Iterator[Served]:
    """Make a database on a server, for as long as it is needed."""
    with postgresql.database(server) as address:
        place = Served(address)
        yield place
        place.close()
