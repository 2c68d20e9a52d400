"""What is taken off a cell before it is read, and what must not stand in it."""

from __future__ import annotations

import pyarrow as pa
import pytest

from readiness.crm import spelling
from readiness.crm.spelling import FREE, IDENTIFIER, WORD, Spelling

DICTIONARY = pa.dictionary(pa.int32(), pa.large_string())


def _column(*texts: str | None) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(texts, pa.large_string())])


@pytest.mark.parametrize(
    ("text", "expected"), [("", ""), (" ", ""), ("L-1", "L-1"), ("\ufeff L-1\u200b\t", "L-1"), ("a b", "a b")]
)
def test_blanks_and_invisible_signs_at_either_end_are_no_part_of_a_text(text: str, expected: str) -> None:
    assert spelling.bare(text) == expected


@pytest.mark.parametrize(
    ("text", "nothing"), [("N/A", True), ("NULL", True), ("-", True), ("", False), ("0", False)]
)
def test_words_for_nothing_are_known_in_any_letters(text: str, nothing: bool) -> None:
    assert spelling.is_nothing(text) is nothing


def test_a_word_of_somebodys_own_is_not_surely_nothing() -> None:
    assert [spelling.is_surely_nothing(text) for text in ("N/A", "none", "NA", "")] == [
        True,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize(("text", "error"), [("#REF!", True), ("#value!", True), ("#1", False), ("", False)])
def test_errors_of_formulas_are_known(text: str, error: bool) -> None:
    assert spelling.is_error(text) is error


@pytest.mark.parametrize("texts", [(), (None,), ("L-1",)], ids=["none", "missing", "one"])
@pytest.mark.parametrize("kind", [FREE, WORD, IDENTIFIER], ids=["free", "word", "identifier"])
def test_a_column_without_oddities_is_returned_as_it_is(
    texts: tuple[str | None, ...], kind: Spelling
) -> None:
    column = _column(*texts)

    cleaned, found = spelling.cleaned(column, kind)

    assert (cleaned is column, found) == (True, ())


@pytest.mark.parametrize(
    ("kind", "expected", "codes"),
    [
        (FREE, ["a\u200bb", "N/A", "1E+5", "x", "a\nb"], {"padded_cell": [3]}),
        (
            WORD,
            ["ab", "N/A", "1E+5", "x", "a\nb"],
            {"padded_cell": [3], "invisible_character": [0], "line_break": [4]},
        ),
        (
            IDENTIFIER,
            ["ab", None, "1E+5", "x", "a\nb"],
            {
                "padded_cell": [3],
                "invisible_character": [0],
                "line_break": [4],
                "word_for_nothing": [1],
                "spreadsheet_id": [2],
            },
        ),
    ],
    ids=["free", "word", "identifier"],
)
@pytest.mark.parametrize("short", [False, True], ids=["plain", "as a dictionary"])
def test_a_column_is_cleaned_as_its_kind_allows(
    kind: Spelling, expected: list[str | None], codes: dict[str, list[int]], short: bool
) -> None:
    column = _column("a\u200bb", "N/A", "1E+5", " x ", "a\nb")

    cleaned, found = spelling.cleaned(column.cast(DICTIONARY) if short else column, kind)

    assert cleaned.to_pylist() == expected
    assert {rule.code: flags.nonzero()[0].tolist() for rule, flags in found} == codes
