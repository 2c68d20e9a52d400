"""When an effect is named, when it is called meaningless, and when nobody can tell."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.hindsight.hazards import Ratios
from readiness.hindsight.significance import Effect, effects
from readiness.judging.multiplicity import holm
from tests.oracles import person_time as oracle


def judged(ratio: float, error: float, *, events: int = 100, without: int = 100, others: int = 0) -> Effect:
    ratios = Ratios(np.log(np.append(ratio, np.ones(others))), np.full(1 + others, error))
    counts = np.full(1 + others, events)
    return effects(ratios, np.full(1 + others, 500), counts, np.full(1 + others, without))[0]


@pytest.mark.parametrize(
    ("ratio", "error", "verdict"),
    [
        (2.0, 0.1, "more"),
        (0.5, 0.1, "less"),
        (1.05, 0.05, "no difference"),
        (1.2, 0.02, "no difference"),
        (1.05, 0.3, "too few to tell"),
        (1.3, 0.15, "too few to tell"),
    ],
)
def test_verdicts(ratio: float, error: float, verdict: str) -> None:
    assert judged(ratio, error).verdict == verdict


def test_a_ratio_is_named_only_if_it_stands_out_among_all_that_were_looked_at() -> None:
    assert judged(1.5, 0.17).verdict == "more"
    assert judged(1.5, 0.17, others=50).verdict == "too few to tell"


@pytest.mark.parametrize(("events", "verdict"), [(4, "too few to tell"), (5, "more")])
def test_more_needs_five_events_after_the_act(events: int, verdict: str) -> None:
    assert judged(50.0, 0.5, events=events).verdict == verdict


@pytest.mark.parametrize(("without", "verdict"), [(4, "too few to tell"), (5, "less")])
def test_less_needs_five_events_without_the_act(without: int, verdict: str) -> None:
    assert judged(0.02, 0.5, without=without).verdict == verdict


def test_an_unknown_ratio_says_nothing() -> None:
    found = judged(np.nan, np.nan)
    assert found == Effect(None, None, None, None, 500, 100, "too few to tell")
    assert found.strength == -np.inf


def test_the_interval_is_that_of_95_percent() -> None:
    found = judged(2.0, 0.1)
    assert (found.low, found.high) == pytest.approx((2 * np.exp(-0.196), 2 * np.exp(0.196)), rel=1e-4)
    assert found.strength == pytest.approx(np.log(2) - 0.196, abs=1e-4)


def test_an_interval_that_no_number_could_hold_ends_where_numbers_do() -> None:
    one = np.array([9], dtype=np.int64)
    (found,) = effects(Ratios(np.array([2.0]), np.array([5_000.0])), one, one, one)
    assert (found.low, found.high) == (np.exp(-700.0), np.exp(700.0))
    assert found.verdict == "too few to tell"


def test_no_effects_are_judged_as_none() -> None:
    none = np.zeros(0)
    assert effects(Ratios(none, none), *[np.zeros(0, dtype=np.int64)] * 3) == ()


@given(st.lists(st.one_of(st.floats(0, 1), st.just(float("nan"))), max_size=12))
def test_holm_equals_stepping_down(p: list[float]) -> None:
    assert holm(np.array(p, dtype=np.float64)).tolist() == pytest.approx(oracle.holm(p), nan_ok=True)
