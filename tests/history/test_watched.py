"""Which looks belong to a stretch of time."""

from __future__ import annotations

import numpy as np
import pytest

from readiness.crm.records import MICROSECONDS_PER_DAY as DAY
from readiness.history import watched
from readiness.history.snapshots import Snapshots
from readiness.history.watched import FIRST_LOOK, look_at_age, looks_between, looks_in_force, since_newest
from tests.builders import at, lead, outcome, tables

HOUR = 1 / 24


@pytest.mark.parametrize(
    ("start", "end", "there"),
    [(10 + HOUR, 20, True), (10.05, 20, False), (0, 10 + HOUR, False), (0, 10.05, True)],
    ids=["on the first instant", "just before it", "on the instant after the last", "just before that"],
)
def test_a_look_belongs_to_a_stretch_from_its_first_instant_to_before_its_last(start, end, there):
    made = tables([lead(created=10)])
    assert len(looks_between(made, at(start), at(end), FIRST_LOOK)) == there


def test_no_look_stands_at_or_after_the_end_of_what_is_known():
    made = tables([lead(created=10)], through=10 + HOUR)
    assert len(looks_between(made, at(0), at(99), FIRST_LOOK)) == 0


def test_a_look_at_an_age_is_one_a_lead_that_is_still_open():
    made = tables([lead("L-1"), lead("L-2")], outcomes=[outcome(3, lead_id="L-2")])
    found = looks_between(made, at(0), at(99), look_at_age(7.0))
    assert (found.lead.tolist(), found.cutoff.tolist()) == ([0], [at(7)])


def test_a_lead_open_at_the_start_is_looked_at_then_and_a_later_one_as_it_comes():
    leads = [lead("L-1", 0), lead("L-2", 5), lead("L-3", 10), lead("L-4", 50)]
    made = tables(leads, outcomes=[outcome(9, lead_id="L-2")])
    found = looks_in_force(made, at(10))
    when = dict(zip(found.lead.tolist(), found.cutoff.tolist(), strict=True))
    assert when == {0: at(10), 2: at(10 + HOUR), 3: at(50 + HOUR)}


def test_a_lead_that_came_just_before_the_start_is_looked_at_once():
    found = looks_in_force(tables([lead(created=10 - HOUR / 2)]), at(10))
    assert found.cutoff.tolist() == [at(10)]


@pytest.mark.parametrize(
    ("days", "count", "start"),
    [(2.0, 0, 8), (2.0, 1, 8), (2.0, 2, 5), (20.0, 0, 0), (2.0, 9, 0)],
    ids=["long enough", "holds one", "must reach back", "not before the beginning", "holds too few"],
)
def test_the_newest_stretch_is_long_enough_and_holds_enough(days, count, start):
    came = np.array([1, 5, 9]) * DAY
    assert since_newest(came, since=0, until=10 * DAY, least_days=days, count=count) == start * DAY


def test_the_newest_stretch_begins_at_midnight_so_that_it_does_not_begin_with_what_is_counted():
    came = np.array([5 * DAY + DAY // 2, 9 * DAY])
    assert since_newest(came, since=0, until=10 * DAY, least_days=1.0, count=2) == 5 * DAY


def test_what_came_before_the_beginning_or_at_the_end_does_not_count():
    came = np.array([1, 5, 10]) * DAY
    assert since_newest(came, since=2 * DAY, until=10 * DAY, least_days=1.0, count=2) == 2 * DAY


def test_stretches_are_cut_back_from_the_end_and_small_ones_are_none():
    cutoff = np.array([0, 4, 5, 6, 9, 10]) * DAY
    looks = Snapshots(np.arange(6, dtype=np.int32), cutoff)
    # Before day 10: 5–9 holds three, 0–4 two, and day 10 is not before it.
    assert watched.stretches(looks, 10 * DAY, 5 * DAY, 3).tolist() == [-1, -1, 0, 0, 0, -1]
    assert watched.stretches(looks, 10 * DAY, 5 * DAY, 2).tolist() == [1, 1, 0, 0, 0, -1]


def test_stretches_of_no_looks_are_none():
    nothing = Snapshots(np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int64))
    assert watched.stretches(nothing, 0, DAY, 1).tolist() == []


@pytest.mark.parametrize(("day", "whole"), [(100, True), (100.001, False)])
def test_a_whole_horizon_is_watched_up_to_the_end_of_what_is_known(day, whole):
    made = tables([lead()], through=130)
    assert watched.watched_for(made, np.array([at(day)]), 30.0).tolist() == [whole]


def test_days_until_an_instant_are_none_where_it_lies_before_the_look():
    looks = Snapshots(np.zeros(2, dtype=np.int32), np.array([at(3), at(8)]))
    assert watched.days_until(looks, at(5)).tolist() == [2.0, 0.0]


def test_an_instant_is_at_itself_and_not_after_the_next():
    assert watched.at_or_after(np.array([4, 5, 6]), 5).tolist() == [False, True, True]


def test_an_end_lies_in_a_stretch_from_its_first_instant_to_before_its_last():
    days = np.array([1.9, 2.0, 3.9, 4.0])
    assert watched.within(days, np.full(4, 2.0), np.full(4, 4.0)).tolist() == [False, True, True, False]
