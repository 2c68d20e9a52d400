"""An embedded store of one's own, and two bundles to record in it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from readiness.registry import Registry
from tests import bundles


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty embedded store: making one takes seconds, copying it none."""
    models = tmp_path_factory.mktemp("store") / "models"
    Registry.open(models=models)
    return models


@pytest.fixture
def models(empty_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    return Path(shutil.copytree(empty_store, tmp_path / "models"))


@pytest.fixture
def registry(models: Path) -> Registry:
    return Registry.open(models=models)


@pytest.fixture
def first(tmp_path: Path) -> Path:
    return bundles.write(tmp_path / "bundles", judgement={"skill": {"gain": 0.1, "claimed": True}})


@pytest.fixture
def second(tmp_path: Path) -> Path:
    return bundles.write(tmp_path / "bundles", seed=1)
