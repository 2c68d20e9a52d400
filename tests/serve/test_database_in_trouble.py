"""The database is held, stopped or out of connections: nobody is handed over unseen, nothing half there."""

from __future__ import annotations

import copy
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import sqlalchemy as sa

from benchmarks import postgresql as postgresql_server
from serve.examples import BATCH_CSV, SCORE_REQUESTS
from tests.serve.conftest import Client, MakeClient
from tests.serve.database.conftest import SECRET
from tests.serve.jobs.conftest import send

_DEMO: dict[str, Any] = SCORE_REQUESTS["a lead that asked for a demo"]["value"]  # type: ignore[typeddict-item]
_STOP = {"outcomes": [{"occurred_at": "2026-03-13T09:00:00Z", "outcome": "stop_calling"}]}

Served: TypeAlias = Callable[[str], Client]
Trouble: TypeAlias = Callable[[Client], AbstractContextManager[None]]


def _lead(lead_id: str) -> dict[str, Any]:
    request = copy.deepcopy(_DEMO)
    request["lead"]["lead_id"] = lead_id
    return request


def _action(client: Client, lead_id: str) -> str:
    answered = client.score(_lead(lead_id))
    assert answered.status_code == 200, answered.text
    action: str = answered.json()["advice"]["action"]
    return action


def _suppress(client: Client, *lead_ids: str) -> Any:  # noqa: ANN401 - a response
    rows = [{"kind": "lead_id", "value": each, "source": "test"} for each in lead_ids]
    return client.ask("POST", "/v1/suppressions", json={"suppressions": rows})


def _statement_held(address: str | Path, *statements: str) -> Trouble:
    @contextmanager
    def held(_: Client) -> Iterator[None]:
        if isinstance(address, Path):
            connection = sqlite3.connect(address, isolation_level=None)
            connection.execute(*statements)
            yield
            connection.close()
            return
        engine = sa.create_engine(sa.make_url(address).set(drivername="postgresql+psycopg"))
        with engine.connect() as other:
            for statement in statements:
                other.execute(sa.text(statement))
            yield
        engine.dispose()

    return held


@contextmanager
def _no_connection_left(client: Client) -> Iterator[None]:
    service = client.app.state.service
    stores = (service.suppressing._store, service.jobs.store, service.once_per_key._kept)
    engines = [engine for each in stores for engine in (each._database._engine, each._database._impatient)]
    taken = [engine.connect() for engine in engines if engine is not None]
    yield
    for connection in taken:
        connection.close()


@pytest.fixture
def served(serve: MakeClient, tmp_path: Path) -> Served:
    """Return a function that starts a service that waits shortly, with a connection a part; L-1 is listed."""

    def start(url: str) -> Client:
        rest = {"database_seconds": 0.2, "database_connections": 1, "watch_seconds": 60}
        client = serve(
            database_url=url,
            suppression_secret=SECRET,
            audit_folder=tmp_path / "audit",
            audit_seconds=600,
            **rest,
        )
        assert _suppress(client, "L-1").status_code == 200
        first = client.ask("POST", "/v1/score", json=_lead("L-9"), headers={"idempotency-key": "0"})
        assert first.status_code == 200
        return client

    return start


def _nothing_is_written(client: Client) -> None:
    """Every write is refused, to be sent again; so is whoever tells us to stop."""
    refusals = [
        _suppress(client, "L-2", "L-3"),
        client.score(_lead("L-4") | _STOP),
        client.ask("POST", "/v1/score", json=_lead("L-5"), headers={"idempotency-key": "1"}),
        send(client, BATCH_CSV),
    ]
    assert [refusal.status_code for refusal in refusals] == [503] * 4
    assert {refusal.headers["retry-after"] for refusal in refusals} == {"5"}
    assert client.get("/health/live").status_code == 200


def _it_is_itself_again(client: Client) -> None:
    """What was refused is not there, what was there before is, and the same can be sent again."""
    # A server that did not answer is left alone for a second, which has passed.
    client.app.state.service.suppressing._again_at = 0.0
    assert [_action(client, f"L-{number}") for number in (1, 2, 3, 4)] == ["never_call", *["hand_over"] * 3]
    assert len(client.get("/v1/suppressions").json()["suppressions"]) == 1
    assert client.get("/v1/jobs").json()["jobs"] == []
    assert _suppress(client, "L-2", "L-3").status_code == 200
    again = client.ask("POST", "/v1/score", json=_lead("L-5"), headers={"idempotency-key": "1"})
    assert again.status_code == 200
    assert send(client, BATCH_CSV).status_code == 202
    assert _action(client, "L-3") == "never_call"
    assert client.get("/health/ready").json()["suppressions"] == "read"


def test_while_somebody_writes_for_long_whoever_is_on_the_list_is_still_recognised(
    served: Served, tmp_path: Path
) -> None:
    client = served(f"sqlite:///{tmp_path}/service.sqlite")
    with _statement_held(tmp_path / "service.sqlite", "BEGIN IMMEDIATE")(client):
        assert (_action(client, "L-1"), _action(client, "L-2")) == ("never_call", "hand_over")
        _nothing_is_written(client)
    _it_is_itself_again(client)


def test_while_somebody_shuts_every_reader_out_nobody_is_handed_over(served: Served, tmp_path: Path) -> None:
    client = served(f"sqlite:///{tmp_path}/service.sqlite")
    with _statement_held(tmp_path / "service.sqlite", "BEGIN EXCLUSIVE")(client):
        assert (_action(client, "L-1"), _action(client, "L-2")) == ("hold", "hold")
        _nothing_is_written(client)
    _it_is_itself_again(client)


def test_while_a_server_s_tables_are_locked_nobody_is_handed_over(
    served: Served, postgresql: postgresql_server.Server
) -> None:
    with postgresql_server.database(postgresql) as url:
        client = served(url)
        locked = "LOCK TABLE suppressions, kept_answers, jobs IN ACCESS EXCLUSIVE MODE"
        with _statement_held(url, locked)(client):
            assert (_action(client, "L-1"), _action(client, "L-2")) == ("hold", "hold")
            _nothing_is_written(client)
        _it_is_itself_again(client)


@pytest.mark.slow
def test_a_server_that_is_restarted_is_found_again(
    served: Served, postgresql: postgresql_server.Server
) -> None:
    with postgresql_server.database(postgresql) as url:
        client = served(url)
        postgresql.stop()
        try:
            assert (_action(client, "L-1"), _action(client, "L-2")) == ("hold", "hold")
            _nothing_is_written(client)
        finally:
            postgresql.start()
        _it_is_itself_again(client)


def test_while_every_connection_is_taken_nobody_is_handed_over(served: Served, url: str) -> None:
    client = served(url)
    with _no_connection_left(client):
        assert (_action(client, "L-1"), _action(client, "L-2")) == ("hold", "hold")
        _nothing_is_written(client)
    _it_is_itself_again(client)
