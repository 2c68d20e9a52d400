import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.hindsight.suggest_curve import at, equal_sales, line_for_sales, lines, sums
from readiness.hindsight.suggest_ladder import Ladder
from tests.oracles import hindsight_suggest as oracle

NOBODY = Ladder.of(np.empty(0, np.int64), np.empty(0, np.bool_), np.empty(0))

looks = st.lists(
    st.tuples(
        st.integers(0, 4), st.booleans(), st.sampled_from([0.0, 1.0, 2.5, 3.0, 7.0]), st.integers(0, 9)
    ),
    max_size=40,
).map(lambda rows: sorted(rows, key=lambda row: row[0]))


@given(looks)
def test_what_is_added_up_at_each_line_is_that_of_the_looks_handed_over_there(rows):
    lead, passes, points, term = (np.array([row[k] for row in rows]) for k in range(4))
    ladder = Ladder.of(lead.astype(np.int64), passes.astype(np.bool_), points.astype(np.float64))
    asked = np.array([8.0, 7.0, 3.0, 2.6, 2.5, 1.0, 0.5, 0.0])
    found = sums(ladder, asked, (term.astype(np.float64), np.ones(len(rows))))
    for column, line in enumerate(asked):
        assert found[0, column] == oracle.sum_at_line(lead, passes, points, line, term)
        assert found[1, column] == len(oracle.first_reaching(lead, passes, points, line))


def test_of_nobody_nothing_is_added_up_at_the_two_lines_asked_for_and_one_above():
    asked = lines(NOBODY, 15.0, 3.0)
    assert asked.tolist() == [30.0, 15.0, 3.0]
    assert sums(NOBODY, asked, (np.empty(0),)).tolist() == [[0.0, 0.0, 0.0]]


def test_lines_fall_from_above_all_interest_to_the_lowest_with_the_written_one_among_them():
    ladder = Ladder.of(np.arange(4), np.ones(4, np.bool_), np.array([2.0, 5.0, 20.0, 40.0]))
    asked = lines(ladder, 15.0, 3.0)
    assert (asked[0], asked[-1]) == (80.0, 3.0)
    assert 15.0 in asked
    assert (np.diff(asked) < 0).all()


rises = st.lists(st.integers(1, 9), min_size=1, max_size=8)


@given(rises, rises, st.floats(0.0, 80.0))
def test_what_comes_with_so_many_sales_lies_between_the_two_nearest_lines(won, other, target):
    size = min(len(won), len(other))
    sales, stops = np.cumsum(won[:size], dtype=np.float64), np.cumsum(other[:size], dtype=np.float64)
    found = at(np.array([target]), sales[None], stops[None])
    assert found[0] == pytest.approx(oracle.at_sales(target, sales.tolist(), stops.tolist()), abs=1e-6)


@pytest.mark.parametrize(
    ("within_reach", "sales", "stop_now", "stop"),
    [(3.0, 3.0, 2.0, 0.6), (8.0, 4.0, 3.0, 0.3)],
    ids=["the other brings fewer", "the other could bring more"],
)
def test_both_are_held_to_the_sales_that_both_can_bring(within_reach, sales, stop_now, stop):
    now = np.array([[0.0, 2.0, 4.0, 9.0]]), np.array([[0.0, 1.0, 3.0, 9.0]])
    other = np.array([[0.0, within_reach]]), np.array([[0.0, 0.6]])
    # The one in force writes the third line: 4 sales. Three come half way between 1 and 3 stops.
    found = equal_sales(*now, 2, *other)
    assert (found.target[0], found.stop_now[0], found.stop[0]) == pytest.approx((sales, stop_now, stop))


@pytest.mark.parametrize(
    ("target", "drawn", "as_many"),
    [(3.0, 18.0, True), (5.0, 5.0, True), (5.1, 10.0, False)],
    ids=["fewer than now", "all there are", "more than there are"],
)
def test_the_line_is_drawn_for_so_many_sales_and_is_never_raised_where_none_brings_them(
    target, drawn, as_many
):
    # The last of them is worth less than a fiftieth of the sales.
    ladder = Ladder.of(np.arange(4), np.ones(4, np.bool_), np.array([20.0, 18.0, 10.0, 5.0]))
    line, reached = line_for_sales(ladder, np.array([1.0, 2.0, 1.92, 0.08]), target, written=15.0, lowest=1.0)
    assert (line, reached) == (pytest.approx(drawn, rel=1e-3), as_many)


def test_of_nobody_the_line_falls_no_further_than_the_lowest():
    line, reached = line_for_sales(NOBODY, np.empty(0), 1.0, written=15.0, lowest=3.0)
    assert (line, reached) == (pytest.approx(3.0, rel=1e-2), False)


def test_where_no_line_brings_as_many_and_the_written_one_nearly_all_it_stays():
    ladder = Ladder.of(np.arange(2), np.ones(2, np.bool_), np.array([20.0, 5.0]))
    assert line_for_sales(ladder, np.array([1.0, 0.0]), 2.0, written=15.0, lowest=1.0) == (15.0, False)
