"""Parquet: typed columns as they are."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from readiness.crm.frames import Origin
from readiness.crm.sources.kinds import kind_of, unlike, unopened
from readiness.crm.sources.layout import Layout

_EXPECTED: Final = "a Parquet file"


def read_parquet(path: Path, label: str, layout: Layout | None = None) -> Origin:  # noqa: ARG001 - as all readers
    """Read a Parquet file; rows are counted from 1.

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
        return Origin(pq.ParquetFile(path).read())
    except pa.ArrowException:
        raise unlike(label, "a damaged file", _EXPECTED) from None
    except OSError as error:
        raise unopened(path, error) from error
