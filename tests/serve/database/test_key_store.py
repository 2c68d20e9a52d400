"""Keys in the database, on SQLite and on PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from pydantic import SecretStr

from readiness.crm.records import MICROSECONDS_PER_DAY
from serve.database import Database, KeyStore, any_opens, migrating
from serve.database.settings import DatabaseSettings
from serve.security.keys import KeyRefusedError, KeyRing, make
from tests.serve.conftest import NOW
from tests.serve.database.conftest import SECRET


@pytest.fixture
def settings(url: str) -> DatabaseSettings:
    return DatabaseSettings(database_url=SecretStr(url), suppression_secret=SecretStr(SECRET))


@pytest.fixture
def opened(settings: DatabaseSettings) -> Iterator[Database]:
    database = Database(settings)
    yield database
    database.close()


@pytest.fixture
def store(opened: Database) -> KeyStore:
    return KeyStore(opened)


def test_a_key_is_kept_as_it_was_made(store: KeyStore) -> None:
    _, key = make("CRM", ["read", "score"], at=NOW, expires_at=NOW + MICROSECONDS_PER_DAY)
    assert store.all() == []
    store.add(key)
    store.add(key)
    assert store.all() == [key]


def test_what_opens_the_door_is_not_in_the_database(store: KeyStore, opened: Database) -> None:
    written, key = make("CRM", ["score"], at=NOW)
    store.add(key)
    row = opened.read(lambda connection: connection.execute(sa.text("SELECT * FROM keys")).one())
    assert written.rpartition("_")[2] not in str(row)


def test_a_key_is_revoked_once_and_by_its_own_id_alone(store: KeyStore) -> None:
    (written, key), (_, other) = make("CRM", ["score"], at=NOW), make("other", ["score"], at=NOW + 1)
    store.add(key)
    store.add(other)
    assert [store.revoke(which, NOW + 2) for which in (key.id, key.id, "unknown")] == [True, False, False]
    assert store.all() == [replace(key, revoked_at=NOW + 2), other]
    ring = KeyRing(lambda: store)
    ring.read_again()
    with pytest.raises(KeyRefusedError, match="was revoked"):
        ring.check(written, NOW + 2)


def test_the_newest_use_is_kept_whichever_worker_tells_it_last(store: KeyStore) -> None:
    _, key = make("CRM", ["score"], at=NOW)
    store.add(key)
    for at in (NOW + 5, NOW + 9, NOW + 7):
        store.used(key.id, at)
    assert store.all() == [replace(key, last_used_at=NOW + 9)]


def test_whether_a_key_opens_is_asked_of_the_database(settings: DatabaseSettings) -> None:
    assert not any_opens(settings, NOW)
    database = Database(settings)
    assert not any_opens(settings, NOW)
    _, key = make("CRM", ["score"], at=NOW, expires_at=NOW + 10)
    KeyStore(database).add(key)
    database.close()
    assert any_opens(settings, NOW + 9)
    assert not any_opens(settings, NOW + 10)


def test_keys_that_an_older_version_keeps_are_found(
    settings: DatabaseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(settings)
    KeyStore(database).add(make("CRM", ["score"], at=NOW)[1])
    database.close()
    steps = Path(shutil.copytree(migrating._STEPS, tmp_path / "steps"))
    last = ScriptDirectory(str(steps)).get_current_head()
    (steps / "versions" / "step_9999_next.py").write_text(
        f'revision, down_revision = "9999", "{last}"\ndef upgrade() -> None: ...\n', encoding="utf-8"
    )
    monkeypatch.setattr(migrating, "_STEPS", steps)
    assert any_opens(settings, NOW)


def test_a_database_that_is_not_there_is_not_made_to_look_for_keys(tmp_path: Path) -> None:
    place = tmp_path / "none.sqlite"
    assert not any_opens(DatabaseSettings(database_url=SecretStr(f"sqlite:///{place}")), NOW)
    assert list(tmp_path.iterdir()) == []
