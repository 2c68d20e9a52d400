"""What the registry gives back is what was recorded, whole, or nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest

from readiness import artefact
from readiness.errors import ArtefactError, NoChampionError
from readiness.registry import Registry
from readiness.registry.store import load
from tests.registry.moments import LATER, NOON


def test_a_fetched_bundle_opens_by_the_name_that_the_registry_keeps(
    registry: Registry, first: Path, tmp_path: Path
) -> None:
    path = registry.fetch(registry.record(first).version, tmp_path / "to")

    assert path == tmp_path / "to" / first.name
    assert artefact.open_bundle(path, name=first.name).provenance.seed == 0


def _damage(models: Path, file: str) -> None:
    (kept,) = models.rglob(f"data/*/{file}")
    kept.write_bytes(b"damaged")


def test_a_bundle_that_was_damaged_in_the_store_is_neither_fetched_nor_promoted(
    registry: Registry, first: Path, models: Path, tmp_path: Path
) -> None:
    version = registry.record(first).version
    _damage(models, "incidence.json")

    with pytest.raises(ArtefactError, match=r"incidence\.json is not the file"):
        registry.fetch(version, tmp_path / "to")
    with pytest.raises(ArtefactError, match=r"incidence\.json is not the file"):
        registry.promote(version, at=NOON)
    assert not (tmp_path / "to").exists()
    assert registry.history() == ()


@pytest.mark.slow
def test_publishing_puts_bundle_and_pointer_where_the_service_reads_them_and_clears_old_leavings(
    registry: Registry, first: Path, tmp_path: Path
) -> None:
    registry.promote(registry.record(first).version, at=NOON)

    left = tmp_path / "to" / ".writing-killed"
    left.mkdir(parents=True)
    os.utime(left, (0, 0))

    registry.publish(tmp_path / "to")

    pointer = artefact.champion(tmp_path / "to")
    assert (pointer.name, pointer.version) == (first.name, "1")
    assert artefact.open_bundle(tmp_path / "to" / pointer.name, name=pointer.name).name == first.name
    assert sorted(path.name for path in (tmp_path / "to").iterdir()) == sorted([first.name, "champion.json"])


@pytest.mark.slow
def test_a_champion_that_is_damaged_leaves_the_published_one_in_place(
    registry: Registry, first: Path, second: Path, models: Path, tmp_path: Path
) -> None:
    registry.promote(registry.record(first).version, at=NOON)
    registry.publish(tmp_path / "to")
    registry.promote(registry.record(second).version, at=LATER)
    for kept in models.rglob(f"data/{second.name}/scales.json"):
        kept.write_bytes(b"damaged")

    with pytest.raises(ArtefactError, match=r"scales\.json"):
        registry.publish(tmp_path / "to")
    assert artefact.champion(tmp_path / "to").name == first.name


def test_nothing_is_published_while_there_is_no_champion(registry: Registry, tmp_path: Path) -> None:
    with pytest.raises(NoChampionError, match="No model is the champion yet"):
        registry.publish(tmp_path / "to")
    assert not (tmp_path / "to").exists()


def test_mlflow_loads_the_champion_and_it_answers_as_the_bundle_does(registry: Registry, first: Path) -> None:
    registry.promote(registry.record(first).version, at=NOON)
    bundle = artefact.open_bundle(first, name=first.name)
    frame = pd.DataFrame(bundle.golden_rows, columns=list(bundle.model.plan.names))

    where = registry.store.client.get_model_version_download_uri("readiness", "1")
    path = registry.store.client.download_artifacts(registry.champion().run_id, where.split("/", 2)[2])
    answer = load().pyfunc.load_model(path).predict(frame)

    assert answer["score"].tolist() == bundle.model.predict(bundle.golden_rows).score.tolist()
