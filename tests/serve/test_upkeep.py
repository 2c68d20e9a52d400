"""What a worker does beside answering."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from readiness import artefact
from readiness.artefact import Bundle, Pointer
from readiness.crm.records import Instant
from readiness.errors import ArtefactError
from serve import logs
from serve.admission import Limits, Queues
from serve.meters import Meters
from serve.security.keys import Key, KeyRing, make
from serve.shelf import ReportShelf
from serve.store import ModelStore
from serve.upkeep import Upkeep
from tests.serve.conftest import NAME_A, NAME_B, bundle_named
from tests.serve.security.kept import InMemory


def _upkeep(folder: Path, kept: InMemory | None = None) -> tuple[Upkeep, ModelStore, Meters]:
    def open_bundle(path: Path, name: str) -> Bundle:
        if name == NAME_B:
            raise ArtefactError("trees.txt is damaged")
        return bundle_named(name)

    store, meters = ModelStore(folder, open_bundle=open_bundle), Meters()
    ring = KeyRing(lambda: kept or InMemory())
    return Upkeep(store, ReportShelf(folder), meters, Queues(Limits(), meters.shed), ring), store, meters


def test_it_takes_up_what_is_published_meanwhile(tmp_path: Path) -> None:
    upkeep, store, _ = _upkeep(tmp_path)

    async def until_taken_up() -> str | None:
        going_on = asyncio.create_task(upkeep.go_on(0.001))
        artefact.point(tmp_path, Pointer(name=NAME_A, version="1"))
        async with asyncio.timeout(10):
            while store.in_use.bundle is None:
                await asyncio.sleep(0.001)
        going_on.cancel()
        return store.in_use.answered_by.bundle

    assert asyncio.run(until_taken_up()) == NAME_A


def test_it_has_looked_even_where_nothing_is_published(tmp_path: Path) -> None:
    upkeep, _, _ = _upkeep(tmp_path)
    assert not upkeep.looked
    upkeep.look()
    assert upkeep.looked


def test_a_refused_bundle_is_counted_once_however_often_one_looks(tmp_path: Path) -> None:
    upkeep, _, meters = _upkeep(tmp_path)
    artefact.point(tmp_path, Pointer(name=NAME_B, version="1"))
    for _ in range(3):
        upkeep.look()
        upkeep.write_down()
    assert b"readiness_bundles_refused_total 1.0" in meters.page()


def test_the_model_that_was_exchanged_answers_in_no_worker_any_more(tmp_path: Path) -> None:
    upkeep, _, meters = _upkeep(tmp_path)
    upkeep.write_down()
    artefact.point(tmp_path, Pointer(name=NAME_A, version="1"))
    upkeep.look()
    upkeep.write_down()
    lines = [line for line in meters.page().decode().splitlines() if "workers_answering{" in line]
    assert {(NAME_A in line, line.split()[-1]) for line in lines} == {(True, "1.0"), (False, "0.0")}


class _Full:
    """A disk without room, as standard error."""

    def write(self, _: str) -> int:
        raise OSError(28, "No space left on device")


def test_a_line_that_cannot_be_written_ends_no_watch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    logs.to_stderr()
    monkeypatch.setattr("sys.stderr", _Full())
    artefact.point(tmp_path, Pointer(name=NAME_B, version="1"))
    kept = InMemory()
    kept.broken = True
    upkeep, store, _ = _upkeep(tmp_path, kept)

    async def until_taken_up() -> None:
        going_on = asyncio.create_task(upkeep.go_on(0.001))
        await asyncio.sleep(0.05)
        artefact.point(tmp_path, Pointer(name=NAME_A, version="2"))
        async with asyncio.timeout(10):
            while store.in_use.bundle is None:
                await asyncio.sleep(0.001)
        going_on.cancel()

    asyncio.run(until_taken_up())
    assert store.in_use.answered_by.bundle == NAME_A


def test_a_look_that_breaks_keeps_no_revoked_key_alive(tmp_path: Path) -> None:
    class Breaking(InMemory):
        def all(self) -> Sequence[Key]:
            rounds.append(1)
            return super().all()

    rounds: list[int] = []
    upkeep, store, _ = _upkeep(tmp_path, Breaking())
    store.look = None  # type: ignore[assignment, method-assign]

    async def some_rounds() -> None:
        going_on = asyncio.create_task(upkeep.go_on(0.001))
        async with asyncio.timeout(10):
            while len(rounds) < 3:
                await asyncio.sleep(0.001)
        going_on.cancel()

    asyncio.run(some_rounds())


def _events(said: str) -> list[str]:
    return [json.loads(line)["event"] for line in said.splitlines()]


def test_keys_that_cannot_be_read_are_told_once_and_again_after_they_could(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    logs.to_stderr()
    kept = InMemory()
    upkeep, _, _ = _upkeep(tmp_path, kept)
    for broken in (False, True, True, False, True):
        kept.broken = broken
        upkeep.read_keys()
    assert _events(capfd.readouterr().err) == ["keys_unread"] * 2


def test_a_use_that_cannot_be_written_down_is_not_told_as_keys_that_cannot_be_read(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    class ReadOnly(InMemory):
        def used(self, key_id: str, at: Instant) -> None:  # noqa: ARG002 - as the store has it
            raise OSError("read-only")

    logs.to_stderr()
    written, key = make("CRM", ["score"], at=1)
    upkeep, _, _ = _upkeep(tmp_path, ReadOnly(key))
    upkeep.read_keys()
    upkeep._ring.check(written, 2)
    upkeep.read_keys()
    assert _events(capfd.readouterr().err) == ["key_uses_unwritten"]
