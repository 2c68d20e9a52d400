"""What a worker does beside answering."""

from __future__ import annotations

import asyncio
from pathlib import Path

from readiness import artefact
from readiness.artefact import Bundle, Pointer
from readiness.errors import ArtefactError
from serve.admission import Limits, Queues
from serve.meters import Meters
from serve.security.keys import KeyRing
from serve.store import ModelStore
from serve.upkeep import Upkeep
from tests.serve.conftest import NAME_A, NAME_B, bundle_named
from tests.serve.security.kept import InMemory


def _upkeep(folder: Path) -> tuple[Upkeep, ModelStore, Meters]:
    def open_bundle(path: Path, name: str) -> Bundle:
        if name == NAME_B:
            raise ArtefactError("trees.txt is damaged")
        return bundle_named(name)

    store, meters = ModelStore(folder, open_bundle=open_bundle), Meters()
    return Upkeep(store, meters, Queues(Limits(), meters.shed), KeyRing(InMemory)), store, meters


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
