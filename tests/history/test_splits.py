from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.crm.tables import Tables
from readiness.history import splits
from tests.builders import at, lead, outcome, tables


def won_daily(sales: int, through: float) -> Tables:
    """Return tables in which lead i is created on day i and won on day i + 10."""
    return tables(
        [lead(f"L-{i}", i) for i in range(sales)],
        outcomes=[outcome(i + 10, lead_id=f"L-{i}") for i in range(sales)],
        through=through,
    )


def test_the_test_starts_at_the_latest_instant_with_enough_sales_after_it() -> None:
    # Won on days 10 … 59; the last 20 of them on days 40 … 59.
    start = splits.test_start(won_daily(50, 60), horizon_days=5, won_needed=20)
    assert start == splits.TestStart(at(40), 20, 20.0)


def test_the_test_starts_early_enough_to_follow_a_lead_for_a_horizon() -> None:
    start = splits.test_start(won_daily(50, 60), horizon_days=30, won_needed=20)
    assert start == splits.TestStart(at(30), 30, 30.0)


def test_too_few_sales_are_counted_and_said() -> None:
    start = splits.test_start(won_daily(50, 60), horizon_days=30, won_needed=80)
    assert start == splits.NoTestStart(50, 80, 60.0, 30)
    assert start.missing == "Testing on later leads takes 30 more closed sales (there are 50)."


def test_too_short_a_history_is_said() -> None:
    start = splits.test_start(won_daily(50, 60), horizon_days=90, won_needed=20)
    assert isinstance(start, splits.NoTestStart)
    assert start.missing == ("Testing on later leads takes more than 30 more days of history (there are 60).")


def test_something_must_lie_before_the_test() -> None:
    made = tables([lead("A"), lead("B", 5)], outcomes=[outcome(0, lead_id="A"), outcome(5, lead_id="B")])
    start = splits.test_start(made, horizon_days=30, won_needed=2)
    assert isinstance(start, splits.NoTestStart)
    assert start.missing == "Testing on later leads takes leads created before the last 2 closed sales."


def test_sales_without_a_date_do_not_count() -> None:
    made = tables([lead("A")], outcomes=[outcome(None, lead_id="A")])
    start = splits.test_start(made, horizon_days=30, won_needed=1)
    assert isinstance(start, splits.NoTestStart)
    assert start.won == 0


@pytest.mark.parametrize(
    "made", [tables([]), tables([lead(created=None)], through=None)], ids=["empty", "undated"]
)
def test_without_leads_or_dates_there_is_no_test_in_time(made: Tables) -> None:
    assert splits.test_start(made, horizon_days=30) == splits.NoTestStart(0, 100, 0.0, 30)


def test_later_leads_are_those_created_at_or_after_the_instant() -> None:
    made = tables([lead("A", 4), lead("B", 5), lead("C", 6)])
    assert splits.later_leads(made, at(5)).tolist() == [False, True, True]
    assert splits.later_leads(tables([lead(created=None)], through=None), at(5)).tolist() == [False]


def test_leads_created_between_two_instants_are_those_from_the_first_and_before_the_second() -> None:
    made = tables([lead(str(day), created=day) for day in (4, 5, 6, 7)], through=10)
    assert splits.created_between(made, at(5), at(7)).tolist() == [False, True, True, False]
    assert splits.created_between(tables([lead(created=None)], through=None), at(5), at(7)).tolist() == [
        False
    ]


@pytest.mark.parametrize(
    ("created", "starts"),
    [([], []), ([3], []), ([1, 2, 3, 4], [3]), ([1, 2, 3, 4, 5, 6, 7, 8], [5, 7]), ([2, 2, 2, 2], [])],
    ids=["no leads", "one lead", "half of four", "half and three quarters of eight", "all at once"],
)
def test_rehearsals_start_where_shares_of_the_leads_had_come(created, starts) -> None:
    made = tables([lead(str(n), created=day) for n, day in enumerate(created)], through=10)
    shares = (0.5, 0.75) if len(created) != 4 else (0.5,)
    assert splits.rehearsal_starts(made, shares) == tuple(at(day) for day in starts)
    assert splits.rehearsal_starts(tables([lead(created=None)], through=None), shares) == ()


@settings(max_examples=50, deadline=None)
@given(
    groups=st.lists(st.integers(0, 12), max_size=60),
    k=st.integers(2, 5),
    seed=st.integers(0, 99),
    data=st.data(),
)
def test_folds_split_no_group_and_are_balanced_whatever_the_row_order(
    groups: list[int], k: int, seed: int, data: st.DataObject
) -> None:
    ids = np.array(groups, dtype=np.int64)
    fold = splits.folds(ids, k, seed)
    fold_of = dict(zip(groups, fold.tolist(), strict=True))
    assert [fold_of[group] for group in groups] == fold.tolist()
    sizes = np.bincount(np.array(list(fold_of.values()), dtype=np.int64), minlength=k)
    assert sizes.max() - sizes.min() <= 1
    order = np.array(data.draw(st.permutations(range(len(groups)))), dtype=np.int64)
    assert splits.folds(ids[order], k, seed).tolist() == fold[order].tolist()


def test_another_seed_deals_other_folds() -> None:
    groups = np.arange(50)
    assert splits.folds(groups, 5, 0).tolist() != splits.folds(groups, 5, 1).tolist()


def test_one_fold_is_refused() -> None:
    with pytest.raises(ValueError, match="1 folds leave nothing to learn from"):
        splits.folds(np.arange(3), 1, 0)


def test_identical_rows_share_a_group_and_others_do_not() -> None:
    nan = float("nan")
    matrix = np.array([[1.0, nan], [0.0, 2.0], [1.0, nan], [-0.0, 2.0], [1.0, 2.0]])
    groups = splits.identical_groups(matrix).tolist()
    assert groups[0] == groups[2]
    assert groups[1] == groups[3]
    assert len(set(groups)) == 3


def test_rows_without_columns_are_all_identical() -> None:
    assert splits.identical_groups(np.empty((3, 0))).tolist() == [0, 0, 0]
    assert splits.identical_groups(np.empty((0, 2))).tolist() == []
