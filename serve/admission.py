"""How many requests are let in at once: the rest are told so at once, and slow senders are let go."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serve import logs
from serve.problems import Problem
from serve.requests_seen import FACTS, SHED
from serve.turns import NoRoomError, Turns

SLOWEST_BYTES_PER_SECOND: Final = 100_000
"""A body that has had its time may go on for as long as it comes at least this fast."""

_NEVER_SHED: Final = ("/health/", "/metrics")
_LARGE: Final = frozenset({("POST", "/v1/score/batch"), ("POST", "/v1/jobs")})
"""Many leads a request: they work beside single leads, not before them."""
_WITHOUT_BODY: Final = ("GET", "HEAD", "OPTIONS")
"""No route reads a body with these verbs, so none is waited for, whatever the sender announces."""

STREAMS: Final = "readiness.streams"
"""Where a route says, in the request's scope, that its answer goes on as long as its reader takes."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one worker takes on.

    Parameters
    ----------
    at_work, waiting : int
        Requests for single leads, and all others that are short. Two at work, so that one computes while
        the other waits for the database: more would compute in one round of the loop, and hold up the
        refusals of all who find no room.
    large_at_work, large_waiting : int
        Requests with many leads. One whose body is arriving waits already: such bodies fill the memory.
    receiving : int
        Requests whose body has not arrived in full.
    body_seconds : float
        How long a body may take; one that comes at 100 kB a second or faster may take longer.
    """

    at_work: int = 2
    waiting: int = 64
    large_at_work: int = 1
    large_waiting: int = 4
    receiving: int = 256
    body_seconds: float = 10.0


class Queues:
    """Who works, who waits and whose body is arriving, in one worker.

    Parameters
    ----------
    limits : Limits
    shed_one : callable
        Called for each request that finds no room.
    """

    def __init__(self, limits: Limits, shed_one: Callable[[], None]) -> None:
        self.limits = limits
        self.short = Turns(at_work=limits.at_work, waiting=limits.waiting)
        self.large = Turns(at_work=limits.large_at_work, waiting=limits.large_waiting)
        self.receiving = 0
        self.large_receiving = 0
        self._shed_one = shed_one
        self._untold = 0

    def full(self, turns: Turns) -> bool:
        """Whether there is no room for another request of this kind."""
        limits = self.limits
        if turns.full or self.receiving >= limits.receiving:
            return True
        held = turns.at_work + turns.waiting + self.large_receiving
        return turns is self.large and held >= limits.large_at_work + limits.large_waiting

    def arrives(self, turns: Turns) -> None:
        """Note that a body begins to arrive."""
        self.receiving += 1
        self.large_receiving += turns is self.large

    def arrived(self, turns: Turns) -> None:
        """Note that a body is there, or will not come."""
        self.receiving -= 1
        self.large_receiving -= turns is self.large

    def body_deadline(self, began: float, received: int) -> float:
        """Return until when the next part of a body must arrive, by the loop's clock."""
        return began + self.limits.body_seconds + received / SLOWEST_BYTES_PER_SECOND

    def shed(self, scope: Scope) -> None:
        """Count a request for which there is no room."""
        scope.get(FACTS, {})[SHED] = True
        self._shed_one()
        # A line for each would be more work than most of what they asked: one a second tells of all.
        if not self._untold:
            asyncio.get_running_loop().call_later(1.0, self._tell)
        self._untold += 1

    def _tell(self) -> None:
        logs.event("overloaded", level=logging.WARNING, shed=self._untold, seconds=1)
        self._untold = 0


class Admission:
    """Refuses with 503 what there is no room for, and with 408 a body that comes too slowly.

    A request takes its turn when the last of its body has arrived: a slow sender holds up nobody. It
    gives it back before the last of the answer is sent: nor does a slow reader. Whether the service
    lives is always answered.
    """

    def __init__(self, app: ASGIApp, *, queues: Queues) -> None:
        self._app = app
        self._queues = queues
        self._refusal = _no_room().response()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request in, or refuse it."""
        if scope["type"] != "http" or scope["path"].startswith(_NEVER_SHED):
            await self._app(scope, receive, send)
            return
        turns = self._queues.large if (scope["method"], scope["path"]) in _LARGE else self._queues.short
        if self._queues.full(turns):
            self._queues.shed(scope)
            await self._refusal(scope, receive, send)
            return
        visit = _Visit(self._queues, turns, scope, receive, send)
        try:
            if not _brings_body(scope):
                await visit.begin()
            await self._app(scope, visit.receive, visit.send)
        except Problem as refused:
            # Out of `begin`, before anything was sent: further in, the application answers refusals itself.
            await refused.response()(scope, receive, send)
        finally:
            visit.end()


class _Visit:
    """One request that was let in: its body, its turn, its answer."""

    def __init__(self, queues: Queues, turns: Turns, scope: Scope, receive: Receive, send: Send) -> None:
        self._queues = queues
        self._turns = turns
        self._scope = scope
        self._receive = receive
        self._send = send
        self._holds_turn = False
        self._arriving = _brings_body(scope)
        self._began = asyncio.get_running_loop().time()
        self._received = 0
        if self._arriving:
            queues.arrives(turns)

    async def begin(self) -> None:
        """Take the turn, or refuse."""
        try:
            await self._turns.take()
        except NoRoomError:
            # There was room when it came, and none any more when its body had arrived.
            self._queues.shed(self._scope)
            raise _no_room() from None
        self._holds_turn = True

    async def receive(self) -> Message:
        """Pass on a part of the body; with the last part comes the turn."""
        if not self._arriving:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._queues.body_deadline(self._began, self._received)):
                message = await self._receive()
        except TimeoutError:
            raise _too_slow() from None
        self._received += len(message.get("body", b""))
        if not message.get("more_body", False):
            self._arrived()
            if message["type"] == "http.request" and not self._holds_turn:
                await self.begin()
        return message

    async def send(self, message: Message) -> None:
        """Pass on a part of the answer; before the last one the turn is given back."""
        last = message["type"] == "http.response.body" and not message.get("more_body", False)
        if last or STREAMS in self._scope:
            self._give_back()
        await self._send(message)

    def end(self) -> None:
        """Give back whatever is still held."""
        self._arrived()
        self._give_back()

    def _arrived(self) -> None:
        if self._arriving:
            self._arriving = False
            self._queues.arrived(self._turns)

    def _give_back(self) -> None:
        if self._holds_turn:
            self._holds_turn = False
            self._turns.end()


def _no_room() -> Problem:
    """Return the refusal of a request for which there is no room."""
    return Problem(
        "overloaded",
        "More requests arrive than can be answered in time. Nothing was done; send it again in a second.",
        headers={"Retry-After": "1"},
    )


def _too_slow() -> Problem:
    """Return the refusal of a body that did not arrive in time."""
    return Problem(
        "too-slow", "The body did not arrive in time. Send it again.", headers={"Connection": "close"}
    )


def _brings_body(scope: Scope) -> bool:
    if scope["method"] in _WITHOUT_BODY:
        return False
    for name, value in scope["headers"]:
        if name == b"transfer-encoding" or (name == b"content-length" and value != b"0"):
            return True
    return False
