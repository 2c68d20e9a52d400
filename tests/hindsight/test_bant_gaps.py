"""What is not known yet of the four pieces."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from readiness.agreement.bant import BANT_CONFIRMED, BANT_DENIED, BANT_UNKNOWN
from readiness.agreement.document import CATEGORIES, PIECES
from readiness.hindsight.bant_gaps import bant_gaps

STATES = (BANT_CONFIRMED, BANT_DENIED, BANT_UNKNOWN)


def test_without_leads_there_are_no_gaps() -> None:
    found = bant_gaps(np.zeros(0, dtype=np.int8), np.zeros((0, 4), dtype=np.int8))
    assert [each.category for each in found] == list(CATEGORIES)
    assert all(each.leads == 0 and each.by_confirmed == (0, 0, 0, 0, 0) for each in found)


def test_unknown_is_not_denied() -> None:
    state = np.array([[BANT_CONFIRMED, BANT_UNKNOWN, BANT_DENIED, BANT_UNKNOWN]], dtype=np.int8)
    (found, *_) = bant_gaps(np.array([0], dtype=np.int8), state)
    assert [(each.confirmed, each.denied, each.unknown) for each in found.pieces] == [
        (1, 0, 0),
        (0, 0, 1),
        (0, 1, 0),
        (0, 0, 1),
    ]
    assert found.by_confirmed == (0, 1, 0, 0, 0)


@given(rows=st.lists(st.tuples(st.integers(0, 5), st.tuples(*[st.sampled_from(STATES)] * 4)), max_size=20))
def test_it_is_what_counting_one_lead_after_the_other_comes_to(
    rows: list[tuple[int, tuple[int, int, int, int]]],
) -> None:
    category = np.array([row[0] for row in rows], dtype=np.int8)
    state = np.array([row[1] for row in rows], dtype=np.int8).reshape(len(rows), 4)
    for kind, each in enumerate(bant_gaps(category, state)):
        mine = [row[1] for row in rows if row[0] == kind]
        assert each.leads == len(mine)
        for column, piece in enumerate(each.pieces):
            told = [row[column] for row in mine]
            assert piece.piece == PIECES[column]
            assert (piece.confirmed, piece.denied, piece.unknown) == tuple(map(told.count, STATES))
        confirmed = [row.count(BANT_CONFIRMED) for row in mine]
        assert each.by_confirmed == tuple(confirmed.count(number) for number in range(5))
