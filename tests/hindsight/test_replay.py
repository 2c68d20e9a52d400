"""The agreement replayed: when each lead would have been handed over."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.agreement.advice import ADVICE_RULES
from readiness.agreement.document import CATEGORIES
from readiness.crm.records import NO_INSTANT
from readiness.crm.selection import select
from readiness.crm.tables import Flags, Tables
from readiness.hindsight.replay import HAND_OVER, NEVER, Adviser, Forecast, advise_at, replay
from readiness.history.outcomes import Ended
from readiness.history.snapshots import Snapshots, every_week
from tests.agreement.agreements import FITTING, agreement
from tests.agreement.worlds import World, worlds
from tests.builders import activity, answer, at, handover, lead, outcome, tables

SMALL = agreement()
ADVISER = Adviser(SMALL)

# Day 0 is Thursday 1 January 2026, so day 4 is the first Monday. Of the small agreement a lead that fits is
# handed over with 10 points of interest (a demo: 12) and two BANT points (a demo confirms the need).
READY = [answer(5, "budget", "approved"), answer(5, "authority", "decides")]
DEMO = [activity(6, "demo")]


def days_of(made: Tables, adviser: Adviser = ADVISER) -> list[float]:
    return [(moment - at(0)) / (at(1) - at(0)) for moment in replay(made, adviser).at.tolist()]


def test_a_lead_is_handed_over_at_the_first_look_that_advises_it() -> None:
    made = tables([lead(**FITTING)], DEMO, READY, through=30)
    assert days_of(made) == [11]


def test_what_happens_at_the_very_instant_of_a_look_is_not_yet_seen() -> None:
    made = tables([lead(**FITTING)], [activity(11, "demo"), activity(11, "reply")], READY, through=30)
    assert days_of(made) == [18]


def test_only_the_first_hand_over_of_a_lead_counts() -> None:
    made = tables([lead(**FITTING)], [*DEMO, activity(20, "demo")], READY, through=60)
    found = replay(made, ADVISER)
    assert (found.lead.tolist(), len(found)) == ([0], 1)
    assert ADVICE_RULES[found.rule[0]].code == "HO3"
    assert CATEGORIES[found.category[0]] == "sales_worthy"


def test_a_lead_that_ended_is_handed_over_no_more() -> None:
    made = tables([lead(**FITTING)], DEMO, READY, [outcome(10, "stop_calling")])
    assert days_of(made) == []


def test_a_lead_that_told_us_to_stop_is_never_called_whenever_one_asks() -> None:
    made = tables([lead(**FITTING)], DEMO, READY, [outcome(10, "stop_calling")])
    look = Snapshots(np.zeros(1, dtype=np.int32), np.array([at(11)]))
    assert ADVICE_RULES[ADVISER.advise(made, look)[1].rule[0]].code == "NC1"


def test_what_sales_really_did_does_not_change_the_replay() -> None:
    rows = ([lead(**FITTING)], DEMO, READY)
    really = tables(*rows, handovers=[handover(3, 4, "declined", "no budget")], through=30)
    assert days_of(really) == days_of(tables(*rows, through=30)) == [11]


def test_who_must_never_be_called_is_not_handed_over() -> None:
    def everyone(_tables: Tables, snapshots: Snapshots, _ended: Ended) -> Flags:
        return np.ones(len(snapshots), dtype=np.bool_)

    made = tables([lead(**FITTING)], DEMO, READY, through=30)
    assert days_of(made, Adviser(SMALL, never_call=everyone)) == []


@pytest.mark.parametrize(
    ("score", "stop_risk", "line", "handed"),
    [
        (0.5, 0.0, None, True),
        (0.05, 0.0, None, False),
        (0.5, 0.9, None, False),
        (0.5, 0.0, 0.6, False),
        (np.nan, np.nan, 0.6, True),
    ],
    ids=["above the limits", "score too low", "stop risk too high", "below capacity", "nothing forecast"],
)
def test_with_a_model_score_stop_risk_and_capacity_keep_leads_back(
    score: float, stop_risk: float, line: float | None, handed: bool
) -> None:
    def forecaster(_tables: Tables, snapshots: Snapshots) -> Forecast:
        return Forecast(np.full(len(snapshots), score), np.full(len(snapshots), stop_risk))

    made = tables([lead(**FITTING)], DEMO, READY, through=30)
    assert bool(days_of(made, Adviser(SMALL, forecaster, line))) == handed


def test_no_leads_and_no_looks_are_an_empty_replay() -> None:
    nothing = replay(tables([]), ADVISER)
    assert (len(nothing), nothing.looks, nothing.at_of_leads().tolist()) == (0, 0, [])
    undated_end = replay(tables(outcomes=[outcome(None)]), ADVISER)
    assert (len(undated_end), undated_end.looks, undated_end.looked_at.tolist()) == (0, 0, [False])


def test_only_the_leads_chosen_are_looked_at() -> None:
    made = tables([lead("L-1"), lead("L-2"), lead("L-3")], through=12)
    found = replay(made, ADVISER, leads=np.array([False, True, False]))
    assert found.looked_at.tolist() == [False, True, False]
    assert found.looks == 3


def test_an_undated_lead_is_asked_once_as_it_stands_whatever_its_end() -> None:
    facts = FITTING | {"rfp": "yes", "budget": "approved", "authority": "decides"}
    won = lead("L-1", created=None, **facts)
    plain = lead("L-2", created=None)
    made = tables([won, plain], outcomes=[outcome(None)], through=None)
    found = replay(made, ADVISER)
    assert (found.lead.tolist(), found.at.tolist(), found.looks) == ([0], [NO_INSTANT], 2)


def slowly(made: Tables, adviser: Adviser) -> list[int]:
    """For one lead after the other: ask at one look after the other, stop at the first hand-over."""
    found = []
    for number in range(len(made.leads)):
        alone = select(made, np.array([number]))
        when = NEVER
        for cutoff in every_week(alone, until=made.observed_through).cutoff.tolist():
            look = Snapshots(np.zeros(1, dtype=np.int32), np.array([cutoff]))
            if adviser.advise(alone, look)[1].action[0] == HAND_OVER:
                when = cutoff
                break
        found.append(when)
    return found


EASY = agreement(handover__bant_at_least=0, profile__known_at_least=0.0, interest__high_from=4)


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(world=worlds(), at_once=st.integers(1, 40))
def test_the_replay_equals_one_lead_and_one_look_at_a_time_in_whatever_parts(
    world: World, at_once: int
) -> None:
    made = replace(world.tables(), observed_through=at(131))
    found = replay(made, Adviser(EASY), at_once=at_once)
    assert found.at_of_leads().tolist() == slowly(made, Adviser(EASY))
    assert found.looks == len(every_week(made, until=made.observed_through))


@settings(max_examples=25, deadline=None)
@given(world=worlds(), at_once=st.integers(1, 40))
def test_the_advice_at_any_snapshots_is_the_same_in_whatever_parts(world: World, at_once: int) -> None:
    made = world.tables()
    looks = every_week(made, until=at(60))
    some = looks.where(np.arange(len(looks)) % 3 == 1)
    whole = Adviser(EASY).advise(made, some)[1].rule
    assert advise_at(made, some, Adviser(EASY), at_once=at_once).tolist() == whole.tolist()
