"""What the cells of a column say: instants, words, numbers and texts, read a column at a time.

Every reader returns its column beside flags for the cells it could not read, so that nothing is
guessed and nothing is lost. An empty text is a missing value everywhere.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from readiness.crm.records import EXACT_INTEGERS, MICROSECONDS_PER_DAY, NO_INSTANT, instant, written
from readiness.crm.repeated_words import Column, decoded, distinct, is_text, one_chunk
from readiness.crm.stated import number_in
from readiness.crm.tables import Attribute, Coded, Flags, Floats, Ints, no_coded
from readiness.crm.validation import UNKNOWN_WORD

__all__ = [
    "Column",
    "Instants",
    "attribute",
    "coded",
    "instants",
    "is_text",
    "numbers",
    "one_chunk",
    "readable",
    "texts",
    "words",
]

_UTC: Final = pa.timestamp("us", tz="UTC")


@dataclass(frozen=True, slots=True)
class Instants:
    """A column of instants, NO_INSTANT where missing or not readable."""

    at: Ints
    unreadable: Flags
    zoneless: Flags
    """A time without a zone: a guess would shift it by hours."""


def instants(column: Column) -> Instants:
    """Read instants: ISO 8601 with a zone, or dates, which are read as the end of that day.

    Typed columns are taken as they are. A column of timestamps without zone is one of dates if all
    of them are midnights; else all of them lack a zone.
    """
    if pa.types.is_dictionary(column.type):
        values, row = distinct(column)
        read = instants(values)
        return Instants(read.at[row], read.unreadable[row], read.zoneless[row])
    kind = column.type
    if pa.types.is_timestamp(kind) and kind.tz is None:
        return _naive(column)
    if pa.types.is_timestamp(kind):
        return _read(_microseconds(column))
    if pa.types.is_date(kind):
        return _read(_ends_of_day(column.cast(pa.date32())))
    text = texts(column)
    if pa.types.is_null(kind) or text.null_count == len(text):
        return _read(np.full(len(column), NO_INSTANT, dtype=np.int64))
    if not is_text(kind):
        present = _flags(pc.is_valid(column))
        return Instants(np.full(len(column), NO_INSTANT, dtype=np.int64), present, np.zeros_like(present))
    return _written_instants(text)


def words(column: Column, allowed: tuple[str, ...]) -> NDArray[np.int8]:
    """Read words: their position in ``allowed``, -1 missing, UNKNOWN_WORD for any other."""
    if pa.types.is_dictionary(column.type):
        values, row = distinct(column)
        return words(values, allowed)[row]
    text = texts(column)
    codes = pc.index_in(text, value_set=pa.array(allowed, pa.large_string())).fill_null(UNKNOWN_WORD)
    codes = pc.if_else(pc.is_null(text), pa.scalar(-1, codes.type), codes)
    return _numpy(codes).astype(np.int8)


def numbers(column: Column) -> tuple[Floats, Flags]:
    """Read numbers, NaN where missing; flags where something finite was expected and is not there."""
    if pa.types.is_dictionary(column.type):
        values, row = distinct(column)
        read, unreadable = numbers(values)
        return read[row], unreadable[row]
    if _is_number(column.type):
        values = _floats(column.cast(pa.float64(), safe=False))
        return values, np.isinf(values)
    text = texts(column)
    try:
        values = _floats(text.cast(pa.float64()))
    except pa.ArrowInvalid:
        values = _by_distinct(text, _number, np.float64, np.nan)
    unreadable = _flags(pc.is_valid(text)) & ~np.isfinite(values)
    return np.where(unreadable, np.nan, values), unreadable


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
    codes = _numpy(encoded.indices.fill_null(-1))
    return Coded(rank[codes], tuple(levels[number] for number in order))


def readable(kind: Any) -> bool:  # noqa: ANN401 - pyarrow has no annotations
    """Say whether cells of this Arrow type can be read at all: no lists, structures or bytes."""
    if pa.types.is_dictionary(kind):
        return readable(kind.value_type)
    tests = (
        is_text,
        _is_number,
        pa.types.is_boolean,
        pa.types.is_null,
        pa.types.is_date,
        pa.types.is_timestamp,
    )
    return any(test(kind) for test in tests)


def attribute(column: Column) -> tuple[Attribute, Flags]:
    """Read a lead's attribute: numbers of a typed column stay numbers, all else is text."""
    plain = decoded(column) if not is_text(_kind(column)) else column
    if _is_number(plain.type) and not _has_inexact_integers(plain):
        return numbers(plain)
    return coded(column), np.zeros(len(column), dtype=bool)


def texts(column: Column) -> Column:
    """Write a column of any plain type as texts; empty texts are null.

    Numbers are text as short as they read back, booleans as yes and no, dates and instants in
    ISO 8601.

    Raises
    ------
    TypeError
        If the column holds lists, structures or bytes.
    """
    column = decoded(column)
    kind = column.type
    if is_text(kind):
        text = column.cast(pa.large_string())
        empty = pc.equal(text, "")
        return pc.if_else(empty, pa.scalar(None, pa.large_string()), text) if pc.any(empty).as_py() else text
    if pa.types.is_null(kind) or pa.types.is_integer(kind) or pa.types.is_date(kind):
        return column.cast(pa.large_string())
    if pa.types.is_boolean(kind):
        return pc.if_else(column, pa.scalar("yes", pa.large_string()), pa.scalar("no", pa.large_string()))
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return _texts_of_numbers(column.cast(pa.float64(), safe=False))
    if pa.types.is_timestamp(kind):
        return _texts_of_timestamps(column)
    raise TypeError(f"a column of type {kind}")


def _is_number(kind: Any) -> bool:  # noqa: ANN401 - pyarrow has no annotations
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def _kind(column: Column) -> Any:  # noqa: ANN401 - pyarrow has no annotations
    return column.type.value_type if pa.types.is_dictionary(column.type) else column.type


def _numpy(column: Column) -> NDArray[Any]:
    values: NDArray[Any] = (
        column.to_numpy(zero_copy_only=False) if isinstance(column, pa.Array) else column.to_numpy()
    )
    return values


def _flags(column: Column) -> Flags:
    return _numpy(column).astype(bool)


def _floats(column: Column) -> Floats:
    # Plus zero: minus zero and zero are one number, and must not tell which row came first.
    values: Floats = _numpy(column.fill_null(np.nan)).astype(np.float64) + 0.0
    return values


def _read(at: Ints) -> Instants:
    nothing = np.zeros(len(at), dtype=bool)
    return Instants(at, nothing, nothing)


def _microseconds(column: Column) -> Ints:
    whole = column.cast(pa.timestamp("us", tz=column.type.tz), safe=False).cast(pa.int64())
    return _numpy(whole.fill_null(NO_INSTANT)).astype(np.int64)


def _ends_of_day(dates: Column) -> Ints:
    day = _numpy(dates.cast(pa.int32()).cast(pa.int64()).fill_null(0))
    ends = (day + 1) * MICROSECONDS_PER_DAY - 1
    return np.where(_flags(pc.is_valid(dates)), ends, NO_INSTANT)


def _naive(column: Column) -> Instants:
    at = _microseconds(column)
    present = at != NO_INSTANT
    if np.all(at[present] % MICROSECONDS_PER_DAY == 0):
        return _read(np.where(present, at + MICROSECONDS_PER_DAY - 1, NO_INSTANT))
    return Instants(np.full(len(at), NO_INSTANT, dtype=np.int64), np.zeros_like(present), present)


def _written_instants(text: Column) -> Instants:
    for kind, finish in ((_UTC, _microseconds), (pa.date32(), _ends_of_day)):
        try:
            return _read(finish(text.cast(kind)))
        except pa.ArrowInvalid:
            continue
    # A mixture, or something that cannot be read: each distinct text once, at leisure.
    at = _by_distinct(text, _instant, np.int64, NO_INSTANT)
    present = _flags(pc.is_valid(text))
    failed = present & (at == NO_INSTANT)
    zoneless = np.zeros_like(failed)
    zoneless[failed] = [_is_zoneless(text) for text in text.filter(pa.array(failed)).to_pylist()]
    return Instants(at, failed & ~zoneless, zoneless)


def _by_distinct(text: Column, read: Callable[[str], Any], dtype: Any, missing: Any) -> NDArray[Any]:  # noqa: ANN401
    encoded = one_chunk(text).dictionary_encode()
    values = np.array([read(text) for text in encoded.dictionary.to_pylist()] + [missing], dtype=dtype)
    found: NDArray[Any] = values[_numpy(encoded.indices.fill_null(len(values) - 1))]
    return found


def _instant(text: str) -> int:
    try:
        return instant(text)
    except (ValueError, OverflowError):
        return NO_INSTANT


def _is_zoneless(text: str) -> bool:
    try:
        return dt.datetime.fromisoformat(text).tzinfo is None
    except ValueError:
        return False


def _number(text: str) -> float:
    value = number_in(text)
    return np.nan if value is None else value


def _has_inexact_integers(column: Column) -> bool:
    if not pa.types.is_integer(column.type) or not len(column):
        return False
    bounds = pc.min_max(column)
    low, high = bounds["min"].as_py(), bounds["max"].as_py()
    return low is not None and (low < -EXACT_INTEGERS or high > EXACT_INTEGERS)


def _texts_of_numbers(column: Column) -> Column:
    values = _floats(column)
    distinct, row = np.unique(values, return_inverse=True)
    spelt = [written(value) for value in distinct.tolist()]
    return pa.chunked_array([pa.array(spelt, pa.large_string()).take(pa.array(row))])


def _texts_of_timestamps(column: Column) -> Column:
    at = _microseconds(column)
    moments = np.where(at == NO_INSTANT, 0, at).astype("datetime64[us]")
    text = np.datetime_as_string(moments).astype(np.object_)
    text = text + ("Z" if column.type.tz else "")
    text[at == NO_INSTANT] = None
    return pa.chunked_array([pa.array(text, pa.large_string())])
