"""How a CSV file separates and quotes its cells."""

from __future__ import annotations

import pytest

from readiness.crm.sources.dialect import find_dialect


@pytest.mark.parametrize(
    ("head", "separator"),
    [
        ("", ","),
        ("id\n1\n", ","),
        ("id;amount\n1;2,5\n2;3,5\n", ";"),
        ("id;name, first;amount\n1;Doe, John;2,5\n2;Poe, Ann;2\n", ";"),
        ('id,"a;b;c;d"\n1,2\n', ","),
        ("id\tnote\n1\tx, y, z\n", "\t"),
        ("id|note;x\n1|a\n2|b\n", "|"),
        ("a,b,c\n1,2\n1,2,3\n", ","),
        ("a;b\n", ";"),
    ],
    ids=[
        "nothing",
        "one column",
        "decimal commas",
        "a comma in the header",
        "in quotes",
        "tabs",
        "bars",
        "torn",
        "header",
    ],
)
def test_the_separator_is_the_one_by_which_the_lines_agree_with_the_header(head, separator):
    assert find_dialect(head).separator == separator


def test_a_stated_separator_is_taken_as_stated():
    assert find_dialect("a;b\n1;2\n", separator=",").separator == ","


@pytest.mark.parametrize(("first", "sign"), [("sep=;", ";"), ('"sep=|"', "|"), ("SEP=\t", "\t")])
def test_a_first_line_that_names_the_separator_is_obeyed_and_is_no_header(first, sign):
    found = find_dialect(f"{first}\r\na{sign}b,c\r\n1{sign}2\r\n")

    assert (found.separator, found.lines_before) == (sign, 1)


@pytest.mark.parametrize(
    ("header", "quote"), [("'a';'b'", "'"), ("'a';b", '"'), ('"a";"b"', '"'), ("it's;b", '"'), ("'", '"')]
)
def test_single_quotes_quote_only_if_every_name_stands_in_them(header, quote):
    assert find_dialect(f"{header}\n1;2\n").quote == quote
