"""Some of the leads with everything that belongs to them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.crm.assembly import from_records
from readiness.crm.selection import select
from tests.builders import activity, assert_same, lead, tables
from tests.crm.worlds import THROUGH, Records, records


def test_the_order_asked_for_is_the_order_returned() -> None:
    both = tables(
        [lead("A"), lead("B")], [activity(1, "call", lead_id="B"), activity(2, "web_visit", lead_id="A")]
    )

    turned = select(both, np.array([1, 0]))

    assert turned.leads.lead_id.tolist() == ["B", "A"]
    assert turned.activities.type.texts().tolist() == ["call", "web_visit"]


def test_a_text_that_only_the_others_had_is_gone() -> None:
    both = tables([lead("A", role="CEO"), lead("B", role="intern")])

    assert select(both, np.array([0])).leads.attributes["role"].levels == ("CEO",)  # type: ignore[union-attr]


def test_none_may_be_selected() -> None:
    nobody = select(tables([lead("A")], [activity(1, lead_id="A")]), np.array([], dtype=np.int64))

    assert (len(nobody.leads), len(nobody.activities), nobody.activities.starts.tolist()) == (0, 0, [0])


def test_nobody_is_selected_twice() -> None:
    with pytest.raises(ValueError, match="a lead is selected twice"):
        select(tables(), np.array([0, 0]))


@settings(deadline=None, max_examples=60)
@given(records(), st.data())
def test_selected_leads_are_as_if_the_others_had_never_been_there(
    given_records: Records, data: st.DataObject
) -> None:
    leads, *events = given_records.all()
    rows = data.draw(st.lists(st.integers(0, len(leads) - 1), unique=True)) if leads else []
    kept = {leads[row].lead_id for row in rows}
    alone = [[event for event in part if event.lead_id in kept] for part in events]

    selected = select(
        from_records(*given_records.all(), observed_through=THROUGH), np.array(rows, dtype=np.int64)
    )

    expected = from_records([leads[row] for row in rows], *alone, observed_through=THROUGH, date_only=False)
    assert_same(selected.activities, expected.activities)
    assert_same(selected.answers, expected.answers)
    assert_same(selected.outcomes, expected.outcomes)
    assert_same(selected.handovers, expected.handovers)
    assert_same(selected.leads.source, expected.leads.source)
    assert selected.leads.lead_id.tolist() == expected.leads.lead_id.tolist()
    assert selected.activities.type.levels == expected.activities.type.levels
