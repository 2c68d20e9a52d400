from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.history import checks
from tests.history.checks import History
from tests.history.mutants import MUTANTS, Mutant, caught, plant, uproot


@pytest.fixture
def planted(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[History]:
    monkeypatch.syspath_prepend(str(tmp_path))
    yield plant(request.param, "faulty_history", tmp_path)
    uproot("faulty_history")


@pytest.mark.slow
@pytest.mark.parametrize("planted", MUTANTS, ids=str, indirect=True)
def test_an_off_by_one_at_any_boundary_is_caught_every_time(planted: History) -> None:
    assert [caught(planted, seed) for seed in (1, 2, 3)] == [True, True, True]


@pytest.mark.parametrize("planted", [None], ids=["no fault"], indirect=True)
def test_without_a_fault_the_copy_passes_every_check(planted: History) -> None:
    for number in range(20):
        for check in checks.EVERY:
            check(planted, np.random.default_rng([4, number]))


def test_each_fault_is_planted_once() -> None:
    assert len(MUTANTS) == len({(m.module, m.text, m.fault): m for m in MUTANTS})
    assert all(isinstance(mutant, Mutant) and mutant.text != mutant.fault for mutant in MUTANTS)
