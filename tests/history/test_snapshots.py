from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from readiness.crm.records import MICROSECONDS_PER_HOUR, NO_INSTANT, Lead
from readiness.history import snapshots
from readiness.history.snapshots import Schedule, Snapshots
from tests.builders import at, handover, lead, outcome, tables


def days_of(looks: Snapshots) -> list[float]:
    return [(cutoff - at(0)) / (at(1) - at(0)) for cutoff in looks.cutoff.tolist()]


HOUR = 1 / 24


WITH_HANDOVERS = Schedule(at_handovers=True)


def test_a_lead_is_looked_at_an_hour_after_creation_and_at_nine_ages() -> None:
    looks = snapshots.take(tables(), until=at(400))
    assert days_of(looks) == [HOUR, 1, 3, 7, 14, 30, 60, 90, 180, 360]


def test_a_learner_does_not_look_because_sales_is_about_to_call() -> None:
    looks = snapshots.take(tables(handovers=[handover(5)]), until=at(10))
    assert days_of(looks) == [HOUR, 1, 3, 7]


def test_a_judge_of_handovers_looks_there_only() -> None:
    made = tables(handovers=[handover(5), handover(50)])
    looks = snapshots.take(made, until=at(400), schedule=snapshots.HANDOVERS_ONLY)
    assert days_of(looks) == [5, 50]
    assert len(snapshots.take(tables(), until=at(400), schedule=snapshots.HANDOVERS_ONLY)) == 0


def test_a_handover_is_looked_at_at_its_own_instant() -> None:
    looks = snapshots.take(tables(handovers=[handover(5)]), until=at(10), schedule=WITH_HANDOVERS)
    assert days_of(looks) == [HOUR, 1, 3, 5, 7]


def test_a_handover_at_a_scheduled_age_is_one_look_not_two() -> None:
    looks = snapshots.take(
        tables(handovers=[handover(7), handover(7)]), until=at(10), schedule=WITH_HANDOVERS
    )
    assert days_of(looks) == [HOUR, 1, 3, 7]


def test_a_handover_before_creation_is_not_looked_at() -> None:
    made = tables([lead(created=2)], through=5)
    early = tables([lead(created=0)], handovers=[handover(1)], through=5).handovers
    looks = snapshots.take(replace(made, handovers=early), until=at(5), schedule=WITH_HANDOVERS)
    assert days_of(looks) == [2 + HOUR, 3]


@pytest.mark.parametrize(
    ("won_on", "looks"),
    [(6.9, [HOUR, 1, 3]), (7, [HOUR, 1, 3, 7])],
    ids=["before the look", "at the look: not yet seen"],
)
def test_a_lead_is_looked_at_while_it_is_open(won_on: float, looks: list[float]) -> None:
    assert days_of(snapshots.take(tables(outcomes=[outcome(won_on)]), until=at(400))) == looks


def test_a_lead_that_ended_on_an_unknown_date_is_never_looked_at() -> None:
    assert len(snapshots.take(tables(outcomes=[outcome(None)]), until=at(400))) == 0


def test_no_look_at_or_after_where_the_learner_stands() -> None:
    assert days_of(snapshots.take(tables(), until=at(3))) == [HOUR, 1]


def test_no_look_once_the_record_was_no_longer_kept() -> None:
    kept = Lead("L-1", at(0), "chat", last_known_at=at(3))
    assert days_of(snapshots.take(tables([kept]), until=at(400))) == [HOUR, 1]


def test_where_only_dates_are_kept_the_first_look_is_the_next_midnight() -> None:
    dated = Lead("L-1", at(1) - 1, "chat")
    looks = snapshots.take(tables([dated], date_only=True, through=3), until=at(3))
    assert looks.cutoff.tolist() == [at(1), at(2) - 1]


def test_a_schedule_can_be_another() -> None:
    weekly = Schedule(first_hours=2, age_days=(7.0,), at_handovers=False)
    looks = snapshots.take(tables(handovers=[handover(5)]), until=at(400), schedule=weekly)
    assert days_of(looks) == [2 * HOUR, 7]


def test_without_leads_there_are_no_snapshots() -> None:
    assert len(snapshots.take(tables([]), until=at(400))) == 0
    assert len(snapshots.open_at(tables([]), at(10))) == 0


def test_undated_leads_have_one_snapshot_each_without_a_cutoff() -> None:
    undated = tables([lead("A", None), lead("B", None)], outcomes=[outcome(None, lead_id="B")], through=None)
    looks = snapshots.take(undated, until=at(0))
    assert looks.lead.tolist() == [0, 1]
    assert looks.cutoff.tolist() == [NO_INSTANT, NO_INSTANT]
    assert np.isnan(snapshots.ages(undated, looks)).all()
    assert snapshots.open_at(undated, at(0)).lead.tolist() == [0]


def test_open_leads_are_those_created_before_and_not_ended_before() -> None:
    made = tables(
        [
            lead(name, created)
            for name, created in (("old", 0), ("won", 0), ("tie", 0), ("new", 5), ("lost", 0))
        ],
        outcomes=[outcome(4, lead_id="won"), outcome(5, lead_id="tie"), outcome(None, lead_id="lost")],
    )
    looks = snapshots.open_at(made, at(5))
    assert [made.leads.lead_id[row] for row in looks.lead] == ["old", "tie"]
    assert set(looks.cutoff.tolist()) == {at(5)}


def test_a_lead_is_as_old_as_the_time_since_its_creation() -> None:
    looks = Snapshots(np.array([0], dtype=np.int32), np.array([at(2) + 12 * MICROSECONDS_PER_HOUR]))
    assert snapshots.ages(tables(), looks).tolist() == [2.5]


def test_nothing_is_learned_from_a_lead_that_ended_or_whose_record_was_lost() -> None:
    made = tables(
        [lead("open"), lead("won"), lead("undated"), Lead("lost", at(0), None, last_known_at=at(3))],
        outcomes=[outcome(2, lead_id="won"), outcome(None, lead_id="undated")],
    )
    assert snapshots.open_and_kept(made, snapshots.at(made, at(3))).tolist() == [True, False, False, False]
    assert snapshots.open_and_kept(made, snapshots.at(made, at(2))).tolist() == [True, True, False, True]
