"""A small simulated CRM, a store with two versions, and a way to type commands."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from readiness.cli.main import app
from readiness.crm import simulate
from readiness.registry import Registry
from tests import bundles

Type = Callable[..., Result]


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Type:
    """Return a function that types a command in an empty folder."""
    monkeypatch.chdir(tmp_path)
    for name in ("COLUMNS", "MLFLOW_TRACKING_URI"):
        monkeypatch.delenv(name, raising=False)
    runner = CliRunner()

    def run(*words: object) -> Result:
        return runner.invoke(app, [str(word) for word in words])

    return run


@pytest.fixture(scope="session")
def crm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the tables of 60 simulated leads."""
    folder = tmp_path_factory.mktemp("cli") / "crm"
    simulate.write(simulate.world(60, 1), folder)
    return folder


@pytest.fixture(scope="session")
def two_versions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store with versions 1 and 2, the first with a report; nobody is the champion."""
    place = tmp_path_factory.mktemp("cli")
    registry = Registry.open(models=place / "models")
    registry.record(bundles.write(place / "made"), report={"report.html": b"<p>The report</p>"})
    registry.record(bundles.write(place / "made", seed=1))
    return place / "models"


@pytest.fixture
def models(two_versions: Path, tmp_path: Path) -> Path:
    """Return a store of one's own with two versions."""
    return Path(shutil.copytree(two_versions, tmp_path / "models"))
