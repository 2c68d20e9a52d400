import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.crm.tables import Floats
from readiness.learning.person_periods import base_log_hazards, edges_of, expand, reach_of, thin
from tests.oracles import learning as oracle

EDGES = np.array([0.0, 10.0, 30.0, 60.0])
FATES = st.tuples(st.integers(0, 3), st.integers(0, 140).map(lambda half: half / 2))


def fates(*rows: tuple[int, float]) -> Floats:
    return np.array(rows, dtype=np.float64).reshape(-1, 2)


def rows_of(y: Floats, edges: Floats) -> list[oracle.Row]:
    rows = expand(y, edges)
    columns = (rows.snapshot, rows.interval, rows.event, rows.weight)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def test_a_snapshot_becomes_one_row_per_interval_until_its_end() -> None:
    # Won on day 30, which belongs to the third interval: two quiet rows, then the sale.
    assert rows_of(fates((1, 30.0)), EDGES) == [(0, 0, 0, 1.0), (0, 1, 0, 1.0), (0, 2, 1, 1.0)]


def test_the_interval_cut_by_censoring_weighs_the_share_seen() -> None:
    # Last seen on day 15: all of the first interval, 5 of the 20 days of the second.
    assert rows_of(fates((0, 15.0)), EDGES) == [(0, 0, 0, 1.0), (0, 1, 0, 0.25)]


def test_an_end_on_the_last_edge_lies_beyond_reach() -> None:
    assert [event for _, _, event, _ in rows_of(fates((2, 60.0)), EDGES)] == [0, 0, 0]


def test_nothing_is_learnt_from_a_snapshot_censored_at_once() -> None:
    assert rows_of(fates((0, 0.0)), EDGES) == []


def test_undated_only_ended_leads_teach() -> None:
    y = fates((1, math.nan), (0, math.nan), (3, math.nan))
    assert rows_of(y, np.array([0.0, math.inf])) == [(0, 0, 1, 1.0), (2, 0, 3, 1.0)]


@given(st.lists(FATES, max_size=20))
def test_expansion_equals_the_slow_walk(drawn: list[tuple[int, float]]) -> None:
    y = fates(*drawn)
    assert rows_of(y, EDGES) == oracle.expand(y, EDGES.tolist())


@given(st.lists(FATES, min_size=1, max_size=20))
def test_no_weight_depends_on_how_a_snapshot_ended(drawn: list[tuple[int, float]]) -> None:
    rows = expand(fates(*drawn), EDGES)
    assert (rows.weight[rows.event > 0] == 1.0).all()
    assert ((rows.weight > 0.0) & (rows.weight <= 1.0)).all()


def test_the_reach_counts_leads_and_not_snapshots() -> None:
    # Three leads, seen until days 5, 50 and 100 from their first snapshots; the third has many snapshots.
    y = fates((1, 5.0), (0, 50.0), (0, 100.0), (0, 99.0), (0, 98.0))
    groups = np.array([0, 1, 2, 2, 2])
    assert reach_of(y, groups, longest=180.0, at_risk=2) == 50.0
    assert reach_of(y, groups, longest=40.0, at_risk=2) == 40.0
    assert reach_of(y, groups, longest=180.0, at_risk=4) == 0.0


def test_undated_there_is_no_reach_to_find() -> None:
    assert reach_of(fates((1, math.nan)), np.zeros(1, np.int64), longest=180.0, at_risk=50) == math.inf
    assert edges_of(fates((1, math.nan)), math.inf, intervals=10).tolist() == [0.0, math.inf]


def test_intervals_hold_about_as_many_ends_each() -> None:
    y = np.column_stack((np.ones(1000), np.random.default_rng(0).exponential(40.0, 1000)))
    edges = edges_of(y, 90.0, intervals=10)
    counts = np.histogram(y[y[:, 1] < 90.0, 1], edges)[0]
    assert len(edges) == 11
    assert counts.max() - counts.min() <= 2


def test_tied_event_times_make_fewer_intervals() -> None:
    y = fates(*[(1, 7.0)] * 30, *[(3, 0.0)] * 30, (0, 90.0))
    assert edges_of(y, 90.0, intervals=10).tolist() == [0.0, 7.0, 90.0]


def test_without_ends_there_is_one_interval() -> None:
    assert edges_of(fates((0, 90.0)), 90.0, intervals=10).tolist() == [0.0, 90.0]


def test_base_log_hazards_are_those_counted() -> None:
    # 90 quiet rows, 6 won and 4 stop in the one interval; ten more rows of the same shares change nothing.
    y = fates(*[(0, 60.0)] * 90, *[(1, 1.0)] * 6, *[(2, 1.0)] * 4)
    hazards = base_log_hazards(expand(y, np.array([0.0, 60.0])), 0, (1, 2), 1)
    assert hazards[:, 0] == pytest.approx(np.log([6 / 90, 4 / 90]))


def test_an_interval_without_an_end_has_a_finite_log_hazard() -> None:
    rows = expand(fates(*[(0, 60.0)] * 20, (1, 5.0)), EDGES)
    assert np.isfinite(base_log_hazards(rows, 0, (1,), 3)).all()


def test_thinning_keeps_every_end_and_the_expected_weight() -> None:
    rows = expand(fates(*[(0, 60.0)] * 1000, *[(1, 20.0)] * 50), EDGES)
    thinned = thin(rows, 500, seed=0)
    assert (thinned.event == 1).sum() == 50
    assert (thinned.event == 0).sum() == 500
    assert thinned.weight.sum() == pytest.approx(rows.weight.sum(), rel=1e-9)
    assert (np.diff(thinned.snapshot) >= 0).all()


def test_thinned_hazards_are_unbiased() -> None:
    rng = np.random.default_rng(0)
    y = np.column_stack((rng.integers(0, 2, 2000), rng.uniform(0.0, 60.0, 2000)))
    rows = expand(y, EDGES)
    exact = base_log_hazards(rows, 0, (1,), 3)
    drawn = [base_log_hazards(thin(rows, 400, seed=seed), 0, (1,), 3) for seed in range(200)]
    spread = np.std(drawn, axis=0) / np.sqrt(200)
    assert (np.abs(np.mean(drawn, axis=0) - exact) < 4 * spread + 0.005).all()


def test_few_quiet_rows_are_not_thinned() -> None:
    rows = expand(fates((0, 60.0), (1, 5.0)), EDGES)
    assert thin(rows, 100, seed=0) is rows


def test_no_snapshots_make_no_rows() -> None:
    assert len(expand(fates(), EDGES)) == 0
