"""What the expressions of a mapping can do with columns: vectorised, missing stays missing.

A text that comes out empty is a missing value, as an empty cell is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from readiness.crm import cells
from readiness.crm.outgoing import as_texts
from readiness.crm.records import MICROSECONDS_PER_DAY, NO_INSTANT, YES_WORDS
from readiness.crm.tables import Flags

Kind: TypeAlias = Literal["text", "number", "truth", "nothing"]
"""What an expression gives; nothing is the literal None, which goes with any other."""

Takes: TypeAlias = Literal["anything", "value", "text", "number", "word", "pattern", "position"]
"""What a function takes; a value is a text or a number; the last three are written out, not computed."""

Datum: TypeAlias = Any
"""A ``pyarrow.ChunkedArray``, or a ``pyarrow.Scalar`` that says the same in every row."""

TYPES: Final[Mapping[Kind, Any]] = {
    "text": pa.large_string(),
    "number": pa.float64(),
    "truth": pa.bool_(),
    "nothing": pa.null(),
}
_DOMAIN: Final = r"@(?P<domain>[^@\s<>,;]+?)\.?>?\s*$"


@dataclass(frozen=True, slots=True)
class Function:
    """One function of the language."""

    takes: tuple[Takes, ...]
    gives: Kind | None
    """None: what its arguments are."""
    run: Callable[..., Datum]
    more: bool = False
    """The last argument may be repeated."""


def column_of(datum: Datum, rows: int) -> cells.Column:
    """Return a datum as a column of so many rows."""
    return pa.chunked_array([pa.repeat(datum, rows)]) if isinstance(datum, pa.Scalar) else datum


def cell_texts(column: cells.Column) -> cells.Column:
    """Return a column as texts without blanks around them, null where nothing stands."""
    return _without_empty(pc.utf8_trim_whitespace(cells.texts(column)))


def text(datum: Datum) -> Datum:
    """Write numbers as short as they read back, and truths as yes and no."""
    return _by_column(cells.texts, datum) if datum.type != TYPES["text"] else datum


def number(datum: Datum) -> Datum:
    """Read numbers; a text that states none is missing."""
    return _by_column(_numbers, datum) if datum.type != TYPES["number"] else datum


def arithmetic(function: Callable[[Datum, Datum], Datum], left: Datum, right: Datum) -> Datum:
    """Compute with numbers; what is not finite, such as a division by zero, is missing."""
    result = function(left, right)
    return pc.if_else(pc.is_finite(result), result, pa.scalar(None, TYPES["number"]))


def is_one_of(datum: Datum, words: pa.Array) -> Datum:
    """Say whether a value is one of those listed, missing where it is missing."""
    return pc.if_else(pc.is_valid(datum), pc.is_in(datum, value_set=words), pa.scalar(None, pa.bool_()))


def _numbers(column: cells.Column) -> cells.Column:
    values = cells.plain_numbers(column)
    return pa.chunked_array([pa.array(values, mask=~np.isfinite(values))])


def _by_column(function: Callable[[cells.Column], cells.Column], datum: Datum) -> Datum:
    return function(column_of(datum, 1))[0] if isinstance(datum, pa.Scalar) else function(datum)


def _without_empty(datum: Datum) -> Datum:
    return pc.if_else(pc.equal(datum, ""), pa.scalar(None, TYPES["text"]), datum)


def _missing(datum: Datum) -> Datum:
    return pc.is_null(datum)


def _yes(datum: Datum) -> Datum:
    said = pc.utf8_lower(pc.utf8_trim_whitespace(text(datum)))
    return pc.coalesce(is_one_of(said, pa.array(sorted(YES_WORDS), TYPES["text"])), pa.scalar(False))


def _trim(datum: Datum) -> Datum:
    return _without_empty(pc.utf8_trim_whitespace(datum))


def _concat(*parts: Datum) -> Datum:
    return pc.binary_join_element_wise(*map(text, parts), _text(""))


def _replace(datum: Datum, old: str, new: str) -> Datum:
    return _without_empty(pc.replace_substring(datum, old, new))


def _part(datum: Datum, separator: str, position: int) -> Datum:
    return _by_column(lambda column: _parts(column, separator, position), datum)


def _parts(column: cells.Column, separator: str, position: int) -> cells.Column:
    split = pc.split_pattern(cells.one_chunk(column), separator)
    offsets = split.offsets.to_numpy()
    # A missing text is no part long, so that it has no such part either.
    there = np.diff(offsets) >= position
    chosen = pa.array(offsets[:-1] + position - 1, mask=~there)
    return _without_empty(pa.chunked_array([split.values.take(chosen)]))


def _domain(datum: Datum) -> Datum:
    return pc.utf8_lower(pc.struct_field(pc.extract_regex(datum, _DOMAIN), 0))


def _days_after(datum: Datum, days: Datum) -> Datum:
    if isinstance(datum, pa.Scalar):
        if isinstance(days, pa.Scalar):
            return _later(column_of(datum, 1), column_of(days, 1))[0]
        datum = column_of(datum, len(days))
    return _later(datum, column_of(days, len(datum)))


def _later(column: cells.Column, days: cells.Column) -> cells.Column:
    """Add days to dates, to instants, and to times without zone, which stay what they are."""
    column = cells.one_chunk(column)
    read = cells.instants(column)
    zoneless = pa.array(read.zoneless)
    in_utc = pc.binary_join_element_wise(column, _text("Z"), _text(""))
    at = cells.instants(pc.if_else(zoneless, in_utc, column)).at if read.zoneless.any() else read.at
    count = days.fill_null(np.nan).to_numpy()
    known = (at != NO_INSTANT) & np.isfinite(count)
    added = np.rint(np.where(known, count, 0) * MICROSECONDS_PER_DAY).astype(np.int64)
    moved = np.where(known, at + added, NO_INSTANT)
    is_date = _is_long(column, len("2026-03-14")) & (added % MICROSECONDS_PER_DAY == 0)
    dates = as_texts(np.where(is_date, moved, NO_INSTANT))
    times = as_texts(np.where(is_date, NO_INSTANT, moved))
    times = pc.if_else(zoneless, pc.utf8_rtrim(times, "Z"), times)
    return pa.chunked_array([pc.coalesce(dates, times)])


def _is_long(column: cells.Column, length: int) -> Flags:
    flags: Flags = pc.equal(pc.utf8_length(column), length).fill_null(False).to_numpy(zero_copy_only=False)
    return flags


def _text(word: str) -> Datum:
    return pa.scalar(word, TYPES["text"])


FUNCTIONS: Final[Mapping[str, Function]] = {
    "missing": Function(("anything",), "truth", _missing),
    "first": Function(("anything",), None, pc.coalesce, more=True),
    "yes": Function(("anything",), "truth", _yes),
    "lower": Function(("text",), "text", pc.utf8_lower),
    "upper": Function(("text",), "text", pc.utf8_upper),
    "trim": Function(("text",), "text", _trim),
    "text": Function(("anything",), "text", text),
    "number": Function(("value",), "number", number),
    "concat": Function(("value",), "text", _concat, more=True),
    "replace": Function(("text", "word", "word"), "text", _replace),
    "part": Function(("text", "word", "position"), "text", _part),
    "contains": Function(("text", "word"), "truth", pc.match_substring),
    "starts": Function(("text", "word"), "truth", pc.starts_with),
    "ends": Function(("text", "word"), "truth", pc.ends_with),
    "matches": Function(("text", "pattern"), "truth", pc.match_substring_regex),
    "domain": Function(("text",), "text", _domain),
    "days_after": Function(("text", "number"), "text", _days_after),
}
"""Every function there is, by its name; `col` is none of them, it names a column."""
