"""The database is made once, found again, and refused by name where it cannot be relied on."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from benchmarks.postgresql import Server, database
from readiness.errors import (
    StoreBusyError,
    StoreEncodingError,
    StoreError,
    StoreMissingError,
    StoreNewerError,
    StoreReadOnlyError,
    StoreSecretError,
    StoreUnreachableError,
)
from serve.database import Database, Given, SuppressionStore, migrating, place_of
from serve.database.migrating import VERSION_TABLE
from serve.database.settings import DatabaseSettings
from serve.database.tables import metadata, suppressions
from tests.serve.database.conftest import SECRET, OpenDatabase

KEY = b"k" * 32
_FROM_THE_FUTURE = f"UPDATE {VERSION_TABLE} SET version_num = '9999'"  # noqa: S608
_ANOTHER = "another secret that is just as long"


def _sqlite(path: Path, **rest: object) -> Database:
    return Database(DatabaseSettings(database_url=f"sqlite:///{path}", **rest))  # type: ignore[arg-type]


def test_the_steps_make_exactly_the_tables_that_the_code_knows(opened: OpenDatabase) -> None:
    context = {"version_table": VERSION_TABLE, "compare_type": True}
    found = opened().read(
        lambda connection: compare_metadata(MigrationContext.configure(connection, opts=context), metadata)
    )
    assert found == []


def test_the_steps_are_numbered_in_the_order_in_which_they_are_taken() -> None:
    steps = ScriptDirectory(str(migrating._STEPS)).walk_revisions()
    assert migrating._known() == [step.revision for step in steps][::-1]


def test_several_processes_that_start_at_once_make_it_once(opened: OpenDatabase) -> None:
    failures: list[StoreError] = []

    def start() -> None:
        try:
            opened()
        except StoreError as error:
            failures.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert SuppressionStore(opened()).every_key() == frozenset()


def test_what_was_acknowledged_is_there_for_the_next_process(opened: OpenDatabase) -> None:
    SuppressionStore(opened()).add([Given("email", KEY, "test")], at=1)
    assert SuppressionStore(opened()).look_up({KEY}) == {KEY}


def test_a_newer_form_is_refused(opened: OpenDatabase) -> None:
    opened().write(lambda connection: connection.execute(sa.text(_FROM_THE_FUTURE)))
    with pytest.raises(StoreNewerError, match="newer version of readiness"):
        opened()


@pytest.mark.parametrize("make", [True, False], ids=["the service", "a command that only asks"])
def test_another_secret_is_refused_and_changes_nothing(opened: OpenDatabase, make: bool) -> None:
    SuppressionStore(opened()).add([Given("email", KEY, "test")], at=1)
    with pytest.raises(StoreSecretError, match="not the one with which this database was begun"):
        opened(suppression_secret=_ANOTHER, make=make)
    assert SuppressionStore(opened()).every_key() == {KEY}


def test_a_secret_that_is_changed_under_a_running_service_is_seen_at_the_next_request(
    opened: OpenDatabase,
) -> None:
    store = SuppressionStore(opened())
    opened().write(
        lambda connection: connection.execute(sa.text("UPDATE meta SET value = :v"), {"v": b"other"})
    )
    for ask in (lambda: store.look_up({KEY}), store.every_key, lambda: store.found({KEY})):
        with pytest.raises(StoreSecretError, match="not the one"):
            ask()
    with pytest.raises(StoreSecretError, match="not the one"):
        store.add([Given("email", KEY, "test")], at=1)


def test_a_command_that_only_asks_makes_no_database(opened: OpenDatabase) -> None:
    with pytest.raises(StoreMissingError, match=r"lacks its tables|no database of suppressions"):
        opened(make=False)


def test_tables_that_vanish_are_told_and_not_taken_for_an_empty_list(opened: OpenDatabase) -> None:
    store = SuppressionStore(opened())
    opened().write(lambda connection: connection.execute(sa.text("DROP TABLE suppressions")))
    with pytest.raises(StoreMissingError, match="lacks its tables"):
        store.look_up({KEY})


def test_no_error_shows_a_value_or_a_password(opened: OpenDatabase) -> None:
    store = SuppressionStore(opened())
    opened().write(lambda connection: connection.execute(sa.text("DROP TABLE suppressions")))
    with pytest.raises(StoreMissingError, match="lacks its tables") as refused:
        store.add([Given("email", KEY, "who said so")], at=1)
    assert "who said so" not in f"{refused.value} {refused.value.__cause__}"
    assert "geheim" not in str(place_of("postgresql://ann:geheim@db/readiness"))


def test_a_server_that_does_not_answer_is_told() -> None:
    url = "postgresql://nobody@127.0.0.1:9/none"
    with pytest.raises(StoreUnreachableError, match="does not answer"):
        Database(DatabaseSettings(database_url=url, suppression_secret=SECRET))


def test_a_team_s_database_needs_its_secret_told(postgresql: Server) -> None:
    with pytest.raises(StoreSecretError, match="READINESS_SUPPRESSION_SECRET"):
        Database(DatabaseSettings(database_url=postgresql.get_uri()))


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://x/y", "nonsense", ""])
def test_an_address_that_cannot_be_used_is_refused(url: str) -> None:
    with pytest.raises(StoreError, match="READINESS_DATABASE_URL names no database"):
        place_of(url)


def test_the_secret_lies_beside_a_file_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    first = _sqlite(tmp_path / "x" / "service.sqlite")
    file = tmp_path / "x" / "service.secret"
    assert file.stat().st_mode & 0o777 == 0o600
    assert first.secret == file.read_bytes().strip() == _sqlite(tmp_path / "x" / "service.sqlite").secret
    assert first.secret not in (tmp_path / "x" / "service.sqlite").read_bytes()
    first.close()


def test_a_secret_that_is_gone_is_not_made_anew(tmp_path: Path) -> None:
    _sqlite(tmp_path / "s.sqlite").close()
    (tmp_path / "s.secret").unlink()
    with pytest.raises(StoreSecretError, match="missing"):
        _sqlite(tmp_path / "s.sqlite")
    assert not (tmp_path / "s.secret").exists()


@pytest.mark.parametrize("lost", ["gone", "empty"])
def test_a_list_that_was_lost_is_not_begun_anew_in_silence(tmp_path: Path, lost: str) -> None:
    _sqlite(tmp_path / "s.sqlite").close()
    (tmp_path / "s.sqlite").unlink()
    if lost == "empty":
        (tmp_path / "s.sqlite").touch()
    with pytest.raises(StoreMissingError, match="has been lost"):
        _sqlite(tmp_path / "s.sqlite")
    (tmp_path / "s.secret").unlink()
    assert SuppressionStore(_sqlite(tmp_path / "s.sqlite")).every_key() == frozenset()


def test_a_first_start_that_fails_leaves_no_secret_that_would_tell_of_a_lost_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: bytes) -> bytes:
        raise StoreReadOnlyError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr("serve.database.secret.check_value", full)
        with pytest.raises(StoreReadOnlyError, match="full"):
            _sqlite(tmp_path / "s.sqlite")
    assert not (tmp_path / "s.secret").exists()
    assert SuppressionStore(_sqlite(tmp_path / "s.sqlite")).every_key() == frozenset()


def test_a_first_start_that_was_killed_is_named_as_what_it_may_have_been(tmp_path: Path) -> None:
    (tmp_path / "s.sqlite").touch()
    (tmp_path / "s.secret").write_text(SECRET, encoding="utf-8")
    with pytest.raises(StoreMissingError, match="or its first start was cut off"):
        _sqlite(tmp_path / "s.sqlite")


def test_a_secret_that_was_put_there_beforehand_begins_a_new_list(tmp_path: Path) -> None:
    (tmp_path / "given").write_text(SECRET, encoding="utf-8")
    opened = _sqlite(tmp_path / "s.sqlite", suppression_secret_file=tmp_path / "given")
    assert opened.secret == SECRET.encode()


def test_a_database_that_may_only_be_read_is_read_and_refuses_to_be_written(tmp_path: Path) -> None:
    SuppressionStore(_sqlite(tmp_path / "s.sqlite")).add([Given("email", KEY, "test")], at=1)
    url = f"sqlite:///{tmp_path}/s.sqlite?mode=ro"
    store = SuppressionStore(Database(DatabaseSettings(database_url=url)))
    assert store.look_up({KEY}) == {KEY}
    with pytest.raises(StoreReadOnlyError, match="read-only"):
        store.add([Given("email", b"l" * 32, "test")], at=1)


def test_a_writer_that_holds_it_makes_a_write_wait_and_then_say_so_while_reads_go_on(
    tmp_path: Path,
) -> None:
    store = SuppressionStore(_sqlite(tmp_path / "s.sqlite", database_seconds=0.05))
    holder = sqlite3.connect(tmp_path / "s.sqlite", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    assert store.look_up({KEY}) == frozenset()
    with pytest.raises(StoreBusyError, match="a few seconds"):
        store.add([Given("email", KEY, "test")], at=1)
    holder.close()
    assert store.add([Given("email", KEY, "test")], at=1)[0].new


def test_a_writer_of_more_than_the_cache_holds_locks_no_reader_out(
    tmp_path: Path,
) -> None:
    store = SuppressionStore(database := _sqlite(tmp_path / "s.sqlite", database_seconds=0.05))
    rows = [
        {"kind": "email", "key": number.to_bytes(32, "big"), "source": "x" * 200, "added_at": 1}
        for number in range(20_000)
    ]

    def write(connection: sa.Connection) -> frozenset[bytes]:
        connection.execute(sa.insert(suppressions), rows)
        return store.look_up({rows[0]["key"]})

    assert database.write(write) == frozenset()
    assert store.look_up({rows[0]["key"]}) == {rows[0]["key"]}


def test_a_file_put_in_its_place_is_read_and_one_taken_away_is_told(tmp_path: Path) -> None:
    store = SuppressionStore(_sqlite(tmp_path / "s.sqlite", suppression_secret=SECRET))
    other = SuppressionStore(_sqlite(tmp_path / "other.sqlite", suppression_secret=SECRET))
    other.add([Given("email", KEY, "test")], at=1)
    assert store.look_up({KEY}) == frozenset()
    (tmp_path / "other.sqlite").replace(tmp_path / "s.sqlite")
    assert store.look_up({KEY}) == {KEY}
    (tmp_path / "s.sqlite").unlink()
    with pytest.raises(StoreMissingError, match="not where READINESS_DATABASE_URL says"):
        store.look_up({KEY})
    assert not (tmp_path / "s.sqlite").exists()


def test_what_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "s.sqlite").write_bytes(b"This is a letter, not a database. " * 40)
    with pytest.raises(StoreMissingError, match="damaged"):
        _sqlite(tmp_path / "s.sqlite")


def test_a_connection_that_was_cut_is_made_again(postgresql: Server) -> None:
    opened = Database(DatabaseSettings(database_url=postgresql.get_uri(), suppression_secret=SECRET))
    store = SuppressionStore(opened)
    assert store.look_up({KEY}) == frozenset()
    killer = sa.create_engine(sa.make_url(postgresql.get_uri()).set(drivername="postgresql+psycopg"))
    with killer.connect() as connection:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'readiness'"
        connection.execute(sa.text(others))
    killer.dispose()
    assert store.look_up({KEY}) == frozenset()
    assert store.add([Given("email", KEY, "test")], at=1)[0].entry.kind == "email"
    opened.close()


def test_a_database_that_was_made_without_an_encoding_keeps_every_letter(postgresql: Server) -> None:
    with database(postgresql, encoding="SQL_ASCII") as url:
        made = Database(DatabaseSettings(database_url=url, suppression_secret=SECRET))
        (added,) = SuppressionStore(made).add([Given("email", KEY, "Łódź, call 東京 😀")], at=1)
        assert SuppressionStore(made).page()[0].source == added.entry.source == "Łódź, call 東京 😀"
        made.close()


def test_a_database_whose_encoding_lacks_letters_is_refused_before_anything_is_in_it(
    postgresql: Server,
) -> None:
    with database(postgresql, encoding="LATIN1") as url:
        with pytest.raises(StoreEncodingError, match=r"encoding LATIN1.*createdb --encoding=UTF8"):
            Database(DatabaseSettings(database_url=url, suppression_secret=SECRET))
        looking = sa.create_engine(sa.make_url(url).set(drivername="postgresql+psycopg"))
        assert sa.inspect(looking).get_table_names() == []
        looking.dispose()
