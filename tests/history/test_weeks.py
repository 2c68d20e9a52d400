"""When an agreement is replayed: an hour after creation, and each Monday while the lead is open."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.crm.records import NO_INSTANT, Instant, Lead, iso
from readiness.crm.tables import Tables
from readiness.history.snapshots import every_week, week_of, weekly_looks
from tests.builders import at, lead, outcome, tables

# Day 0 is Thursday 1 January 2026: Mondays are the days 4, 11, 18 …
HOUR = 1 / 24


def days_of(made: Tables, until: float = 400) -> list[float]:
    return [
        (cutoff - at(0)) / (at(1) - at(0)) for cutoff in every_week(made, until=at(until)).cutoff.tolist()
    ]


def test_a_lead_is_looked_at_an_hour_after_creation_and_each_monday() -> None:
    assert days_of(tables(through=20)) == [HOUR, 4, 11, 18]


@pytest.mark.parametrize(
    ("ended", "looks"),
    [(10.999, [HOUR, 4]), (11, [HOUR, 4, 11])],
    ids=["before Monday", "on Monday at 00:00: not yet seen"],
)
def test_a_lead_that_ended_is_looked_at_no_more(ended: float, looks: list[float]) -> None:
    assert days_of(tables(outcomes=[outcome(ended)])) == looks


@pytest.mark.parametrize(("until", "looks"), [(11, [HOUR, 4]), (11.001, [HOUR, 4, 11])])
def test_every_look_lies_before_the_end_of_the_watch(until: float, looks: list[float]) -> None:
    assert days_of(tables(through=until)) == looks
    assert days_of(tables(), until=until) == looks


@pytest.mark.parametrize(("until", "looks"), [(HOUR, []), (HOUR + 0.001, [HOUR])])
def test_the_first_look_too_lies_before_the_end_of_the_watch(until: float, looks: list[float]) -> None:
    assert days_of(tables(), until=until) == looks


@pytest.mark.parametrize(
    ("created", "looks"),
    [(4, [4 + HOUR, 11]), (4 - HOUR, [4, 11]), (3.999, [4, 3.999 + HOUR, 11])],
    ids=[
        "created on Monday at 00:00",
        "first look on Monday: one look",
        "Monday comes before the hour is over",
    ],
)
def test_only_what_lies_after_creation_is_a_look_and_none_comes_twice(
    created: float, looks: list[float]
) -> None:
    assert days_of(tables([lead(created=created)], through=12)) == pytest.approx(looks)


def test_no_look_once_the_record_was_no_longer_kept() -> None:
    assert days_of(tables([Lead("L-1", at(0), "chat", last_known_at=at(11))])) == [HOUR, 4]


def test_a_lead_that_ended_on_an_unknown_date_is_never_looked_at() -> None:
    assert days_of(tables(outcomes=[outcome(None)])) == []


def test_where_only_dates_are_kept_the_first_look_is_the_next_midnight() -> None:
    day = Lead("L-1", at(1) - 1, "chat")
    assert days_of(tables([day], through=12, date_only=True)) == [1, 4, 11]


def test_undated_leads_are_looked_at_once_as_they_stand() -> None:
    made = tables([lead(created=None)], through=None)
    looks = every_week(made, until=NO_INSTANT)
    assert (looks.lead.tolist(), looks.cutoff.tolist()) == ([0], [NO_INSTANT])
    assert weekly_looks(made, until=NO_INSTANT).tolist() == [1]


def test_no_leads_have_no_looks() -> None:
    assert len(every_week(tables([]), until=at(400))) == 0
    assert len(weekly_looks(tables([]), until=at(400))) == 0


@pytest.mark.parametrize(
    ("day", "monday"),
    [(3.999, -3), (4, 4), (10.999, 4), (11, 11)],
    ids=["Sunday", "Monday", "Sunday", "Monday"],
)
def test_a_week_begins_on_monday_at_midnight(day: float, monday: float) -> None:
    assert week_of(np.array([at(day)])).tolist() == [at(monday)]


def slowly(created: Instant, ended: Instant | None, kept: Instant, until: Instant) -> set[Instant]:
    """Minute by minute would be too slow even here: hour by hour, for leads created on the hour."""
    found = set()
    moment = created
    while (moment := moment + 3_600_000_000) < min(kept, until):
        monday = iso(moment).endswith("T00:00:00Z") and (moment // 86_400_000_000 + 3) % 7 == 0
        if (moment == created + 3_600_000_000 or monday) and (ended is None or moment <= ended):
            found.add(moment)
    return found


hours = st.integers(0, 24 * 40).map(lambda hour: hour / 24)


@given(created=hours, ended=st.none() | hours, kept=st.none() | hours, until=hours)
def test_the_looks_are_those_that_a_slow_clock_finds(
    created: float, ended: float | None, kept: float | None, until: float
) -> None:
    ended = None if ended is None else created + ended
    kept_at = None if kept is None else at(created + kept)
    made = tables(
        [Lead("L-1", at(created), "chat", last_known_at=kept_at)],
        outcomes=[] if ended is None or (kept_at is not None and at(ended) >= kept_at) else [outcome(ended)],
        through=100,
    )
    end = at(ended) if len(made.outcomes) else None
    expected = slowly(at(created), end, kept_at or at(100), at(until))
    assert every_week(made, until=at(until)).cutoff.tolist() == sorted(expected)
    assert weekly_looks(made, until=at(until))[0] >= len(expected)
