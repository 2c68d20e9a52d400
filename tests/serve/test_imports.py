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


@pytest.mark.slow
def test_a_start_loads_nothing_that_only_learning_needs() -> None:
    code = (
        "import sys; from serve.loading import UNUSED, without\n"
        "with without(*UNUSED): import serve.processes\n"
        "import serve.app; print(*sys.modules)"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    slow = ("sklearn", "pandas", "scipy.optimize", "scipy.stats", "scipy.linalg", "alembic", "psycopg")
    assert "lightgbm" in loaded
    assert [name for name in loaded if name.startswith(slow)] == []
