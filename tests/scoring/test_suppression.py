"""Who must never be called."""

from __future__ import annotations

import numpy as np
import pytest

from readiness.history import snapshots
from readiness.history.outcomes import ended_before
from readiness.scoring import Suppressions, not_looked_up, suppressed
from tests.builders import answer, at, lead, outcome, tables


def _never(given, day=100.0):
    looks = snapshots.at(given, at(day))
    return suppressed(given, looks, ended_before(given, looks)).tolist()


def test_who_told_us_to_stop_is_suppressed_from_then_on():
    given = tables(outcomes=[outcome(50, "stop_calling")])
    assert _never(given, 50) == [False]
    assert _never(given, 50.001) == [True]


def test_a_stop_that_nobody_dated_suppresses_all_along():
    assert _never(tables(outcomes=[outcome(None, "stop_calling")]), 1) == [True]


@pytest.mark.parametrize("ending", ["closed_won", "closed_lost", "disqualified"])
def test_any_other_end_suppresses_nobody(ending):
    assert _never(tables(outcomes=[outcome(50, ending)])) == [False]


@pytest.mark.parametrize("said", ["yes", "TRUE", " 1 ", "y", True, 1.0])
def test_a_flag_that_says_yes_suppresses_however_it_is_spelt(said):
    assert _never(tables([lead(do_not_call=said)])) == [True]


@pytest.mark.parametrize("said", ["no", "false", "0", "", None, False, 0.0])
def test_a_flag_that_says_no_or_nothing_suppresses_nobody(said):
    assert _never(tables([lead(do_not_call=said)])) == [False]


@pytest.mark.parametrize("name", ["Opted_Out", "has_opted_out_of_email", "is_do_not_call", "unsubscribed"])
def test_crms_call_the_flag_by_many_names(name):
    assert _never(tables([lead(**{name: "yes"})])) == [True]


def test_the_newest_answer_about_calling_counts_and_only_once_it_was_given():
    given = tables(answers=[answer(10, "do_not_call", "yes"), answer(20, "do_not_call", "no")])
    assert [_never(given, day) for day in (10, 10.1, 20, 20.1)] == [[False], [True], [True], [False]]


def test_one_lead_s_flag_is_not_another_s():
    given = tables([lead("L-1", opted_out="yes"), lead("L-2"), lead("L-3", opted_out="no")])
    assert _never(given) == [True, False, False]


def test_without_leads_nobody_is_suppressed():
    given = tables([])
    assert suppressed(
        given, snapshots.at(given, at(1)), ended_before(given, snapshots.at(given, at(1)))
    ).shape == (0,)


def test_a_flag_in_undated_tables_counts():
    given = tables([lead(created=None, do_not_call="yes")], through=None)
    assert _never(given) == [True]
    assert np.isscalar(given.observed_through)


def test_who_is_on_the_list_is_suppressed_whatever_the_cutoff():
    given = tables([lead("L-1"), lead("L-2")])
    looks = snapshots.at(given, at(100))
    listed = Suppressions(np.array([False, True]))
    assert suppressed(given, looks, ended_before(given, looks), listed).tolist() == [False, True]
    turned = looks.where(np.array([1, 0]))
    assert suppressed(given, turned, ended_before(given, turned), listed).tolist() == [True, False]


def test_a_list_that_was_not_read_bars_nobody_and_says_why():
    given = tables([lead("L-1"), lead("L-2")])
    listed = not_looked_up(given, "It cannot be read.")
    assert (listed.never.tolist(), listed.unread) == ([False, False], "It cannot be read.")
    assert not_looked_up(tables([]), "It cannot be read.").never.shape == (0,)
