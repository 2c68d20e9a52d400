from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from readiness.history.standpoints import ends_came, first_looked_at_since, known_at
from tests.oracles import learning as oracle

FATES = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 6).map(float), st.integers(0, 6).map(float)), max_size=12
)


@given(fates=FATES, instant=st.integers(0, 8).map(float))
def test_what_was_known_equals_one_snapshot_at_a_time(
    fates: list[tuple[int, float, float]], instant: float
) -> None:
    y, taken = np.array([fate[:2] for fate in fates]).reshape(-1, 2), np.array([fate[2] for fate in fates])
    early, known = known_at(taken, y, instant)
    expected = oracle.known_at(y.tolist(), taken.tolist(), instant)
    assert early.tolist() == [place for place, _, _ in expected]
    assert known.tolist() == [[event, days] for _, event, days in expected]


def test_what_happens_at_the_instant_itself_is_not_known_and_who_comes_then_comes_later() -> None:
    early, known = known_at(np.array([0.0, 5.0]), np.array([[1.0, 5.0], [1.0, 1.0]]), 5.0)
    assert (early.tolist(), known.tolist()) == ([0], [[0.0, 5.0]])


def test_a_lead_looked_at_before_is_no_later_lead_and_one_first_looked_at_then_is() -> None:
    taken, leads = np.array([0.0, 5.0, 5.0, 7.0]), np.array([0, 0, 1, 2])
    assert first_looked_at_since(taken, leads, 5.0).tolist() == [False, False, True, True]
    assert first_looked_at_since(taken[:0], leads[:0], 5.0).tolist() == []
    assert first_looked_at_since(taken[:1], leads[:1], 0.0).tolist() == [True]


def test_ends_that_were_not_seen_came_at_no_time() -> None:
    fates = np.array([[1.0, 2.0], [0.0, 1.0], [3.0, 0.5]])
    assert ends_came(np.array([4.0, 0.0, 1.0]), fates).tolist() == [1.5, 6.0]
    assert ends_came(np.zeros(0), fates[:0]).tolist() == []
