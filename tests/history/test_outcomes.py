from __future__ import annotations

import numpy as np
import pytest

from readiness.crm.records import NO_INSTANT, Lead, Outcome
from readiness.errors import DataError
from readiness.history import snapshots
from readiness.history.outcomes import CENSORED, ENDED, STOP, WON, ended_before, label
from readiness.history.snapshots import Snapshots
from tests.builders import at, lead, outcome, tables


@pytest.mark.parametrize(
    ("won_on", "event", "duration"),
    [(100, WON, 0), (150, WON, 50), (199, WON, 99), (200, CENSORED, 100), (250, CENSORED, 100)],
    ids=["at the cutoff", "later", "the last day known", "the day the learner stands", "after that"],
)
def test_only_what_happened_from_the_cutoff_until_now_is_an_outcome(
    won_on: float, event: int, duration: float
) -> None:
    made = tables(outcomes=[outcome(won_on)])
    labels = label(snapshots.at(made, at(100)), made, known_until=at(200))
    assert labels.event.tolist() == [event]
    assert labels.duration.tolist() == [duration]


@pytest.mark.parametrize(
    ("end", "event"),
    [("closed_won", WON), ("stop_calling", STOP), ("closed_lost", ENDED), ("disqualified", ENDED)],
)
def test_won_and_stop_compete_and_other_ends_are_neutral(end: str, event: int) -> None:
    made = tables(outcomes=[outcome(20, end)])
    assert label(snapshots.at(made, at(10)), made, known_until=at(200)).event.tolist() == [event]


def test_the_first_end_counts() -> None:
    made = tables(outcomes=[outcome(30, "closed_won"), outcome(20, "closed_lost")])
    labels = label(snapshots.at(made, at(10)), made, known_until=at(200))
    assert (labels.event.tolist(), labels.duration.tolist()) == ([ENDED], [10])


def test_a_lead_that_never_answered_is_censored_and_not_a_negative() -> None:
    made = tables()
    labels = label(snapshots.at(made, at(10)), made, known_until=at(200))
    assert (labels.event.tolist(), labels.duration.tolist()) == ([CENSORED], [190])


def test_a_lead_is_censored_where_its_record_was_lost() -> None:
    made = tables([Lead("L-1", at(0), None, last_known_at=at(50))])
    labels = label(snapshots.at(made, at(10)), made, known_until=at(200))
    assert (labels.event.tolist(), labels.duration.tolist()) == ([CENSORED], [40])


def test_nothing_is_known_beyond_the_end_of_watching() -> None:
    made = tables(through=60)
    labels = label(snapshots.at(made, at(10)), made, known_until=at(200))
    assert labels.duration.tolist() == [50]


@pytest.mark.parametrize(
    ("end", "event"),
    [("closed_won", WON), ("stop_calling", STOP), ("closed_lost", ENDED), (None, CENSORED)],
)
def test_in_undated_tables_the_outcome_is_the_event_and_takes_no_time(end: str | None, event: int) -> None:
    made = tables([lead(created=None)], outcomes=[outcome(None, end)] if end else [], through=None)
    labels = label(snapshots.take(made, until=0), made, known_until=0)
    assert labels.event.tolist() == [event]
    assert np.isnan(labels.duration).all()


def test_no_snapshots_have_no_labels() -> None:
    made = tables([])
    labels = label(snapshots.take(made, until=at(400)), made, known_until=at(400))
    assert len(labels) == 0
    assert labels.event.dtype == np.int8


def test_every_snapshot_that_teaches_nothing_is_named_with_its_reason() -> None:
    made = tables(
        [lead("won"), lead("undated"), Lead("lost", at(0), None, last_known_at=at(30)), lead("open")],
        outcomes=[outcome(20, lead_id="won"), outcome(None, lead_id="undated")],
    )
    with pytest.raises(DataError, match="3 faults in the data") as caught:
        label(snapshots.at(made, at(30)), made, known_until=at(50))
    assert [fault.row for fault in caught.value.faults] == [1, 2, 3]
    assert [fault.expected for fault in caught.value.faults] == [
        "an instant before the lead's end (closed_won, 2026-01-21T00:00:00Z)",
        "an instant before the lead's end (closed_won, undated)",
        "an instant before the instant until which its record was kept",
    ]


def test_a_snapshot_where_the_learner_stands_is_refused() -> None:
    made = tables()
    with pytest.raises(DataError, match="2026-02-20T00:00:00Z, where the learner stands"):
        label(snapshots.at(made, at(50)), made, known_until=at(50))


@pytest.mark.parametrize(
    ("ended_on", "told"), [(9, 0), (10, -1)], ids=["before the cutoff", "at the cutoff: not yet seen"]
)
def test_a_lead_has_ended_if_it_did_so_before_its_cutoff(ended_on: float, told: int) -> None:
    made = tables(outcomes=[outcome(ended_on, "closed_won")])
    ended = ended_before(made, snapshots.at(made, at(10)))
    assert ended.outcome.tolist() == [told]
    assert ended.at.tolist() == [at(9) if told == 0 else NO_INSTANT]


def test_an_end_without_a_date_counts_as_ended() -> None:
    made = tables(outcomes=[outcome(None, "stop_calling")])
    ended = ended_before(made, snapshots.at(made, at(1)))
    assert (ended.outcome.tolist(), ended.at.tolist()) == ([1], [NO_INSTANT])


def test_whoever_told_us_to_stop_stays_stopped_whatever_was_noted_later() -> None:
    made = tables(outcomes=[outcome(5, "stop_calling"), outcome(6, "disqualified")])
    ended = ended_before(made, snapshots.at(made, at(10)))
    assert (ended.outcome.tolist(), ended.at.tolist()) == ([1], [at(5)])


def test_in_undated_tables_a_lead_with_an_outcome_has_ended() -> None:
    made = tables([lead("A", None), lead("B", None)], outcomes=[outcome(None, lead_id="B")], through=None)
    assert ended_before(made, snapshots.at(made, NO_INSTANT)).outcome.tolist() == [-1, 0]


@pytest.mark.parametrize(("ended", "event"), [(3, WON), (4, CENSORED)], ids=["that day", "the day after"])
def test_where_dates_have_no_times_a_record_was_kept_through_the_day_of_its_date(
    ended: int, event: int
) -> None:
    def end_of(day: int) -> int:
        return at(day + 1) - 1

    kept = Lead("L-1", end_of(0), "chat", last_known_at=end_of(3))
    made = tables([kept], outcomes=[Outcome("L-1", end_of(ended), "closed_won")], date_only=True)
    look = Snapshots(np.zeros(1, np.int32), np.array([end_of(0) + 1]))
    labels = label(look, made, known_until=made.observed_through)
    assert labels.event.tolist() == [event]
    assert labels.duration[0] == pytest.approx(3.0, abs=1e-6)
