"""A jump is told where there is one, and hardly ever where there is none."""

from __future__ import annotations

import numpy as np
import pytest

from readiness.crm.quality import measure
from readiness.crm.quality.jumps import Jump, Series, jumps
from readiness.crm.quality.months import Months
from tests.builders import activity, lead, tables

MONTHS = Months(56 * 12, 12)
"""The months of 2026."""


def _found(held: list[int], of: list[int] | int = 100) -> tuple[Jump, ...]:
    counts = [of] * len(held) if isinstance(of, int) else of
    series = Series("attribute", "budget", np.array(held), np.array(counts))
    return jumps([series], Months(MONTHS.first, len(held)))


def _months(held: list[int], of: list[int] | int = 100) -> list[str]:
    return [jump.month for jump in _found(held, of)]


def test_a_field_that_starts_in_march_is_told_with_both_shares():
    (jump,) = _found([0, 0, 90, 80, 100, 90])
    assert (jump.kind, jump.name, jump.month) == ("attribute", "budget", "2026-03")
    assert (jump.before, jump.after) == (0.0, 0.9)


@pytest.mark.parametrize("cut", range(1, 12))
def test_the_month_of_the_jump_is_the_first_of_the_new_share(cut):
    assert _months([80] * cut + [10] * (12 - cut)) == [MONTHS.name(cut)]


def test_a_month_in_which_it_starts_half_way_is_no_second_jump():
    assert _months([0, 0, 0, 0, 50, 100, 100, 100, 100]) in (["2026-05"], ["2026-06"])


def test_a_share_that_comes_and_goes_jumps_twice():
    assert _months([50] * 4 + [0] * 4 + [50] * 4) == ["2026-05", "2026-09"]


def test_a_slow_drift_is_no_jump():
    assert _months([20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75], 10_000) == []


def test_a_change_that_is_sure_but_small_is_no_jump():
    assert _months([5_000] * 6 + [5_600] * 6, 10_000) == []


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [(3_000, 5_000, 1), (3_000, 4_999, 0), (10, 200, 1), (25, 200, 0), (9, 199, 0), (0, 200, 1)],
    ids=["20 points", "less", "tenfold", "eightfold", "below 2 %", "from nothing"],
)
def test_a_jump_is_of_20_points_or_tenfold_to_at_least_two_percent(before, after, told):
    assert len(_months([before] * 6 + [after] * 6, 10_000)) == told


@pytest.mark.parametrize(("of", "told"), [(30, 1), (29, 0)])
def test_on_both_sides_at_least_30_are_counted(of, told):
    assert len(_months([0, 300, 300, 300], [of, 300, 300, 300])) == told


def test_months_in_which_nobody_came_say_nothing():
    assert _months([80, 80, 0, 0, 80, 80], [100, 100, 0, 0, 100, 100]) == []


@pytest.mark.parametrize("held", [[], [50]], ids=["no month", "one month"])
def test_without_two_months_nothing_jumps(held):
    assert _found(held) == ()
    assert jumps([], MONTHS) == ()


def test_the_more_is_looked_at_the_surer_a_jump_must_be():
    one = Series("attribute", "a", np.array([3, 14]), np.array([30, 30]))
    others = [Series("attribute", str(number), np.array([3, 3]), np.array([30, 30])) for number in range(99)]
    assert [jump.name for jump in jumps([one], Months(672, 2))] == ["a"]
    assert jumps([one, *others], Months(672, 2)) == ()


def test_chance_alone_makes_a_page_of_jumps_less_than_once_in_a_hundred():
    random = np.random.default_rng(1)
    pages = 0
    for _ in range(300):
        of = random.integers(5, 60, (20, 12))
        share = random.uniform(0.02, 0.98, (20, 1))
        held = random.binomial(of, share)
        series = [Series("attribute", str(row), held[row], of[row]) for row in range(20)]
        pages += bool(jumps(series, MONTHS))
    # Of 300 pages 3 are expected at the most; more than 8 would come less than once in a hundred times.
    assert pages <= 8


def test_a_field_an_activity_and_a_source_that_change_are_found_in_the_tables():
    # 40 leads a month for six months; from day 90 (1 April) on another source, no size and no chat.
    days = [30.0 * month + lag for month in range(6) for lag in np.linspace(1, 15, 40)]
    leads = [
        lead(f"L-{n}", day, "web" if day < 90 else "fair", size="s" if day < 90 else None, kind="k")
        for n, day in enumerate(days)
    ]
    rows = [activity(day, "call", "outbound", lead_id=f"L-{n}") for n, day in enumerate(days)]
    rows += [activity(day, "chat", lead_id=f"L-{n}") for n, day in enumerate(days) if day < 90]
    quality = measure(tables(leads, rows), shared_by=10)
    found = {(jump.kind, jump.name, jump.month) for jump in jumps(quality.series, quality.contents.months)}
    assert found == {
        ("attribute", "size", "2026-04"),
        ("from", "web", "2026-04"),
        ("from", "fair", "2026-04"),
        ("activity", "chat, inbound", "2026-04"),
    }


def test_sources_and_activities_that_few_leads_share_are_not_followed():
    leads = [lead(f"L-{n}", source="rare" if n < 9 else "often") for n in range(19)]
    rows = [activity(1, "odd", lead_id=f"L-{n}") for n in range(9)]
    names = {one.name for one in measure(tables(leads, rows), shared_by=10).series}
    assert names == {"source", "often"}
