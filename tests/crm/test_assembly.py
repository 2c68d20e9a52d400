"""From records to tables."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.crm.assembly import from_records
from readiness.crm.records import MICROSECONDS_PER_DAY, NO_INSTANT, Lead, instant
from readiness.crm.tables import Coded
from readiness.errors import DataError
from tests.builders import activity, answer, assert_same, at, handover, lead, outcome, tables
from tests.crm.worlds import THROUGH, Records, records
from tests.oracles import tables as oracle


def test_nobody_at_all_is_five_empty_tables() -> None:
    nobody = from_records([])

    assert [len(nobody.leads), len(nobody.activities), len(nobody.outcomes)] == [0, 0, 0]
    assert nobody.observed_through == NO_INSTANT


def test_one_lead_keeps_what_the_crm_wrote() -> None:
    one = tables([lead(size=40, role="CEO", client=True, budget=None, name="")]).leads

    assert one.attributes["size"].tolist() == [40.0]  # type: ignore[union-attr]
    assert {name: column.at(0) for name, column in one.attributes.items() if isinstance(column, Coded)} == {
        "budget": None,
        "client": "yes",
        "name": None,
        "role": "CEO",
    }


def test_a_column_with_numbers_and_texts_is_a_column_of_texts() -> None:
    sizes = tables([lead("A", size=40), lead("B", size="about 40"), lead("C", size=0.5), lead("D")]).leads

    assert sizes.attributes["size"].texts().tolist() == ["40", "about 40", "0.5", None]  # type: ignore[union-attr]


def test_rows_lie_by_lead_then_instant_then_content_whatever_their_order() -> None:
    rows = [activity(2, "b"), activity(1, "z"), activity(2, "a", lead_id="L-0"), activity(2, "a")]
    leads = [lead("L-1"), lead("L-0")]

    one, other = tables(leads, rows), tables(leads, rows[::-1])

    assert one.activities.type.texts().tolist() == ["z", "a", "b", "a"]
    assert one.activities.starts.tolist() == [0, 3, 4]
    assert_same(one, other)


@settings(deadline=None, max_examples=40)
@given(records(), st.randoms())
def test_the_order_of_events_cannot_be_told_from_the_tables(given_records: Records, random: object) -> None:
    leads, *events = given_records.all()
    shuffled = [random.sample(rows, len(rows)) for rows in events]  # type: ignore[attr-defined]

    assert_same(
        from_records(leads, *events, observed_through=THROUGH),
        from_records(leads, *shuffled, observed_through=THROUGH),
    )


@settings(deadline=None, max_examples=40)
@given(records(max_rows=12))
def test_sorting_equals_the_slow_way(given_records: Records) -> None:
    read = from_records(*given_records.all(), observed_through=THROUGH)

    expected = oracle.activities_in_order(given_records.leads, given_records.activities)
    assert oracle.rows_of(read, read.activities) == expected


def test_nothing_is_known_beyond_the_newest_instant() -> None:
    read = tables([lead()], [activity(3)], handovers=[handover(2, decided=5)], through=None)

    assert read.observed_through == at(5) + 1


@pytest.mark.parametrize(
    ("created", "date_only"),
    [("2026-03-14", True), ("2026-03-14T23:59:59Z", False)],
    ids=["the end of the day", "a second before it"],
)
def test_a_crm_whose_instants_are_all_days_keeps_dates_without_times(created: str, date_only: bool) -> None:
    assert from_records([Lead("L-1", instant(created))]).date_only is date_only


def test_leads_without_any_creation_are_undated() -> None:
    read = tables([lead(created=None)], outcomes=[outcome(None)])

    assert not read.dated
    assert read.observed_through == NO_INSTANT
    assert read.outcomes.occurred_at.tolist() == [NO_INSTANT]


def test_leads_without_id_get_one_from_content_and_occurrence() -> None:
    twins = tables([lead("", size=1), lead("", size=2), lead("", size=1)]).leads.lead_id.tolist()
    turned = tables([lead("", size=1), lead("", size=1), lead("", size=2)]).leads.lead_id.tolist()

    assert len(set(twins)) == 3
    assert set(twins) == set(turned)


def test_every_fault_is_told_at_once_and_says_where() -> None:
    with pytest.raises(
        DataError, match=r"(?s)3 faults.*activities, row 1, column direction: saw 'up'"
    ) as refused:
        tables([lead()], [activity(1, direction="up")], [answer(500)], [outcome(-1)])

    assert [fault.code for fault in refused.value.faults] == [
        "unknown_direction",
        "after_observation",
        "ended_before_creation",
    ]


@pytest.mark.parametrize("name", ["email", "E-Mail", "created_at", "Lead ID"])
def test_an_attribute_must_not_bear_the_name_of_a_column_of_ours(name: str) -> None:
    with pytest.raises(DataError, match="a name close to one of ours"):
        from_records([Lead("L-1", at(0), attributes={name: "x"})])


def test_instants_are_microseconds_and_not_rounded() -> None:
    read = from_records([Lead("L-1", at(0) + 1)])

    assert read.leads.created_at.dtype == np.int64
    assert read.leads.created_at.tolist() == [at(0) + 1]
    assert read.observed_through - at(0) < MICROSECONDS_PER_DAY


def test_numbers_must_be_finite() -> None:
    with pytest.raises(DataError, match="expected a finite number") as refused:
        tables([lead(size=float("inf"))], [activity(1, value=float("-inf"))])

    assert [(fault.table, fault.column, fault.seen) for fault in refused.value.faults] == [
        ("leads", "size", "'inf'"),
        ("activities", "value", "'-inf'"),
    ]


def test_minus_zero_and_zero_are_one_number() -> None:
    rows = [activity(1, value=-0.0), activity(1, value=0.0)]

    assert_same(tables(activities=rows), tables(activities=rows[::-1]))
    assert not np.signbit(tables(activities=rows).activities.value).any()


def test_identifiers_of_leads_without_id_tell_different_content_apart() -> None:
    alike = [lead("", role="a", name="bc"), lead("", role="ab", name="c"), lead("", None), lead("", 1)]

    ids = from_records([*alike[:2], *alike[3:], lead("", 0, None)]).leads.lead_id.tolist()

    assert len({lead_id.split("-")[0] for lead_id in ids}) == 4
