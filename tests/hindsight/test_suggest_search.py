from itertools import combinations

import numpy as np
import pytest

from readiness import shipped
from readiness.agreement.reading import load
from readiness.hindsight.suggest_odds import Odds
from readiness.hindsight.suggest_search import Grid, search

AGREED = load(shipped.agreement())


def grid(leads=40, seed=3):
    """Return one look at each lead, and what is to be expected of it: in ``bad`` are all that stop."""
    rng = np.random.default_rng(seed)
    points = rng.uniform(1, 30, leads)
    bad, lame = rng.random(leads) < 0.3, rng.random(leads) < 0.5
    odds = Odds(np.where(bad, 0.1, 0.3), np.where(bad, 0.4, 0.01))
    passes = {"kind": [None, ~bad], "chance": [None, lame]}
    return Grid(np.arange(leads), passes, points, {"worth": [np.where(bad, 5.0, 0.0)]}, 1.0), odds


def test_what_brings_the_stops_is_ruled_out_and_nothing_else_is_changed():
    looks, odds = grid()
    found = search(looks, odds, line=15.0, starts=())
    assert found.choice == {"kind": 0}
    assert found.change < -0.2
    assert found.without == {"kind": 0.0}


def rate_at(looks, odds, choice, sales):
    """Return the cry-wolf rate at the highest line that brings so many sales, looked for line by line."""
    ladder = looks.ladder(choice)
    for line in np.sort(ladder.points)[::-1]:
        rows = ladder.handed_over(line)
        won, stop = odds.won[rows].sum(), odds.stop[rows].sum()
        if won >= sales - 1e-9:
            return stop / (stop + won)
    return None


def test_no_combination_of_options_does_much_better_at_as_many_sales():
    looks, odds = grid(400)
    found = search(looks, odds, line=15.0, starts=())
    sales = 0.5 * odds.won[looks.ladder({}).handed_over(15.0)].sum()
    best = rate_at(looks, odds, found.choice, sales)
    options = [(slot, 0) for slot in ("kind", "chance", "worth")]
    for size in (1, 2, 3):
        for choice in combinations(options, size):
            other = rate_at(looks, odds, dict(choice), sales)
            assert other is None or other > best - 0.06


@pytest.mark.parametrize(("kept", "found"), [(0.96, True), (0.94, False)], ids=["enough", "too few"])
def test_so_many_sales_have_to_be_left(kept, found):
    # All stops come with the first lead, and with it the share of the sales that is lost.
    odds = Odds(np.array([1.0 - kept, kept]), np.array([0.2, 0.0]))
    looks = Grid(np.arange(2), {"kind": [None, np.array([False, True])]}, np.full(2, 20.0), {}, 1.0)
    assert (search(looks, odds, line=15.0, starts=()) is not None) == found


def test_a_way_that_has_to_be_loosened_first_is_found_from_its_start():
    # Without the bad there are too few sales, unless those come in whom the terms of now keep back.
    bad, kept_back = np.arange(30) < 10, np.arange(30) >= 20
    odds = Odds(np.full(30, 0.3), np.where(bad, 0.1, 0.01))
    passes = {"kind": [None, ~bad], "terms": [~kept_back, np.ones(30, np.bool_)]}
    looks = Grid(np.arange(30), passes, np.full(30, 20.0), {}, 1.0)
    odds = Odds(odds.won, np.where(kept_back, 0.06, odds.stop))
    assert search(looks, odds, line=15.0, starts=()) is None
    assert search(looks, odds, line=15.0, starts=({"terms": 0},)).choice == {"kind": 0, "terms": 0}


@pytest.mark.parametrize("start", [{}, {"kind": 0}], ids=["taken as a step", "as it began"])
@pytest.mark.parametrize(("spared", "found"), [(0.06, True), (0.04, False)], ids=["enough", "too little"])
def test_a_change_has_to_be_worth_signing(spared, found, start):
    # Of the stops to be expected, so many come with the one lead in a hundred that the change rules out.
    odds = Odds(np.r_[0.0, np.full(99, 0.3)], np.r_[spared, np.full(99, (1.0 - spared) / 99)])
    looks = Grid(np.arange(100), {"kind": [None, np.arange(100) > 0]}, np.full(100, 20.0), {}, 1.0)
    assert (search(looks, odds, line=15.0, starts=(start,)) is not None) == found


def spared(first, second):
    """Return looks of which two, without sales, bring these shares of the stops; two slots rule them out."""
    stop = np.r_[first, second, np.full(98, (1.0 - first - second) / 98)]
    passes = {name: [None, np.arange(100) != row] for row, name in enumerate(("much", "little"))}
    odds = Odds(np.r_[0.0, 0.0, np.full(98, 0.3)], stop)
    return Grid(np.arange(100), passes, np.full(100, 20.0), {}, 1.0), odds


@pytest.mark.parametrize(("second", "taken"), [(0.06, 2), (0.04, 1)], ids=["enough", "too little"])
def test_a_further_change_has_to_be_worth_signing_too(second, taken):
    found = search(*spared(0.3, second), line=15.0, starts=())
    assert len(found.choice) == taken


@pytest.mark.parametrize(("second", "left"), [(0.035, 2), (0.015, 1)], ids=["something", "hardly anything"])
def test_what_it_began_with_is_left_out_if_it_does_hardly_anything(second, left):
    found = search(*spared(0.3, second), line=15.0, starts=({"little": 0},))
    assert len(found.choice) == left


def test_where_every_lead_is_alike_nothing_is_found():
    looks, _ = grid()
    alike = Odds(np.full(40, 0.3), np.full(40, 0.1))
    assert search(looks, alike, line=15.0, starts=()) is None


def test_of_no_looks_nothing_is_found():
    nothing = np.empty(0)
    looks = Grid(np.empty(0, np.int64), {"kind": [None, nothing.astype(np.bool_)]}, nothing, {}, 1.0)
    assert search(looks, Odds(nothing, nothing), line=15.0, starts=()) is None


@pytest.mark.parametrize("more", [1.0, 0.3], ids=["within sales' time", "beyond it"])
def test_sales_time_is_not_there_for_the_asking(more):
    # As many sales without the stops would take each good lead below the line, at a third of the chance.
    points = np.r_[np.full(20, 20.0), np.full(60, 5.0)]
    bad = np.r_[np.ones(10), np.zeros(70)].astype(np.bool_)
    won = np.r_[np.full(20, 0.3), np.full(60, 0.3 * more)]
    odds = Odds(won, np.where(bad, 0.4, 0.01))
    looks = Grid(np.arange(80), {"kind": [None, ~bad]}, points + np.arange(80) / 1e3, {}, 1.0)
    found = search(looks, odds, line=15.0, starts=())
    assert (found is not None) == (more == 1.0)
