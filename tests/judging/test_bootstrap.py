import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.judging.bootstrap import Estimate, Figure, Ratio, draw


def test_a_lead_s_snapshots_come_and_go_together() -> None:
    resamples = draw(np.array([7, 7, 3, 7]), replicates=50, seed=1)
    weights = np.concatenate(list(resamples.blocks()))
    assert (weights[:, 0] == weights[:, 1]).all()
    assert (weights[:, 0] == weights[:, 3]).all()
    assert (weights[:, 0] + weights[:, 2] == 2).all()


def test_the_same_seed_gives_the_same_draw_and_another_another() -> None:
    leads = np.arange(40)
    first, again, other = (draw(leads, replicates=5, seed=seed).counts for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any()


@given(st.integers(0, 99))
def test_a_draw_follows_the_leads_and_not_the_order_of_rows(seed: int) -> None:
    lead = np.array([5, 5, 9, 2, 2, 2])
    order = np.random.default_rng(seed).permutation(len(lead))
    rows = draw(lead, replicates=8, seed=3).counts[:, draw(lead, replicates=8, seed=3).position]
    turned = draw(lead[order], replicates=8, seed=3)
    assert (turned.counts[:, turned.position] == rows[:, order]).all()


@given(st.integers(0, 999))
def test_a_ratio_equals_its_sums_over_the_drawn_rows(seed: int) -> None:
    rng = np.random.default_rng(seed)
    lead, top, bottom = rng.integers(0, 4, 9), rng.normal(size=9), rng.random(9)
    resamples = draw(lead, replicates=6, seed=seed)
    slow = [(row * top).sum() / (row * bottom).sum() for row in resamples.counts[:, resamples.position]]
    assert resamples.ratio(Ratio(top, bottom)).replicates == pytest.approx(np.array(slow))


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(11)
    held = 0
    for world in range(200):
        lead = np.repeat(np.arange(60), 5)
        values = np.repeat(rng.normal(size=60), 5) + 0.1 * rng.normal(size=300)
        figure = draw(lead, replicates=300, seed=world).ratio(Ratio(values, np.ones(300))).figure()
        held += figure.low is not None and figure.high is not None and figure.low <= 0 <= figure.high
    # 95 % of 200 is 190, three binomial standard errors are 9; taking rows for leads would give about 60 %
    assert 181 <= held <= 199


def test_many_leads_drawn_in_clusters_have_the_same_interval() -> None:
    rng = np.random.default_rng(5)
    lead = np.repeat(np.arange(6_000), 2)
    ratio = Ratio(np.repeat(rng.normal(size=6_000), 2), np.ones(12_000))
    whole, clustered = (
        draw(lead, replicates=500, seed=0, clusters=clusters).ratio(ratio).replicates.std()
        for clusters in (6_000, 500)
    )
    assert clustered == pytest.approx(whole, rel=0.15)


def test_a_lead_is_never_split_between_clusters() -> None:
    resamples = draw(np.repeat(np.arange(50), 3), replicates=2, seed=0, clusters=7)
    assert resamples.counts.shape == (2, 7)
    assert (resamples.position.reshape(50, 3) == resamples.position[::3, None]).all()


def test_differences_are_paired() -> None:
    lead, values = np.arange(30), np.random.default_rng(0).normal(size=30)
    resamples = draw(lead, replicates=100, seed=0)
    better = resamples.ratio(Ratio(values, np.ones(30)))
    worse = resamples.ratio(Ratio(values + 0.25, np.ones(30)))
    gap = (worse - better).figure()
    assert gap.low == pytest.approx(0.25)
    assert gap.high == pytest.approx(0.25)


def test_blocks_do_not_change_a_result(monkeypatch: pytest.MonkeyPatch) -> None:
    resamples = draw(np.arange(10), replicates=7, seed=0)
    whole = resamples.of(lambda weights: weights.sum(axis=1))
    monkeypatch.setattr("readiness.judging.bootstrap._BLOCK", 20)
    assert len(list(resamples.blocks())) == 4
    assert (resamples.of(lambda weights: weights.sum(axis=1)) == whole).all()


def test_a_figure_that_few_replicates_define_has_no_interval() -> None:
    replicates = np.where(np.arange(100) < 80, 1.0, np.nan)
    assert Estimate(1.0, replicates).figure() == Figure(1.0, None, None)


def test_what_is_not_known_has_no_figure() -> None:
    assert Estimate(float("nan"), np.zeros(10)).figure() == Figure(None, None, None)


def test_no_rows_give_no_figure() -> None:
    empty = draw(np.zeros(0, dtype=np.int64), replicates=4, seed=0)
    assert empty.ratio(Ratio(np.zeros(0), np.zeros(0))).figure() == Figure(None, None, None)


def test_one_lead_is_drawn_every_time() -> None:
    one = draw(np.array([4]), replicates=3, seed=0).ratio(Ratio(np.array([2.0]), np.array([1.0])))
    assert one.figure() == Figure(2.0, 2.0, 2.0)
