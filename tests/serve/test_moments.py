"""A moment is read as it was meant, or refused."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from readiness.crm.records import instant
from readiness.crm.time_checks import EARLIEST, LATEST
from serve.moments import Moment, read


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-03-14T09:00:00Z", "2026-03-14T09:00:00Z"),
        ("2026-03-14T09:00Z", "2026-03-14T09:00:00Z"),
        ("2026-03-14T11:00:00+02:00", "2026-03-14T09:00:00Z"),
        ("2026-03-13T23:30:00.5-09:30", "2026-03-14T09:00:00.5Z"),
        ("2026-03-14T09:00:00.123456789Z", "2026-03-14T09:00:00.123456Z"),
    ],
)
def test_a_time_with_a_zone_is_an_instant(written: object, meant: str) -> None:
    assert read(written) == Moment(instant(meant), date_only=False)


def test_a_date_without_time_is_the_end_of_that_day() -> None:
    assert read("2026-03-14") == Moment(instant("2026-03-14T23:59:59.999999Z"), date_only=True)


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("2026-03-14T09:00:00", "no zone"),
        ("2026-03-29T02:30", "no zone"),
        ("2026-02-30", "no such date"),
        ("2026-03-14T24:30:00Z", "no such date or time"),
        ("2026-03-14T09:00:00+25:00", "no such date or time"),
        ("9999-12-31T23:59:59-12:00", "between the years"),
        ("0001-01-01", "between the years"),
        ("1970-01-01", "between the years"),
        ("1989-12-31", "between the years"),
        ("2026-W11-6", "ISO 8601"),
        ("20260314T090000Z", "ISO 8601"),
        ("14.03.2026", "ISO 8601"),
        ("٢٠٢٦-03-14", "ISO 8601"),
        ("2026-03-14\n", "ISO 8601"),
        ("", "ISO 8601"),
        (0, "ISO 8601"),
        (1773478800, "ISO 8601"),
        (True, "ISO 8601"),
        (None, "ISO 8601"),
        ([], "ISO 8601"),
    ],
)
def test_what_could_be_meant_otherwise_is_refused(written: object, says: str) -> None:
    with pytest.raises(PydanticCustomError, match=says):
        read(written)


def test_the_bounds_are_the_years_they_stand_for() -> None:
    assert instant("1990-01-01T00:00:00Z") == EARLIEST
    assert instant("2200-01-01T00:00:00Z") == LATEST


def _naive(year: int) -> dt.datetime:
    return dt.datetime(year, 6, 1)  # noqa: DTZ001 - hypothesis adds the zone later


@given(st.datetimes(_naive(1991), _naive(2199)), st.integers(-14 * 60, 14 * 60))
def test_every_aware_time_is_read_to_the_microsecond(when: dt.datetime, minutes: int) -> None:
    aware = when.replace(tzinfo=dt.timezone(dt.timedelta(minutes=minutes)))
    assert read(aware.isoformat()).instant == instant(aware)
