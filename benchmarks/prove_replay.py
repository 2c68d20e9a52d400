"""Proves that answers are given again from the audit to the bit, and that no tampering with it stays unseen.

`python -m benchmarks prove replay` has a service answer 10,000 leads, one by one and in batches, answers all
of them again, and then tampers 1,000 times with a copy of an audit, in the database and in files.
"""

from __future__ import annotations

import asyncio
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import httpx

from benchmarks.evidence import Row
from benchmarks.service_world import World, trained
from readiness.errors import StoreError
from serve.app import create_app
from serve.audit.chain import Chain, waiting
from serve.auditing import verifying
from serve.auditing.again import Again, Replayed, replay
from serve.auditing.moving import move_left_behind
from serve.database import AuditStore, Database
from serve.database.settings import DatabaseSettings
from serve.settings import Settings
from tests.serve.audited import spoil, write
from tests.serve.published import request_of
from tests.serve.tampering import FILE_TAMPERINGS, TAMPERINGS

TITLE: Final = "Answers given again, and an audit tampered with"
LEADS: Final = 3_000
ANSWERS: Final = 10_000
TAMPERED: Final = 1_000
_IN_A_BATCH: Final = 500
_ENTRIES: Final = 60
"""In the audit that is tampered with."""


def measure() -> tuple[list[Row], str]:
    """Answer again, then tamper."""
    return proved(trained(LEADS, models=2), answers=ANSWERS, tampered=TAMPERED)


def proved(world: World, *, answers: int, tampered: int) -> tuple[list[Row], str]:
    """Return what was answered again and what was found; the sentence says whether it holds."""
    with tempfile.TemporaryDirectory() as scratch:
        again, verified = answered_again(world, Path(scratch), answers=answers)
    done, unseen = tampered_with(tampered)
    rows: list[Row] = [
        {"what": "answers given again", "of": answers, "the same to the bit": again.same},
        *({"what": how, "of": number, "found": number - unseen[how]} for how, number in done.items()),
    ]
    sentence = (
        f"{answers} answers by two models and by the rules, half of them in batches: {again.same} the same "
        f"to the bit, {len(again.differing)} differ, {sum(again.skipped.values())} could not be given; "
        f"{len(verified.findings)} findings in {verified.entries} entries before anything was done to them. "
        f"{done.total()} tamperings without the secret: {done.total() - unseen.total()} found. "
        f"{'Holds.' if holds(again, verified, answers, unseen) else 'Does not hold.'}"
    )
    return rows, sentence


def holds(again: Replayed, verified: verifying.Verified, answers: int, unseen: Mapping[str, int]) -> bool:
    """Say whether every answer was given again alike, and nothing stayed unseen."""
    whole = verified.entries == answers and not verified.findings
    return again.same == answers and whole and not sum(unseen.values())


def answered_again(world: World, scratch: Path, *, answers: int) -> tuple[Replayed, verifying.Verified]:
    """Answer leads through the service, with two models in turn and with none, and answer all of it again."""
    folder = scratch / "published"
    shutil.copytree(
        world.folder, folder, ignore=shutil.ignore_patterns("model-*", "champion.json", "service*")
    )
    copy = World(folder, world.names, world.tables)
    url = f"sqlite:///{scratch}/service.sqlite"
    third = answers // 3
    for part, which in ((third, None), (third, 0), (answers - 2 * third, 1)):
        if which is not None:
            copy.point(which, which + 1)
        asyncio.run(_ask(Settings(published=folder, database_url=url), copy, part, first=which or 0))
    database = Database(DatabaseSettings(database_url=url), make=False)
    store = AuditStore(database)
    try:
        return replay(Again(store, folder), verifying.every(store)), verifying.verify(store)
    finally:
        database.close()


async def _ask(settings: Settings, world: World, number: int, *, first: int) -> None:
    """Ask for so many leads, the first half one by one, as of then and as of now, the others in batches."""
    app = create_app(settings)
    transport = httpx.ASGITransport(app)
    leads = len(world.tables.leads)
    explains = ("none", "brief", "full")

    def asked(place: int) -> dict[str, Any]:
        request = request_of(world.tables, (first + place) % leads, explain=explains[place % 3])
        return {**request, "at": None} if place % 4 == 0 else request

    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000", timeout=120) as http,
    ):
        for place in range(number // 2):
            (await http.post("/v1/score", json=asked(place))).raise_for_status()
        # No lead twice in a batch.
        size = min(_IN_A_BATCH, leads)
        for start in range(number // 2, number, size):
            batch = [asked(place) for place in range(start, min(start + size, number))]
            answered = await http.post("/v1/score/batch", json=batch)
            if answered.json()["scored"] != len(batch):
                raise RuntimeError(f"a batch was not scored: {answered.text[:200]}")


def tampered_with(number: int, *, first_seed: int = 0) -> tuple[Counter[str], Counter[str]]:
    """Tamper so often, each way in turn; return how often each was done, and how often it stayed unseen."""
    done, unseen = Counter[str](), Counter[str]()
    ways: Sequence[tuple[str, Callable[[Path, random.Random], bool]]] = [
        *((how, _in_database(how)) for how in TAMPERINGS),
        *((how, _in_file(how)) for how in FILE_TAMPERINGS),
    ]
    with tempfile.TemporaryDirectory() as scratch:
        whole = Path(scratch) / "whole"
        _write(whole)
        for turn in range(number):
            how, tamper = ways[turn % len(ways)]
            copy = Path(scratch) / "copy"
            shutil.copytree(whole, copy)
            done[how] += 1
            unseen[how] += not tamper(copy, random.Random(first_seed + turn))
            shutil.rmtree(copy)
    return done, unseen


def _write(folder: Path) -> None:
    """Make an audit of three chains in a database, and one in a file that is not moved yet."""
    folder.mkdir()
    kept = _opened(folder)
    chains = [Chain(folder / "moved") for _ in range(3)]
    for number in range(_ENTRIES):
        write(chains[number % 3], number)
    waits = Chain(folder / "waits")
    write(waits, *range(8))
    for chain in (*chains, waits):
        chain.end()
    for _ in move_left_behind(folder / "moved", kept, at=1):
        pass
    kept.close()


def _in_database(how: str) -> Callable[[Path, random.Random], bool]:
    def tamper(folder: Path, dice: random.Random) -> bool:
        database = Database(_settings(folder))
        database.write(lambda connection: TAMPERINGS[how](connection, dice))
        database.close()
        return _seen(folder)

    return tamper


def _in_file(how: str) -> Callable[[Path, random.Random], bool]:
    def tamper(folder: Path, dice: random.Random) -> bool:
        (path,) = waiting(folder / "waits")
        spoil(path, lambda content: FILE_TAMPERINGS[how](content, dice))
        kept = _opened(folder)
        for _ in move_left_behind(folder / "waits", kept, at=1):
            pass
        kept.close()
        return _seen(folder)

    return tamper


def _seen(folder: Path) -> bool:
    kept = _opened(folder)
    try:
        verified = verifying.verify(kept)
    except StoreError:
        return True
    finally:
        kept.close()
    return bool(verified.findings) or verified.torn > 0


def _settings(folder: Path) -> DatabaseSettings:
    return DatabaseSettings(database_url=f"sqlite:///{folder}/service.sqlite", suppression_secret="s" * 32)


def _opened(folder: Path) -> AuditStore:
    return AuditStore(Database(_settings(folder)))
