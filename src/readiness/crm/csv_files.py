"""CSV as the rest of the world writes it: every cell a text, every line accounted for."""

from __future__ import annotations

import codecs
import csv
import gzip
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pc_csv

from readiness.crm.frames import ArrowTable, Origin, Ragged
from readiness.errors import DataError, Fault, StoreError

_BLOCK = 1 << 24
_ROWS = 1 << 20
"""So many rows are written at a time."""
_HEAD = 1 << 16
_REPEATED = 2
"""A column whose first block holds each word so many times on average is kept as a dictionary."""
_DICTIONARY = pa.dictionary(pa.int32(), pa.large_string())
_SEPARATORS = {";": "semicolons", ",": "commas", "\t": "tabs", "|": "vertical bars"}


def read_csv(path: Path, table: str, *, delimiter: str = ",", encoding: str = "utf-8") -> Origin:
    """Read a CSV file as texts; an empty cell is missing. Files ending in ``.gz`` are unpacked on the way.

    Parameters
    ----------
    table : str
        How faults call it.

    Returns
    -------
    Origin
        Lines with more or fewer cells than the header are in ``ragged``, not among the rows. Rows are
        counted as lines of the file, the header being line 1. Columns are texts, plain or, where
        words repeat, as a dictionary.

    Raises
    ------
    DataError
        If the file has no header, a column stands there twice, it is not text in that encoding, or its
        only column holds another separator.
    StoreError
        If the file cannot be opened.
    """
    ragged: list[tuple[int, str]] = []

    def skip(row: Any) -> str:  # noqa: ANN401 - pyarrow has no annotations
        ragged.append((row.number, row.text))
        return "skip"

    try:
        _look_at_the_head(path, encoding)
        rows = _compact(
            pc_csv.open_csv(
                str(path),
                # One thread: only then do faulty lines know their number.
                read_options=pc_csv.ReadOptions(use_threads=False, block_size=_BLOCK, encoding=encoding),
                parse_options=pc_csv.ParseOptions(
                    delimiter=delimiter, newlines_in_values=True, invalid_row_handler=skip
                ),
                convert_options=pc_csv.ConvertOptions(
                    default_column_type=pa.large_string(), strings_can_be_null=True, null_values=[""]
                ),
            )
        )
    except (pa.ArrowInvalid, UnicodeDecodeError, LookupError) as error:
        raise DataError([_unreadable(table, path, encoding)]) from error
    except OSError as error:
        raise StoreError(f"{path.name} cannot be read: {error.strerror or 'not a readable file'}.") from error
    if rows.num_columns == 1:
        _refuse_other_separator(rows.column_names[0], table, delimiter)
    lines = Lines(path, encoding, delimiter, [number for number, _ in ragged])
    kept_out = (Ragged(lines.of_record(number), text, _cells(text, delimiter)) for number, text in ragged)
    return Origin(rows, lines.of_row, ragged=tuple(kept_out))


def _as_is(rows: ArrowTable) -> ArrowTable:
    return rows


def _compact(blocks: Any) -> ArrowTable:  # noqa: ANN401 - pyarrow has no annotations
    """Gather a file's blocks; a column that repeats its words keeps each of them once, as a dictionary."""
    parts: list[list[Any]] = [[] for _ in blocks.schema]
    repeats: list[bool] = []
    for block in blocks:
        if not repeats:
            repeats = [_repeats(column) for column in block.columns]
        for part, column, coded in zip(parts, block.columns, repeats, strict=True):
            part.append(column.dictionary_encode() if coded else column)
    kinds = [_DICTIONARY if coded else pa.large_string() for coded in repeats or [False] * len(parts)]
    columns = [pa.chunked_array(part, kind) for part, kind in zip(parts, kinds, strict=True)]
    return pa.table(columns, names=blocks.schema.names)


def _repeats(column: Any) -> bool:  # noqa: ANN401 - pyarrow has no annotations
    return bool(pc.count_distinct(column).as_py() * _REPEATED <= len(column))


def _look_at_the_head(path: Path, encoding: str) -> None:
    """Refuse what is no text before the reader stumbles: it tells of its own failures on the screen."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        head = file.read(_HEAD)
    codecs.getincrementaldecoder(encoding)().decode(head)


def _refuse_other_separator(header: str, table: str, delimiter: str) -> None:
    other = next((sign for sign in _SEPARATORS if sign != delimiter and sign in header), None)
    if other is not None:
        seen, expected = _SEPARATORS[other], _SEPARATORS.get(delimiter, f"'{delimiter}'")
        remedy = f"Save it with {expected} between the columns, or name its separator in a mapping."
        raise DataError(
            [Fault(table, 1, None, f"columns separated by {seen}", expected, remedy, "wrong_separator")]
        )


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


@dataclass(slots=True)
class Lines:
    """On which line of a CSV file a row starts: quoted line breaks and blank lines are counted.

    The file is read again for it, once, and only if somebody asks: rows without fault need no line.
    """

    path: Path
    encoding: str
    delimiter: str
    ragged: Sequence[int]
    """Records left out of the rows, as their number in the file; the header is record 1."""
    _starts: list[int] | None = None

    def of_row(self, row: int) -> int:
        """Return the line on which a row of the table starts."""
        record = row + 2
        for number in self.ragged:
            if number > record:
                break
            record += 1
        return self.of_record(record)

    def of_record(self, record: int) -> int:
        """Return the line on which a record of the file starts."""
        if self._starts is None:
            self._starts = self._scan()
        return self._starts[record - 1] if record <= len(self._starts) else record

    def _scan(self) -> list[int]:
        opened = gzip.open if self.path.suffix == ".gz" else open
        starts = []
        with opened(self.path, "rt", encoding=self.encoding, newline="") as file:
            reader = csv.reader(file, delimiter=self.delimiter)
            line = 1
            try:
                for cells in reader:
                    if cells:
                        starts.append(line)
                    line = reader.line_num + 1
            except csv.Error:
                # A cell too long for this reader: from there on records are told by their number.
                return starts
        return starts


def _cells(text: str, delimiter: str) -> tuple[str, ...]:
    try:
        return tuple(next(csv.reader([text], delimiter=delimiter), ()))
    except csv.Error:
        return ()


def _unreadable(table: str, path: Path, encoding: str) -> Fault:
    seen = "an empty file" if path.stat().st_size == 0 else "something else"
    expected = f"a CSV file with a header line, encoded as {encoding}"
    return Fault(table, None, None, seen, expected, f"Export {path.name} again, as CSV.", "unreadable_file")
