"""The names in a header."""

from __future__ import annotations

import pytest

from readiness.crm.sources import find_column
from readiness.crm.sources.naming import cleaned


@pytest.mark.parametrize(
    ("there", "found"),
    [
        (["Lead ID", "lead id"], "Lead ID"),
        (["lead id", "Source"], "lead id"),
        (["LEAD  ID\ufeff"], "LEAD  ID\ufeff"),
        (["lead id", "LEAD ID"], None),
        (["lead_id"], None),
        ([], None),
    ],
    ids=["exact", "capitals", "blanks and marks", "two alike", "another sign", "no column"],
)
def test_a_column_is_found_by_its_name_or_one_that_differs_in_capitals_alone(there, found):
    assert find_column("Lead ID", there) == found


@pytest.mark.parametrize(
    ("names", "clean"),
    [
        ([], ()),
        ([" id ", "\ufeffname\t"], ("id", "name")),
        (["a", "a", "A", "a"], ("a", "a (2)", "A", "a (3)")),
        (["a", "a", "a (2)"], ("a", "a (2)'", "a (2)")),
        (["", "x", " "], ("column 1", "x", "column 3")),
    ],
    ids=["none", "blanks", "repeated", "taken", "nameless"],
)
def test_every_column_has_a_name_of_its_own_without_blanks(names, clean):
    assert cleaned(names)[0] == clean


def test_new_names_are_told_and_trimmed_ones_are_not():
    assert cleaned([" id"])[1] == ()
    assert cleaned(["a", "a", ""])[1] == (
        "2 columns are called 'a'; the later ones are taken as 'a (2)'.",
        "columns without a name are called 'column 3'.",
    )
