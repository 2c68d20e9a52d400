"""What is odd and yet accepted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.crm.oddities import copies, noticed
from tests.builders import activity, lead, outcome, tables


@settings(deadline=None, max_examples=100)
@given(
    st.lists(
        st.tuples(st.integers(-1, 2), st.integers(0, 1), st.sampled_from([0.0, 1.5, np.nan])), max_size=8
    )
)
def test_copies_are_the_rows_that_stand_before_in_the_same_words(rows: list[tuple[int, int, float]]) -> None:
    # Row by row: whoever says the same as one before, and has a lead, is a copy.
    written = [str(row) for row in rows]
    expected = [n for n, row in enumerate(rows) if row[0] >= 0 and written[n] in written[:n]]
    columns = [np.array([row[column] for row in rows]) for column in range(3)]

    assert (
        copies(
            [columns[0].astype(np.int32), columns[1].astype(np.int64), columns[2].astype(np.float64)]
        ).tolist()
        == expected
    )


@pytest.mark.parametrize("leads", [[], [lead()]], ids=["no lead", "one lead"])
def test_nothing_is_odd_where_there_is_nothing(leads: list[object]) -> None:
    assert noticed(tables(leads)) == []  # type: ignore[arg-type]


def test_a_final_end_that_stands_twice_is_no_copy_of_this_kind() -> None:
    twice = [outcome(5, "closed_lost"), outcome(5, "closed_lost"), outcome(9, "closed_won")]

    found = noticed(tables(outcomes=twice))

    assert [(one.rule.code, one.table, one.rows.tolist()) for one in found] == [
        ("copied_row", "outcomes", [1])
    ]


def test_values_below_zero_are_noted() -> None:
    found = noticed(tables(activities=[activity(1, value=-3.0), activity(2, value=3.0)]))

    assert [(one.rule.code, one.rows.tolist()) for one in found] == [("negative_value", [0])]


@pytest.mark.parametrize(
    ("last", "odd"), [(300, []), (367, ["lonely_newest"])], ids=["within a year", "after one"]
)
def test_a_newest_instant_more_than_a_year_after_all_others_is_noted(last: float, odd: list[str]) -> None:
    found = noticed(tables(activities=[activity(0.5), activity(last + 0.6)], through=None))

    assert [one.rule.code for one in found] == odd
