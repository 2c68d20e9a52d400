"""Real data that stays where it is, and a world that somebody else's simulator made."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

_BESIDE_THE_CHECKOUT = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Return the folder of the real data; skip, visibly, where there is none."""
    folder = Path(os.environ.get("READINESS_REAL_DATA", _BESIDE_THE_CHECKOUT))
    if not folder.is_dir():
        pytest.skip(f"no real data in {folder.name}: set READINESS_REAL_DATA")
    return folder


@pytest.fixture(scope="session")
def bohanec(real_data: Path) -> Path:
    """Return the file of 448 B2B deals."""
    return real_data / "bohanec-b2b" / "Salvirt_B2B_ML_dataset.csv"


@pytest.fixture(scope="session")
def bank_marketing(real_data: Path) -> Path:
    """Return the file of 41,188 calls of a bank."""
    return real_data / "bank-marketing" / "bank-additional-full.csv.gz"


@pytest.fixture(scope="session")
def leadforge_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with 2,000 leads of a world that the package leadforge simulates, always the same."""
    world = tmp_path_factory.mktemp("leadforge") / "world"
    command = Path(sys.executable).with_name("leadforge")
    if not command.exists():
        pytest.skip("leadforge is not installed: it is a development dependency")
    options = {
        "--recipe": "b2b_saas_procurement_v1",
        "--seed": "7",
        "--mode": "research_instructor",
        "--difficulty": "intermediate",
        "--n-leads": "2000",
        "--out": str(world),
    }
    words = [word for option in options.items() for word in option]
    subprocess.run([str(command), "generate", *words], check=True, capture_output=True)
    return world
