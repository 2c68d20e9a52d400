"""Whether as many leads end as a model expects, while most of them are still open."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from readiness.judging.expected_ends import cumulative_hazards, ends, p_of_counts
from tests.judging.cohorts import exponential, true_incidence
from tests.oracles import watching as slow

DAYS = (1.0, 2.0, 5.0, 10.0, 20.0, 40.0, 80.0, 160.0)


def test_of_a_constant_hazard_the_sum_is_hazard_times_time():
    hazards = np.array([[0.01, 0.002, 0.003]])
    curves = true_incidence(hazards, DAYS)
    assert cumulative_hazards(curves, DAYS, np.array([30.0])) == pytest.approx(30 * hazards, rel=1e-9)


def test_time_beyond_the_last_day_counts_as_the_last_day_and_none_as_none():
    curves = true_incidence(np.array([[0.01, 0.0, 0.0]] * 3), DAYS)
    found = cumulative_hazards(curves, DAYS, np.array([0.0, 160.0, 400.0]))
    assert found[:, 0] == pytest.approx([0.0, 1.6, 1.6])


@given(
    st.lists(st.floats(0.0, 0.1), min_size=24, max_size=24),
    st.floats(0.0, 200.0),
    st.integers(1, 3),
)
def test_hazards_are_those_of_the_slow_walk_along_the_curve(growth, until, cause):
    curves = np.cumsum(np.array(growth).reshape(1, 8, 3), axis=1) / 2.5
    found = cumulative_hazards(curves, DAYS, np.array([until]))[0, cause - 1]
    assert found == pytest.approx(slow.cumulative_hazard(curves[0], DAYS, until, cause), abs=1e-9)


@given(st.integers(0, 40), st.floats(0.5, 40.0), st.integers(1, 60))
def test_p_is_that_of_adding_up_binomial_chances(observed, expected, learned_from):
    found = p_of_counts(observed, expected, learned_from)
    assert found == pytest.approx(slow.p_of_counts(observed, expected, learned_from), rel=1e-6)


@pytest.mark.parametrize(("observed", "expected", "learned"), [(0, 0.0, 10), (3, 0.0, 10), (3, 2.0, 0)])
def test_where_nothing_was_expected_or_learned_from_nothing_is_said(observed, expected, learned):
    assert p_of_counts(observed, expected, learned) == 1.0


def judged(seed, *, times=1.0, learned=10**6, tolerated=1.0):
    cohort, hazards = exponential(600, seed)
    curves = true_incidence(hazards / np.array([times, 1.0, 1.0]), DAYS)
    return ends(cohort.event, cohort.duration, curves, DAYS, (learned,) * 3, tolerated=tolerated)


def test_p_is_never_too_small_where_the_model_holds():
    found = np.array([[each.p for each in judged(seed)] for seed in range(200)]).ravel()
    for level in (0.01, 0.05, 0.2):
        assert (found <= level).mean() <= level + 3 * np.sqrt(level / len(found))


def test_slopes_are_one_and_their_p_uniform_where_the_model_holds():
    found = [judged(seed)[0] for seed in range(200)]
    assert np.mean([each.slope for each in found]) == pytest.approx(1.0, abs=0.05)
    assert stats.kstest([each.slope_p for each in found], "uniform").pvalue > 0.01


def test_a_model_that_is_a_little_too_bold_is_no_news():
    found = [judged(seed, tolerated=0.75)[0].slope_p for seed in range(100)]
    assert np.mean([p <= 0.05 for p in found]) <= 0.02
    assert np.median(found) > 0.7


def test_twice_as_many_as_expected_are_found():
    won = judged(3, times=2.0)[0]
    assert won.ratio == pytest.approx(2.0, abs=0.4)
    assert won.p < 1e-6
    assert won.low is not None
    assert won.low > 1.25


def test_what_was_learned_from_few_ends_is_not_sure():
    assert judged(3, times=2.0, learned=5)[0].p > 0.01


def test_where_those_who_end_are_not_those_whom_the_model_named_the_slope_is_nothing():
    cohort, hazards = exponential(2_000, 5)
    shuffled = true_incidence(hazards[np.random.default_rng(0).permutation(2_000)], DAYS)
    won = ends(cohort.event, cohort.duration, shuffled, DAYS, (10**6,) * 3)[0]
    assert won.slope == pytest.approx(0.0, abs=0.3)
    assert won.slope_p < 1e-6


def test_an_end_on_the_last_day_does_not_count_and_one_just_before_does():
    curves = true_incidence(np.array([[0.01, 0.0, 0.0]] * 2), DAYS)
    found = ends(np.array([1, 1]), np.array([160.0, 159.9]), curves, DAYS, (5, 5, 5))[0]
    assert found.observed == 1


@pytest.mark.parametrize("n", [0, 1])
def test_of_no_lead_or_one_hardly_anything_is_said(n):
    curves = true_incidence(np.full((n, 3), 0.01), DAYS)
    found = ends(np.zeros(n, dtype=np.int64), np.full(n, 9.0), curves, DAYS, (50, 50, 50))[0]
    assert (found.leads, found.observed, found.slope) == (n, 0, None)
    assert found.p == 1.0
    assert (found.ratio is None) is (n == 0)
