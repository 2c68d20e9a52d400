"""From columns as somebody else keeps them to typed columns of our tables, and what cannot be read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import pandas as pd
import pyarrow as pa

from readiness.crm.findings import Finding
from readiness.crm.records import written
from readiness.crm.tables import Flags, Ints
from readiness.errors import DataError, Fault

ArrowTable: TypeAlias = Any
"""A ``pyarrow.Table``; pyarrow has no annotations."""


@dataclass(frozen=True, slots=True)
class Ragged:
    """A line of a file that has more or fewer cells than the header."""

    line: int
    text: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where rows came from, in the words of whoever gave them: faults are told in these."""

    original: ArrowTable
    """The rows as they were given, before anything was translated."""
    line: Callable[[int], int] = lambda row: row + 1
    """How their reader counts rows: the line of the file, or the position from 1."""
    names: Mapping[str, str] = field(default_factory=dict)
    """What their reader calls a column, where not by our name."""
    label: str | None = None
    """What their reader calls the table, where not by our name."""
    rows: Ints | None = None
    """Which rows of the original were taken, where not all of them."""
    ragged: tuple[Ragged, ...] = ()
    notes: tuple[str, ...] = ()
    """What was assumed in reading it, one sentence each."""
    faults: tuple[Fault, ...] = ()
    """What is wrong with the source as a whole: the rows are those that could be read in spite of it, looked
    at only so that their faults are told as well."""

    def __len__(self) -> int:
        return self.original.num_rows if self.rows is None else len(self.rows)

    def original_row(self, row: int) -> int:
        """Return which row of the original one of the rows taken is."""
        return row if self.rows is None else int(self.rows[row])


@dataclass(frozen=True, slots=True)
class Given:
    """One table in our columns, not yet typed, with where its rows came from, one origin after the other."""

    rows: ArrowTable
    origins: tuple[Origin, ...]
    lead: Ints | None = None
    """Which row of the leads each row belongs to, where it is known otherwise than by ``lead_id``."""
    numbers: frozenset[str] = frozenset()
    """Attributes written as text that are columns of numbers."""
    written_by_us: bool = False
    findings: tuple[Finding, ...] = ()
    """What was found wrong with rows before they came here."""
    unread: Mapping[str, Flags] = field(default_factory=dict)
    """By column, the rows of which nobody could read it: told elsewhere, so nothing is missing there."""

    def origin_of(self, row: int) -> tuple[Origin, int]:
        """Return where a row came from, and which row it is there."""
        for origin in self.origins:
            if row < len(origin):
                return origin, origin.original_row(row)
            row -= len(origin)
        raise IndexError(row)


def whole(origin: Origin) -> Origin:
    """Return an origin in which nothing is wrong as a whole.

    Raises
    ------
    DataError
        If something is.
    """
    if origin.faults:
        raise DataError(origin.faults)
    return origin


def given_as_is(rows: ArrowTable) -> Given:
    """Return a table whose rows are in our columns already, counted from 1."""
    return Given(rows, (Origin(rows),))


def arrow(frame: pd.DataFrame | ArrowTable) -> ArrowTable:
    """Return a data frame as an Arrow table; a column of mixed objects becomes texts.

    Anything with the Arrow stream interface, such as a polars frame, is taken too.
    """
    if not isinstance(frame, pd.DataFrame):
        return pa.table(frame)
    # By position: of two columns of one name each is taken, and the check of the header tells of them.
    columns = [_arrow_column(series) for _, series in frame.items()]
    return pa.Table.from_arrays(columns, names=[str(name) for name in frame.columns])


def _arrow_column(series: pd.Series[Any]) -> Any:  # noqa: ANN401 - pyarrow has no annotations
    try:
        return pa.chunked_array([pa.Array.from_pandas(series)])
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return pa.chunked_array([pa.array([_cell(value) for value in series], pa.large_string())])


def _cell(value: object) -> str | None:
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    return written(value) if isinstance(value, str | int | float | bool | None) else str(value)
