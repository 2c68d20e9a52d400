"""Which came first, the value or the end: counted right, and telling the two apart."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.history.first_looks import FirstLooks
from readiness.history.snapshots import Snapshots
from readiness.learning.leakage.association import associated, auc
from readiness.learning.leakage.weighing import drawn, ends_and_days, intervals, log_ratio
from tests.builders import at
from tests.oracles import leakage as oracle

N = 3_000
counts = st.lists(st.integers(0, 9), min_size=3, max_size=3)


def _looks(event: np.ndarray, lived: np.ndarray, followed: np.ndarray) -> FirstLooks:
    cutoff = at(400) - (followed * 86_400_000_000).astype(np.int64)
    snapshots = Snapshots(np.arange(len(event), dtype=np.int32), cutoff)
    return FirstLooks(snapshots, event.astype(np.int8), event.astype(np.int8), lived, followed)


def _world(seed: int, value: np.ndarray | None = None) -> tuple[FirstLooks, np.random.Generator]:
    """Return leads that come over 400 days and end within about 100, sooner where the value is greater."""
    random = np.random.default_rng(seed)
    followed = random.uniform(1.0, 400.0, N)
    drive = np.zeros(N) if value is None else value
    waits = random.standard_exponential((N, 2)) * np.stack(
        [400.0 * np.exp(-1.6 * drive), np.full(N, 250.0)], 1
    )
    first = waits.min(axis=1)
    event = np.where(first < followed, np.where(waits[:, 0] < waits[:, 1], 1, 3), 0)
    return _looks(event, np.minimum(first, followed), followed), random


def _binned(value: np.ndarray) -> np.ndarray:
    return np.searchsorted(np.quantile(value, np.arange(1, 8) / 8), value)


@pytest.mark.parametrize("seed", range(5))
def test_a_value_that_drives_the_ends_was_there_before_them(seed: int) -> None:
    value = np.random.default_rng(100 + seed).normal(size=N)
    looks, _ = _world(seed, value)
    held = associated(_binned(value), 8, looks.event)
    assert held.strongest > 0.8
    assert log_ratio(looks, _binned(value), 8) < 0.0


@pytest.mark.parametrize("seed", range(5))
def test_a_value_drawn_once_the_end_is_known_was_written_then(seed: int) -> None:
    looks, random = _world(seed)
    value = random.normal(size=N) + 1.5 * (looks.event == 1) - 1.0 * (looks.event == 3)
    assert log_ratio(looks, _binned(value), 8) > 10.0


@pytest.mark.parametrize("days", [20, 100, 300])
def test_a_value_that_came_into_use_some_day_and_drives_the_ends_is_left_alone(days: int) -> None:
    value = np.random.default_rng(7).normal(size=N)
    looks, _ = _world(1, value)
    for used in (looks.followed < days, looks.followed >= days):
        assert log_ratio(looks, np.where(used, _binned(value), 8), 9) < 0.0


def test_the_order_of_the_leads_changes_nothing() -> None:
    looks, random = _world(3)
    place = random.integers(0, 4, N)
    turned = random.permutation(N)
    other = FirstLooks(
        looks.snapshots.where(turned),
        looks.event[turned],
        looks.end[turned],
        looks.lived[turned],
        looks.followed[turned],
    )
    assert log_ratio(other, place[turned], 4) == pytest.approx(log_ratio(looks, place, 4), abs=1e-6)


def test_without_ends_or_without_dates_nothing_can_be_told() -> None:
    looks, _ = _world(0)
    place = np.arange(N) % 2
    nobody = replace(looks, event=np.zeros(N, dtype=np.int8))
    undated = replace(looks, followed=np.full(N, np.nan))
    assert (log_ratio(nobody, place, 2), log_ratio(undated, place, 2)) == (0.0, 0.0)


def test_one_lead_can_be_weighed() -> None:
    looks = _looks(np.array([1]), np.array([3.0]), np.array([5.0]))
    assert np.isfinite(log_ratio(looks, np.zeros(1, dtype=np.int64), 2))


@given(held=counts, other=counts)
def test_the_auc_is_the_share_of_pairs_in_the_right_order(held: list[int], other: list[int]) -> None:
    held, other = [one + 20 * (place == 0) for place, one in enumerate(held)], [one + 7 for one in other]
    found = auc(np.array(held), np.array(other))
    assert found == pytest.approx(oracle.auc(held, other))
    assert found >= 0.5


@pytest.mark.parametrize(("few", "expected"), [(19, 0.5), (20, 1.0)])
def test_an_auc_takes_20_on_both_sides(few: int, expected: float) -> None:
    assert auc(np.array([few, 0]), np.array([0, 50])) == expected
    assert auc(np.array([0, 50]), np.array([few, 0])) == expected


@given(st.lists(counts, min_size=1, max_size=4))
def test_values_are_as_likely_as_drawn_from_an_urn_one_by_one(groups: list[list[int]]) -> None:
    assert drawn(np.array(groups)).tolist() == pytest.approx(oracle.drawn(groups))


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 12), st.integers(0, 2)), min_size=1, max_size=12))
def test_ends_and_days_are_those_of_a_plain_loop(rows: list[tuple[int, int, int]]) -> None:
    event, lived, place = (np.array(column) for column in zip(*rows, strict=True))
    looks = _looks(event, lived.astype(np.float64), lived + 1.0)
    edges = np.array([0.0, 3.0, 6.0, np.inf])
    ends, days = ends_and_days(looks, place, 3, edges)
    expected = oracle.ends_and_days(looks, place.tolist(), 3, edges.tolist())
    assert (ends.tolist(), days.tolist()) == expected


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 30), st.integers(0, 2)), min_size=2, max_size=14))
def test_the_accounts_weigh_what_loops_over_bins_intervals_and_causes_weigh(
    rows: list[tuple[int, int, int]],
) -> None:
    event, lived, place = (np.array(column) for column in zip(*rows, strict=True))
    if not event.any():
        event[0] = 1
    followed = lived + np.where(event > 0, 7.0 * place + 3.0, 0.0)
    looks = _looks(event, lived.astype(np.float64), followed)
    edges = intervals(looks.lived[event > 0]).tolist()
    expected = oracle.log_ratio(looks, place.tolist(), 3, edges)
    assert log_ratio(looks, place, 3) == pytest.approx(expected, abs=1e-6)


def test_intervals_hold_about_as_many_ends_each_and_the_last_none() -> None:
    edges = intervals(np.arange(1.0, 81.0))
    held = [
        int(((np.arange(1.0, 81.0) > low) & (np.arange(1.0, 81.0) <= high)).sum())
        for low, high in itertools.pairwise(edges)
    ]
    assert held == [10] * 8 + [0]
