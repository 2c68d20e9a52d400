"""Columns that keep each of their words once: a dictionary, and for each row which word it has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa

from readiness.crm.tables import Codes

Column: TypeAlias = Any
"""A ``pyarrow.ChunkedArray``; pyarrow has no annotations."""


def distinct(column: Column) -> tuple[Column, Codes]:
    """Return the distinct values of a dictionary column, null the last, and which of them each row has.

    What is true cell by cell can be worked out on these few values and spread over the rows. Values
    that no row has are left out.
    """
    if any(chunk.dictionary.null_count for chunk in column.chunks):
        column = decoded(column).dictionary_encode()
    whole = one_chunk(column.unify_dictionaries())
    missing = len(whole.dictionary)
    row: Codes = whole.indices.cast(pa.int32()).fill_null(missing).to_numpy(zero_copy_only=False)
    used = np.zeros(missing + 1, dtype=bool)
    used[row] = True
    used[-1] = True
    values = pa.chunked_array([whole.dictionary, pa.nulls(1, whole.dictionary.type)])
    if used.all():
        return values, row
    return values.filter(pa.array(used)), (np.cumsum(used, dtype=np.int32) - 1)[row]


def on_distinct(column: Column, change: Callable[[Column], Column]) -> Column:
    """Change the cells of a column one by one; a dictionary of texts each once, giving a dictionary.

    Parameters
    ----------
    change : from a column to one of as many rows, from texts to texts
        Looks at each cell alone, or at all of them without counting.
    """
    if not pa.types.is_dictionary(column.type) or not is_text(column.type.value_type):
        return change(decoded(column))
    values, row = distinct(column)
    changed = one_chunk(change(values).cast(pa.large_string())).dictionary_encode()
    indices = changed.indices.take(pa.array(row))
    return pa.chunked_array([pa.DictionaryArray.from_arrays(indices, changed.dictionary)])


def decoded(column: Column) -> Column:
    """Return a dictionary column with its values in every row; other columns as they are."""
    return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column


def is_text(kind: Any) -> bool:  # noqa: ANN401 - pyarrow has no annotations
    """Say whether cells of this Arrow type are texts."""
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def one_chunk(column: Column) -> Any:  # noqa: ANN401 - pyarrow has no annotations
    """Return the column as one array: some of Arrow's functions take no chunks."""
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
