"""The proofs of crashes and of answering for long, made short; and that they find what would be wrong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks import crash_found, prove_crash, prove_soak
from benchmarks.service_world import World
from benchmarks.writers import Noted
from readiness.scoring import suppression_keys
from serve.database import Database, Given, SuppressionStore
from serve.settings import Settings
from tests.serve.published import Published


@pytest.mark.slow
def test_nothing_that_was_acknowledged_is_lost_whoever_is_killed(
    published: Published, tmp_path: Path, url: str
) -> None:
    row, failures = prove_crash.killed(published, tmp_path, url, seconds=4, every=2, kills=2)
    # How soon it is back is for a machine that does nothing else.
    assert [each for each in failures if not each.startswith("back after")] == []
    assert (row["lost"], row["half there"], row["integrity"]) == (0, 0, "ok")
    assert row["acknowledged"]


@pytest.mark.slow
def test_models_exchanged_for_long_leave_neither_memory_nor_handles_behind(published: Published) -> None:
    world = World(published.folder, published.names, published.tables)
    # So short a time cannot tell a megabyte in ten minutes; it can tell a model that stays at each exchange.
    asked = {"seconds": 20, "swap_every": 1, "requests": 5, "most_growth": 300, "more_handles": 30}
    rows, failures = prove_soak.soaked(world, **asked)  # type: ignore[arg-type]
    assert failures == []
    assert rows[3]["found"] >= 10


def test_what_is_missing_of_what_was_acknowledged_is_found(published: Published, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/service.sqlite"
    settings = Settings(database_url=url, published=published.folder, jobs_folder=tmp_path / "jobs")
    database = Database(settings)
    store = SuppressionStore(database)
    (made,) = suppression_keys("lead_id", ["L-1"], store.hashing)
    store.add([Given("lead_id", made.key or b"", "test")], at=1)
    database.close()
    there = Noted(suppressed=[("L-1",)], unsure=[("L-1",), ("L-2",)])
    assert crash_found.look(settings, there) == crash_found.Found(0, 0, "ok")
    missing = Noted([("L-1", "L-2")], [("L-1", "L-3")], ["an answer"], ["a job"], ["a key"])
    found = crash_found.look(settings, missing)
    assert found == crash_found.Found(4, 1, "ok")
    assert found.wrong() == ["4 lost", "1 half there"]


def test_growth_is_the_slope_of_the_memory_in_ten_minutes() -> None:
    at = np.arange(0.0, 1_200.0, 2.0)
    assert prove_soak.line(at, 200 + at * 3 / 600) == pytest.approx((3.0, 0.0), abs=1e-9)
    waves = 200 + np.sin(at / 60)
    slope, error = prove_soak.line(at, waves)
    assert abs(slope) < 4 * error < 4


def test_growth_handles_and_a_worker_that_was_replaced_are_found() -> None:
    looks = 100
    watched = prove_soak.Watched(1, at=[float(look) for look in range(looks)])
    watched.resident = [[200.0, 200 + look / 300] for look in range(looks)]
    watched.handles = [[40, 40] for _ in range(looks)]
    assert watched.wrong(most_growth=3, more_handles=2) == []
    assert watched.wrong(most_growth=1, more_handles=2) == ["grows by 2.0 MB"]
    watched.handles = [[40, 40 + look // 20] for look in range(looks)]
    watched.replaced = True
    assert watched.wrong(3, 0) == ["a worker was replaced", "holds more and more handles"]
