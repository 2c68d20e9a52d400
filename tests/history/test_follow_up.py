"""How long leads have waited for somebody of ours, and where they stood on the first of each month."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.agreement.involvement import last_involved_at
from readiness.agreement.known import known
from readiness.crm.records import NO_INSTANT, iso
from readiness.history.follow_up import waiting_days
from readiness.history.months import month_of, month_starts, open_at_each
from readiness.history.snapshots import at as at_instant
from readiness.history.snapshots import open_at
from tests.builders import activity, at, handover, lead, outcome, tables
from tests.oracles import leads_now as slow


def waited(calls: list[float], handovers: list[float], on: float = 20.0) -> float:
    """How long one lead, created on day 0, has waited on a day."""
    made = tables(
        [lead()], [activity(day, "call", "outbound") for day in calls], handovers=[*map(handover, handovers)]
    )
    looks = at_instant(made, at(on))
    touched = last_involved_at(known(made, looks, frozenset()), ("call",))
    return float(waiting_days(made, looks, touched)[0])


def test_a_lead_nobody_touched_waits_since_its_creation() -> None:
    assert waited([], []) == 20.0


def test_a_lead_handed_over_waits_since_its_newest_hand_over() -> None:
    assert waited([5.0], [4.0, 12.0]) == 8.0


@pytest.mark.parametrize(
    ("call", "followed_up"),
    [(11.9, False), (12.0, True), (12.1, True), (20.0, False)],
    ids=["before it", "at the very instant", "after it", "at the cutoff, not yet seen"],
)
def test_who_was_called_from_the_hand_over_on_was_followed_up(call: float, followed_up: bool) -> None:
    assert math.isnan(waited([call], [12.0])) == followed_up


@pytest.mark.parametrize(("on", "days"), [(12.0, 12.0), (12.1, 0.1)], ids=["at its instant", "after it"])
def test_a_hand_over_at_the_cutoff_is_not_yet_seen(on: float, days: float) -> None:
    assert waited([], [12.0], on) == pytest.approx(days)


def test_of_undated_leads_nobody_can_tell_how_long_they_wait() -> None:
    made = tables([lead(created=None)], through=None)
    assert np.isnan(waiting_days(made, at_instant(made, NO_INSTANT), np.array([NO_INSTANT]))).all()


events = st.lists(st.integers(0, 24).map(float), max_size=3)


@settings(max_examples=40, deadline=None)
@given(rows=st.lists(st.tuples(events, events), min_size=1, max_size=4), on=st.integers(1, 24))
def test_it_is_what_going_through_one_row_after_the_other_comes_to(
    rows: list[tuple[list[float], list[float]]], on: int
) -> None:
    names = [f"L-{number}" for number in range(len(rows))]
    made = tables(
        [lead(name) for name in names],
        [
            activity(day, "call", lead_id=name)
            for name, row in zip(names, rows, strict=True)
            for day in row[0]
        ],
        handovers=[
            handover(day, lead_id=name)
            for name, row in zip(names, rows, strict=True)
            for day in sorted(set(row[1]))
        ],
    )
    looks = at_instant(made, at(on))
    touched = last_involved_at(known(made, looks, frozenset()), ("call",))
    slowly = [slow.waiting(made, number, at(on), {"call"}) for number in range(len(rows))]
    assert waiting_days(made, looks, touched).tolist() == pytest.approx(slowly, nan_ok=True)


@pytest.mark.parametrize(
    ("through", "last"), [(58.9, "2026-02"), (59.0, "2026-03")], ids=["just before", "at its beginning"]
)
def test_a_month_counts_once_it_has_begun(through: float, last: str) -> None:
    made = tables([lead(created=-40)], through=through)
    assert month_of(month_starts(made, 3))[-1] == last


def test_months_begin_after_the_first_lead_was_created() -> None:
    made = tables([lead(created=0)], through=100)
    assert [iso(each) for each in month_starts(made, 13).tolist()] == [
        "2026-02-01T00:00:00Z",
        "2026-03-01T00:00:00Z",
        "2026-04-01T00:00:00Z",
    ]


def test_without_leads_there_are_no_months() -> None:
    assert len(month_starts(tables([], through=100), 13)) == 0


def test_a_lead_is_looked_at_on_each_first_on_which_it_was_open() -> None:
    made = tables([lead("L-1", 0), lead("L-2", 40)], outcomes=[outcome(65, lead_id="L-1")], through=100)
    starts = month_starts(made, 13)
    looks, place = open_at_each(made, starts)
    assert list(zip(looks.lead.tolist(), place.tolist(), strict=True)) == [(0, 0), (0, 1), (1, 1), (1, 2)]
    for number, start in enumerate(starts.tolist()):
        assert looks.where(place == number).lead.tolist() == open_at(made, start).lead.tolist()
        assert set(looks.where(place == number).cutoff.tolist()) <= {start}
