"""What is counted equals what a patient reader would count."""

from __future__ import annotations

from statistics import quantiles

import pytest
from hypothesis import given, settings

from readiness.crm.assembly import from_records
from readiness.crm.quality import measure
from readiness.crm.quality.contents import Contents
from readiness.crm.records import MICROSECONDS_PER_DAY, NO_INSTANT, iso
from readiness.crm.tables import Tables
from tests.builders import activity, answer, at, lead, outcome, tables
from tests.crm.worlds import THROUGH, Records, records


def _contents(given_tables: Tables) -> Contents:
    return measure(given_tables, shared_by=2).contents


def _month(when: int) -> str:
    return (iso(when) or "")[:7]


@settings(max_examples=60, deadline=None)
@given(records())
def test_counts_by_name_and_month_equal_a_slow_count(world: Records):
    held = _contents(from_records(*world.all(), observed_through=THROUGH))
    for one in held.activities:
        rows = [row for row in world.activities if (row.type, row.direction) == (one.name, one.direction)]
        assert one.rows == len(rows)
        assert one.leads == len({row.lead_id for row in rows})
        assert (one.first_at, one.last_at) == (
            min(row.occurred_at for row in rows),
            max(row.occurred_at for row in rows),
        )
    for one in held.answers:
        rows = [row for row in world.answers if row.field == one.name]
        assert (one.rows, one.leads) == (len(rows), len({row.lead_id for row in rows}))
    assert sum(one.rows for one in held.activities) == len(world.activities)
    assert sum(one.rows for one in held.answers) == len(world.answers)
    ended = {row.lead_id for row in world.outcomes}
    for place, month in enumerate(held.months.names):
        came = [one.lead_id for one in world.leads if _month(one.created_at or 0) == month]
        assert held.created[place] == len(came)
        assert held.ended[place] == len(ended & set(came))
        assert held.active[place] == len(
            {row.lead_id for row in world.activities if _month(row.occurred_at) == month}
        )


@settings(max_examples=60, deadline=None)
@given(records())
def test_ends_and_open_leads_equal_a_slow_count(world: Records):
    held = _contents(from_records(*world.all(), observed_through=THROUGH))
    created = {one.lead_id: one.created_at for one in world.leads}
    assert held.still_open == len(created) - len({row.lead_id for row in world.outcomes})
    assert held.without_activity == len(created) - len({row.lead_id for row in world.activities})
    assert held.without_source == sum(not one.source for one in world.leads)
    for end in held.ends:
        rows = [row for row in world.outcomes if row.outcome == end.name]
        days = [
            (row.occurred_at - (created[row.lead_id] or 0)) / MICROSECONDS_PER_DAY
            for row in rows
            if row.occurred_at is not None
        ]
        assert (end.rows, end.undated) == (len(rows), len(rows) - len(days))
        if len(days) > 1:
            assert [end.quarter_days, end.median_days, end.three_quarters_days] == pytest.approx(
                quantiles(days, n=4, method="inclusive")
            )


def test_of_days_to_the_end_the_middle_is_counted_by_hand():
    # Won after 1, 2, 3, 4 and 10 days: a quarter within 2, half within 3, three quarters within 4.
    leads = [lead(f"L-{number}", 0) for number in range(5)]
    ends = [outcome(day, lead_id=f"L-{number}") for number, day in enumerate([10, 1, 3, 2, 4])]
    (won,) = _contents(tables(leads, outcomes=ends)).ends
    assert (won.quarter_days, won.median_days, won.three_quarters_days) == (2, 3, 4)


def test_an_end_that_nobody_dated_has_no_days():
    (won,) = _contents(tables(outcomes=[outcome(None)])).ends
    assert (won.rows, won.undated, won.median_days) == (1, 1, None)


def test_tables_without_leads_hold_nothing():
    held = _contents(tables([]))
    assert set(held.rows.values()) == {0}
    assert (len(held.months), held.still_open, held.first_created) == (0, 0, NO_INSTANT)


def test_undated_tables_have_no_months_and_still_ends():
    held = _contents(tables([lead("A", None), lead("B", None)], outcomes=[outcome(None, lead_id="A")]))
    assert (held.dated, len(held.months), held.still_open) == (False, 0, 1)
    assert [(end.name, end.undated) for end in held.ends] == [("closed_won", 1)]


def test_a_lead_counts_once_in_a_month_however_active_it_is():
    # 31 January is day 30, 1 February day 31.
    rows = [activity(30), activity(30.9), activity(31), activity(31.5), answer(31)]
    held = _contents(tables([lead()], [row for row in rows if hasattr(row, "type")], [rows[-1]]))
    assert held.months.names == ("2026-01", "2026-02")
    assert held.active.tolist() == [1, 1]
    assert held.activities[0].rows == 4


def test_one_lead_is_described_like_many():
    held = _contents(tables([lead(created=3)]))
    assert (held.rows["leads"], held.created.tolist(), held.first_created) == (1, [1], at(3))
