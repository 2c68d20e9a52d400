"""The leads' columns: filled, different, rare, constant."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings

from readiness.crm.assembly import from_records
from readiness.crm.quality import measure
from readiness.crm.quality.columns import Column
from readiness.crm.records import Lead, written
from readiness.crm.tables import Tables
from tests.builders import at, lead, tables
from tests.crm.worlds import THROUGH, Records, records


def _columns(given_tables: Tables, shared_by: int = 2) -> dict[str, Column]:
    return {column.name: column for column in measure(given_tables, shared_by=shared_by).columns}


@settings(max_examples=60, deadline=None)
@given(records())
def test_columns_equal_a_slow_count(world: Records):
    found = _columns(from_records(*world.all(), observed_through=THROUGH))
    for name in ("size", "role", "x y"):
        values = [text for one in world.leads if (text := written(one.attributes.get(name)))]
        if name not in found:
            assert values == []
            continue
        column, holders = found[name], Counter(values)
        assert (column.filled, column.distinct) == (len(values), len(holders))
        assert column.filled_by_month.sum() == len(values)
        if not column.numbers:
            assert column.rare == sum(count for count in holders.values() if count < 2)
    filled = sum(one.email is not None for one in world.leads)
    assert (found["email"].filled if "email" in found else 0) == filled


def test_a_value_counts_in_the_month_in_which_its_lead_was_created():
    # Day 30 is 31 January, day 31 is 1 February.
    leads = [lead("A", 30.99, size="s"), lead("B", 31, size=None), lead("C", 31, size="s"), lead("D", 31)]
    assert _columns(tables(leads))["size"].filled_by_month.tolist() == [1, 1]


def test_a_value_is_rare_below_so_many_leads_and_not_at_them():
    leads = [lead(str(number), size=size) for number, size in enumerate("aaabb")]
    assert _columns(tables(leads), shared_by=2)["size"].rare == 0
    assert _columns(tables(leads), shared_by=3)["size"].rare == 2
    assert _columns(tables(leads), shared_by=4)["size"].rare == 5


def test_a_column_is_constant_if_more_than_one_lead_says_the_same_and_none_another():
    leads = [lead("A", same="x", two="x", one="x"), lead("B", same="x", two="y"), lead("C", same=None)]
    found = _columns(tables(leads))
    assert (found["same"].constant, found["two"].constant, found["one"].constant) == (True, False, False)


def test_numbers_are_counted_and_never_rare():
    leads = [lead("A", size=3.0), lead("B", size=3.0), lead("C", size=4.0), lead("D", size=None)]
    column = _columns(tables(leads))["size"]
    assert (column.numbers, column.filled, column.distinct, column.rare) == (True, 3, 2, 0)


def test_of_identities_only_how_many_there_are_is_told():
    leads = [Lead("A", at(0), "web", email="a@example.com"), Lead("B", at(0), "web")]
    column = _columns(tables(leads))["email"]
    assert (column.role, column.filled, column.distinct, column.rare) == ("identity", 1, 0, 0)


def test_without_leads_there_is_a_source_that_nobody_has():
    column = _columns(tables([]))["source"]
    assert (column.filled, column.distinct, column.constant) == (0, 0, False)
