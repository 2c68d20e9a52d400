"""What ties a column to the others: the end alone, or something beside it."""

from __future__ import annotations

import numpy as np
import pytest

from readiness.history.first_looks import FirstLooks
from readiness.history.snapshots import Snapshots
from readiness.learning.leakage.columns import Column, number
from readiness.learning.leakage.ties import Ties, ties

N = 4_000


def _world(seed: int) -> tuple[np.ndarray, list[Column], np.random.Generator]:
    """Return ends that four numbers cause together, and the four."""
    random = np.random.default_rng(seed)
    causes = random.normal(size=(4, N))
    won = random.random(N) < 1.0 / (1.0 + np.exp(1.0 - 0.6 * causes.sum(axis=0)))
    others = [number(f"cause_{place}", cause) for place, cause in enumerate(causes)]
    return np.where(won, 1, 3).astype(np.int8), others, random


def _looks(event: np.ndarray, end: np.ndarray | None = None) -> FirstLooks:
    n = len(event)
    snapshots = Snapshots(np.arange(n, dtype=np.int32), np.zeros(n, dtype=np.int64))
    ends = event if end is None else end
    return FirstLooks(snapshots, event, ends.astype(np.int8), np.full(n, np.nan), np.full(n, np.nan))


def _tied(values: np.ndarray, others: list[Column], event: np.ndarray) -> Ties:
    return ties(number("one", values), others, others, _looks(event))


@pytest.mark.parametrize("seed", range(4))
def test_a_number_made_of_the_end_is_tied_by_the_end_alone(seed: int) -> None:
    event, others, random = _world(seed)
    found = _tied(random.normal(size=N) + 1.5 * (event == 1), others, event)
    assert found.through_the_end > 6.0
    assert found.p_beside > 0.01


@pytest.mark.parametrize("seed", range(4))
def test_another_cause_with_nothing_in_common_is_not_tied_through_the_end(seed: int) -> None:
    event, others, _ = _world(seed)
    found = ties(others[0], others[1:], others[1:], _looks(event))
    assert found.through_the_end < 4.0
    assert found.short > 3.0


def test_a_twin_of_another_column_is_tied_beside_the_end() -> None:
    event, others, random = _world(9)
    assert _tied(others[0].values + random.normal(size=N), others, event).p_beside < 1e-9


def test_without_others_or_without_ends_nothing_ties() -> None:
    event, others, random = _world(1)
    values = random.normal(size=N)
    assert _tied(values, [], event) == Ties(0.0, 0.0, 1.0)
    assert _tied(values, others, np.zeros(N, dtype=np.int8)).through_the_end == 0.0


@pytest.mark.parametrize("leads", [0, 1])
def test_nobody_and_one_lead_are_tied_by_nothing(leads: int) -> None:
    one = number("one", np.ones(leads))
    assert ties(one, [one], [one], _looks(np.ones(leads, dtype=np.int8))) == Ties(0.0, 0.0, 1.0)


def test_groups_too_small_for_the_test_are_left_out() -> None:
    # One lead of 1,000 holds both rare values: by chance in a thousand worlds once, and no evidence.
    rare = number("rare", np.where(np.arange(1_000) == 0, 1.0, 0.0))
    assert ties(rare, [rare], [rare], _looks(np.ones(1_000, dtype=np.int8))).p_beside == 1.0


def test_a_copy_of_the_outcome_is_not_tied_beside_it_by_what_tells_lost_from_disqualified() -> None:
    event, others, random = _world(2)
    end = np.where(event == 1, 1, np.where(others[0].values + random.normal(size=N) > 0, 3, 4))
    copied = number("copied", np.where(random.random(N) < 0.3, random.integers(0, 5, N), end).astype(float))
    assert ties(copied, others, others, _looks(event, end)).p_beside > 0.01
    assert ties(copied, others, others, _looks(event)).p_beside < 1e-9
