"""How leads flow from month to month."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.agreement.document import CATEGORIES
from readiness.crm.records import MICROSECONDS_PER_DAY
from readiness.hindsight.category_flow import NOT_FOLLOWED, STATES, Flow, a_month_later, flow
from readiness.history.outcomes import Labels
from readiness.judging.bootstrap import draw
from tests.oracles import leads_now as slow

MONTH = 30.0
PASSING = np.array([name.startswith("sales_") for name in CATEGORIES])


def starts(months: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.arange(months, dtype=np.int64) * round(MONTH * MICROSECONDS_PER_DAY)


def later(*looks: tuple[int, int, int, int, float], months: int = 3) -> list[str]:
    """Looks are (lead, month, kind, event, days until it); what a month later is said of each."""
    columns = list(zip(*looks, strict=True)) if looks else [()] * 5
    lead, place, kind, event = (np.array(column, dtype=np.int32) for column in columns[:4])
    fates = Labels(event.astype(np.int8), np.array(columns[4], dtype=float))
    found = a_month_later(lead, place, starts(months), kind.astype(np.int8), fates)
    return ["not followed" if code == NOT_FOLLOWED else STATES[code] for code in found.tolist()]


def test_a_lead_is_a_month_later_what_it_is_found_to_be_then() -> None:
    assert later((0, 0, 0, 0, 90), (0, 1, 5, 0, 60)) == [CATEGORIES[5], "not followed"]


def test_a_month_left_out_is_not_bridged() -> None:
    assert later((0, 0, 0, 0, 90), (0, 2, 5, 0, 30)) == ["not followed", "not followed"]


def test_the_next_lead_is_another_lead() -> None:
    assert later((0, 0, 0, 0, 90), (1, 1, 5, 0, 60)) == ["not followed", "not followed"]


@pytest.mark.parametrize(
    ("days", "state"), [(29.9, "won"), (30.0, "not followed")], ids=["within it", "at the next month's start"]
)
def test_who_ends_within_the_month_has_ended(days: float, state: str) -> None:
    assert later((0, 0, 2, 1, days)) == [state]


def test_the_three_ends_are_told_apart() -> None:
    assert later((0, 0, 1, 1, 3), (1, 0, 1, 2, 3), (2, 0, 1, 3, 3)) == [
        "won",
        "told us to stop",
        "ended otherwise",
    ]


def test_of_the_last_month_nobody_knows_the_next() -> None:
    assert later((0, 2, 1, 1, 3)) == ["not followed"]


def flowing(lead: list[int], kinds: list[int], states: list[int]) -> Flow:
    leads = np.array(lead, dtype=np.int32)
    return flow(
        leads,
        np.array(kinds, dtype=np.int8),
        np.array(states, dtype=np.int8),
        PASSING,
        draw(leads.astype(np.int64), replicates=20, seed=1),
        months=1,
    )


def test_without_looks_nothing_flows() -> None:
    found = flowing([], [], [])
    assert (found.pairs, found.moves, found.rises.value, found.falls.value) == (0, (), None, None)


def test_what_is_not_known_a_month_later_counts_for_nothing() -> None:
    assert flowing([0], [0], [NOT_FOLLOWED]).pairs == 0


def test_rising_and_falling_is_counted_by_whom_sales_is_given() -> None:
    # Of three below the line one rises, one is won: a third. Of two above it one falls, one tells us to stop.
    ready, below, won, stop = CATEGORIES.index("sales_worthy"), 0, 6, 7
    found = flowing([0, 1, 2, 3, 4], [below] * 3 + [ready] * 2, [ready, won, below, below, stop])
    assert found.rises.value == pytest.approx(1 / 3)
    assert found.falls.value == pytest.approx(1 / 2)
    assert (found.risen_from, found.fallen_from) == (3, 2)


histories = st.dictionaries(st.tuples(st.integers(0, 4), st.integers(0, 4)), st.integers(0, 5), max_size=15)
fates = st.dictionaries(
    st.integers(0, 4), st.tuples(st.integers(1, 3), st.integers(0, 20).map(lambda quarter: quarter / 4))
)


@settings(max_examples=60)
@given(looks=histories, ends=fates)
def test_it_is_what_one_lead_after_the_other_comes_to(
    looks: dict[tuple[int, int], int], ends: dict[int, tuple[int, float]]
) -> None:
    # Whoever has ended is not looked at any more.
    looks = {key: kind for key, kind in looks.items() if key[0] not in ends or key[1] <= ends[key[0]][1]}
    rows = [(lead, month, kind, *ends.get(lead, (0, 9.0))) for (lead, month), kind in sorted(looks.items())]
    states = later(
        *((lead, month, kind, event, (when - month) * MONTH) for lead, month, kind, event, when in rows),
        months=5,
    )
    counted = Counter(
        (row[2], STATES.index(state))
        for row, state in zip(rows, states, strict=True)
        if state != "not followed"
    )
    assert counted == slow.moves(looks, ends, 5)
    codes = [NOT_FOLLOWED if state == "not followed" else STATES.index(state) for state in states]
    found = flowing([row[0] for row in rows], [row[2] for row in rows], codes)
    told = {
        (CATEGORIES.index(move.before), STATES.index(move.after)): move.n for move in found.moves if move.n
    }
    assert told == dict(counted)
