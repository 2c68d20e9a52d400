"""Rows that are there and rows of a later export, laid together."""

from __future__ import annotations

import numpy as np
import pytest

from readiness.crm.append.rows import Clash, stacked, union
from readiness.crm.tables import coded


def _union(there, given, *, key=None, prefer_new=False):
    rows = np.array([*there, *given], dtype=np.int64).reshape(-1, 3)
    side = np.arange(len(rows)) >= len(there)
    lead, at, content = rows[:, 0].astype(np.int32), rows[:, 1], rows[:, 2].astype(np.int32)
    return union(lead, at, [content], side, key=key, prefer_new=prefer_new)


@pytest.mark.parametrize(
    ("there", "given", "kept"),
    [
        ([], [], []),
        ([], [(0, 1, 1)], [0]),
        ([(0, 1, 1)], [(0, 1, 1)], [0]),
        ([(0, 1, 1)], [(0, 1, 1), (0, 1, 1)], [0, 1]),
        ([(0, 1, 1), (0, 1, 1)], [(0, 1, 1)], [0, 1]),
        ([(0, 1, 1)], [(0, 1, 2), (0, 2, 1), (1, 1, 1)], [0, 1, 2, 3]),
    ],
    ids=["none", "one", "the same", "once more there", "once more before", "others"],
)
def test_of_equal_rows_as_many_stay_as_the_side_has_that_has_more(there, given, kept):
    assert len(_union(there, given).rows) == len(kept)


@pytest.mark.parametrize(("prefer_new", "kept"), [(False, [0]), (True, [1])])
def test_answers_that_each_side_lacks_of_the_other_clash(prefer_new, kept):
    result = _union([(3, 7, 1)], [(3, 7, 2)], key=0, prefer_new=prefer_new)
    assert result.rows.tolist() == kept
    assert result.clashes == (Clash(3, 7, 0, 0),)


def test_more_answers_to_a_question_are_no_clash():
    result = _union([(3, 7, 1)], [(3, 7, 1), (3, 7, 2)], key=0)
    assert result.clashes == ()
    assert len(result.rows) == 2


def test_missing_numbers_are_one_and_the_same():
    columns = [np.array([np.nan, np.nan])]
    lead, at = np.zeros(2, dtype=np.int32), np.zeros(2, dtype=np.int64)
    result = union(lead, at, columns, np.array([False, True]), key=None, prefer_new=False)
    assert len(result.rows) == 1


def test_columns_of_words_are_put_one_below_the_other():
    both = stacked(coded(["b", None]), coded(["a", "b"]))
    assert both.levels == ("a", "b")
    assert both.texts().tolist() == ["b", None, "a", "b"]
    assert stacked(coded([]), coded([])).levels == ()
