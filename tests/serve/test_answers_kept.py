"""Who asks the same again under a key of its own gets the same bytes; anything else is refused."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from fastapi import Request, Response

from readiness.crm.records import MICROSECONDS_PER_DAY
from serve.answers_kept import InMemory, Kept, OncePerKey
from serve.examples import BATCH_JSON, SCORE_REQUESTS
from serve.problems import Problem
from serve.security.access import CALLER, Caller
from tests.serve.conftest import NOW, Client, MakeClient
from tests.serve.published import Published

_DEMO: Any = SCORE_REQUESTS["a lead that asked for a demo"]["value"]
_NEW: Any = SCORE_REQUESTS["a new lead"]["value"]
_KEY = {"Idempotency-Key": "order-66"}
_DAY = MICROSECONDS_PER_DAY


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


def test_another_caller_under_the_same_key_is_given_an_answer_of_its_own() -> None:
    once, given = OncePerKey(InMemory(), lambda: NOW), []

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


def test_while_a_request_is_being_answered_its_key_is_taken() -> None:
    once = OncePerKey(InMemory(), lambda: NOW)

    async def both() -> Problem:
        go_on = asyncio.Event()

        async def prepare() -> Kept:
            await go_on.wait()
            return _kept()

        first = asyncio.create_task(once.answer(_request("a"), b"", prepare, _answer))
        await asyncio.sleep(0)
        with pytest.raises(Problem, match="with the same key") as refused:
            await once.answer(_request("a"), b"", prepare, _answer)
        go_on.set()
        assert (await first).status_code == 200
        return refused.value

    refused = asyncio.run(both())
    assert (refused.status_code, refused.headers) == (409, {"Retry-After": "1"})


async def _answer(_: Kept) -> Response:
    return Response(b"an answer", media_type="text/plain")


def _request(caller: str) -> Request:
    headers = [(b"idempotency-key", b"1"), (b"host", b"a")]
    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": headers}
    scope |= {"server": ("a", 1), CALLER: Caller("key", caller, frozenset({"score"}))}
    return Request(scope)


def _kept(content: bytes = b"{}") -> Kept:
    return Kept(b"asked", b"nobody", "application/json", content)


def test_an_answer_is_kept_for_a_day() -> None:
    answers = InMemory()
    answers.keep("a", _kept(), at=0)
    assert answers.find("a", at=_DAY - 1) == _kept()
    assert answers.find("a", at=_DAY) is None


def test_nothing_was_kept_under_an_unknown_key() -> None:
    assert InMemory().find("a", at=0) is None


def test_the_newest_answer_under_a_key_is_kept() -> None:
    answers = InMemory(most_bytes=25)
    answers.keep("a", _kept(), at=0)
    answers.keep("a", _kept(b"[]"), at=1)
    answers.keep("b", _kept(), at=2)
    assert (answers.find("a", at=2), answers.find("b", at=2)) == (_kept(b"[]"), _kept())


def test_the_oldest_answers_make_room_by_number_and_by_size() -> None:
    few = InMemory(most=2)
    small = InMemory(most_bytes=25)
    for number, key in enumerate("abc"):
        few.keep(key, _kept(), at=number)
        small.keep(key, _kept(), at=number)
    assert [few.find(key, at=3) is not None for key in "abc"] == [False, True, True]
    assert [small.find(key, at=3) is not None for key in "abc"] == [False, True, True]


def test_an_answer_that_cannot_fit_is_not_kept_and_drives_out_none() -> None:
    answers = InMemory(most_bytes=25)
    answers.keep("a", _kept(), at=0)
    answers.keep("b", _kept(bytes(range(256))), at=1)
    assert (answers.find("a", at=2), answers.find("b", at=2)) == (_kept(), None)
