"""The registry keeps every model, knows the champion, and goes back to the one before."""

from __future__ import annotations

from pathlib import Path

import pytest

from readiness.errors import ArtefactError, NoChampionError, StoreError
from readiness.registry import Registry
from tests.registry.moments import LATER, NOON


def test_a_recorded_bundle_is_a_version_and_no_champion_yet(registry: Registry, first: Path) -> None:
    recorded = registry.record(first)

    assert [version.bundle for version in registry.versions()] == [first.name]
    assert registry.version(recorded.version).aliases == ()
    with pytest.raises(NoChampionError, match="No model is the champion yet"):
        registry.champion()


def test_a_run_keeps_what_a_data_scientist_looks_for(registry: Registry, first: Path, tmp_path: Path) -> None:
    recorded = registry.record(first, report={"report.html": b"<p>", "report.json": b"{}"})

    client = registry.store.client
    run = client.get_run(recorded.run_id)
    assert run.info.status == "FINISHED"
    assert run.info.run_name == first.name[:12]
    assert run.data.params["horizon_days"] == "90.0"
    assert run.data.params["settings.intervals"] == "10"
    assert run.data.metrics == {"skill/gain": 0.1}
    figures = Path(client.download_artifacts(recorded.run_id, "figures.csv", str(tmp_path)))
    assert figures.read_text() == "figure,value\nskill.gain,0.1\n"
    assert run.data.tags["readiness.data_fingerprint"] == "d" * 64
    assert run.data.tags["readiness.agreement_version"] == "1.0"
    files = [entry.path for entry in client.list_artifacts(recorded.run_id, "report")]
    assert files == ["report/manifest.json", "report/report.html", "report/report.json"]


def test_a_damaged_bundle_is_not_recorded(registry: Registry, first: Path) -> None:
    (first / "trees_0.txt").write_bytes(b"tree")

    with pytest.raises(ArtefactError, match=r"trees_0\.txt"):
        registry.record(first)
    assert registry.versions() == ()


def test_a_run_that_could_not_be_kept_whole_is_marked_as_failed(registry: Registry, first: Path) -> None:
    def refuse(*arguments: object, **keywords: object) -> None:
        raise OSError(28, "No space left on device")

    registry.store.client.log_artifacts = refuse

    with pytest.raises(StoreError, match="could not be written"):
        registry.record(first)
    runs = registry.store.client.search_runs([registry.store.experiment])
    assert [run.info.status for run in runs] == ["FAILED"]


def test_the_champion_is_the_version_promoted_last(registry: Registry, first: Path, second: Path) -> None:
    for bundle in (first, second):
        registry.promote(registry.record(bundle).version, at=NOON)

    assert registry.champion().bundle == second.name
    assert registry.champion().aliases == ("champion",)


def test_a_challenger_does_not_become_the_champion(registry: Registry, first: Path, second: Path) -> None:
    registry.promote(registry.record(first).version, at=NOON)
    registry.promote(registry.record(second).version, at=LATER, alias="challenger")

    assert registry.champion().bundle == first.name
    assert registry.champion("challenger").bundle == second.name


def test_going_back_makes_the_one_before_the_champion_and_is_kept_in_the_history(
    registry: Registry, first: Path, second: Path
) -> None:
    for bundle in (first, second):
        registry.promote(registry.record(bundle).version, at=NOON)

    back = registry.rollback(at=LATER, by="Ada", reason="too many complaints")

    assert back.bundle == first.name
    assert registry.champion() == back
    last = registry.history()[-1]
    assert (last.action, last.version, last.by, last.at) == ("rollback", "1", "Ada", "2026-03-15T12:00:00Z")


def test_a_reason_of_any_length_is_kept_as_far_as_the_store_takes_it(registry: Registry, first: Path) -> None:
    registry.promote(registry.record(first).version, at=NOON, reason="x" * 100_000)

    assert registry.history()[0].reason == "x" * 1_000


def test_there_is_nothing_to_go_back_to_from_the_first_champion(registry: Registry, first: Path) -> None:
    with pytest.raises(NoChampionError, match="No model is the champion yet"):
        registry.rollback(at=NOON)
    registry.promote(registry.record(first).version, at=NOON)

    with pytest.raises(NoChampionError, match="is the first champion"):
        registry.rollback(at=LATER)


def test_an_empty_registry_has_no_versions_and_no_history(registry: Registry) -> None:
    assert registry.versions() == ()
    assert registry.history() == ()


def test_a_version_that_is_not_there_is_a_store_error(registry: Registry, first: Path) -> None:
    registry.record(first)

    with pytest.raises(StoreError, match=r"could not be asked for version 9 \(RESOURCE_DOES_NOT_EXIST\)"):
        registry.promote("9", at=NOON)


def test_a_version_that_others_registered_is_refused(registry: Registry) -> None:
    registry.store.client.create_registered_model("readiness")
    registry.store.client.create_model_version("readiness", "runs:/0/model", None)

    with pytest.raises(StoreError, match="was not recorded by readiness"):
        registry.version("1")


def test_an_embedded_store_that_was_moved_finds_its_files(
    registry: Registry, first: Path, second: Path, models: Path, tmp_path: Path
) -> None:
    registry.promote(registry.record(first).version, at=NOON)
    moved = models.rename(tmp_path / "moved")

    again = Registry.open(models=moved)

    assert again.fetch("1", tmp_path / "to").name == first.name
    again.record(second)
    assert again.fetch("2", tmp_path / "to").name == second.name
    assert not models.exists()


def test_a_server_that_cannot_be_reached_is_a_store_error_without_the_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")

    with pytest.raises(StoreError, match=r"model store http://127\.0\.0\.1:1 could not be opened"):
        Registry.open("http://me:secret@127.0.0.1:1", tmp_path)


def test_a_folder_that_cannot_hold_a_store_is_a_store_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    (tmp_path / "file").touch()

    with pytest.raises(StoreError, match=r"could not be opened \(NotADirectoryError\)"):
        Registry.open(models=tmp_path / "file" / "models")


def test_the_store_is_where_the_environment_says(
    empty_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{empty_store}/mlflow.db")

    registry = Registry.open(models=tmp_path / "elsewhere")

    assert registry.store.shown == f"sqlite:///{empty_store}/mlflow.db"
    assert not (tmp_path / "elsewhere").exists()
