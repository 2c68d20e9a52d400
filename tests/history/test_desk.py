"""Where a lead stands between marketing and sales, as far as was known."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.crm.records import NO_INSTANT, Handover
from readiness.history import snapshots
from readiness.history.cuts import cut
from readiness.history.desk import DESK_STATES, desk
from tests import builders
from tests.builders import at, handover, lead, tables


def state(rows: list[Handover], day: float) -> tuple[str, int, float, str | None]:
    known = tables(handovers=rows)
    found = desk(known, snapshots.at(known, at(day)))
    return DESK_STATES[found.state[0]], int(found.since[0]), float(found.days[0]), found.reason.at(0)


def test_a_lead_that_was_never_handed_over_is_on_nobody_s_desk() -> None:
    told = state([], 10)

    assert told[:2] == ("none", NO_INSTANT)
    assert np.isnan(told[2])


@pytest.mark.parametrize(("day", "said"), [(10, "none"), (10.001, "waiting")])
def test_a_hand_over_is_known_only_after_its_instant(day: float, said: str) -> None:
    assert state([handover(10)], day)[0] == said


@pytest.mark.parametrize(
    ("day", "said"),
    [(12, ("waiting", at(10), 2.0, None)), (13, ("declined", at(12), 1.0, "no budget"))],
    ids=["at the decision", "a day after it"],
)
def test_a_decision_is_known_from_the_instant_after_it_was_taken(
    day: float, said: tuple[str, int, float, str | None]
) -> None:
    assert state([handover(10, 12, "declined", "no budget")], day) == said


def test_the_newest_hand_over_counts() -> None:
    rows = [handover(10, 11, "handed_back", "too early"), handover(20, 21, "accepted")]

    assert [state(rows, day)[0] for day in (20, 20.5, 22)] == ["handed_back", "waiting", "accepted"]


def test_a_decision_that_nobody_dated_counts_from_the_hand_over_on() -> None:
    assert state([handover(10, None, "accepted")], 11) == ("accepted", at(10), 1.0, None)


def test_of_two_hand_overs_at_one_instant_a_later_decision_does_not_hide_an_earlier_one() -> None:
    rows = [handover(10, 11, "accepted"), handover(10, 15, "declined")]

    assert [state(rows, day)[0] for day in (10.5, 12, 15, 16)] == [
        "waiting",
        "accepted",
        "accepted",
        "declined",
    ]


def test_without_leads_and_without_dates_nobody_is_handed_over() -> None:
    nobody, undated = tables([]), tables([lead(created=None)], through=None)

    assert len(desk(nobody, snapshots.at(nobody, at(1)))) == 0
    assert desk(undated, snapshots.at(undated, 0)).state.tolist() == [0]


DAYS = st.sampled_from([1.0, 2.0, 3.0, 4.0, 5.0])
ROWS = st.builds(
    lambda day, wait, decision, reason, who: handover(
        day, None if wait is None else day + wait, decision, reason, lead_id=who
    ),
    DAYS,
    st.sampled_from([None, 0.0, 1.0, 2.0]),
    st.sampled_from([None, "accepted", "declined", "handed_back"]),
    st.sampled_from([None, "no budget", "too early"]),
    st.sampled_from(["L-1", "L-2"]),
)


def slow(rows: list[Handover], who: str, day: float) -> tuple[str, int]:
    """The state and its instant, by plain loops; None dates first, as the tables sort them."""
    past = [row for row in rows if row.lead_id == who and row.handed_over_at < at(day)]
    if not past:
        return "none", NO_INSTANT
    newest = max(row.handed_over_at for row in past)
    ties = [row for row in past if row.handed_over_at == newest]
    ties.sort(key=lambda row: (row.decided_at or NO_INSTANT, ORDER.index(row.decision)))
    known = [row for row in ties if row.decided_at is None or row.decided_at < at(day)]
    if not known or known[-1].decision is None:
        return "waiting", newest
    return known[-1].decision, known[-1].decided_at or newest


ORDER = [None, "accepted", "declined", "handed_back"]


@given(st.lists(ROWS, max_size=6), st.sampled_from([1.0, 2.5, 3.0, 4.0, 5.5, 8.0]))
def test_the_kernel_equals_the_slow_loop_and_sees_nothing_from_the_cutoff_on(
    rows: list[Handover], day: float
) -> None:
    known = tables([lead("L-1"), lead("L-2")], handovers=rows)
    found = desk(known, snapshots.at(known, at(day)))
    past = cut(known, at(day))
    told = [(DESK_STATES[code], int(since)) for code, since in zip(found.state, found.since, strict=True)]

    assert told == [slow(rows, who, day) for who in ("L-1", "L-2")]
    again = desk(past, snapshots.at(past, at(day)))
    for name in ("state", "since", "days"):
        builders.assert_same(getattr(found, name), getattr(again, name))
    assert found.reason.texts().tolist() == again.reason.texts().tolist()


def test_one_lead_s_desk_is_the_same_among_others() -> None:
    rows = [handover(1, 2, "accepted", lead_id="L-1"), handover(3, lead_id="L-2")]
    for order in itertools.permutations(["L-1", "L-2", "L-3"]):
        known = tables([lead(who) for who in order], handovers=rows)
        found = desk(known, snapshots.at(known, at(5)))
        assert dict(zip(order, found.state.tolist(), strict=True)) == {"L-1": 2, "L-2": 1, "L-3": 0}
