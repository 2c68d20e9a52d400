"""Who asks the same again under a key of its own gets the same bytes; anything else is refused."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import Request, Response

from readiness.errors import StoreUnreachableError
from serve.answers_kept import OncePerKey
from serve.database import AnswerStore, Database, Kept
from serve.database.settings import DatabaseSettings
from serve.examples import BATCH_JSON, SCORE_REQUESTS
from serve.problems import Problem
from serve.security.access import CALLER, Caller
from tests.serve.conftest import NOW, Client, MakeClient
from tests.serve.published import Published

_DEMO: Any = SCORE_REQUESTS["a lead that asked for a demo"]["value"]
_NEW: Any = SCORE_REQUESTS["a new lead"]["value"]
_KEY = {"Idempotency-Key": "order-66"}


def ask(client: Client, request: object, path: str = "/v1/score", **headers: str) -> httpx.Response:
    return client.ask("POST", path, json=request, headers={**_KEY, **headers})


def test_the_same_request_under_the_same_key_gets_the_same_bytes_and_id(rules: Client) -> None:
    first, again = ask(rules, _NEW), ask(rules, _NEW)
    assert first.content == again.content
    assert (first.headers.get("idempotent-replayed"), again.headers["idempotent-replayed"]) == (None, "true")


def test_without_a_key_every_answer_has_an_id_of_its_own(rules: Client) -> None:
    assert rules.score(_NEW).content != rules.score(_NEW).content


def test_another_request_under_the_same_key_is_refused_clearly(rules: Client) -> None:
    ask(rules, _NEW)
    for other in (
        ask(rules, _DEMO),
        ask(rules, BATCH_JSON, "/v1/score/batch"),
        ask(rules, {**_NEW, "explain": "full"}),
    ):
        assert other.status_code == 422
        assert other.json()["type"] == "urn:readiness:problem:idempotency-key-reused"
        assert other.json()["errors"][0]["field"] == "Idempotency-Key"


def test_another_worker_gives_the_same_answer_and_so_does_a_restarted_service(
    serve: MakeClient, published: Published
) -> None:
    first = ask(serve(published.folder), _DEMO)
    again = ask(serve(published.folder), _DEMO)
    assert (again.content, again.headers["idempotent-replayed"]) == (first.content, "true")


def test_a_kept_answer_stands_when_another_model_is_in_use(client: Client, published: Published) -> None:
    first = ask(client, _DEMO)
    published.point(1)
    client.look()
    assert ask(client, _DEMO).content == first.content
    assert client.score(_DEMO).json()["answered_by"]["bundle"] == published.names[1]


def test_a_kept_answer_stands_though_the_model_in_use_by_now_would_refuse_the_lead(
    serve: MakeClient, published: Published
) -> None:
    (published.folder / "champion.json").rename(published.folder / "away.json")
    client = serve(published.folder)
    undated = {"lead": {"lead_id": "L-1", "source": "web_form"}}
    first = ask(client, undated)
    published.point(0)
    client.look()
    assert (first.status_code, client.score(undated).status_code) == (200, 422)
    assert ask(client, undated).content == first.content


@pytest.mark.parametrize("path", ["/v1/score", "/v1/score/batch"])
def test_a_kept_answer_falls_as_soon_as_its_lead_must_not_be_called(rules: Client, path: str) -> None:
    request = _DEMO if path == "/v1/score" else [_DEMO]
    first = ask(rules, request, path)
    barring = {"suppressions": [{"kind": "lead_id", "value": "L-10482", "source": "a letter"}]}
    assert rules.ask("POST", "/v1/suppressions", json=barring).status_code == 200
    anew, again = ask(rules, request, path), ask(rules, request, path)
    assert "never_call" not in first.text
    assert '"action":"never_call"' in anew.text
    assert again.content == anew.content


def test_another_caller_under_the_same_key_is_given_an_answer_of_its_own(kept: AnswerStore) -> None:
    once, given = OncePerKey(lambda: kept, lambda: NOW), []

    async def ask_as(name: str) -> bytes:
        async def prepare() -> Kept:
            return _kept()

        async def finish(ready: Kept) -> Response:
            given.append(name)
            return Response(f"for {name}".encode(), media_type="text/plain")

        return bytes((await once.answer(_request(name), b"", prepare, finish)).body)

    async def everybody() -> list[bytes]:
        return [await ask_as(name) for name in ("a", "b", "a")]

    assert asyncio.run(everybody()) == [b"for a", b"for b", b"for a"]
    assert given == ["a", "b"]


def test_a_refusal_is_not_kept(rules: Client) -> None:
    assert ask(rules, {**_DEMO, "at": "2027-01-01"}).status_code == 422
    assert ask(rules, _DEMO).status_code == 200


def test_a_batch_is_kept_too(rules: Client) -> None:
    answers = [ask(rules, BATCH_JSON, "/v1/score/batch") for _ in range(2)]
    assert answers[0].content == answers[1].content
    lines = ask(rules, BATCH_JSON, "/v1/score/batch", accept="application/x-ndjson")
    assert lines.status_code == 422


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 201, "ü"])
def test_a_key_that_is_none_is_refused(rules: Client, key: str) -> None:
    headers = [(b"Idempotency-Key", key.encode("latin-1"))]
    answered = rules.ask("POST", "/v1/score", json=_NEW, headers=headers)
    assert (answered.status_code, answered.json()["errors"][0]["field"]) == (422, "Idempotency-Key")


def test_two_keys_at_once_are_refused(rules: Client) -> None:
    headers = [("Idempotency-Key", "a"), ("Idempotency-Key", "b")]
    assert rules.ask("POST", "/v1/score", json=_NEW, headers=headers).status_code == 422


def test_while_a_request_is_being_answered_its_key_is_taken_in_every_worker(kept: AnswerStore) -> None:
    once, elsewhere = (OncePerKey(lambda: kept, lambda: NOW) for _ in range(2))
    begun = asyncio.Event()

    async def both() -> Problem:
        go_on = asyncio.Event()

        async def prepare() -> Kept:
            begun.set()
            await go_on.wait()
            return _kept()

        first = asyncio.create_task(once.answer(_request("a"), b"", prepare, _answer))
        await begun.wait()
        with pytest.raises(Problem, match="with the same key") as refused:
            await elsewhere.answer(_request("a"), b"", prepare, _answer)
        go_on.set()
        assert (await first).status_code == 200
        return refused.value

    refused = asyncio.run(both())
    assert (refused.status_code, refused.headers) == (409, {"Retry-After": "1"})


def test_a_key_is_let_go_when_its_sender_goes_away(kept: AnswerStore) -> None:
    once = OncePerKey(lambda: kept, lambda: NOW)

    async def leave_and_ask_again() -> Response:
        begun, never = asyncio.Event(), asyncio.Event()

        async def prepare() -> Kept:
            begun.set()
            await never.wait()
            return _kept()

        first = asyncio.create_task(once.answer(_request("a"), b"", prepare, _answer))
        await begun.wait()
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        return await once.answer(_request("a"), b"", _ready, _answer)

    assert asyncio.run(leave_and_ask_again()).status_code == 200


def test_where_answers_cannot_be_kept_a_request_with_a_key_is_refused_and_one_without_is_not() -> None:
    def gone() -> AnswerStore:
        raise StoreUnreachableError("The database does not answer.")

    once = OncePerKey(gone, lambda: NOW)
    with pytest.raises(Problem, match="The database does not answer") as refused:
        asyncio.run(once.answer(_request("a"), b"", _ready, _answer))
    assert refused.value.status_code == 503
    keyless = Request({**_request("a").scope, "headers": []})
    assert asyncio.run(once.answer(keyless, b"", _ready, _answer)).status_code == 200


@pytest.fixture
def kept(tmp_path: Path) -> AnswerStore:
    return AnswerStore(Database(DatabaseSettings(database_url=f"sqlite:///{tmp_path}/answers.sqlite")))


async def _ready() -> Kept:
    return _kept()


async def _answer(_: Kept) -> Response:
    return Response(b"an answer", media_type="text/plain")


def _request(caller: str) -> Request:
    headers = [(b"idempotency-key", b"1"), (b"host", b"a")]
    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": headers}
    scope |= {"server": ("a", 1), CALLER: Caller("key", caller, frozenset({"score"}))}
    return Request(scope)


def _kept(content: bytes = b"{}") -> Kept:
    return Kept(b"asked", b"nobody", "application/json", content)
