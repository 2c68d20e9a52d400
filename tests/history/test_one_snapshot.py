"""What the kernel says of one snapshot alone is what it says of it among others."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from readiness.crm.records import MICROSECONDS_PER_DAY
from readiness.history import blocks, events

_SLICES = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=2, max_size=5)
_MEMBER = st.lists(st.booleans(), min_size=6, max_size=6).map(np.array)


def _edges(slices: list[tuple[int, int]]) -> tuple[events.Ints, events.Ints]:
    low, high = np.array([sorted(each) for each in slices], dtype=np.int64).T
    return low, high


@given(member=_MEMBER, slices=_SLICES)
def test_the_newest_row_of_one_is_its_newest_among_others(member, slices):
    low, high = _edges(slices)
    alone = [events.newest(member, low[[i]], high[[i]]) for i in range(len(low))]
    assert np.concatenate(alone).tolist() == events.newest(member, low, high).tolist()
    assert {each.dtype for each in alone} == {np.dtype(np.int64)}


@given(slices=_SLICES)
def test_the_pairs_of_one_are_its_pairs_among_others(slices):
    low, high = _edges(slices)
    snapshot, row = events.pairs(low, high)
    for i in range(len(low)):
        nobody, rows = events.pairs(low[[i]], high[[i]])
        assert rows.tolist() == row[snapshot == i].tolist()
        assert nobody.tolist() == [0] * len(rows)


@given(row=st.lists(st.integers(-1, 2), min_size=2, max_size=5).map(np.array))
def test_a_row_is_as_old_for_one_as_for_one_among_others(row):
    at = np.array([-1, 3, MICROSECONDS_PER_DAY], dtype=np.int64)
    cutoff = np.arange(len(row)) + 7 * MICROSECONDS_PER_DAY
    alone = [events.days_before(at, row[[i]], cutoff[[i]]).tobytes() for i in range(len(row))]
    assert b"".join(alone) == events.days_before(at, row, cutoff).tobytes()


@given(rows=st.lists(st.integers(0, 4), min_size=2, max_size=5))
def test_the_block_of_one_holds_the_rows_that_it_has_among_others(rows):
    starts = np.concatenate([[0], np.cumsum(rows)])
    leads = np.arange(len(rows), dtype=np.int32)
    (together,) = blocks.blocks(starts, leads)
    for lead in leads:
        (alone,) = blocks.blocks(starts, leads[[lead]])
        first, last = together.starts[lead : lead + 2]
        assert alone.rows.tolist() == together.rows[first:last].tolist()
        assert (alone.first, alone.last, alone.lead.tolist()) == (0, 1, [0])
        assert alone.starts.tolist() == [0, rows[lead]]


def test_no_snapshot_has_no_rows():
    none = np.zeros(0, dtype=np.int64)
    assert events.newest(np.ones(3, dtype=np.bool_), none, none).tolist() == []
    assert [each.tolist() for each in events.pairs(none, none)] == [[], []]
