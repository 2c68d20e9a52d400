"""How much one caller may ask."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serve.security.rates import Buckets


def test_after_a_quiet_time_so_many_may_come_at_once_and_no_more() -> None:
    buckets = Buckets(per_second=10, burst=3)
    assert [buckets.wait("a", 0.0) for _ in range(3)] == [0, 0, 0]
    assert buckets.wait("a", 0.0) == pytest.approx(0.1)


def test_whoever_waits_as_long_as_it_was_told_is_let_in() -> None:
    buckets = Buckets(per_second=10, burst=1)
    buckets.wait("a", 0.0)
    told = buckets.wait("a", 0.03)
    assert buckets.wait("a", 0.03 + told - 0.001) > 0
    assert buckets.wait("a", 0.03 + told) == 0


def test_one_caller_takes_nothing_from_another() -> None:
    buckets = Buckets(per_second=1, burst=1)
    assert (buckets.wait("a", 0.0), buckets.wait("b", 0.0)) == (0, 0)


@given(st.lists(st.floats(0, 1), max_size=60), st.floats(0.5, 20), st.integers(1, 5))
def test_in_any_stretch_no_more_come_through_than_the_rate_and_the_burst_allow(
    gaps: list[float], per_second: float, burst: int
) -> None:
    buckets, now = Buckets(per_second=per_second, burst=burst), 0.0
    passed = []
    for gap in gaps:
        now += gap
        if buckets.wait("a", now) == 0:
            passed.append(now)
    for first, since in enumerate(passed):
        for last in range(first, len(passed)):
            assert last - first + 1 <= burst + per_second * (passed[last] - since) + 1e-6
