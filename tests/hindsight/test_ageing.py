"""Leads that wait for somebody of ours to be in touch."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.agreement.document import CATEGORIES
from readiness.hindsight.ageing import GROUPS, ageing, edges_of, groups_of, stretches_of
from readiness.history.desk import DESK_STATES

EDGES = edges_of(24.0)


@pytest.mark.parametrize(
    ("days", "stretch"),
    [(0.0, 0), (1.0, 0), (1.01, 1), (7.0, 1), (30.5, 3), (400.0, 4)],
    ids=["not yet", "to the hour", "just too late", "a week", "a month", "for ages"],
)
def test_a_stretch_holds_its_end(days: float, stretch: int) -> None:
    (found, *_) = ageing(np.array([0]), np.array([days]), EDGES)
    assert found.waiting[stretch] == 1
    assert found.overdue == (stretch > 0)


def test_who_was_followed_up_waits_for_nothing() -> None:
    (found, *_) = ageing(np.array([0, 0]), np.array([np.nan, 3.0]), EDGES)
    assert (found.leads, found.followed_up, found.waiting) == (2, 1, (0, 1, 0, 0, 0))


def test_without_leads_nobody_waits() -> None:
    found = ageing(np.zeros(0, dtype=np.int64), np.zeros(0), EDGES)
    assert [each.leads for each in found] == [0] * len(GROUPS)


@given(
    rows=st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from([np.nan, 0.0, 1.0, 2.0, 7.0, 50.0, 90.0, 91.0]))
    )
)
def test_it_is_what_counting_one_lead_after_the_other_comes_to(rows: list[tuple[int, float]]) -> None:
    counted: Counter[tuple[int, int]] = Counter()
    for group, waited in rows:
        place = -1 if waited != waited else next((n for n, edge in enumerate(EDGES) if waited <= edge), 4)
        counted[group, place] += 1
    found = ageing(
        np.array([row[0] for row in rows], dtype=np.int64), np.array([row[1] for row in rows]), EDGES
    )
    for number, each in enumerate(found):
        assert each.followed_up == counted[number, -1]
        assert each.waiting == tuple(counted[number, place] for place in range(5))


def test_stretches_begin_with_what_sales_promised() -> None:
    assert stretches_of(edges_of(240.0)) == (
        "up to 240 hours",
        "10 to 30 days",
        "30 to 90 days",
        "more than 90 days",
    )


@pytest.mark.parametrize(
    ("state", "kind", "group"),
    [
        ("none", "dubious", "all others"),
        ("none", "sales_worthy", "ready, but never handed over"),
        ("waiting", "dubious", "with sales"),
        ("accepted", "sales_worthy", "with sales"),
        ("declined", "sales_worthy", "back from sales"),
        ("handed_back", "unworthy", "back from sales"),
    ],
)
def test_a_lead_is_where_the_newest_hand_over_left_it(state: str, kind: str, group: str) -> None:
    passing = np.array([name.startswith("sales_") for name in CATEGORIES])
    states = np.array([DESK_STATES.index(state)], dtype=np.int8)
    found = groups_of(states, np.array([CATEGORIES.index(kind)], dtype=np.int8), passing)
    assert GROUPS[int(found[0])] == group
