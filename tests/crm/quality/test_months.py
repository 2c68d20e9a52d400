"""Months are those of UTC, and a month ends with its last microsecond."""

from __future__ import annotations

import numpy as np
import pytest

from readiness.crm.quality.months import NO_MONTH, Months, covering
from readiness.crm.records import NO_INSTANT, instant


def _instants(*texts: str) -> np.ndarray:
    return np.array([instant(text) for text in texts], dtype=np.int64)


JANUARY_ON = Months(56 * 12, 3)
"""January to March 2026."""


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("2025-12-31T23:59:59.999999Z", NO_MONTH),
        ("2026-01-01T00:00:00Z", 0),
        ("2026-01-31T23:59:59.999999Z", 0),
        ("2026-01-31", 0),
        ("2026-02-01T00:00:00Z", 1),
        ("2026-02-28T23:59:59.999999Z", 1),
        ("2026-03-31", 2),
        ("2026-04-01T00:00:00Z", NO_MONTH),
    ],
)
def test_an_instant_lies_in_the_month_of_its_day_in_utc(text, place):
    assert JANUARY_ON.places(_instants(text)).tolist() == [place]


def test_what_has_no_instant_lies_in_no_month():
    assert JANUARY_ON.places(np.array([NO_INSTANT])).tolist() == [NO_MONTH]
    assert JANUARY_ON.places(np.empty(0, dtype=np.int64)).tolist() == []


def test_months_are_named_as_iso_does():
    assert JANUARY_ON.names == ("2026-01", "2026-02", "2026-03")


def test_months_cover_from_the_first_to_the_last_instant_and_skip_what_is_missing():
    at = np.append(_instants("2024-02-29", "2023-12-31T23:59:59.999999Z"), NO_INSTANT)
    assert covering(at).names == ("2023-12", "2024-01", "2024-02")


@pytest.mark.parametrize("at", [[], [NO_INSTANT]])
def test_without_an_instant_there_are_no_months(at):
    months = covering(np.array(at, dtype=np.int64))
    assert len(months) == 0
    assert months.places(np.array([0])).tolist() == [NO_MONTH]


def test_of_too_many_months_the_last_ones_are_kept():
    at = _instants("1970-01-01", "2026-03-14")
    assert covering(at, most=2).names == ("2026-02", "2026-03")
    assert len(covering(at)) == 120
