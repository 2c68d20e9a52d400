"""The door through which any file of an export comes in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any, Final, TypeAlias, cast

import pyarrow.compute as pc

from readiness.counting import are, counted, have
from readiness.crm.frames import ArrowTable, Origin, whole
from readiness.crm.sources.database_url import Database
from readiness.crm.sources.layout import Format, Layout, format_of
from readiness.crm.sources.naming import cleaned
from readiness.errors import StoreError

_Reader: TypeAlias = Callable[[Path, str, Layout], Origin]

_READERS: Final[dict[Format, str]] = {
    "csv": "csv_files.scan_csv",
    "excel": "workbooks.read_workbook",
    "jsonl": "json_lines.scan_json_lines",
    "parquet": "parquet_files.read_parquet",
}


def open_source(path: Path, layout: Layout | None = None, label: str | None = None) -> Origin:
    """Read a file of an export in which nothing is wrong as a whole: see `scan_source`.

    Raises
    ------
    DataError
        If it is not what its ending or the layout says, or cannot be read whole; every fault is listed.
    StoreError
        If it cannot be opened, or a library that reads its format is not installed.
    """
    return whole(scan_source(path, layout, label))


def scan_source(path: Path, layout: Layout | None = None, label: str | None = None) -> Origin:
    """Read a file of an export, whatever its format, as far as it can be; nothing is coerced without a note.

    Names of columns lose the blanks around them; a second column of one name becomes ``name (2)``. A
    column that has neither a name nor a cell, and rows at the end of the file without a single cell, as
    spreadsheets leave them, are left out and noted.

    Parameters
    ----------
    layout : Layout, optional
        What is known of how it is written; by default all is found out.
    label : str, optional
        How faults and notes call it; by default its name.

    Returns
    -------
    Origin
        The rows: texts from CSV, typed columns from the other formats; missing cells are null.
        ``line`` is the line of the file or of the sheet, ``notes`` what was assumed, ``faults`` what is wrong
        with it as a whole.

    Raises
    ------
    DataError
        If nothing of it can be read.
    StoreError
        If it cannot be opened, or a library that reads its format is not installed.
    """
    layout, label = layout or Layout(), label or path.name
    return tidy(_reader(layout.format or format_of(path))(path, label, layout), label)


def open_database(
    database: Database, label: str, *, table: str | None = None, query: str | None = None
) -> Origin:
    """Read a table of a database or the rows of a query: see `databases.read_database`.

    Raises
    ------
    DataError
        If there is no such table, or the query is not one SELECT or refused by the database.
    StoreError
        If the database cannot be reached, or SQLAlchemy or the database's driver is not installed.
    """
    read: Origin = _loaded("databases", "sql").read_database(database, label, table=table, query=query)
    return tidy(read, label)


def sheets_of(path: Path) -> list[str]:
    """Return the names of a workbook's sheets in their order; none for any other file.

    Raises
    ------
    DataError
        If it is no workbook, though its ending says so, or needs a password.
    StoreError
        If it cannot be opened, or a library that reads workbooks is not installed.
    """
    if format_of(path) != "excel":
        return []
    names: list[str] = _loaded("workbooks", "excel").sheet_names(path, path.name)
    return names


def tables_of(database: Database) -> list[str]:
    """Return the names of a database's tables and views, sorted.

    Raises
    ------
    StoreError
        If the database cannot be reached, or SQLAlchemy or the database's driver is not installed.
    """
    names: list[str] = _loaded("databases", "sql").table_names(database)
    return names


def tidy(origin: Origin, label: str) -> Origin:
    """Return an origin with clean names, without the empty edge that a spreadsheet left."""
    rows = origin.original
    nameless = [
        position
        for position, name in enumerate(rows.column_names)
        if not name.strip() and rows.column(position).null_count == rows.num_rows
    ]
    rows = rows.select([position for position in range(rows.num_columns) if position not in set(nameless)])
    names, changes = cleaned(rows.column_names)
    notes = [f"{label}: {change}" for change in changes]
    if nameless and rows.num_rows:
        notes.append(
            f"{label}: {counted(len(nameless), 'column')} without name and cells "
            f"{are(len(nameless))} left out."
        )
    rows = rows.rename_columns(list(names))
    filled = _filled(rows)
    if empty := rows.num_rows - filled:
        notes.append(
            f"{label}: {counted(empty, 'row')} at the end {have(empty)} no cells and {are(empty)} left out."
        )
    return replace(origin, original=rows.slice(0, filled), notes=(*origin.notes, *notes))


def _filled(rows: ArrowTable) -> int:
    """Return how many rows there are up to the last one that has a cell."""
    if rows.num_columns < 2 or not rows.num_rows or _any_cell(rows.slice(rows.num_rows - 1)):
        return int(rows.num_rows)
    present = (pc.indices_nonzero(pc.is_valid(column)) for column in rows.columns)
    return max((found[-1].as_py() + 1 for found in present if len(found)), default=0)


def _any_cell(rows: ArrowTable) -> bool:
    return any(column.null_count < len(column) for column in rows.columns)


def _reader(format: Format) -> _Reader:  # noqa: A002 - what it is
    module, _, name = _READERS[format].partition(".")
    return cast("_Reader", getattr(_loaded(module, format), name))


def _loaded(module: str, extra: str) -> Any:  # noqa: ANN401 - a module
    """Return a module that may need a library which not everybody has installed."""
    try:
        return import_module(f"readiness.crm.sources.{module}")
    except ModuleNotFoundError as error:
        remedy = f"pip install 'readiness[{extra}]'"
        raise StoreError(f"Reading this ({extra}) needs the library {error.name}: {remedy}.") from None
