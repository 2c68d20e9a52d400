"""The clock is read in UTC: hours, full hours, dates, weekends."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings

from readiness.crm.assembly import from_records
from readiness.crm.quality.clock import Clock, clocks
from readiness.crm.records import Lead, instant, iso
from readiness.crm.tables import Tables
from tests.builders import lead, tables
from tests.crm.worlds import THROUGH, Records, records


def _created(given_tables: Tables) -> Clock:
    return next(clock for clock in clocks(given_tables) if clock.column == "created_at")


def _of(text: str) -> Clock:
    return _created(tables([Lead("A", instant(text), "web")]))


@settings(max_examples=60, deadline=None)
@given(records())
def test_hours_and_weekdays_equal_the_calendars(world: Records):
    found = {clock.table: clock for clock in clocks(from_records(*world.all(), observed_through=THROUGH))}
    for side in ("inbound", "outbound"):
        rows = [row.occurred_at for row in world.activities if row.direction == side]
        when = [dt.datetime.fromisoformat(iso(row) or "") for row in rows]
        if not rows:
            assert f"activities, {side}" not in found
            continue
        clock = found[f"activities, {side}"]
        times = [one for one in when if one.time() != dt.time.max]
        assert (clock.instants, clock.times) == (len(when), len(times))
        assert clock.by_hour.tolist() == [sum(one.hour == hour for one in times) for hour in range(24)]
        assert clock.weekend == sum(one.isoweekday() > 5 for one in when)


@pytest.mark.parametrize(
    ("text", "weekend"),
    [
        ("2026-03-13T23:59:59Z", 0),
        ("2026-03-14T00:00:00Z", 1),
        ("2026-03-15", 1),
        ("2026-03-16T00:00:00Z", 0),
    ],
    ids=["Friday's last second", "Saturday's first", "Sunday as a date", "Monday's first"],
)
def test_the_weekend_is_saturday_and_sunday(text, weekend):
    assert _of(text).weekend == weekend


@pytest.mark.parametrize(
    ("text", "hour", "on_the_hour", "dates"),
    [
        ("2026-03-13T00:00:00Z", 0, 1, 0),
        ("2026-03-13T22:00:00Z", 22, 1, 0),
        ("2026-03-13T22:00:00.000001Z", 22, 0, 0),
        ("2026-03-13T21:59:59.999999Z", 21, 0, 0),
        ("2026-03-13T23:59:59.999998Z", 23, 0, 0),
        ("2026-03-13", None, 0, 1),
    ],
)
def test_a_full_hour_is_one_to_the_microsecond_and_a_days_end_is_a_date(text, hour, on_the_hour, dates):
    clock = _of(text)
    assert clock.by_hour.tolist() == [int(number == hour) for number in range(24)]
    assert (clock.on_the_hour.sum(), clock.dates) == (on_the_hour, dates)


@pytest.mark.parametrize("leads", [[], [lead(created=None)]], ids=["no leads", "undated"])
def test_where_nothing_is_dated_there_is_no_clock(leads):
    assert clocks(tables(leads)) == ()


def test_columns_without_instants_have_no_clock():
    assert [(clock.table, clock.instants) for clock in clocks(tables([lead()]))] == [("leads", 1)]
