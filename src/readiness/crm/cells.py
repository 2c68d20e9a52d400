"""What the cells of a column say: instants, words, numbers and texts, read a column at a time.

Every reader returns its column beside what is to be said of its cells, so that nothing is guessed,
nothing is repaired in silence and nothing is lost. An empty text is a missing value everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from readiness.crm import spelling
from readiness.crm.cell_rules import BOOLEAN_OUTCOME, PADDED_CELL, SPREADSHEET_ERROR, WORD_FOR_NOTHING
from readiness.crm.findings import UNKNOWN_WORD, Found, spread
from readiness.crm.instant_cells import Instants, instants
from readiness.crm.number_cells import Numbers, numbers, plain_numbers
from readiness.crm.plain_columns import as_numpy, by_distinct, flags, is_number, readable, texts
from readiness.crm.records import EXACT_INTEGERS, OUTCOMES
from readiness.crm.repeated_words import Column, decoded, distinct, is_text, one_chunk
from readiness.crm.stated import number_in
from readiness.crm.tables import Attribute, Coded, no_coded

__all__ = (
    "Column",
    "Instants",
    "Numbers",
    "Words",
    "attribute",
    "coded",
    "decoded",
    "flags",
    "holds_texts",
    "instants",
    "is_no_number",
    "is_text",
    "mostly_numbers",
    "numbers",
    "one_chunk",
    "plain_numbers",
    "readable",
    "texts",
    "words",
)

_YES_NO = frozenset({"true", "false", "yes", "no", "y", "n", "1", "0", "1.0", "0.0"})
_RULES = (WORD_FOR_NOTHING, PADDED_CELL, BOOLEAN_OUTCOME, SPREADSHEET_ERROR)
_FINE = -1
_ENOUGH = 10
_READ = np.dtype([("code", np.int8), ("rule", np.int8)])


@dataclass(frozen=True, slots=True)
class Words:
    """A column of words as codes, and what is to be said of its cells."""

    codes: NDArray[np.int8]
    found: Found = ()


def words(column: Column, allowed: tuple[str, ...]) -> Words:
    """Read words: their position in ``allowed``, -1 missing or refused here, UNKNOWN_WORD for any other."""
    if pa.types.is_dictionary(column.type):
        values, row = distinct(column)
        few = words(values, allowed)
        return Words(few.codes[row], spread(few.found, row))
    text = texts(column)
    codes = pc.index_in(text, value_set=pa.array(allowed, pa.large_string())).fill_null(UNKNOWN_WORD)
    codes = pc.if_else(pc.is_null(text), pa.scalar(-1, codes.type), codes)
    read = as_numpy(codes).astype(np.int8)
    rest = read == UNKNOWN_WORD
    if not rest.any():
        return Words(read)

    def looked_at(word: str) -> tuple[int, int]:
        return _looked_at(word, allowed)

    closer = by_distinct(one_chunk(text).filter(pa.array(rest)), looked_at, _READ, (-1, _FINE))
    read[rest] = closer["code"]
    found = []
    for number, rule in enumerate(_RULES):
        concerned = np.zeros_like(rest)
        concerned[rest] = closer["rule"] == number
        if concerned.any():
            found.append((rule, concerned))
    return Words(read, tuple(found))


def _looked_at(word: str, allowed: tuple[str, ...]) -> tuple[int, int]:
    trimmed = spelling.bare(word)
    if trimmed in allowed:
        return allowed.index(trimmed), _RULES.index(PADDED_CELL)
    if not trimmed:
        return -1, _RULES.index(PADDED_CELL)
    if spelling.is_nothing(trimmed):
        return -1, _RULES.index(WORD_FOR_NOTHING)
    if spelling.is_error(trimmed):
        return -1, _RULES.index(SPREADSHEET_ERROR)
    if allowed == OUTCOMES and trimmed.casefold() in _YES_NO:
        return -1, _RULES.index(BOOLEAN_OUTCOME)
    return UNKNOWN_WORD, _FINE


def coded(column: Column) -> Coded:
    """Read texts as codes; levels are sorted."""
    if pa.types.is_dictionary(column.type):
        values, row = distinct(column)
        few = coded(values)
        return Coded(few.codes[row], few.levels)
    text = texts(column)
    if text.null_count == len(text):
        return no_coded(len(text))
    encoded = one_chunk(text).dictionary_encode()
    levels = encoded.dictionary.to_pylist()
    rank = np.empty(len(levels) + 1, dtype=np.int32)
    order = sorted(range(len(levels)), key=levels.__getitem__)
    rank[order] = np.arange(len(levels), dtype=np.int32)
    rank[-1] = -1
    codes = as_numpy(encoded.indices.fill_null(-1))
    return Coded(rank[codes], tuple(levels[number] for number in order))


def attribute(column: Column) -> tuple[Attribute, Found]:
    """Read a lead's attribute: numbers of a typed column stay numbers, all else is text."""
    plain = column if holds_texts(column) else decoded(column)
    if is_number(plain.type) and not _has_inexact_integers(plain):
        read = numbers(plain)
        return read.values, read.found
    return coded(column), ()


def holds_texts(column: Column) -> bool:
    """Say whether the cells of a column are texts, each kept in its place or all once."""
    return is_text(column.type.value_type if pa.types.is_dictionary(column.type) else column.type)


def mostly_numbers(column: Coded) -> bool:
    """Say whether nine in ten cells of a column of texts are plain numbers, and some are not.

    Of fewer than ten cells nothing is said.
    """
    rows = np.bincount(column.codes[column.codes >= 0], minlength=len(column.levels))
    other = np.array([is_no_number(level) for level in column.levels], dtype=bool)
    there, odd = int(rows.sum()), int(rows[other].sum())
    return there >= _ENOUGH and 0 < odd <= there / 10


def is_no_number(text: str) -> bool:
    """Say whether a text is no plain number."""
    return number_in(text) is None


def _has_inexact_integers(column: Column) -> bool:
    if not pa.types.is_integer(column.type) or not len(column):
        return False
    bounds = pc.min_max(column)
    low, high = bounds["min"].as_py(), bounds["max"].as_py()
    return low is not None and (low < -EXACT_INTEGERS or high > EXACT_INTEGERS)
