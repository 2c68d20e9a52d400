"""What sales was really given, before and after a snapshot."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.crm.records import NO_INSTANT
from readiness.crm.tables import Tables
from readiness.history.handed_over import at_handovers, handed_over_around, propensities
from readiness.history.snapshots import Snapshots
from tests.builders import at, handover, lead, outcome, tables


def around(made: Tables, day: float, within: float = 10) -> tuple[bool, int]:
    look = Snapshots(np.zeros(1, dtype=np.int32), np.array([at(day)]))
    found = handed_over_around(made, look, within_days=within)
    return bool(found.earlier[0]), int(found.row[0])


@pytest.mark.parametrize(
    ("given_on", "earlier", "row"),
    [(19.999, True, -1), (20, False, 0), (29.999, False, 0), (30, False, -1)],
    ids=["before", "at the very instant", "the last moment within", "ten days on: no longer within"],
)
def test_before_is_before_the_cutoff_and_after_is_from_it_on(
    given_on: float, earlier: bool, row: int
) -> None:
    assert around(tables(handovers=[handover(given_on)]), 20) == (earlier, row)


def test_the_first_of_several_hand_overs_after_the_cutoff_counts() -> None:
    assert around(tables(handovers=[handover(5), handover(22), handover(25)]), 20) == (True, 1)


def test_a_lead_that_was_never_handed_over_has_neither() -> None:
    assert around(tables(), 20) == (False, -1)


def test_undated_leads_and_no_leads_have_no_hand_overs() -> None:
    undated = tables([lead(created=None)], through=None)
    look = Snapshots(np.zeros(1, dtype=np.int32), np.array([NO_INSTANT]))
    assert handed_over_around(undated, look, within_days=10).row.tolist() == [-1]
    assert len(at_handovers(undated)[0]) == 0
    none = handed_over_around(tables(), look.where(np.empty(0, dtype=np.int64)), within_days=10)
    assert (none.earlier.tolist(), none.row.tolist()) == ([], [])


def test_each_hand_over_of_an_open_lead_is_looked_at_and_named() -> None:
    made = tables(
        [lead("L-1"), lead("L-2")],
        outcomes=[outcome(10, lead_id="L-1")],
        handovers=[handover(5, lead_id="L-1"), handover(12, lead_id="L-1"), handover(3, lead_id="L-2")],
    )
    looks, rows = at_handovers(made)
    assert (looks.lead.tolist(), looks.cutoff.tolist()) == ([0, 1], [at(5), at(3)])
    assert rows.tolist() == [0, 2]


@given(days=st.lists(st.integers(0, 40), max_size=6), day=st.integers(1, 40), within=st.integers(1, 20))
def test_it_is_what_a_loop_over_the_rows_finds(days: list[int], day: int, within: int) -> None:
    made = tables(handovers=[handover(each) for each in days])
    after = [row for row, each in enumerate(sorted(days)) if day <= each < day + within]
    expected = (any(each < day for each in days), after[0] if after else -1)
    assert around(made, day, within) == expected


def test_a_chance_is_that_of_the_hand_over_at_the_very_instant() -> None:
    made = tables(
        [lead("L-1"), lead("L-2")],
        handovers=[handover(5, propensity=0.2), handover(7), handover(5, lead_id="L-2", propensity=0.4)],
    )
    looks = Snapshots(np.array([0, 0, 0, 1], dtype=np.int32), np.array([at(5), at(6), at(7), at(8)]))
    assert propensities(made, looks).tolist() == pytest.approx([0.2, *[np.nan] * 3], nan_ok=True)


def test_a_chance_is_that_of_the_lead_itself_and_not_of_the_next_one() -> None:
    made = tables([lead("L-1"), lead("L-2")], handovers=[handover(5, lead_id="L-2", propensity=0.4)])
    looks = Snapshots(np.array([0, 1], dtype=np.int32), np.array([at(5), at(5)]))
    assert propensities(made, looks).tolist() == pytest.approx([np.nan, 0.4], nan_ok=True)


def test_where_nothing_was_handed_over_no_chance_is_known() -> None:
    undated = tables([lead(created=None)], through=None)
    look = Snapshots(np.zeros(1, dtype=np.int32), np.array([NO_INSTANT]))
    assert np.isnan(propensities(undated, look)).all()
    assert len(propensities(tables(), look.where(np.array([], dtype=np.int64)))) == 0
