"""Columns that keep each of their words once say what plain ones say."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from readiness.crm import cells
from readiness.crm.repeated_words import distinct, on_distinct

DICTIONARY = pa.dictionary(pa.int32(), pa.large_string())


@pytest.mark.parametrize("texts", [[], [None], ["b"], ["b", None, "a", "b"]], ids=["0", "missing", "1", "4"])
def test_a_column_that_repeats_its_words_reads_as_the_plain_one(texts):
    plain = pa.chunked_array([pa.array(texts, pa.large_string())])
    short = plain.cast(DICTIONARY)
    assert cells.coded(short).texts().tolist() == texts
    assert cells.coded(short).levels == cells.coded(plain).levels
    assert cells.words(short, ("a",)).codes.tolist() == cells.words(plain, ("a",)).codes.tolist()
    assert cells.instants(short).unreadable.tolist() == cells.instants(plain).unreadable.tolist()
    assert str(cells.numbers(short)) == str(cells.numbers(plain))


def test_words_that_no_row_has_any_more_are_no_levels():
    column = pa.chunked_array([["a", "b", None]], pa.large_string()).cast(DICTIONARY).slice(1)
    values, row = distinct(column)
    assert (values.to_pylist(), row.tolist()) == (["b", None], [0, 1])
    assert cells.coded(column).levels == ("b",)


def test_blocks_with_words_of_their_own_are_read_as_one_column():
    blocks = [pa.array(texts, pa.large_string()).dictionary_encode() for texts in (["a", "b"], ["b", "c"])]
    assert cells.coded(pa.chunked_array(blocks)).texts().tolist() == ["a", "b", "b", "c"]


def test_a_missing_value_in_a_dictionary_is_a_missing_value():
    words = pa.array(["a", None], pa.large_string())
    column = pa.chunked_array([pa.DictionaryArray.from_arrays(pa.array([1, 0, 1], pa.int8()), words)])
    assert cells.coded(column).texts().tolist() == [None, "a", None]


@pytest.mark.parametrize("texts", [[], [None], ["a", "?", "a", None]], ids=["0", "missing", "4"])
def test_changing_each_word_once_changes_every_cell(texts):
    def without_marks(column):
        return pc.if_else(pc.equal(column, "?"), pa.scalar(None, column.type), column)

    plain = pa.chunked_array([pa.array(texts, pa.large_string())])
    changed = on_distinct(plain.cast(DICTIONARY), without_marks)
    assert changed.type == DICTIONARY
    assert changed.to_pylist() == on_distinct(plain, without_marks).to_pylist()


def test_a_dictionary_of_numbers_is_changed_as_numbers():
    column = pa.chunked_array([pa.array([1.5, 2.0]).dictionary_encode()])
    assert on_distinct(column, lambda values: values).to_pylist() == [1.5, 2.0]
