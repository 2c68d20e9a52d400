"""The rows of a Parquet file of leads. Nothing in such a file is run or unpickled."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from readiness.crm.records import iso
from readiness.crm.time_checks import EARLIEST, LATEST
from serve import batch_reading
from serve.batch_reading import Raw
from serve.problems import Problem, invalid, path
from serve.strict_json import EXACT_INTEGERS

NOT_PARQUET: Final = "This is no Parquet file, or it is damaged."

_ROWS: Final = 1_000
_TEXTS: Final = frozenset({"lead_id", "source", "email", "phone", "company_domain"})
"""Columns of a lead that are texts; some exports write them as whole numbers."""

_INSTEAD: Final = "Columns of lists, structures or bytes cannot be read; leave it out, or make it text."
_NO_MOMENT: Final = "(no moment)"


def batches(file: Path) -> Iterator[tuple[list[Raw], int]]:
    """Return the rows of a Parquet file, some at a time, and how many bytes they take.

    A missing value and an empty text are missing. Moments become texts as a request writes them; those
    without a zone keep none, and are refused with their row.

    Raises
    ------
    Problem
        400 if it is no Parquet file, 422 if its columns are not those of a table of leads.
    """
    try:
        opened = pq.ParquetFile(file)
        names = opened.schema_arrow.names
        batch_reading.check_columns(names)
        _check_types(opened.schema_arrow)
        for batch in opened.iter_batches(_ROWS, use_threads=False):
            columns = [_plain(name, column) for name, column in zip(names, batch.columns, strict=True)]
            rows = [_row(names, cells) for cells in zip(*columns, strict=True)]
            yield rows, batch.nbytes
    except (pa.ArrowException, OSError):
        raise Problem("invalid-parquet", NOT_PARQUET) from None


def _check_types(schema: Any) -> None:  # noqa: ANN401 - the library names no types
    kinds = (
        pa.types.is_null,
        pa.types.is_boolean,
        pa.types.is_integer,
        pa.types.is_floating,
        pa.types.is_decimal,
        pa.types.is_date,
        pa.types.is_timestamp,
        pa.types.is_string,
        pa.types.is_large_string,
    )
    faults = [
        (path((field.name,)), _INSTEAD)
        for field in schema
        if not any(is_it(_decoded(field.type)) for is_it in kinds)
    ]
    if faults:
        raise invalid(faults)


def _decoded(kind: Any) -> Any:  # noqa: ANN401 - the library names no types
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _plain(name: str, column: Any) -> list[object]:  # noqa: ANN401 - the library names no types
    kind = _decoded(column.type)
    if kind is not column.type:
        column = column.cast(kind)
    if pa.types.is_timestamp(kind):
        instants = pc.cast(column, pa.timestamp("us", kind.tz), safe=False).cast(pa.int64())
        ending = "Z" if kind.tz else ""
        return _each(instants.to_pylist(), lambda at: _moment(at, ending))
    if pa.types.is_date(kind):
        return _each(column.cast(pa.date32()).to_pylist(), str)
    if pa.types.is_integer(kind) and name in _TEXTS:
        return _each(column.to_pylist(), str)
    if pa.types.is_decimal(kind):
        return _each(column.to_pylist(), _number)
    values: list[object] = column.to_pylist()
    return values


def _each(values: Sequence[Any], spelt: Callable[[Any], object]) -> list[object]:
    return [None if value is None else spelt(value) for value in values]


def _number(value: Decimal) -> float:
    return float(value)


def _moment(at: int, ending: str) -> str:
    if not EARLIEST <= at < LATEST:
        return _NO_MOMENT
    return (iso(at) or _NO_MOMENT).removesuffix("Z") + ending


def _row(names: Sequence[str], cells: Sequence[object]) -> Raw:
    given = {
        name: cell for name, cell in zip(names, cells, strict=True) if not (cell is None or _missing(cell))
    }
    faults = [(path((name,)), why) for name, cell in given.items() if (why := _fault(cell)) is not None]
    return invalid(faults) if faults else batch_reading.lead_of(given)


def _missing(cell: object) -> bool:
    return cell == "" or (isinstance(cell, float) and math.isnan(cell))


def _fault(cell: object) -> str | None:
    """Say what JSON could not hold either."""
    if isinstance(cell, float) and math.isinf(cell):
        return "This must be a finite number."
    if isinstance(cell, int) and abs(cell) > EXACT_INTEGERS:
        return "An integer is beyond 2^53 and would lose digits; send it as text if it is an identifier."
    return None
