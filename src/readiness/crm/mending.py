"""Rows of a quarantine that somebody has mended, put back in the place from which they were taken."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from readiness.counting import counted
from readiness.crm import cells
from readiness.crm.frames import ArrowTable, Origin
from readiness.crm.quarantine import ENDING, OURS, marks, source_of, their_name
from readiness.crm.rules import RAGGED_ROW
from readiness.crm.sources.csv_files import read_csv
from readiness.crm.sources.layout import Layout
from readiness.crm.tables import Flags, Ints
from readiness.errors import DataError, Fault, StoreError

_KEPT: Final = ("row", "check")
_LEAVE: Final = "Leave the columns row, fault_code, fault and check as they are."


@dataclass(frozen=True, slots=True)
class Rows:
    """The mended rows of one source."""

    cells: ArrowTable
    """As texts, under the source's own names."""
    lines: tuple[int, ...]
    """From which line of the source each was taken, ascending."""
    checks: tuple[str, ...]
    """The mark of what stood there."""


@dataclass(frozen=True, slots=True)
class Mended:
    """What was mended in a quarantine, by source; rows that nobody changed are not among it."""

    rows: Mapping[str, Rows] = field(default_factory=dict)

    def __len__(self) -> int:
        return sum(len(rows.lines) for rows in self.rows.values())

    def into(self, source: str, origin: Origin) -> Origin:
        """Return a source's rows with the mended ones in place of those that were refused.

        Parameters
        ----------
        source : str
            What the quarantine calls it: the file's name, or the table's where it is one of our own.
        origin : Origin
            All of its rows, as they were read.

        Raises
        ------
        DataError
            If these are not the rows from which the quarantine was made; all such lines are listed.
        """
        return _put_back(origin, self.rows[source], source) if source in self.rows else origin

    def must_be_of(self, sources: Iterable[str]) -> None:
        """Refuse mended rows of a source that is not there.

        Raises
        ------
        DataError
            If there are any.
        """
        there = set(sources)
        strangers = sorted(set(self.rows) - there)
        if strangers:
            seen = f"only {', '.join(sorted(there)) or 'nothing'}"
            expected, remedy = "the source of the mended rows", "Give the export of which the quarantine is."
            raise DataError(
                [Fault(name, None, None, seen, expected, remedy, "missing_file") for name in strangers]
            )


NOTHING_MENDED: Final = Mended()


def read_quarantine(folder: Path) -> Mended:
    """Read which rows of a quarantine were mended.

    A row counts as mended if any of its cells differs from what was set aside. Where one line was set
    aside for several tables, mending one copy is enough.

    Raises
    ------
    DataError
        If a file lacks its columns ``row`` and ``check``, or two copies of a line were mended differently.
    StoreError
        If there is no such folder, or a file cannot be opened.
    """
    if not folder.is_dir():
        raise StoreError(f"There is no quarantine {folder.name}.")
    parts: dict[str, list[Rows]] = {}
    faults: list[Fault] = []
    for path in sorted(folder.glob(f"*{ENDING}")):
        try:
            found = _changed(path)
            parts.setdefault(source_of(path), []).append(found)
        except DataError as error:
            faults += error.faults
    mended = {}
    for source, copies in parts.items():
        rows, contradictions = _together(source, copies)
        faults += contradictions
        if rows.lines:
            mended[source] = rows
    if faults:
        raise DataError(faults)
    return Mended(mended)


def _changed(path: Path) -> Rows:
    origin = read_csv(path, path.name, Layout())
    rows = origin.original
    rule = RAGGED_ROW
    if origin.ragged:
        cut = [(torn.line, counted(len(torn.cells), "cell")) for torn in origin.ragged]
        raise DataError(
            [Fault(path.name, at, None, seen, rule.expected, rule.remedy, rule.code) for at, seen in cut]
        )
    lacking = [name for name in _KEPT if name not in rows.column_names]
    if lacking:
        seen, expected = "no such column", "this column"
        raise DataError(
            [Fault(path.name, 1, name, seen, expected, _LEAVE, "missing_column") for name in lacking]
        )
    named = {their_name(name): rows.column(name) for name in rows.column_names if name not in OURS[:4]}
    content = pa.table(named)
    checks, line = cells.texts(rows.column("check")).to_pylist(), cells.numbers(rows.column("row")).values
    pairs = zip(marks(content), checks, strict=True)
    changed = np.array([mark != check for mark, check in pairs], dtype=bool)
    torn = _only_torn(content)
    mended = changed & ~torn
    if not np.isfinite(line[mended]).all():
        astray = np.flatnonzero(mended & ~np.isfinite(line)).tolist()
        seen, expected = "no line of the source", "the line from which the row was taken"
        raise DataError(
            [
                Fault(path.name, origin.line(row), "row", seen, expected, _LEAVE, "missing_value")
                for row in astray
            ]
        )
    keep = np.flatnonzero(mended)
    keep = keep[np.argsort(line[keep], kind="stable")]
    content = content.drop_columns(["raw_line"]) if "raw_line" in content.column_names else content
    return Rows(
        content.take(pa.array(keep)),
        tuple(line[keep].astype(np.int64).tolist()),
        tuple(checks[row] or "" for row in keep.tolist()),
    )


def _only_torn(content: ArrowTable) -> Flags:
    """Return the rows that hold nothing but a torn line: nobody wrote its cells yet."""
    empty = np.ones(content.num_rows, dtype=bool)
    for name in content.column_names:
        if name != "raw_line":
            empty &= ~cells.flags(content.column(name).is_valid())
    return empty


def _together(source: str, parts: list[Rows]) -> tuple[Rows, list[Fault]]:
    """Put the mended rows of a source together, each line once."""
    rows = pa.concat_tables([part.cells for part in parts], promote_options="default")
    lines = np.array([line for part in parts for line in part.lines], dtype=np.int64)
    checks = [check for part in parts for check in part.checks]
    mark = marks(rows)
    first: dict[int, int] = {}
    faults = []
    for row in np.argsort(lines, kind="stable").tolist():
        known = first.setdefault(int(lines[row]), row)
        if mark[known] != mark[row]:
            seen, expected = "two copies of the row that differ", "one way in which it was mended"
            remedy = "The line was set aside for several tables: mend one copy, or all of them alike."
            faults.append(Fault(source, int(lines[row]), None, seen, expected, remedy, "mended_twice"))
    chosen = list(first.values())
    taken = Rows(rows.take(pa.array(chosen, pa.int64())), tuple(first), tuple(checks[row] for row in chosen))
    return taken, faults


def _put_back(origin: Origin, mended: Rows, source: str) -> Origin:
    torn = {ragged.line: ragged for ragged in origin.ragged}
    places = [_row_of(line, origin) for line in mended.lines]
    faults = [
        _another_export(source, line)
        for line, check, place in zip(mended.lines, mended.checks, places, strict=True)
        if check != _mark_there(line, place, origin)
    ]
    if faults:
        raise DataError(faults)
    fixed = [line in torn for line in mended.lines]
    height = origin.original.num_rows
    index = np.arange(height, dtype=np.int64)
    inserted = np.array([place for place, new in zip(places, fixed, strict=True) if new], dtype=np.int64)
    numbers = height + np.arange(len(places), dtype=np.int64)
    replaced = ~np.array(fixed, dtype=bool)
    index[np.array(places, dtype=np.int64)[replaced]] = numbers[replaced]
    index = np.insert(index, inserted, numbers[~replaced])
    columns = {
        name: _replaced(origin.original.column(name), _column(mended.cells, name), index)
        for name in origin.original.column_names
    }
    new_lines = [line for line, new in zip(mended.lines, fixed, strict=True) if new]
    return replace(
        origin,
        original=pa.table(columns),
        line=_lines_with(origin.line, (inserted + np.arange(len(inserted))).tolist(), new_lines),
        ragged=tuple(ragged for ragged in origin.ragged if ragged.line not in set(new_lines)),
    )


def _row_of(line: int, origin: Origin) -> int:
    """Return the first row that stands on a line or after it."""
    return bisect_left(range(origin.original.num_rows), line, key=origin.line)


def _mark_there(line: int, place: int, origin: Origin) -> str | None:
    torn = [ragged.text for ragged in origin.ragged if ragged.line == line]
    if torn:
        return marks(pa.table({"raw_line": torn}))[0]
    if place < origin.original.num_rows and origin.line(place) == line:
        return marks(origin.original.slice(place, 1))[0]
    return None


def _another_export(source: str, line: int) -> Fault:
    expected = "the row from which the mended one was taken"
    remedy = "Give the export of which the quarantine is, unchanged; or import without mended rows."
    return Fault(source, line, None, "another row", expected, remedy, "another_export")


def _column(rows: ArrowTable, name: str) -> cells.Column:
    return rows.column(name) if name in rows.column_names else pa.chunked_array([pa.nulls(len(rows))])


def _replaced(column: cells.Column, mended: cells.Column, index: Ints) -> cells.Column:
    """Return a column with the mended cells below it, in the order of ``index``."""
    mended = cells.texts(mended).cast(pa.large_string())
    kind = column.type
    if pa.types.is_dictionary(kind):
        short = cells.decoded(mended).cast(kind.value_type).dictionary_encode().cast(kind)
        both = pa.chunked_array([*column.chunks, *short.chunks], kind).unify_dictionaries()
        return both.take(pa.array(index))
    try:
        mended = _typed(mended, kind)
    except pa.ArrowInvalid:
        # A text that is none of the column's kind makes it one of texts, and its own check tells of it.
        column = cells.texts(column)
    return pa.chunked_array([*column.chunks, *mended.chunks], column.type).take(pa.array(index))


def _typed(mended: cells.Column, kind: Any) -> cells.Column:  # noqa: ANN401 - pyarrow has no annotations
    if pa.types.is_boolean(kind):
        said = pc.replace_substring_regex(mended, "^yes$", "true")
        mended = pc.replace_substring_regex(said, "^no$", "false")
    return mended.cast(kind)


def _lines_with(line: Callable[[int], int], rows: list[int], lines: list[int]) -> Callable[[int], int]:
    """Return how rows are counted once torn lines have become rows among them."""

    def counted(row: int) -> int:
        before = bisect_left(rows, row)
        if before < len(rows) and rows[before] == row:
            return lines[before]
        return line(row - before)

    return counted
