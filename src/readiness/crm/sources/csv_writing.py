"""CSV as others read it: a block of rows at a time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.csv as pc_csv

from readiness.crm.frames import ArrowTable

_ROWS: Final = 1 << 20
"""So many rows are written at a time."""


def _as_is(rows: ArrowTable) -> ArrowTable:
    return rows


def write_csv(rows: ArrowTable, path: Path, *, spell: Callable[[ArrowTable], ArrowTable] = _as_is) -> None:
    """Write a table as CSV; cells are quoted only in a file in which some cell needs it.

    Parameters
    ----------
    spell : from rows to rows, optional
        Turns some of the rows into what the file holds: only a block of them exists in that form at a time.
    """
    try:
        _write_blocks(rows, path, spell, pc_csv.WriteOptions(quoting_style="none", quoting_header="none"))
    except pa.ArrowInvalid:
        _write_blocks(rows, path, spell, pc_csv.WriteOptions(quoting_style="needed"))


def _write_blocks(
    rows: ArrowTable,
    path: Path,
    spell: Callable[[ArrowTable], ArrowTable],
    options: Any,  # noqa: ANN401 - pyarrow has no annotations
) -> None:
    with pc_csv.CSVWriter(str(path), spell(rows.slice(0, 0)).schema, write_options=options) as file:
        for first in range(0, len(rows), _ROWS):
            file.write_table(spell(rows.slice(first, _ROWS)))
