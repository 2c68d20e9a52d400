"""A database of each kind, opened as each worker opens it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import pytest

from serve.database import Database, SuppressionStore
from serve.database.settings import DatabaseSettings

SECRET = "a secret of the tests that is long enough"  # noqa: S105

OpenDatabase: TypeAlias = Callable[..., Database]


@pytest.fixture
def opened(url: str) -> Iterator[OpenDatabase]:
    """Return a function that opens the database, as each worker does."""
    every = []

    def open_database(**rest: Any) -> Database:  # noqa: ANN401 - settings of any kind
        make = rest.pop("make", True)
        settings = DatabaseSettings(**{"database_url": url, "suppression_secret": SECRET, **rest})
        every.append(Database(settings, make=make))
        return every[-1]

    yield open_database
    for each in every:
        each.close()


@pytest.fixture
def store(opened: OpenDatabase) -> SuppressionStore:
    """Return the list in a database that was just made."""
    return SuppressionStore(opened(), region="GB")
