"""A store that is full, read-only, newer, or loses a file while in use: it says so, and loses nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from readiness.errors import StoreMissingError, StoreReadOnlyError
from serve.database import Database, Given, SuppressionStore
from serve.database.migrating import VERSION_TABLE
from serve.database.settings import DatabaseSettings
from serve.examples import SCORE_REQUESTS
from tests.serve.conftest import Client, MakeClient

_DEMO: dict[str, Any] = SCORE_REQUESTS["a lead that asked for a demo"]["value"]  # type: ignore[assignment]
_STOP = {"occurred_at": "2026-03-13T09:00:00Z", "outcome": "stop_calling"}
_FILE = b"lead_id,source\nL-1,web\n"
_KEY, _OTHER = b"k" * 32, b"l" * 32


def _database(path: Path, asked: str = "") -> Database:
    return Database(DatabaseSettings(database_url=f"sqlite:///{path}{asked}"))  # type: ignore[arg-type]


def _one(key: bytes = _KEY) -> list[Given]:
    return [Given("email", key, "test")]


def _named(lead_id: str) -> dict[str, Any]:
    return _DEMO | {"lead": _DEMO["lead"] | {"lead_id": lead_id}}


def _suppress(client: Client, value: str) -> httpx.Response:
    body = {"suppressions": [{"kind": "lead_id", "value": value, "source": "a form"}]}
    return client.ask("POST", "/v1/suppressions", json=body)


def _full(database: Database) -> None:
    """Let the file grow no more: SQLite itself says then that the disk is full."""
    database.read(lambda connection: connection.execute(sa.text("PRAGMA max_page_count = 1")))


def test_on_a_full_disk_a_write_is_refused_whole_and_what_is_there_is_read(tmp_path: Path) -> None:
    store = SuppressionStore(database := _database(tmp_path / "s.sqlite"))
    store.add(_one(), at=1)
    _full(database)
    many = [Given("email", number.to_bytes(32, "big"), "x" * 200) for number in range(1_000)]
    with pytest.raises(StoreReadOnlyError, match="its disk is full"):
        store.add(many, at=2)
    assert store.every_key() == {_KEY}


def test_while_the_disk_is_full_whoever_is_on_the_list_is_not_called_and_others_are(
    serve: MakeClient, tmp_path: Path
) -> None:
    database = _database(tmp_path / "service.sqlite")
    client = serve(open_store=lambda: SuppressionStore(database))
    assert _suppress(client, "L-10482").status_code == 200
    _full(database)
    listed = [{"kind": "lead_id", "value": f"L-{row}", "source": "x" * 200} for row in range(1_000)]
    refused = client.ask("POST", "/v1/suppressions", json={"suppressions": listed})
    assert (refused.status_code, "its disk is full" in refused.json()["detail"]) == (503, True)
    assert client.score(_DEMO).json()["advice"]["action"] == "never_call"
    assert client.score(_named("L-7")).json()["advice"]["action"] == "hand_over"


def test_on_a_database_that_may_only_be_read_leads_are_scored_and_what_must_be_kept_is_refused(
    serve: MakeClient, tmp_path: Path
) -> None:
    assert _suppress(serve(), "L-10482").status_code == 200
    client = serve(database_url=f"sqlite:///{tmp_path}/service.sqlite?mode=ro")
    assert client.score(_DEMO).json()["advice"]["action"] == "never_call"
    headers = {"idempotency-key": "one"}
    refusals = [
        _suppress(client, "L-1"),
        client.score(_named("L-8") | {"outcomes": [_STOP]}),
        client.ask("POST", "/v1/score", json=_DEMO, headers=headers),
        client.ask("POST", "/v1/jobs", content=_FILE, headers={"content-type": "text/csv"}),
    ]
    assert [refused.status_code for refused in refusals] == [503] * 4
    assert all("read-only" in refused.json()["detail"] for refused in refusals)
    assert client.get("/health/live").status_code == 200


def test_a_database_of_a_newer_version_lets_nobody_in_and_says_why(serve: MakeClient, tmp_path: Path) -> None:
    assert _suppress(serve(), "L-10482").status_code == 200
    from_the_future = sa.text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")  # noqa: S608 - our own name
    _database(tmp_path / "service.sqlite").write(lambda connection: connection.execute(from_the_future))
    client = serve()
    answered = client.score(_DEMO)
    assert (answered.status_code, answered.json()["type"]) == (503, "urn:readiness:problem:store-unavailable")
    ready = client.get("/health/ready").json()
    assert ready["suppressions"] == "unread"
    assert "newer version of readiness" in ready["because"]


def test_a_log_that_is_taken_away_stops_the_service_before_it_acknowledges_what_would_be_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As with a version of SQLite that may write ahead; one process that writes is safe with any.
    monkeypatch.setattr("serve.database.place.wal_is_safe", lambda _: True)
    store = SuppressionStore(database := _database(tmp_path / "s.sqlite"))
    store.add(_one(), at=1)
    for log in tmp_path.glob("s.sqlite-*"):
        log.unlink()
    for ask in (store.every_key, lambda: store.add(_one(_OTHER), at=1), store.every_key):
        with pytest.raises(StoreMissingError, match=r"s\.sqlite-wal\) was taken away"):
            ask()
    database.close()
    assert SuppressionStore(_database(tmp_path / "s.sqlite")).every_key() == {_KEY}


def test_a_log_that_stays_stops_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("serve.database.place.wal_is_safe", lambda _: True)
    stores = [SuppressionStore(_database(tmp_path / "s.sqlite")) for _ in range(2)]
    stores[0].add(_one(), at=1)
    stores[1].add(_one(_OTHER), at=1)
    assert [store.every_key() for store in stores] == [{_KEY, _OTHER}] * 2


def test_a_journal_that_is_taken_away_between_two_writes_takes_nothing_with_it(tmp_path: Path) -> None:
    store = SuppressionStore(_database(tmp_path / "s.sqlite"))
    store.add(_one(), at=1)
    (tmp_path / "s.sqlite-journal").unlink()
    store.add(_one(_OTHER), at=2)
    assert SuppressionStore(_database(tmp_path / "s.sqlite")).every_key() == {_KEY, _OTHER}
