import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.hindsight.suggest_evidence import Evidence, proven, tells
from readiness.judging.cohort import Known
from tests.oracles import hindsight_suggest as oracle


def known(outcome):
    return Known(np.array(outcome, dtype=np.int8), np.ones(len(outcome)))


def told(holds, outcome, lead=None):
    holds = np.array(holds, dtype=np.bool_)
    lead = np.arange(len(holds)) if lead is None else np.array(lead)
    return tells(holds, np.ones(len(holds), np.bool_), known(outcome), lead)


def test_sales_for_each_stop_are_compared():
    # With it 3 sales and 1 stop of 10, without it 1 sale and 2 stops of 5; a half is added to each count.
    found = told([True] * 10 + [False] * 5, [1, 1, 1, 2] + [0] * 6 + [1, 2, 2, 0, 0])
    assert (found.won, found.stop, found.won_else, found.stop_else) == (0.3, 0.1, 0.2, 0.4)
    assert found.times == pytest.approx((3.5 / 1.5) / (1.5 / 2.5))


def test_where_it_is_not_known_a_lead_counts_on_neither_side():
    applies = np.array([True, True, False, False])
    holds = np.array([True, False, True, True])
    found = tells(holds, applies, known([1, 2, 2, 2]), np.arange(4))
    assert (found.leads, found.won, found.stop) == (1, 1.0, 0.0)


def test_looking_twice_at_the_same_leads_makes_nothing_surer():
    holds, outcome = [True] * 30 + [False] * 30, [1] * 20 + [2] * 10 + [1] * 10 + [2] * 20
    once = told(holds, outcome)
    twice = told(holds * 2, outcome * 2, list(range(60)) * 2)
    assert twice.leads == once.leads
    assert twice.high / twice.low == pytest.approx(once.high / once.low, rel=0.03)


def test_of_no_lead_nothing_is_said_and_nothing_fails():
    found = told([], [])
    assert (found.leads, found.ends, found.enough) == (0, 0, False)


def test_half_of_all_intervals_at_least_hold_the_truth_and_nineteen_in_twenty_do():
    rng = np.random.default_rng(5)
    held = 0
    for _ in range(300):
        holds = rng.random(400) < 0.5
        stops = np.where(rng.random(400) < np.where(holds, 0.4, 0.2), 2, 1)  # odds 1.5 and 4: 0.375 times
        found = told(holds, stops)
        held += found.low <= 0.375 <= found.high
    assert 0.92 <= held / 300 <= 0.98


def evidence(p, leads=100, ends=50):
    return Evidence(leads, ends, 0.1, 0.1, 0.1, 0.1, 1.0, 0.5, 2.0, p)


@given(st.lists(st.floats(0, 1), max_size=12))
def test_sure_are_those_that_holm_rejects(p):
    assert proven([evidence(each) for each in p]) == oracle.holm(p, 0.05)


@pytest.mark.parametrize(("leads", "ends"), [(49, 50), (100, 9)], ids=["49 leads", "9 ends"])
def test_too_few_leads_are_sure_of_nothing_and_take_nothing_from_the_others(leads, ends):
    assert proven([evidence(0.0, leads, ends), evidence(0.04)]) == [False, True]
