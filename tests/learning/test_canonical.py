import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from readiness.crm.tables import Floats, Ints
from readiness.learning.canonical import canonical, deal

N = 40


def table(seed: int) -> tuple[Floats, Floats, Ints]:
    """Leads that often look alike: few distinct values, NaN and both zeros among them."""
    rng = np.random.default_rng(seed)
    X = rng.choice([0.0, -0.0, 1.0, np.nan], size=(N, 2))
    y = np.column_stack((rng.integers(0, 4, N), rng.integers(0, 2, N))).astype(np.float64)
    return X, y, rng.integers(0, 12, N)


@given(st.integers(0, 500), st.randoms(use_true_random=False))
def test_the_order_and_the_names_of_leads_cannot_show(seed: int, random: object) -> None:
    X, y, groups = table(seed)
    shuffled = np.random.default_rng(seed + 1).permutation(N)
    renamed = np.random.default_rng(seed + 2).permutation(100)[groups]
    one, other = canonical(X, y, groups), canonical(X[shuffled], y[shuffled], renamed[shuffled])
    assert np.array_equal(one.group, other.group)
    assert np.array_equal(X[one.rows], X[shuffled][other.rows], equal_nan=True)
    assert np.array_equal(y[one.rows], y[shuffled][other.rows])


def test_a_lead_s_rows_lie_together_and_are_numbered_as_they_appear() -> None:
    X, y, groups = table(3)
    order = canonical(X, y, groups)
    assert np.array_equal(order.group, np.sort(order.group))
    assert len(set(zip(order.group.tolist(), groups[order.rows].tolist(), strict=True))) == 12
    assert sorted(order.rows.tolist()) == list(range(N))


def test_one_row_and_no_row_are_in_order() -> None:
    X, y, groups = table(0)
    assert canonical(X[:1], y[:1], groups[:1]).rows.tolist() == [0]
    assert canonical(X[:0], y[:0], groups[:0]).rows.tolist() == []


def test_a_lead_lies_in_one_fold() -> None:
    group = np.repeat(np.arange(30), 3)
    fold = deal(group, np.zeros(90, np.int64), 5)
    assert len(set(zip(group.tolist(), fold.tolist(), strict=True))) == 30


def test_each_kind_of_end_is_spread_over_the_folds() -> None:
    event = np.r_[np.full(10, 2), np.full(23, 1), np.zeros(67, np.int64)].astype(np.int64)
    fold = deal(np.arange(100), event, 5)
    for kind in (0, 1, 2):
        counts = np.bincount(fold[event == kind], minlength=5)
        assert counts.max() - counts.min() <= 1


def test_no_leads_are_dealt_to_no_folds() -> None:
    assert deal(np.zeros(0, np.int64), np.zeros(0, np.int64), 5).tolist() == []


def test_leads_that_agree_in_all_but_their_instants_are_parted_by_these_whatever_their_names() -> None:
    X, y = np.zeros((4, 1)), np.zeros((4, 2))
    when, groups = np.array([3.0, 4.0, 1.0, 2.0]), np.array([7, 7, 2, 2])
    order = canonical(X, y, groups, when)
    renamed = canonical(X, y, np.array([2, 2, 7, 7]), when)
    shuffled = [2, 1, 0, 3]
    again = canonical(X, y, groups[shuffled], when[shuffled])
    assert when[order.rows].tolist() == when[renamed.rows].tolist() == when[shuffled][again.rows].tolist()
    assert order.group.tolist() == [0, 0, 1, 1]


def test_instants_move_nobody_who_differs_otherwise() -> None:
    random = np.random.default_rng(0)
    X, y, groups = random.normal(size=(20, 2)), random.normal(size=(20, 2)), np.arange(20) // 2
    given, without = canonical(X, y, groups, np.arange(20.0)), canonical(X, y, groups)
    assert given.rows.tolist() == without.rows.tolist()
