"""Cells that already have a type of their own, from sheets, JSON and databases, as columns."""

from __future__ import annotations

import datetime as dt
import decimal
import json
import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa

from readiness.counting import counted
from readiness.crm.frames import ArrowTable
from readiness.crm.records import EXACT_INTEGERS, written

_TEXT: Final = pa.large_string()
_NUMBERS: Final = frozenset({int, float, decimal.Decimal})
_DATES: Final = frozenset({dt.date, dt.datetime})
_WORDS: Final = {
    str: "texts",
    bool: "yes or no",
    int: "numbers",
    float: "numbers",
    decimal.Decimal: "numbers",
    dt.date: "dates",
    dt.datetime: "dates",
    dt.time: "times of day",
    dt.timedelta: "durations",
    uuid.UUID: "texts",
}
"""Every type that cells usually have, and what people call them."""
_STRANGE: Final[Mapping[type, str]] = {
    list: "lists",
    tuple: "lists",
    set: "lists",
    frozenset: "lists",
    dict: "objects",
    bytes: "bytes",
    bytearray: "bytes",
    memoryview: "bytes",
}
"""What is no cell of ours, and yet kept: as a text."""
_OTHER: Final = "other values"
_WRITTEN: Final = {
    "lists": "Lists and objects are written as JSON writes them.",
    "objects": "Lists and objects are written as JSON writes them.",
    "bytes": "Bytes are written in hexadecimal digits.",
    _OTHER: "What is of no usual kind is written as it shows itself.",
}


@dataclass(frozen=True, slots=True)
class Mixture:
    """What else stands in a column that holds mostly one kind of cell, or what kind of no usual one."""

    most: str
    others: tuple[tuple[str, int], ...]
    """The rarer kinds, each with how many cells are of it; none where all are of a kind that must be told."""
    first: int
    """The first row that is of a rarer kind, or else of any."""


def column_of(cells: Sequence[object]) -> tuple[Any, Mixture | None]:
    """Return cells as one Arrow array, and what is mixed in it.

    Numbers stay numbers, whole ones as integers; dates stay dates, or become instants where any cell has
    a time of day; yes and no stay booleans. A column that mixes kinds becomes texts: numbers as short as
    they read back, dates in ISO 8601, booleans as yes and no. None and empty texts are missing.

    Parameters
    ----------
    cells : n values
        Texts, numbers, booleans, dates, times; lists and objects become texts as JSON writes them, bytes
        texts of hexadecimal digits, and anything else the text that it shows itself as.

    Returns
    -------
    pyarrow.Array, n cells
        A column without any cell is one of missing texts.
    Mixture or None
    """
    kinds = set(map(type, cells)) - {type(None)}
    if str in kinds and "" in cells:
        cells = [None if cell == "" else cell for cell in cells]
        kinds = set(map(type, cells)) - {type(None)}
    if not kinds:
        return pa.nulls(len(cells), _TEXT), None
    if kinds == {str}:
        return pa.array(cells, _TEXT), None
    if kinds == {bool}:
        return pa.array(cells, pa.bool_()), None
    if kinds <= _NUMBERS:
        return _numbers(cells, kinds), None
    zones = {_is_zoned(cell) for cell in cells if cell is not None} if kinds <= _DATES else set()
    if len(zones) == 1:
        return _dates(cells, kinds, zoned=zones == {True}), None
    return pa.array([None if cell is None else as_text(cell) for cell in cells], _TEXT), _mixture(cells)


def as_text(cell: object) -> str | None:
    """Write one cell as it is written where columns are texts; None for what is no number."""
    if isinstance(cell, list | tuple | dict):
        return json.dumps(cell, ensure_ascii=False, default=str)
    if isinstance(cell, set | frozenset):
        return json.dumps(sorted(map(str, cell)), ensure_ascii=False)
    if isinstance(cell, bytes | bytearray | memoryview):
        return bytes(cell).hex()
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return written(cell)
    if isinstance(cell, decimal.Decimal):
        return format(cell, "f")
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    if isinstance(cell, dt.timedelta):
        minutes, seconds = divmod(int(cell.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return str(cell)


def table_of(
    label: str, names: Sequence[str], columns: Sequence[Sequence[object]], line: Callable[[int], int]
) -> tuple[ArrowTable, tuple[str, ...]]:
    """Put columns of cells together, and say in a sentence each where kinds are mixed.

    Parameters
    ----------
    label : str
        How faults and notes call the table.
    line : from row to line
        How its reader counts rows.

    """
    arrays, notes = [], []
    for name, cells in zip(names, columns, strict=True):
        array, mixture = column_of(cells)
        arrays.append(array)
        if mixture is not None:
            notes.append(f"{label}: column {name!r} {_told(mixture, line)}")
    return pa.table(arrays, names=list(names)), tuple(notes)


def _told(mixture: Mixture, line: Callable[[int], int]) -> str:
    kinds = {mixture.most, *dict(mixture.others)}
    if mixture.others:
        rarer = " and ".join(f"in {counted(count, 'cell')} {kind}" for kind, count in mixture.others)
        told = f"holds {mixture.most}, but {rarer}, the first in row {line(mixture.first)}"
        told += "; all are taken as texts."
    else:
        told = f"holds {mixture.most}, the first in row {line(mixture.first)}; they are taken as texts."
    if {"dates", "numbers"} <= kinds:
        told += " A number among dates is often a date that lost its format: 45678 was 2025-01-21."
    return " ".join([told, *sorted({_WRITTEN[kind] for kind in kinds if kind in _WRITTEN})])


def _numbers(cells: Sequence[Any], kinds: set[type]) -> Any:  # noqa: ANN401 - pyarrow has no annotations
    if decimal.Decimal in kinds:
        cells = [int(cell) if _is_whole(cell) else None if cell is None else float(cell) for cell in cells]
        kinds = set(map(type, cells)) - {type(None)}
    if kinds == {int}:
        present = [cell for cell in cells if cell is not None]
        if min(present) >= -EXACT_INTEGERS and max(present) <= EXACT_INTEGERS:
            return pa.array(cells, pa.int64())
        # Too long to be anything but ids: as texts no digit is lost.
        return pa.array([None if cell is None else str(cell) for cell in cells], _TEXT)
    values = pa.array([None if cell is None else float(cell) for cell in cells], pa.float64())
    numbers = values.drop_null().to_numpy()
    whole = np.isfinite(numbers) & (numbers == np.trunc(numbers)) & (np.abs(numbers) <= EXACT_INTEGERS)
    return values.cast(pa.int64()) if whole.all() else values


def _is_whole(cell: object) -> bool:
    return isinstance(cell, int) or (
        isinstance(cell, decimal.Decimal) and cell.is_finite() and cell == cell.to_integral_value()
    )


def _dates(cells: Sequence[Any], kinds: set[type], *, zoned: bool) -> Any:  # noqa: ANN401
    if kinds == {dt.date}:
        return pa.array(cells, pa.date32())
    midnights = [
        dt.datetime(cell.year, cell.month, cell.day) if type(cell) is dt.date else cell  # noqa: DTZ001
        for cell in cells
    ]
    return pa.array(midnights, pa.timestamp("us", tz="UTC" if zoned else None))


def _is_zoned(cell: object) -> bool:
    return isinstance(cell, dt.datetime) and cell.tzinfo is not None


def _mixture(cells: Sequence[object]) -> Mixture | None:
    kinds = [None if cell is None else called(type(cell)) for cell in cells]
    (most, _), *others = Counter(kind for kind in kinds if kind is not None).most_common()
    if not others and most not in _WRITTEN:
        return None
    first = next(row for row, kind in enumerate(kinds) if kind is not None and (kind != most or not others))
    return Mixture(most, tuple(others), first)


def called(kind: type) -> str:
    """Say what people call cells of a type."""
    return _WORDS.get(kind) or _STRANGE.get(kind, _OTHER)
