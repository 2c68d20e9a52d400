"""The serving process carries what answers, and nothing of what trains, tracks or reports."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.slow
def test_the_service_imports_no_tracking_and_no_reports() -> None:
    code = "import sys, serve.app; print(*sorted(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    unwanted = ("mlflow", "altair", "duckdb", "typer", "readiness.registry", "readiness.reports")
    assert "readiness.scoring" in loaded
    assert [name for name in loaded if name.startswith(unwanted)] == []
    assert [name for name in loaded if name.startswith(("readiness.cli", "readiness.training_run"))] == []
