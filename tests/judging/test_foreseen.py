"""How well a model would do on leads whose ends are still open, if its chances hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.judging.cohort import Known
from readiness.judging.foreseen import expected_auc, foreseen
from readiness.judging.metrics import auc
from tests.oracles import watching as slow


@given(st.lists(st.integers(0, 8).map(lambda eighths: eighths / 8), min_size=0, max_size=12))
def test_the_expected_auc_is_that_of_the_slow_loop_over_pairs(chance):
    found = expected_auc(np.array(chance, dtype=np.float64))[0]
    assert found == pytest.approx(slow.expected_auc(chance), nan_ok=True)


def test_the_expected_auc_counted_on_paper():
    # 0.8 before 0.2: right 0.8 · 0.8 = 0.64 of 0.64 + 0.2 · 0.2 = 0.68 pairs.
    assert expected_auc(np.array([0.8, 0.2]))[0] == pytest.approx(0.64 / 0.68)


def test_forecasts_that_come_true_reach_the_auc_they_expect():
    rng = np.random.default_rng(0)
    chance = rng.beta(1.0, 4.0, 20_000)
    known = Known((rng.random(20_000) < chance).astype(np.int8), np.ones(20_000))
    assert auc(known, chance, 1)[0] == pytest.approx(float(expected_auc(chance)[0]), abs=0.01)


def test_a_row_that_counts_twice_is_two_rows():
    chance = np.array([0.1, 0.5, 0.9])
    doubled = expected_auc(chance, np.array([[1.0, 0.0, 1.0]]))[0]
    assert doubled == pytest.approx(float(expected_auc(chance[[0, 2]])[0]))


@pytest.mark.parametrize("chance", [[], [np.nan]])
def test_without_a_forecast_nothing_is_foreseen(chance):
    found = foreseen(np.array(chance, dtype=np.float64), np.arange(len(chance)))
    assert (found.leads, found.share.value, found.auc.value) == (0, None, None)


def test_one_lead_has_a_share_and_no_auc():
    found = foreseen(np.array([0.3]), np.array([7]))
    assert (found.leads, found.share.value, found.auc.value) == (1, 0.3, None)
