"""Parquet: typed columns as they are."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from readiness.crm.frames import ArrowTable, Origin
from readiness.crm.plain_columns import readable
from readiness.crm.sources.columns import table_of
from readiness.crm.sources.kinds import kind_of, unlike, unopened
from readiness.crm.sources.layout import Layout

_EXPECTED: Final = "a Parquet file"


def read_parquet(path: Path, label: str, layout: Layout | None = None) -> Origin:  # noqa: ARG001 - as all readers
    """Read a Parquet file; rows are counted from 1.

    A column of lists, structures or bytes becomes one of texts: see `columns.column_of`. A note tells of it.

    Raises
    ------
    DataError
        If it is no Parquet file.
    StoreError
        If it cannot be opened.
    """
    try:
        with path.open("rb") as file:
            kind = kind_of(file.read(512), path)
        if kind != _EXPECTED:
            raise unlike(label, kind or "something else", _EXPECTED)
        return _in_plain_columns(pq.ParquetFile(path).read(), label)
    except pa.ArrowException:
        raise unlike(label, "a damaged file", _EXPECTED) from None
    except OSError as error:
        raise unopened(path, error) from error


def _in_plain_columns(rows: ArrowTable, label: str) -> Origin:
    notes: list[str] = []
    for position, field in enumerate(rows.schema):
        if not readable(field.type):
            plain, told = table_of(
                label, [field.name], [rows.column(position).to_pylist()], lambda row: row + 1
            )
            rows = rows.set_column(position, field.name, plain.column(0))
            notes += told
    return Origin(rows, notes=tuple(notes))
