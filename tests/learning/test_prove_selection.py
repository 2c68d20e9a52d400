"""Short versions of the proof of whose chances a model tells, and the truth that it compares with."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from benchmarks.prove_selection import AGES, LOOKS, WATCHED, lives, looked_at, summary, work

MADE = lives(8_000, 1)
EVERYONE = np.arange(8_000)


@pytest.mark.parametrize("days", [30.0, 90.0])
def test_the_truth_of_new_leads_is_what_happens_to_many(days: float) -> None:
    truth = MADE.chances(EVERYONE, np.zeros(8_000, dtype=np.bool_), days=days).mean(axis=0)
    happened = [((MADE.end < days) & (MADE.cause == cause)).mean() for cause in (1, 2)]
    assert truth == pytest.approx(happened, abs=0.01)


def test_the_truth_of_called_leads_is_what_happens_after_the_call() -> None:
    handed = np.flatnonzero(np.isfinite(MADE.handed))
    truth = MADE.chances(handed, np.ones(len(handed), dtype=np.bool_)).mean(axis=0)
    soon = MADE.end[handed] < MADE.handed[handed] + 90.0
    assert truth == pytest.approx(
        [(soon & (MADE.cause[handed] == cause)).mean() for cause in (1, 2)], abs=0.02
    )


def test_only_who_is_called_tells_us_to_stop() -> None:
    assert np.isfinite(MADE.handed[MADE.cause == 2]).all()
    assert (MADE.handed < MADE.end)[np.isfinite(MADE.handed)].all()


def test_the_product_looks_at_open_leads_at_ages_alone() -> None:
    lead, age = looked_at(MADE, LOOKS[0])
    assert set(age) == set(AGES)
    assert (MADE.end[lead] > age).all()


def test_the_rarer_lot_counts_three_times() -> None:
    lead, age = looked_at(MADE, LOOKS[3])
    drawn, times = np.unique(lead, return_counts=True)
    assert (MADE.lot[drawn] & (MADE.handed[drawn] < WATCHED)).all()
    assert (times == np.where(MADE.x[drawn, 1] > 0.0, 1, 3)).all()
    assert (age == MADE.handed[lead]).all()


def test_hand_overs_are_all_looked_at_where_that_is_tried() -> None:
    more = len(looked_at(MADE, LOOKS[1])[0]) - len(looked_at(MADE, LOOKS[0])[0])
    assert more == (MADE.handed < WATCHED).sum()


@pytest.mark.slow
def test_looks_at_ages_are_right_for_all_and_weighted_lots_for_whoever_is_called_now() -> None:
    ages, lots = work(LOOKS[0], 1), work(LOOKS[3], 1)
    assert np.abs(ages["scored"]).max() < 0.02 < np.abs(lots["scored"]).max()
    assert np.abs(ages["called"]).max() > np.abs(lots["called"]).max()


def found(bias: float) -> dict[str, Any]:
    one = {"kind": LOOKS[0], "seed": 0, "called": [0.0, 0.0], "truth": [[0.1, 0.1], [0.2, 0.2]]}
    return {**one, "scored": [0.0, bias]}


def test_a_forecast_off_the_truth_is_told() -> None:
    assert summary([found(0.015)])[1].startswith("Holds")
    assert summary([found(-0.016)])[1].startswith("Does not hold")
    assert summary([found(-0.016), found(0.016)])[1].startswith("Holds")
