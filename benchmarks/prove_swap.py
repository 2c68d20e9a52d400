"""Proves that models are exchanged between answers: none fails or mixes two, and each can be repeated.

`python -m benchmarks prove swap` promotes thirty times in 60 s while two workers answer, scores every answer
again without the service, and then publishes a bundle that lacks its end.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from pydantic import SecretStr

from benchmarks import http_load, services
from benchmarks.evidence import Row
from benchmarks.http_load import Answers, Load
from benchmarks.service_world import World, bodies, trained
from readiness.clock import now
from serve import assessing
from serve.database import Database, SuppressionStore
from serve.database.settings import DatabaseSettings
from serve.problems import Problem
from serve.schemas import ScoreRequest
from serve.store import ModelStore
from serve.suppressing import Suppressing

TITLE: Final = "Models exchanged under load"
LEADS: Final = 3_000
SECONDS: Final = 60.0
PROMOTIONS: Final = 30
REQUESTS: Final = 100
SOON: Final = 5.0
"""Seconds in which a damaged bundle is refused by every worker."""
_BEFORE_DAMAGE: Final = 901
_NEVER: Final = 1_000
"""A version that no run reaches."""


def measure() -> tuple[list[Row], str]:
    """Promote under load, then publish a damaged bundle under load."""
    rows, failures = exchanged(
        trained(LEADS, models=2), seconds=SECONDS, promotions=PROMOTIONS, requests=REQUESTS, workers=2
    )
    rows.append({"what": "verdict", "found": "holds" if not failures else "; ".join(failures)})
    return rows, (
        f"Two workers, 16 connections, {REQUESTS} different requests in turn. An answer is repeated by "
        "scoring its request with the bundle that the answer names; all but its id must be the same to the "
        "last byte."
    )


def exchanged(
    world: World, *, seconds: float, promotions: int, requests: int, workers: int
) -> tuple[list[Row], list[str]]:
    """Promote under load, then damage; return the figures, and what did not hold."""
    asked = bodies(world, requests, explain="full", activities=None)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "published"
        shutil.copytree(world.folder, folder, ignore=shutil.ignore_patterns("model-*"))
        copy = replace(world, folder=folder)
        with services.running(folder, workers=workers, watch_seconds=0.25) as (_, port):
            load = Load(
                port, [http_load.request("/v1/score", body) for body in asked], seconds, 16, keep=True
            )
            with _promoting(copy, promotions, seconds):
                swapped = http_load.elsewhere(load)
            repeated = Repeated(copy, asked)
            differing = repeated.differing(swapped)
            damaged, refused_within = _damaged(copy, load, workers)
            differing_then = repeated.differing(damaged)
    return _judged(swapped, differing, damaged, differing_then, refused_within, promotions)


class Repeated:
    """Scores requests again, in this process, with the bundle that an answer names."""

    def __init__(self, world: World, asked: list[bytes]) -> None:
        self._asked = asked
        self._in_use = {}
        self._versions = {
            name: {f"readiness {version}" for version in range(1, _NEVER) if _which(world, version) == name}
            for name in world.names
        }
        for version, name in enumerate(world.names, 1):
            world.point(version - 1, version)
            store = ModelStore(world.folder)
            store.look()
            self._in_use[name] = store.in_use
        self._nobody_listed = Suppressing(lambda: _database_at(world.folder / "repeated.sqlite"))
        self._kept: dict[tuple[str, int], str] = {}

    def differing(self, answers: Answers) -> int:
        """Return how many answers are not what the bundle they name gives, or name another's version."""
        return sum(
            status == 200 and not self._same(which, json.loads(body))
            for status, which, body in zip(answers.status, answers.which, answers.bodies, strict=True)
        )

    def _same(self, which: int, answer: dict[str, Any]) -> bool:
        del answer["assessment_id"]
        name = answer["answered_by"]["bundle"]
        version = answer["answered_by"].pop("model")
        return version in self._versions.get(name, ()) and json.dumps(answer) == self._again(name, which)

    def _again(self, name: str, which: int) -> str:
        if (name, which) not in self._kept:
            request = ScoreRequest.model_validate(json.loads(self._asked[which]))
            in_use, received = self._in_use[name], now()
            read = assessing.read([request], received=received)
            ready = asyncio.run(assessing.listed(read, [request], self._nobody_listed, received=received))
            (found,) = assessing.assess(ready, in_use)
            if isinstance(found, Problem):
                raise found
            answer = found.to_dict()
            del answer["answered_by"]["model"]
            self._kept[name, which] = json.dumps(answer)
        return self._kept[name, which]


def _which(world: World, version: int) -> str:
    """Return which bundle every version is made of: the bundles take turns."""
    return world.names[(version - 1) % len(world.names)]


def _database_at(file: Path) -> SuppressionStore:
    return SuppressionStore(Database(DatabaseSettings(database_url=SecretStr(f"sqlite:///{file}"))))


def _promote(world: World, version: int) -> None:
    world.point(world.names.index(_which(world, version)), version)


@contextmanager
def _promoting(world: World, promotions: int, seconds: float) -> Iterator[None]:
    """Promote the one and the other in turn, evenly over so many seconds, in a thread."""

    def promote() -> None:
        for number in range(promotions):
            time.sleep(seconds / (promotions + 1))
            _promote(world, number + 2)

    thread = threading.Thread(target=promote)
    thread.start()
    yield
    thread.join()


def _damaged(world: World, load: Load, workers: int) -> tuple[Answers, float]:
    """Publish a bundle that lacks its end, under load; return the answers, and when all had refused it."""
    whole = world.folder / world.names[1]
    damaged = replace(world, names=(world.names[0], "f" * 64))
    shutil.copytree(whole, world.folder / damaged.names[1])
    longest = max((world.folder / damaged.names[1]).iterdir(), key=lambda file: file.stat().st_size)
    longest.write_bytes(longest.read_bytes()[:-100])
    _promote(world, _BEFORE_DAMAGE)
    time.sleep(1)
    refused_before = _refusals(load.port)
    took: list[float] = []

    def damage() -> None:
        time.sleep(0.5)
        began = time.monotonic()
        _promote(damaged, _BEFORE_DAMAGE + 1)
        while time.monotonic() - began < 2 * SOON and not took:
            if _refusals(load.port) - refused_before >= workers:
                took.append(time.monotonic() - began)
            time.sleep(0.05)

    thread = threading.Thread(target=damage)
    thread.start()
    answers = http_load.elsewhere(replace(load, seconds=min(load.seconds, 10.0)))
    thread.join()
    return answers, took[0] if took else float("inf")


def _refusals(port: int) -> float:
    page = services.page(f"http://127.0.0.1:{port}/metrics")
    lines = [line for line in page.splitlines() if line.startswith("readiness_bundles_refused_total")]
    return float(lines[0].split()[-1]) if lines else 0.0


def _judged(
    swapped: Answers, differing: int, damaged: Answers, then: int, within: float, promotions: int
) -> tuple[list[Row], list[str]]:
    models = {json.loads(body)["answered_by"]["model"] for body in swapped.bodies if body}
    failed = sum(status != 200 for status in swapped.status)
    failed_then = sum(status != 200 for status in damaged.status)
    rows: list[Row] = [
        {"what": "answers while models were exchanged", "found": len(swapped.status)},
        {
            "what": "promotions, and how many of these models answered",
            "found": f"{promotions}, {len(models)}",
        },
        {"what": "failed", "found": failed},
        {"what": "not what the bundle named gives, bit for bit", "found": differing},
        {"what": "answers while a damaged bundle was published", "found": len(damaged.status)},
        {"what": "failed, or not what the bundle named gives", "found": failed_then + then},
        {"what": "every worker had refused it after seconds", "found": within},
    ]
    wrong = {
        "requests failed": failed + failed_then,
        "answers differ": differing + then,
        "refused too late": within > SOON,
        "nothing was answered": not swapped.status or not damaged.status,
        # The last one may come too late to answer; the first was there before all of them.
        "models were passed over": len(models) < promotions,
    }
    return rows, [what for what, happened in wrong.items() if happened]
