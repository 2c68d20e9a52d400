"""The proof that whatever is sent is answered as the document says, made short; and that it can fail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from benchmarks import fuzzing, prove_fuzz
from benchmarks.fuzzed_service import Fuzzed, served


@pytest.fixture
def rules_only(tmp_path: Path) -> Iterator[Fuzzed]:
    with served(tmp_path, "admin", jobs=False) as service:
        yield service


@pytest.mark.slow
@pytest.mark.parametrize("role", ["admin", "nobody"])
def test_whatever_is_sent_is_answered_as_the_document_says(rules_only: Fuzzed, role: str) -> None:
    answered = fuzzing.ask(rules_only, role, None, cases=6, seed=7, boundaries=False)
    assert answered.findings == []
    assert answered.cases >= 6 * len(prove_fuzz.operations())
    assert (
        {"401"} <= set(answered.statuses) <= {"200", "202", "400", "401", "403", "404", "409", "415", "422"}
    )


def _saying(app: ASGIApp, change: Callable[[Message], Message]) -> ASGIApp:
    async def other(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise NotImplementedError("the service itself runs already")

        async def said(message: Message) -> None:
            await send(change(message))

        await app(scope, receive, said)

    return other


def _status(status: int) -> Callable[[Message], Message]:
    return lambda message: {**message, "status": status} if "status" in message else message


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "check"),
    [
        (_status(500), "not_a_server_error"),
        (_status(418), "status_code_conformance"),
        (lambda message: {**message, "headers": []} if "headers" in message else message, "content_type"),
        (
            lambda message: {**message, "body": b'{"status": 12345}'} if "body" in message else message,
            "schema",
        ),
    ],
    ids=["it fails", "a status that nobody announced", "no content type", "another answer"],
)
def test_what_the_document_does_not_say_is_found(
    rules_only: Fuzzed, change: Callable[[Message], Message], check: str
) -> None:
    broken = replace(rules_only, app=_saying(rules_only.app, change))  # type: ignore[arg-type]
    found = fuzzing.ask(broken, "nobody", ("GET", "/health/live"), cases=1, seed=1, boundaries=False).findings
    assert any(check in finding for finding in found)


def _told(kind: str, **rest: Any) -> dict[str, Any]:  # noqa: ANN401 - as a piece of work returns them
    return {"kind": kind, "seed": 1, "cases": 1_000, "in_words": 0, "found": 0, **rest}


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        (_told("a model|score|POST /v1/score", statuses={"200": 9, "422": 991}), []),
        (_told("a model|score|POST /v1/score", statuses={"422": 1_000}), ["nothing was answered"]),
        (_told("a model|read|POST /v1/score", statuses={"403": 1_000}), []),
        (_told("a model|read|POST /v1/score", statuses={"200": 1, "403": 999}), ["was let in"]),
        (_told("a model|nobody|GET /metrics", statuses={"200": 1, "401": 999}), ["was let in"]),
        (_told("a model|score|POST /v1/score", statuses={"200": 9, "500": 1}), ["failed"]),
        (_told("a model|score|in turn", statuses={"200": 9, "none": 1}), ["failed"]),
        (_told("a model|score|in turn", statuses={"404": 9}, found=2), ["2 findings"]),
    ],
)
def test_what_does_not_hold_is_told(told: dict[str, Any], wrong: list[str]) -> None:
    assert prove_fuzz.faults(told) == wrong


def test_a_row_counts_what_every_operation_was_answered() -> None:
    score = _told("the rules alone|score|POST /v1/score", statuses={"200": 900, "422": 99, "503": 1})
    model = _told("the rules alone|score|GET /v1/model", statuses={"403": 1_000}) | {"cases": 999}
    (row,), failures = prove_fuzz.judged([score, model])
    assert (row["cases"], row["fewest an operation"]) == (1_999, 999)
    assert (row["2xx"], row["4xx"], row["503"], row["500"]) == (900, 1_099, 1, 0)
    assert failures == [
        "the rules alone|score|POST /v1/score: failed",
        "the rules alone|score|GET /v1/model: asked 999 times only",
    ]


def test_every_caller_is_asked_for_at_every_operation() -> None:
    pieces = [kind for kind, _ in prove_fuzz.asked()]
    assert len(pieces) == len(set(pieces)) == 2 * 4 * len(prove_fuzz.operations()) + 2 * 2
