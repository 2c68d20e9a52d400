"""Arrow columns of any plain type as texts and as numpy arrays; an empty text is a missing value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from readiness.crm.records import NO_INSTANT, written
from readiness.crm.repeated_words import Column, decoded, is_text, one_chunk
from readiness.crm.tables import Flags, Floats, Ints


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


def readable(kind: Any) -> bool:  # noqa: ANN401 - pyarrow has no annotations
    """Say whether cells of this Arrow type can be read at all: no lists, structures or bytes."""
    if pa.types.is_dictionary(kind):
        return readable(kind.value_type)
    tests = (
        is_text,
        is_number,
        pa.types.is_boolean,
        pa.types.is_null,
        pa.types.is_date,
        pa.types.is_timestamp,
    )
    return any(test(kind) for test in tests)


def is_number(kind: Any) -> bool:  # noqa: ANN401 - pyarrow has no annotations
    """Say whether cells of this Arrow type are numbers."""
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def as_numpy(column: Column) -> NDArray[Any]:
    """Return a column without missing values as numpy array."""
    values: NDArray[Any] = (
        column.to_numpy(zero_copy_only=False) if isinstance(column, pa.Array) else column.to_numpy()
    )
    return values


def flags(column: Column) -> Flags:
    """Return a column of booleans, none of them missing, as numpy array."""
    return as_numpy(column).astype(bool)


def matching(text: Column, pattern: str) -> Flags:
    """Return which texts match a regular expression; a missing one does not."""
    return flags(pc.match_substring_regex(text, pattern).fill_null(False))


def floats(column: Column) -> Floats:
    """Return a column of numbers as float64, NaN where missing."""
    # Plus zero: minus zero and zero are one number, and must not tell which row came first.
    values: Floats = as_numpy(column.fill_null(np.nan)).astype(np.float64) + 0.0
    return values


def microseconds(column: Column) -> Ints:
    """Return a column of timestamps as microseconds since 1970, NO_INSTANT where missing."""
    whole = column.cast(pa.timestamp("us", tz=column.type.tz), safe=False).cast(pa.int64())
    return as_numpy(whole.fill_null(NO_INSTANT)).astype(np.int64)


def by_distinct(text: Column, read: Callable[[str], Any], dtype: Any, missing: Any) -> NDArray[Any]:  # noqa: ANN401
    """Read each distinct text once, at leisure, and return what it says row by row.

    Parameters
    ----------
    read : callable
        Returns one value, or a tuple where ``dtype`` is that of a record.
    """
    encoded = one_chunk(text).dictionary_encode()
    values = np.array([read(text) for text in encoded.dictionary.to_pylist()] + [missing], dtype=dtype)
    found: NDArray[Any] = values[as_numpy(encoded.indices.fill_null(len(values) - 1))]
    return found


def _texts_of_numbers(column: Column) -> Column:
    values = floats(column)
    distinct, row = np.unique(values, return_inverse=True)
    spelt = [written(value) for value in distinct.tolist()]
    return pa.chunked_array([pa.array(spelt, pa.large_string()).take(pa.array(row))])


def _texts_of_timestamps(column: Column) -> Column:
    at = microseconds(column)
    moments = np.where(at == NO_INSTANT, 0, at).astype("datetime64[us]")
    text = np.datetime_as_string(moments).astype(np.object_)
    text = text + ("Z" if column.type.tz else "")
    text[at == NO_INSTANT] = None
    return pa.chunked_array([pa.array(text, pa.large_string())])
