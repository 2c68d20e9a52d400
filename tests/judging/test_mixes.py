"""How two sides of leads fall into the same bins."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from readiness.judging.mixes import mix, mix_of_codes, mix_of_numbers, p_of_mixes, psi, together
from tests.oracles import watching as slow

COUNTS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=8)


def ints(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def test_the_index_counted_on_paper():
    # (9 + ½) / 20 = 0.475 and 0.525 before; 0.175 and 0.825 now:
    # (0.175 − 0.475) ln(0.175 / 0.475) + (0.825 − 0.525) ln(0.825 / 0.525) = 0.29956 + 0.13559
    assert psi(ints(9, 10), ints(3, 16)) == pytest.approx(0.43515, abs=1e-5)


def test_equal_shares_have_no_index_whatever_the_sizes():
    assert psi(ints(10, 10), ints(500, 500)) == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize(("before", "now"), [((), ()), ((0, 0), (3, 1)), ((3, 1), (0, 0))])
def test_where_a_side_has_no_leads_nothing_is_compared(before, now):
    assert (psi(ints(*before), ints(*now)), p_of_mixes(ints(*before), ints(*now))) == (0.0, 1.0)


@given(COUNTS)
def test_index_and_p_are_those_of_the_slow_loops(counts):
    before, now = (ints(*side) for side in zip(*counts, strict=True))
    if before.sum() and now.sum():
        assert psi(before, now) == pytest.approx(slow.psi(before.tolist(), now.tolist()))
        bins = int(np.count_nonzero(before + now))
        expected = stats.chi2.sf(slow.pearson(before.tolist(), now.tolist()), bins - 1) if bins > 1 else 1.0
        assert p_of_mixes(before, now) == pytest.approx(expected)


@given(st.lists(st.integers(0, 20), min_size=1, max_size=12), st.floats(1.0, 30.0), st.booleans())
def test_bins_put_together_hold_enough_and_no_two_of_them_too_many(pooled, least, ordered):
    number = together(ints(*pooled), least, ordered=ordered)
    held = np.bincount(number, pooled)
    assert number.min() == 0
    assert len(held) == 1 or held.min() >= least
    if ordered:
        assert (np.diff(number) >= 0).all()


def test_bins_are_put_together_by_what_both_sides_hold_whichever_is_which():
    one, other = ints(40, 3, 2, 55), ints(30, 9, 11, 50)
    first, second = mix(one, other, ordered=True), mix(other, one, ordered=True)
    assert first.before.tolist() == second.now.tolist()
    assert first.p == second.p


def test_p_is_uniform_where_nothing_changed():
    rng = np.random.default_rng(1)
    found = [mix_of_numbers(rng.normal(size=3_000), rng.normal(size=400)).p for _ in range(400)]
    assert stats.kstest(found, "uniform").pvalue > 0.01


def test_a_moved_number_is_found_and_its_index_is_that_of_the_population():
    rng = np.random.default_rng(2)
    found = mix_of_numbers(rng.normal(size=20_000), rng.normal(0.5, 1.0, 20_000))
    # Of two normal distributions half a deviation apart the index is 0.5² = 0.25, a little less in ten bins.
    assert found.psi == pytest.approx(0.24, abs=0.02)
    assert found.p < 1e-6


def test_a_missing_number_is_a_bin_of_its_own():
    before, now = np.r_[np.full(50, np.nan), np.ones(50)], np.r_[np.full(90, np.nan), np.ones(10)]
    found = mix_of_numbers(before, now)
    assert (found.before.tolist(), found.now.tolist()) == ([50, 50], [90, 10])


def test_a_number_that_was_always_the_same_and_is_not_any_more_has_moved():
    assert mix_of_numbers(np.zeros(300), np.r_[np.zeros(200), np.ones(100)]).p < 1e-6


@pytest.mark.parametrize("values", [np.zeros(0), np.array([1.0]), np.array([np.nan])])
def test_of_no_lead_or_one_nothing_is_said(values):
    found = mix_of_numbers(values, values)
    assert (found.psi, found.p) == (0.0, 1.0)


def test_codes_beyond_those_asked_for_are_left_out():
    found = mix_of_codes(np.array([0.0, 0.0, 2.0]), np.array([0.0, 1.0, 3.0]), 2)
    assert (int(found.before.sum()), int(found.now.sum())) == (2, 2)


def test_what_moved_as_far_in_a_stretch_before_is_known_to_be_usual():
    calm, burst = np.tile([0.0, 1.0], 100), np.zeros(100)
    before = np.r_[calm, burst]
    stretch = np.r_[np.zeros(200, dtype=np.int64), np.ones(100, dtype=np.int64)]
    found = mix_of_codes(before, burst, 2, stretch)
    assert found.usual == pytest.approx(mix_of_codes(before, burst, 2).psi)
    assert mix_of_codes(before, burst, 2).usual == 0.0
