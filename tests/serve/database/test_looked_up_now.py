"""Who is on the list is said at once where nobody has to be waited for, and else not at all."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from readiness.errors import StoreSecretError
from serve.database import Database, Given, SuppressionStore
from serve.database.settings import DatabaseSettings
from tests.serve.database.conftest import SECRET


def _open(file: Path, secret: str = SECRET) -> SuppressionStore:
    # It would wait for a minute, and a test that waits for it fails by its time limit.
    settings = {
        "database_url": f"sqlite:///{file}",
        "suppression_secret": secret,
        "database_seconds": 60,
        "database_connections": 1,
    }
    return SuppressionStore(Database(DatabaseSettings.model_validate(settings)))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "list.sqlite"


@pytest.fixture
def listed(file: Path):
    store = _open(file)
    store.add([Given("email", bytes([number]) * 32, "us") for number in (1, 2)], at=5)
    yield store
    store._database.close()


_ASKED = frozenset({b"\x02" * 32, b"\x03" * 32})


@pytest.mark.parametrize("keys", [frozenset(), _ASKED], ids=["no key", "two keys"])
def test_what_is_said_at_once_is_what_is_said_else(listed, keys):
    assert listed.look_up_now(keys) == listed.look_up(keys)


def test_who_was_put_on_the_list_by_another_process_is_found_at_once(listed, file):
    assert b"\x03" * 32 not in listed.look_up_now(_ASKED)
    other = _open(file)
    other.add([Given("email", b"\x03" * 32, "us")], at=6)
    other._database.close()
    assert listed.look_up_now(_ASKED) == _ASKED


def test_nothing_is_said_while_somebody_holds_the_file(listed, file):
    assert listed.look_up_now(_ASKED) is not None
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    assert listed.look_up_now(_ASKED) is None
    holder.execute("ROLLBACK")
    holder.close()
    assert listed.look_up_now(_ASKED) == {b"\x02" * 32}


def test_nothing_is_said_of_a_file_that_is_gone(listed, file):
    assert listed.look_up_now(_ASKED) is not None
    file.unlink()
    assert listed.look_up_now(_ASKED) is None


def test_another_secret_is_refused_as_ever(listed):
    listed._database.secret = b"another secret"
    other = SuppressionStore(listed._database)
    with pytest.raises(StoreSecretError, match="not the one with which this database was begun"):
        other.look_up_now(_ASKED)


def test_a_server_is_never_asked_by_whoever_cannot_wait(postgresql):
    settings = {"database_url": postgresql.get_uri(), "suppression_secret": SECRET}
    database = Database(DatabaseSettings.model_validate(settings))
    assert SuppressionStore(database).look_up_now(_ASKED) is None
    database.close()
