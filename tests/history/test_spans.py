"""When leads did things, and the time they were watched, cut where something became known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from readiness.crm.records import MICROSECONDS_PER_DAY, NO_INSTANT, Activity
from readiness.history.occurrences import Occurrences, earliest, happened, occurrences, sharers
from readiness.history.spans import Spans, spans
from tests.builders import activity, at, lead, outcome, tables
from tests.history.worlds import DIRECTIONS, TYPES, generators, random_world
from tests.oracles import history as oracle
from tests.oracles.person_time import done, done_in_order

DEMO = ("demo_requested", "inbound")
VISIT = ("web_visit", "inbound")
DAYS_30 = 30 * MICROSECONDS_PER_DAY


def of(*rows: Activity) -> Occurrences:
    return occurrences(tables(activities=rows).activities, [DEMO, VISIT])


def test_the_first_time_is_the_earliest_and_of_the_right_direction() -> None:
    rows = [
        activity(5, "demo_requested"),
        activity(3, "demo_requested"),
        activity(1, "demo_requested", "outbound"),
    ]
    assert of(*rows).first(0).tolist() == [at(3)]
    assert of(*rows).first(1).tolist() == [NO_INSTANT]


def test_what_happens_at_the_same_instant_does_not_follow() -> None:
    found = of(activity(3, "demo_requested"), activity(3, "web_visit"), activity(4, "web_visit"))
    assert found.following(1, found.first(0)).tolist() == [at(4)]
    assert found.following(0, found.first(1)).tolist() == [NO_INSTANT]


def test_nothing_follows_what_never_happened() -> None:
    found = of(activity(3, "web_visit"))
    assert found.following(1, found.first(0)).tolist() == [NO_INSTANT]


def test_two_rows_of_one_instant_are_no_repeat() -> None:
    found = of(activity(3, "web_visit"), activity(3, "web_visit"))
    assert found.following(1, found.first(1)).tolist() == [NO_INSTANT]


@pytest.mark.parametrize(("later", "lately"), [(0, False), (1, True), (DAYS_30, True), (DAYS_30 + 1, False)])
def test_an_act_is_recent_from_just_after_it_until_the_window_has_passed(later: int, lately: bool) -> None:
    found = of(activity(3, "web_visit"))
    seen = found.lately(1, np.zeros(1, dtype=np.int32), np.array([at(3) + later]), DAYS_30)
    assert seen.tolist() == [lately]


def test_an_act_renewed_within_the_window_does_not_lapse_between() -> None:
    found = of(activity(3, "web_visit"), activity(33, "web_visit"), activity(64, "web_visit"))
    _, turns = found.turns(1, DAYS_30)
    assert sorted(turns.tolist()) == [at(3), at(63), at(64), at(94)]


def test_an_act_a_microsecond_after_the_window_comes_after_a_lapse() -> None:
    found = of(activity(3, "web_visit"), activity(33 + 1 / MICROSECONDS_PER_DAY, "web_visit"))
    assert sorted(found.turns(1, DAYS_30)[1].tolist()) == [at(3), at(33), at(33) + 1, at(63) + 1]


def test_a_thing_had_happened_only_after_its_instant() -> None:
    when, whose = np.array([at(3), NO_INSTANT]), np.array([0, 0, 1], dtype=np.int32)
    assert happened(when, whose, np.array([at(3), at(3) + 1, at(9)])).tolist() == [False, True, False]


def test_the_earliest_of_no_rows_is_none() -> None:
    assert earliest(2, np.array([1, 1], dtype=np.int32), np.array([9, 4])).tolist() == [NO_INSTANT, 4]


def test_sharers_count_each_lead_once() -> None:
    rows = [activity(1, "web_visit"), activity(2, "web_visit"), activity(1, "chat", "outbound")]
    assert sharers(tables(activities=rows).activities) == {("chat", "outbound"): 1, VISIT: 1}
    assert sharers(tables().activities) == {}


def test_a_lead_is_watched_from_just_after_its_creation_to_its_end() -> None:
    made = spans(tables(outcomes=[outcome(10)]), until=at(400))
    assert (made.opens.tolist(), made.closes.tolist()) == ([at(0) + 1], [at(10)])
    assert made.event.tolist() == [1]


def test_an_undecided_lead_is_watched_until_where_the_learner_stands() -> None:
    made = spans(tables(outcomes=[outcome(10)]), until=at(10))
    assert (made.closes.tolist(), made.event.tolist()) == ([at(10)], [0])


def test_an_act_at_the_instant_of_the_end_belongs_to_no_time() -> None:
    acts = [(np.zeros(2, dtype=np.int32), np.array([at(4), at(10)]))]
    made = spans(tables(outcomes=[outcome(10)]), until=at(400), known=acts)
    assert made.opens.tolist() == [at(0) + 1, at(4) + 1]
    assert made.event.tolist() == [0, 1]


def test_an_act_just_before_the_end_leaves_no_time_after_it() -> None:
    acts = [(np.zeros(1, dtype=np.int32), np.array([at(10) - 1]))]
    made = spans(tables(outcomes=[outcome(10)]), until=at(400), known=acts)
    assert (made.opens.tolist(), made.event.tolist()) == ([at(0) + 1], [1])


def test_time_is_cut_at_ages() -> None:
    made = spans(tables(outcomes=[outcome(10)]), until=at(400), edges=(3.0, 7.0, 20.0))
    assert made.age.tolist() == [0, 1, 2]
    assert made.days.tolist() == [3.0, 4.0, 3.0 - 1 / MICROSECONDS_PER_DAY]


def test_what_came_before_the_lead_cuts_nothing() -> None:
    acts = [(np.zeros(1, dtype=np.int32), np.array([at(-4)]))]
    assert len(spans(tables(), until=at(400), known=acts)) == 1


def test_the_agreement_says_what_an_end_counts_as() -> None:
    ended = tables(outcomes=[outcome(10, "disqualified")])
    assert spans(ended, until=at(400), event_of_outcome=(1, 2, 3, 2)).event.tolist() == [2]


def test_without_leads_there_is_no_time() -> None:
    assert len(spans(tables(leads=[]), until=at(400), edges=(1.0,))) == 0


def test_a_lead_that_ended_before_it_was_created_is_never_watched() -> None:
    assert len(spans(tables([lead(created=10)], outcomes=[outcome(10)]), until=at(400))) == 0


KINDS = [(kind, direction) for kind in TYPES for direction in DIRECTIONS]


def cut(world: oracle.World) -> tuple[Spans, Occurrences]:
    made = world.tables
    found = occurrences(made.activities, KINDS)
    everyone = np.arange(len(world.leads), dtype=np.int32)
    first = [found.first(kind) for kind in range(len(KINDS))]
    known = [(everyone, found.following(then, each)) for each in first for then in range(len(KINDS))]
    known += [*((everyone, each) for each in first), *(found.turns(k, DAYS_30) for k in range(len(KINDS)))]
    return spans(made, until=world.observed_through, known=known, edges=(7.0,)), found


@settings(max_examples=60, deadline=None)
@given(rng=generators)
def test_within_a_piece_nothing_that_is_known_changes(rng: np.random.Generator) -> None:
    world = random_world(rng, 4)
    made, found = cut(world)
    first = [found.first(kind) for kind in range(len(KINDS))]
    for kind, what in enumerate(KINDS):
        ever = happened(first[kind], made.lead, made.opens)
        lately = found.lately(kind, made.lead, made.opens, DAYS_30)
        again = happened(found.following(kind, first[kind]), made.lead, made.opens)
        then = happened(found.following(0, first[kind]), made.lead, made.opens)
        for row, (whose, opens, closes) in enumerate(zip(made.lead, made.opens, made.closes, strict=True)):
            lead_id = world.leads[whose].lead_id
            for cutoff in (int(opens), int(closes) - 1):
                assert (ever[row], lately[row], again[row]) == done(world, lead_id, what, cutoff, DAYS_30)
                assert then[row] == done_in_order(world, lead_id, what, KINDS[0], cutoff)


@settings(max_examples=60, deadline=None)
@given(rng=generators)
def test_the_pieces_of_a_lead_are_its_watched_time_and_end_as_it_did(rng: np.random.Generator) -> None:
    world = random_world(rng, 4)
    made, _ = cut(world)
    for position, each in enumerate(world.leads):
        rows = np.flatnonzero(made.lead == position)
        begin = (each.created_at or 0) + 1
        if oracle.ended(world, each, begin) or begin >= oracle.kept_until(world, each):
            assert len(rows) == 0
            continue
        event, watched = oracle.label(world, each, begin, world.observed_through)
        assert made.opens[rows[0]] == begin
        assert made.closes[rows[-1]] == max(begin + round(watched * oracle.DAY), begin + 1)
        assert made.opens[rows[1:]].tolist() == made.closes[rows[:-1]].tolist()
        assert made.event[rows].tolist() == [0] * (len(rows) - 1) + [event]
