import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness import shipped
from readiness.agreement.reading import load
from readiness.hindsight.proposals import Edit, amended
from readiness.hindsight.replay import Adviser, replay
from readiness.hindsight.suggest_ladder import Ladder, Looker
from readiness.history.snapshots import every_week
from tests.hindsight.histories import history
from tests.oracles import hindsight_suggest as oracle

AGREED = load(shipped.agreement())

looks = st.lists(
    st.tuples(st.integers(0, 4), st.booleans(), st.sampled_from([0.0, 1.0, 2.5, 3.0, 7.0])), max_size=40
).map(lambda rows: sorted(rows, key=lambda row: row[0]))


@given(looks, st.sampled_from([0.5, 1.0, 2.5, 2.6, 7.0, 8.0]))
def test_the_first_look_that_reaches_the_line_is_the_hand_over(rows, line):
    lead, passes, points = (np.array([row[k] for row in rows]) for k in range(3))
    ladder = Ladder.of(lead.astype(np.int64), passes.astype(np.bool_), points.astype(np.float64))
    assert ladder.handed_over(line).tolist() == oracle.first_reaching(lead, passes, points, line)


def test_without_any_look_nobody_is_handed_over():
    nothing = Ladder.of(np.empty(0, np.int64), np.empty(0, np.bool_), np.empty(0))
    assert nothing.handed_over(1.0).tolist() == []


@pytest.mark.parametrize("line", [3.0, 9.0, 15.0, 15.1, 40.0])
def test_a_ladder_hands_over_whom_a_replay_of_the_document_hands_over_and_when(line):
    tables = history(telling=True)
    asked = every_week(tables, until=tables.observed_through)
    written = amended(AGREED, [Edit(("interest", "high_from"), line)])
    rows = Looker(tables, asked).ladder(AGREED).handed_over(line)
    replayed = replay(tables, Adviser(written))
    assert asked.lead[rows].tolist() == replayed.lead.tolist()
    assert asked.cutoff[rows].tolist() == replayed.at.tolist()


def test_the_highest_line_is_found_at_which_there_are_enough():
    lead, points = np.arange(10), np.arange(1.0, 11.0)
    ladder = Ladder.of(lead, np.ones(10, np.bool_), points)
    line = ladder.line_for(lambda rows: len(rows) >= 4, 1.0)  # leads with 7, 8, 9 and 10 points
    assert 6.99 < line <= 7.0


def test_no_line_is_found_where_even_the_lowest_brings_too_few():
    ladder = Ladder.of(np.arange(3), np.ones(3, np.bool_), np.ones(3))
    assert ladder.line_for(lambda rows: len(rows) >= 4, 0.5) is None
