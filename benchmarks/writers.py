"""Clients that write to a service without a pause, and note what it acknowledged before it was killed."""

from __future__ import annotations

import http.client
import itertools
import json
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from serve.database import Database, KeyStore
from serve.database.settings import DatabaseSettings
from serve.security import keys

_LEADS_AT_ONCE: Final = 3
_NUMBERS: Final = itertools.count()
"""No lead is written about twice."""


@dataclass(slots=True)
class Noted:
    """What was acknowledged, and what was sent and never answered."""

    suppressed: list[tuple[str, ...]] = field(default_factory=list)
    """The leads of each request that was acknowledged: all of them are on the list."""
    unsure: list[tuple[str, ...]] = field(default_factory=list)
    """Those of requests without an answer: all of them are on the list, or none."""
    answers: list[str] = field(default_factory=list)
    jobs: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    otherwise: list[int] = field(default_factory=list)
    """Answers that are neither a yes nor a 503."""

    def count(self) -> int:
        """Return how many writes were acknowledged."""
        return len(self.suppressed) + len(self.answers) + len(self.jobs) + len(self.keys)


@contextmanager
def writing(port: int, key: str, lead: dict[str, Any], noted: Noted) -> Iterator[None]:
    """Suppress, score and send jobs, each over a connection of its own, until left."""
    over = threading.Event()

    def again(write: Callable[[_Client, dict[str, Any]], None]) -> None:
        client = _Client(port, key, noted)
        while not over.is_set():
            write(client, lead)
            over.wait(0.005)
        client.close()

    writes = (_Client.suppress, _Client.score, _Client.send_a_job)
    threads = [threading.Thread(target=again, args=(write,)) for write in writes]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


class _Client:
    def __init__(self, port: int, key: str, noted: Noted) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        self._authorization = {"Authorization": f"Bearer {key}"}
        self._noted = noted

    def suppress(self, _: dict[str, Any]) -> None:
        ids = tuple(f"L-{next(_NUMBERS)}" for _ in range(_LEADS_AT_ONCE))
        rows = [{"kind": "lead_id", "value": each, "source": "the proof"} for each in ids]
        said = self._ask("/v1/suppressions", json.dumps({"suppressions": rows}).encode())
        (self._noted.unsure if said is None else self._noted.suppressed).append(ids)

    def score(self, lead: dict[str, Any]) -> None:
        said = self._ask("/v1/score", json.dumps(lead).encode())
        if said is not None:
            self._noted.answers.append(said["assessment_id"])

    def send_a_job(self, lead: dict[str, Any]) -> None:
        rows = [{**lead, "lead": {**lead["lead"], "lead_id": f"J-{row}"}} for row in range(_LEADS_AT_ONCE)]
        said = self._ask("/v1/jobs", "\n".join(map(json.dumps, rows)).encode(), "application/x-ndjson")
        if said is not None:
            self._noted.jobs.append(said["id"])
        time.sleep(0.1)

    def close(self) -> None:
        self._connection.close()

    def _ask(self, path: str, body: bytes, media: str = "application/json") -> dict[str, Any] | None:
        """Return what was answered; None if it was refused for now, or the connection broke."""
        try:
            self._connection.request("POST", path, body, {"Content-Type": media, **self._authorization})
            answer = self._connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            time.sleep(0.02)
            return None
        if answer.status // 100 == 2:
            said: dict[str, Any] = json.loads(content)
            return said
        if answer.status != 503:
            self._noted.otherwise.append(answer.status)
        return None


class KeysMade:
    """Makes keys in a process of its own, as a command does, until it is killed.

    Parameters
    ----------
    settings : DatabaseSettings
    """

    def __init__(self, settings: DatabaseSettings) -> None:
        self._read, write = os.pipe()
        # Forked: it has loaded what it needs.
        self._process = multiprocessing.get_context("fork").Process(target=_make, args=(settings, write))
        self._process.start()
        os.close(write)

    def killed(self) -> list[str]:
        """Kill it; return the ids of the keys that it had made."""
        os.kill(self._process.pid or 0, signal.SIGKILL)
        self._process.join()
        with os.fdopen(self._read, "rb") as told:
            *ids, _ = told.read().decode().split("\n")
        return ids


def _make(settings: DatabaseSettings, told: int) -> None:
    store = KeyStore(Database(settings, make=False, with_secret=False))
    for at in itertools.count(1):
        _, key = keys.make("a program", ["read"], at=at)
        store.add(key)
        # Shorter than what a pipe takes at once: never half an id.
        os.write(told, f"{key.id}\n".encode())
        time.sleep(0.05)
