"""A backtest of simulated leads equals what slow loops over their rows find."""

from __future__ import annotations

import functools

import numpy as np
import pytest

from readiness import shipped
from readiness.agreement.advice import ACTIONS
from readiness.agreement.reading import load
from readiness.crm import simulate
from readiness.crm.records import Instant
from readiness.crm.tables import Tables
from readiness.hindsight.backtest import Backtest, backtest
from readiness.hindsight.replay import Adviser, replay
from readiness.history.snapshots import Snapshots
from tests.oracles import hindsight

HORIZON = 90
ADVISER = Adviser(load(shipped.agreement()))


@functools.cache
def world() -> tuple[Tables, Backtest, dict[int, Instant]]:
    """A simulated CRM in which some records are lost, its backtest, and the hand-overs by lead."""
    tables = simulate.world(500, 4, options=simulate.WorldOptions(lost_records=0.2)).tables
    found = replay(tables, ADVISER)
    handed = dict(zip(found.lead.tolist(), found.at.tolist(), strict=True))
    return tables, backtest(tables, ADVISER, replicates=20), handed


def test_what_became_of_the_leads_is_what_a_loop_over_their_ends_counts() -> None:
    tables, found, handed = world()
    assert found.total.counts.to_dict() == hindsight.counts(hindsight.cohort(tables, handed), HORIZON)


def test_the_cry_wolf_rate_is_that_of_the_slow_estimate() -> None:
    tables, found, handed = world()
    slow = hindsight.cry_wolf(hindsight.cohort(tables, handed), HORIZON)
    assert found.total.cry_wolf.rate.value == pytest.approx(slow)


def test_each_week_holds_the_hand_overs_that_a_calendar_puts_into_it() -> None:
    _, found, handed = world()
    assert found.weeks is not None
    weeks = {each["from"][:10]: each["handed_over"] for each in found.weeks.to_dict()["weeks"]}
    assert {monday: count for monday, count in weeks.items() if count} == hindsight.weekly(handed)


def test_the_share_declined_is_that_of_the_first_real_hand_over_after_it() -> None:
    tables, found, handed = world()
    assert found.total.cry_wolf.declined == pytest.approx(hindsight.declined(tables, handed, HORIZON))


def test_what_is_kept_back_is_what_a_loop_over_the_hand_overs_finds() -> None:
    tables, found, handed = world()
    would = {}
    for row in range(len(tables.handovers)):
        lead = int(tables.handovers.lead[row])
        if lead not in would:
            look = Snapshots(np.array([lead], dtype=np.int32), tables.handovers.handed_over_at[[row]])
            would[lead] = ACTIONS[ADVISER.advise(tables, look)[1].action[0]] == "hand_over"
    (kept,) = found.kept_back
    count, share = hindsight.kept_back(tables, handed, would, HORIZON)
    assert sum(each.hand_overs for each in kept.by_rule) == count
    assert kept.sales.value == pytest.approx(share)
