"""Copies are counted, and never shown."""

from __future__ import annotations

from dataclasses import astuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.crm.assembly import from_records
from readiness.crm.quality.copies import copies
from readiness.crm.records import Activity, Lead
from tests.builders import activity, answer, at, handover, lead, outcome, tables
from tests.crm.worlds import THROUGH, Records, records


@settings(max_examples=60, deadline=None)
@given(records(), st.randoms(use_true_random=False))
def test_copied_rows_equal_a_slow_count(world: Records, random):
    doubled = world.activities + [row for row in world.activities if random.random() < 0.5]
    random.shuffle(doubled)
    found = copies(
        from_records(
            world.leads, doubled, world.answers, world.outcomes, world.handovers, observed_through=THROUGH
        )
    ).rows

    def repeated(rows: list) -> int:
        return len(rows) - len({astuple(row) for row in rows})

    assert found["activities"] == repeated(doubled)
    assert found["answers"] == repeated(world.answers)
    assert found["handovers"] == repeated(world.handovers)


def test_a_missing_number_equals_a_missing_number():
    rows = [activity(1, value=None), activity(1, value=None), activity(1, value=2)]
    assert copies(tables(activities=rows)).rows["activities"] == 1


def test_a_row_that_differs_in_one_column_is_no_copy():
    one = activity(1, channel="web", detail="x", value=1)
    others = [
        activity(1, channel="web", detail="x", value=2),
        activity(1, channel="web", detail="y", value=1),
        activity(1, channel="mail", detail="x", value=1),
        activity(1, "chat", channel="web", detail="x", value=1),
        Activity("L-1", at(1), "web_visit", "outbound", "web", 1, "x"),
        activity(2, channel="web", detail="x", value=1),
    ]
    for other in others:
        assert copies(tables(activities=[one, other])).rows["activities"] == 0


def test_leads_are_copies_if_they_agree_in_all_but_the_id():
    twins = [lead("A", size="s", age=3.0), lead("B", size="s", age=3.0)]
    assert copies(tables(twins)).rows["leads"] == 1
    assert copies(tables([*twins, lead("C", size="t", age=3.0)])).rows["leads"] == 1
    assert copies(tables([*twins, lead("C", 1, size="s", age=3.0)])).rows["leads"] == 1
    assert copies(tables([*twins, lead("C", size="s", age=None)])).rows["leads"] == 1
    assert copies(tables([*twins, lead("C", size="s", age=3.0)])).rows["leads"] == 2


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("Ann@Example.com ", "ann@example.com", 1),
        ("ｎｅｔ@example.com", "net@example.com", 1),
        ("ann+a@example.com", "ann@example.com", 0),
        ("ann@example.com", None, 0),
        ("Ann <ann@example.com>", "ann@example.com", 1),
        ("nobody", "nobody", 0),
        (None, None, 0),
        ("  ", "  ", 0),
    ],
    ids=[
        "capitals and blanks",
        "wide letters",
        "a tag",
        "one is missing",
        "a name before it",
        "no address",
        "both are missing",
        "blanks",
    ],
)
def test_addresses_are_one_once_written_alike(one, other, shared):
    leads = [
        Lead("A", at(0), email=one),
        Lead("B", at(0), email=other),
        Lead("C", at(0), email="x@example.com"),
    ]
    assert copies(tables(leads)).shared["email"] == shared


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("+386 1 476 77 00", "00386-1-4767700", 1),
        ("(01) 476 7700", "014767700", 1),
        ("+386 (0)1 476 77 00", "+38614767700", 1),
        ("+386 1 476 77 00", "+385 1 476 77 00", 0),
        ("123456", "12 34 56", 0),
        ("1234567", "123 4567", 1),
        ("ext.", "ext.", 0),
    ],
    ids=[
        "signs",
        "brackets",
        "a nought that is not dialled",
        "another country",
        "too short",
        "long enough",
        "no digits",
    ],
)
def test_telephone_numbers_are_one_if_they_have_the_same_digits(one, other, shared):
    leads = [Lead("A", at(0), phone=one), Lead("B", at(0), phone=other)]
    assert copies(tables(leads)).shared["phone"] == shared


def test_three_leads_of_one_address_are_two_that_share_it_with_an_earlier_one():
    leads = [Lead(name, at(0), email="a@example.com") for name in "ABC"]
    assert copies(tables(leads)).shared == {"email": 2}


@pytest.mark.parametrize("leads", [[], [lead()]])
def test_without_a_second_row_nothing_is_a_copy(leads):
    rows = () if not leads else ([activity(1)], [answer(1)], [outcome(2)], [handover(1)])
    assert set(copies(tables(leads, *rows)).rows.values()) == {0}
