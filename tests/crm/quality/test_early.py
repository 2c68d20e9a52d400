"""Rows before their lead's creation."""

from __future__ import annotations

import pytest

from readiness.crm.quality.early import Early, before_creation
from readiness.crm.records import Lead, instant
from tests.builders import activity, answer, handover, lead, tables

MICROSECOND = 1 / 86_400_000_000


def test_rows_and_leads_before_creation_are_counted_by_table():
    leads = [lead("A", 5), lead("B", 5)]
    rows = [
        activity(1, lead_id="A"),
        activity(2, lead_id="A"),
        activity(4, lead_id="B"),
        activity(6, lead_id="B"),
    ]
    found = before_creation(tables(leads, rows, [answer(4, lead_id="B")], (), [handover(7, lead_id="A")]))
    assert found == (Early("activities", 3, 2), Early("answers", 1, 1))


@pytest.mark.parametrize(("day", "rows"), [(5 - MICROSECOND, 1), (5, 0), (5 + MICROSECOND, 0)])
def test_what_happens_at_the_creation_is_not_before_it(day, rows):
    found = before_creation(tables([lead(created=5)], [activity(day)]))
    assert sum(early.rows for early in found) == rows


@pytest.mark.parametrize(
    ("day", "rows"), [(3 - MICROSECOND, 1), (3, 0), (3.5, 0)], ids=["the day before", "midnight", "noon"]
)
def test_a_creation_known_to_the_day_is_not_after_anything_on_that_day(day, rows):
    found = before_creation(tables([Lead("L-1", instant("2026-01-04"), "web")], [activity(day)]))
    assert sum(early.rows for early in found) == rows


@pytest.mark.parametrize("leads", [[], [lead(created=None)], [lead()]], ids=["none", "undated", "one"])
def test_without_rows_none_is_early(leads):
    assert before_creation(tables(leads)) == ()
