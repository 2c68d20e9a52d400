"""Asks a service over HTTP, as fast as it answers or at a rate of our own, and keeps how long each took.

Runs in a process of its own, so that it can have a core of its own: `elsewhere` starts it there.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

import httptools
import numpy as np
import uvloop

ROOT: Final = Path(__file__).parents[1]
_LOST: Final = 0
"""The status of a request whose connection broke before its answer was whole."""


@dataclass(frozen=True, slots=True)
class Load:
    """What to ask: whole requests as bytes, in turn.

    Parameters
    ----------
    port : int
    requests : whole HTTP requests, sent one after the other and again from the first
    seconds : float
        For so long new requests are sent; those in flight are waited for.
    connections : int
        How many are in flight at once; with ``per_second``, how many may be at most.
    per_second : float, optional
        Send at this rate, whatever comes back; a request that finds no free connection waits, and its wait
        counts. None: each connection sends its next request when it has its answer.
    keep : bool
        Keep the bodies of the answers.
    """

    port: int
    requests: Sequence[bytes]
    seconds: float
    connections: int = 1
    per_second: float | None = None
    keep: bool = False


@dataclass(slots=True)
class Answers:
    """What came back, in the order in which it came.

    ``sent_at`` and ``seconds`` are on the generator's clock; ``which`` says which request it was.
    """

    sent_at: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    status: list[int] = field(default_factory=list)
    which: list[int] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    lasted: float = 0.0

    def count(self) -> dict[int, int]:
        """Return how often each status came; 0 for a connection that broke."""
        return dict(Counter(self.status))

    def per_second(self, status: int = 200) -> float:
        """Return how many answers of a status came a second."""
        return self.status.count(status) / self.lasted

    def quantile(self, share: float, status: int = 200) -> float:
        """Return the seconds within which this share of the answers of a status came; NaN if none did."""
        took = [each for each, its in zip(self.seconds, self.status, strict=True) if its == status]
        return float(np.quantile(took, share)) if took else float("nan")


def elsewhere(load: Load, *, core: int | None = None) -> Answers:
    """Run a load in a process of its own, on a core of its own."""
    asked = {**asdict(load), "requests": [each.decode("latin-1") for each in load.requests], "core": core}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.http_load"],
        input=json.dumps(asked).encode(),
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])},
        check=True,
    )
    found = json.loads(done.stdout)
    return Answers(**{**found, "bodies": [body.encode("latin-1") for body in found["bodies"]]})


def request(path: str, body: bytes, *headers: str) -> bytes:
    """Return a whole POST of JSON."""
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        *headers,
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def run(load: Load) -> Answers:
    """Run a load in this process."""
    return uvloop.run(_Run(load).go())


class _Run:
    def __init__(self, load: Load) -> None:
        self.load = load
        self.answers = Answers()
        self.next = 0
        self.due: deque[float] = deque()
        self.free: list[_Connection] = []
        self.open = 0
        self.flying = 0
        self.until = 0.0
        self.done: asyncio.Event = asyncio.Event()

    async def go(self) -> Answers:
        began = time.perf_counter()
        self.until = began + self.load.seconds
        if self.load.per_second is None:
            await asyncio.gather(*(self._connect() for _ in range(self.load.connections)))
        else:
            await self._at_a_rate(began, self.load.per_second)
        while self.flying or self.due:
            self.done.clear()
            await asyncio.wait_for(self.done.wait(), 120)
        self.answers.lasted = max(time.perf_counter() - began, self.load.seconds)
        return self.answers

    async def _at_a_rate(self, began: float, per_second: float) -> None:
        sent, opening = 0, set()
        while (now := time.perf_counter()) < self.until:
            for _ in range(int((now - began) * per_second) - sent):
                self.due.append(began + sent / per_second)
                sent += 1
                if self.free:
                    self.free.pop().ask()
                elif self.open < self.load.connections:
                    self.open += 1
                    opening.add(asyncio.ensure_future(self._connect()))
            await asyncio.sleep(0.0005)
        await asyncio.gather(*opening)

    async def _connect(self) -> None:
        loop = asyncio.get_running_loop()
        for _ in range(50):
            try:
                await loop.create_connection(lambda: _Connection(self), "127.0.0.1", self.load.port)
            except OSError:
                await asyncio.sleep(0.02)
            else:
                return
        self.open -= 1

    def take(self) -> tuple[int, float] | None:
        """Return which request is next and when it was due; None if none is."""
        now = time.perf_counter()
        if self.load.per_second is not None:
            if not self.due:
                return None
            due = self.due.popleft()
        elif now < self.until:
            due = now
        else:
            return None
        which, self.next = self.next % len(self.load.requests), self.next + 1
        return which, due

    def told(self, which: int, due: float, status: int, body: bytes) -> None:
        answers = self.answers
        answers.sent_at.append(due)
        answers.seconds.append(time.perf_counter() - due)
        answers.status.append(status)
        answers.which.append(which)
        if self.load.keep:
            answers.bodies.append(body)


class _Connection(asyncio.Protocol):
    def __init__(self, run: _Run) -> None:
        self._run = run
        self._transport: asyncio.Transport
        self._asked: tuple[int, float] | None = None
        self._body = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]
        self._parser = httptools.HttpResponseParser(self)
        self.ask()

    def ask(self) -> None:
        self._asked = self._run.take()
        if self._asked is None:
            if self._run.load.per_second is not None and time.perf_counter() < self._run.until:
                self._run.free.append(self)
            else:
                self._transport.close()
            self._run.done.set()
            return
        self._run.flying += 1
        self._body = b""
        self._transport.write(self._run.load.requests[self._asked[0]])

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        self._answered(self._parser.get_status_code())
        if not self._parser.should_keep_alive():
            self._transport.close()
            return
        self._parser = httptools.HttpResponseParser(self)
        self.ask()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the loop's signature
        run = self._run
        if self._asked is not None:
            self._answered(_LOST)
        if self in run.free:
            run.free.remove(self)
        run.open -= 1
        run.done.set()

    def _answered(self, status: int) -> None:
        if self._asked is None:
            return
        which, due = self._asked
        self._asked = None
        self._run.flying -= 1
        self._run.told(which, due, status, self._body)


def _main() -> None:
    asked = json.load(sys.stdin)
    core = asked.pop("core")
    if core is not None:
        os.sched_setaffinity(0, {core})
    asked["requests"] = [each.encode("latin-1") for each in asked["requests"]]
    found = asdict(run(Load(**asked)))
    json.dump({**found, "bodies": [body.decode("latin-1") for body in found["bodies"]]}, sys.stdout)


if __name__ == "__main__":
    _main()
