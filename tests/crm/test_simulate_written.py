"""A simulated world as files, and how far along it is."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from readiness.crm import folder, simulate
from readiness.crm.fingerprint import fingerprint


def test_tables_and_truth_are_written_apart(tmp_path: Path) -> None:
    world = simulate.world(150, 6)
    simulate.write(world, tmp_path)
    assert fingerprint(folder.read(tmp_path)) == fingerprint(world.tables)
    truth = pq.read_table(tmp_path / simulate.TRUTH_FILE)
    assert truth.column_names[:4] == ["lead_id", "cutoff", "won_30", "stop_30"]
    assert truth.num_rows == len(world.snapshots()[0])


def test_what_is_written_is_the_same_bytes_each_time(tmp_path: Path) -> None:
    for name in ("one", "two"):
        simulate.write(simulate.world(200, 9), tmp_path / name)
    files = sorted(
        path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*") if path.is_file()
    )
    assert len(files) >= 6
    assert all((tmp_path / "one" / f).read_bytes() == (tmp_path / "two" / f).read_bytes() for f in files)


def test_the_shipped_sample_is_a_simulated_world(tmp_path: Path) -> None:
    simulate.write(simulate.world(2_000, 1), tmp_path)
    shipped = Path(__file__).parents[2] / "data" / "sample"
    for name in ("leads", "activities", "answers", "outcomes", "handovers"):
        assert (tmp_path / f"{name}.csv").read_bytes() == (shipped / f"{name}.csv").read_bytes(), name
    true, shown = (pq.read_table(place / simulate.TRUTH_FILE)["won_90"] for place in (tmp_path, shipped))
    assert true.to_numpy() == pytest.approx(shown.to_numpy(), abs=1e-6)


def test_progress_is_told_to_the_end() -> None:
    told: list[float] = []
    simulate.world(5, 1, progress=lambda _, done: told.append(done))
    assert told == sorted(told)
    assert told[-1] == 1.0
