"""What there is no room for is refused at once; slow senders are let go."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from serve.admission import Admission, Limits, Queues
from serve.problems import Problem
from serve.requests_seen import FACTS, SHED


class Door:
    """An admission before an application that answers when it is told to."""

    def __init__(self, limits: Limits) -> None:
        self.sheds = 0
        self.queues = Queues(limits, self._count)
        self.go_on = asyncio.Event()
        self.admission = Admission(self._application, queues=self.queues)

    def _count(self) -> None:
        self.sheds += 1

    async def _application(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            while scope["method"] == "POST" and (await receive()).get("more_body"):
                pass
        except Problem as refused:
            await refused.response()(scope, receive, send)
            return
        if not scope["path"].startswith("/health"):
            await self.go_on.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"done"})

    async def ask(
        self,
        path: str = "/v1/score",
        *,
        method: str = "POST",
        body: Callable[[], Awaitable[Message]] | None = None,
        announced: bytes | None = None,
    ) -> tuple[int, dict[bytes, bytes], bytes]:
        """Send one request; return status, headers and body."""
        sent: list[Message] = []

        async def whole() -> Message:
            return {"type": "http.request", "body": b"{}", "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        announced = announced or (b"2" if method == "POST" else None)
        headers = [] if announced is None else [(b"content-length", announced)]
        scope = {"type": "http", "path": path, "method": method, "headers": headers, FACTS: {}}
        await self.admission(scope, body or whole, send)
        self.facts: dict[str, Any] = scope[FACTS]
        return sent[0]["status"], dict(sent[0]["headers"]), sent[1]["body"]


async def _settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def test_beyond_those_at_work_and_waiting_one_is_told_at_once_to_come_back() -> None:
    async def crowd() -> tuple[list[int], int, dict[bytes, bytes], bytes]:
        door = Door(Limits(at_work=2, waiting=3))
        admitted = []
        for _ in range(5):
            admitted.append(asyncio.create_task(door.ask()))
            await _settle()
        status, headers, body = await door.ask()
        door.go_on.set()
        return [answer[0] for answer in await asyncio.gather(*admitted)], status, headers, body

    admitted, status, headers, body = asyncio.run(crowd())
    assert (admitted, status, headers[b"retry-after"]) == ([200] * 5, 503, b"1")
    assert json.loads(body)["type"] == "urn:readiness:problem:overloaded"


def test_whether_it_lives_is_answered_however_full_it_is() -> None:
    async def crowd() -> list[int]:
        door = Door(Limits(at_work=1, waiting=0))
        working = asyncio.create_task(door.ask())
        await _settle()
        asked = [(await door.ask(path, method="GET"))[0] for path in ("/health/live", "/health/ready")]
        door.go_on.set()
        await working
        return asked

    assert asyncio.run(crowd()) == [200, 200]


def test_many_leads_in_one_request_do_not_hold_up_single_ones() -> None:
    async def crowd() -> tuple[int, int]:
        door = Door(Limits(large_at_work=1, large_waiting=0))
        batch = asyncio.create_task(door.ask("/v1/score/batch"))
        await _settle()
        second = await door.ask("/v1/score/batch")
        single = asyncio.create_task(door.ask())
        await _settle()
        door.go_on.set()
        await batch
        return second[0], (await single)[0]

    assert asyncio.run(crowd()) == (503, 200)


def test_a_request_that_was_turned_away_is_counted_and_marked() -> None:
    async def crowd() -> tuple[int, dict[str, Any]]:
        door = Door(Limits(at_work=1, waiting=0))
        working = asyncio.create_task(door.ask())
        await _settle()
        await door.ask()
        facts = door.facts
        door.go_on.set()
        await working
        return door.sheds, facts

    assert asyncio.run(crowd()) == (1, {SHED: True})


def _in_parts(pause: float, parts: int, size: int = 1) -> Callable[[], Awaitable[Message]]:
    left = parts

    async def body() -> Message:
        nonlocal left
        left -= 1
        await asyncio.sleep(pause)
        return {"type": "http.request", "body": b" " * size, "more_body": left > 0}

    return body


def test_a_sender_that_dawdles_holds_no_turn() -> None:
    async def dawdle() -> tuple[int, int]:
        door = Door(Limits(at_work=1, waiting=0))
        door.go_on.set()
        dawdling = asyncio.create_task(door.ask(body=_in_parts(0.05, 2)))
        await _settle()
        other = await door.ask()
        return other[0], (await dawdling)[0]

    assert asyncio.run(dawdle()) == (200, 200)


@pytest.mark.parametrize(
    ("pause", "size", "status"), [(0.0, 1, 200), (0.04, 1, 408), (0.04, 20_000, 200)], ids=str
)
def test_a_body_may_take_long_only_if_it_comes_fast(pause: float, size: int, status: int) -> None:
    """Five parts, in 0.1 s together: 0.2 s are too long, unless 100 kB come meanwhile."""

    async def send() -> tuple[int, dict[bytes, bytes], bytes]:
        door = Door(Limits(body_seconds=0.1))
        door.go_on.set()
        return await door.ask(body=_in_parts(pause, 5, size))

    answered, headers, _ = asyncio.run(send())
    assert (answered, headers.get(b"connection")) == (status, None if status == 200 else b"close")


def test_more_bodies_than_may_arrive_at_once_are_refused() -> None:
    async def crowd() -> tuple[int, int, int]:
        door = Door(Limits(receiving=1))
        door.go_on.set()
        arriving = asyncio.create_task(door.ask(body=_in_parts(0.05, 2)))
        await _settle()
        other = await door.ask()
        first = await arriving
        return first[0], other[0], door.queues.receiving

    assert asyncio.run(crowd()) == (200, 503, 0)


def test_nothing_is_held_after_a_request_that_broke() -> None:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        raise RuntimeError("broke")

    async def ask() -> tuple[int, int]:
        door = Door(Limits())
        door.admission = Admission(broken, queues=door.queues)
        with pytest.raises(RuntimeError, match="broke"):
            await door.ask()
        return door.queues.short.at_work, door.queues.receiving

    assert asyncio.run(ask()) == (0, 0)


def test_a_slow_reader_of_an_answer_holds_no_turn() -> None:
    async def read_slowly() -> int:
        door, read = Door(Limits(at_work=1, waiting=0)), asyncio.Event()
        door.go_on.set()

        async def whole() -> Message:
            return {"type": "http.request", "body": b"{}", "more_body": False}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.body":
                await read.wait()

        scope = {
            "type": "http",
            "path": "/v1/score",
            "method": "POST",
            "headers": [(b"content-length", b"2")],
        }
        reading = asyncio.create_task(door.admission(scope, whole, send))
        await _settle()
        status, _, _ = await door.ask()
        read.set()
        await reading
        return status

    assert asyncio.run(read_slowly()) == 200


def test_bodies_with_many_leads_that_arrive_count_as_waiting() -> None:
    """Five may be held at once, whole or in part: one at work and four that wait for it."""

    async def crowd() -> tuple[list[int], int, int, int]:
        door = Door(Limits(large_at_work=1, large_waiting=4))
        door.go_on.set()
        arriving = [
            asyncio.create_task(door.ask("/v1/score/batch", body=_in_parts(0.05, 2))) for _ in "12345"
        ]
        await _settle()
        sixth, single = await door.ask("/v1/score/batch"), await door.ask()
        answered = await asyncio.gather(*arriving)
        return [status for status, _, _ in answered], sixth[0], single[0], door.queues.large_receiving

    assert asyncio.run(crowd()) == ([200] * 5, 503, 200, 0)


@pytest.mark.parametrize("announced", [b"0", b"1"])
def test_what_has_a_verb_without_a_body_takes_its_turn_whatever_it_announces(announced: bytes) -> None:
    async def crowd() -> tuple[int, int]:
        door = Door(Limits(at_work=1, waiting=1))
        asking = []
        for _ in range(3):
            asking.append(asyncio.create_task(door.ask(method="GET", announced=announced)))
            await _settle()
        at_work = door.queues.short.at_work
        door.go_on.set()
        return at_work, [status for status, _, _ in await asyncio.gather(*asking)].count(503)

    assert asyncio.run(crowd()) == (1, 1)
