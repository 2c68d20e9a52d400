"""Numbers as people write them: read where a column leaves no doubt, refused where it does."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.crm.number_cells import numbers, plain_numbers
from readiness.crm.stated import number_in


def _column(*texts: str | None) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(texts, pa.large_string())])


def _read(*texts: str | None) -> tuple[list[float | None], dict[str, list[int]]]:
    read = numbers(_column(*texts))
    values = [None if math.isnan(value) else value for value in read.values.tolist()]
    return values, {rule.code: flags.nonzero()[0].tolist() for rule, flags in read.found}


@pytest.mark.parametrize(
    ("texts", "values"),
    [((), []), ((None,), [None]), (("1",), [1.0]), (("-0", "1e3", ".5"), [0.0, 1000.0, 0.5])],
)
def test_plain_numbers_are_read_without_a_word(
    texts: tuple[str | None, ...], values: list[float | None]
) -> None:
    assert _read(*texts) == (values, {})


@pytest.mark.parametrize(
    ("text", "value", "codes"),
    [
        ("1,234.50", 1234.5, ["thousands_separator"]),
        ("1,234,567", 1234567.0, ["thousands_separator"]),
        ("1.234.567", 1234567.0, ["thousands_separator"]),
        ("-1.234,5", -1234.5, ["thousands_separator"]),
        ("1'234.5", 1234.5, ["thousands_separator"]),
        ("0,123", 0.123, ["decimal_comma"]),
        ("1234,5", 1234.5, ["decimal_comma"]),
        ("€1.234,50", 1234.5, ["currency_sign", "thousands_separator"]),
        ("1200 EUR", 1200.0, ["currency_sign"]),
        ("-$5", -5.0, ["currency_sign"]),
        (" 7", 7.0, ["padded_cell"]),
        ("1,234", None, ["ambiguous_number"]),
        ("12,34,56", None, ["not_a_number"]),
        ("1,23,456.0", None, ["not_a_number"]),
        ("50 %", None, ["percent_sign"]),
        ("half %", None, ["not_a_number"]),
        ("1e999", None, ["not_a_number"]),
        ("\u0661", None, ["not_a_number"]),
        ("#DIV/0!", None, ["spreadsheet_error"]),
        ("n/a", None, ["word_for_nothing"]),
    ],
)
def test_a_number_written_for_people_is_read_or_refused_by_its_rule(
    text: str, value: float | None, codes: list[str]
) -> None:
    values, found = _read(text)

    assert (values, sorted(found)) == ([value], sorted(codes))


def test_of_a_refused_number_nothing_is_said_to_be_repaired() -> None:
    assert _read(" € 1,234 ")[1] == {"ambiguous_number": [0]}


def test_infinity_of_a_typed_column_is_refused() -> None:
    read = numbers(pa.chunked_array([pa.array([1.0, math.inf, None])]))

    assert [(rule.code, flags.tolist()) for rule, flags in read.found] == [
        ("not_a_number", [False, True, False])
    ]


@settings(deadline=None, max_examples=200)
@given(st.lists(st.none() | st.text("0123456789.,+-eE ", max_size=8), max_size=8))
def test_plain_numbers_are_those_that_a_text_states(texts: list[str | None]) -> None:
    expected = [None if text is None else number_in(text) for text in texts]
    trimmed = [None if text is None else text.strip(" ") or None for text in texts]

    read = plain_numbers(_column(*trimmed))

    assert [None if np.isnan(value) else value for value in read.tolist()] == expected
