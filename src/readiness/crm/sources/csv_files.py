"""CSV as the rest of the world writes it: every cell a text, every line accounted for."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pc_csv

from readiness.crm.frames import ArrowTable, Origin, Ragged
from readiness.crm.repeated_words import decoded
from readiness.crm.sources.dialect import Dialect, called, find_dialect, other_separator, width_below_title
from readiness.crm.sources.kinds import unlike
from readiness.crm.sources.layout import OURS, Layout
from readiness.crm.sources.lines import Lines
from readiness.crm.sources.text import TextStream, open_text
from readiness.errors import DataError, Fault

_BLOCK: Final = 1 << 24
_TEXT: Final = pa.large_string()
_REPEATED: Final = 2
"""A column whose first block holds each word so many times on average is kept as a dictionary."""
_NUL: Final = "\ufdd0".encode()
"""Stands for NUL while a file is parsed: a character that no text may hold."""
_DICTIONARY: Final = pa.dictionary(pa.int32(), _TEXT)


def read_csv(path: Path, label: str, layout: Layout = OURS) -> Origin:
    """Read a CSV file as texts; an empty cell is missing. Files ending in ``.gz`` are unpacked on the way.

    Parameters
    ----------
    label : str
        How faults call it.
    layout : Layout
        What is None there is found out, and told in the notes where it is not comma and UTF-8.

    Returns
    -------
    Origin
        Lines with more or fewer cells than the header are in ``ragged``, not among the rows. Rows are
        counted as lines of the file; blank lines are none. Columns are texts, plain or, where words
        repeat, as a dictionary.

    Raises
    ------
    DataError
        If the file is empty, no text, or not in that encoding; if its only column holds another
        separator; if a quote is opened and never closed.
    StoreError
        If the file cannot be opened.
    """
    with open_text(path, label, layout.encoding) as stream:
        stream.skip_lines(layout.skip_rows)
        head = stream.head()
        if not head.strip():
            raise DataError([_no_header(label, layout.skip_rows)])
        dialect = find_dialect(head, layout.separator, layout.quote)
        stream.skip_lines(dialect.lines_before)
        skipped = layout.skip_rows + dialect.lines_before
        if layout.separator is None and (width := width_below_title(head, dialect)) is not None:
            raise DataError([_title(label, 1 + skipped, width)])
        ragged: list[tuple[int, str]] = []
        lines = Lines(path, stream.encoding, dialect, skipped)
        rows = _parsed(stream, dialect, ragged, lines)
        if rows.num_columns == 1:
            _refuse_other_separator(rows.column_names[0], label, dialect.separator, 1 + skipped)
        _refuse_open_quote(rows, ragged, stream, lines)
        notes = [*_encoded(stream, layout), *dialect.notes, *_nul_cells(rows, stream, lines)]
    kept_out = (Ragged(lines.of_record(number), text, _cells(text, dialect)) for number, text in ragged)
    return Origin(
        rows, lines.of_row, ragged=tuple(kept_out), notes=tuple(f"{label}: {note}" for note in notes)
    )


def _parsed(stream: TextStream, dialect: Dialect, ragged: list[tuple[int, str]], lines: Lines) -> ArrowTable:
    def skip(row: Any) -> str:  # noqa: ANN401 - pyarrow has no annotations
        ragged.append((row.number, row.text))
        return "skip"

    watched = _Watched(stream)
    try:
        blocks = pc_csv.open_csv(
            watched,
            # One thread: only then do faulty lines know their number.
            read_options=pc_csv.ReadOptions(use_threads=False, block_size=_BLOCK),
            parse_options=pc_csv.ParseOptions(
                delimiter=dialect.separator,
                quote_char=dialect.quote,
                newlines_in_values=True,
                invalid_row_handler=skip,
            ),
            convert_options=pc_csv.ConvertOptions(
                # The stream has checked every byte already.
                default_column_type=_TEXT,
                strings_can_be_null=True,
                null_values=[""],
                check_utf8=False,
            ),
        )
        rows = _compact(blocks)
        if stream.holds_nul:
            rows, ragged[:] = _with_nul(rows), [(number, _nul_again(text)) for number, text in ragged]
    except pa.ArrowInvalid as error:
        if "straddl" in str(error):
            raise _open_quote(stream.label, lines.last()) from None
        raise unlike(stream.label, "something else", "a CSV file with a header line") from None
    lines.ragged = [number for number, _ in ragged]
    if watched.holds_one_record_a_line(1 + rows.num_rows + len(ragged)):
        lines.know_that_lines_are_records()
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
    kinds = [_DICTIONARY if coded else _TEXT for coded in repeats or [False] * len(parts)]
    columns = [pa.chunked_array(part, kind) for part, kind in zip(parts, kinds, strict=True)]
    return pa.table(columns, names=blocks.schema.names)


def _repeats(column: Any) -> bool:  # noqa: ANN401 - pyarrow has no annotations
    return bool(pc.count_distinct(column).as_py() * _REPEATED <= len(column))


def _with_nul(rows: ArrowTable) -> ArrowTable:
    names = [_nul_again(name) for name in rows.column_names]
    columns = [pc.replace_substring(decoded(column), _NUL.decode(), "\0") for column in rows.columns]
    return pa.table(columns, names=names)


def _nul_again(text: str) -> str:
    return text.replace(_NUL.decode(), "\0")


class _Watched:
    """A stream as the parser can take it: a last line that ends, and no sign that it stumbles over.

    The parser takes a NUL character for the end of what it looks at, and loses a line feed at the start of
    a block if the block before ended with a return, in cells too. Lines are counted on the way.
    """

    def __init__(self, stream: TextStream) -> None:
        self._stream = stream
        self._ended = False
        self._held = b""
        self._lines = 0
        self._odd = False
        self.closed = False

    def read(self, size: int) -> bytes:
        block = self._held
        while len(block) < size and not self._ended:
            part = self._stream.read(size - len(block))
            if not part:
                self._ended = True
                # A header alone, without a line end, is a header too.
                part = b"" if self._stream.last in (b"\n", b"\r") else b"\n"
            block += part.replace(b"\0", _NUL)
        cut = min(size, len(block))
        if block[cut - 1 : cut] == b"\r" and not (self._ended and cut == len(block)):
            cut = len(block[:cut].rstrip(b"\r")) or cut
        block, self._held = block[:cut], block[cut:]
        self._lines += block.count(b"\n")
        self._odd = self._odd or b"\r" in block.replace(b"\r\n", b"")
        return block

    def holds_one_record_a_line(self, records: int) -> bool:
        """Say whether no line is blank and no cell goes on in the next one: then lines are records."""
        return not self._odd and self._lines == records


def _refuse_other_separator(header: str, label: str, separator: str, line: int) -> None:
    other = other_separator(header, separator)
    if other is not None:
        seen, expected = f"columns separated by {called(other)}", called(separator)
        remedy = f"Save it with {expected} between the columns, or name its separator in a mapping."
        raise DataError([Fault(label, line, None, seen, expected, remedy, "wrong_separator")])


def _refuse_open_quote(
    rows: ArrowTable, ragged: Sequence[tuple[int, str]], stream: TextStream, lines: Lines
) -> None:
    """Refuse a file whose last record is the rest of the file, swallowed by a quote that nobody closed."""
    if stream.last_sign == lines.dialect.quote.encode():
        return
    last = rows.column(rows.num_columns - 1)[-1].as_py() if rows.num_rows else None
    if ragged and ragged[-1][0] == rows.num_rows + len(ragged) + 1:
        text = ragged[-1][1]
        if "\n" in text and text.count(lines.dialect.quote) % 2:
            raise _open_quote(stream.label, lines.of_record(ragged[-1][0]))
    elif last is not None and ("\n" in last or "\r" in last):
        raise _open_quote(stream.label, lines.of_row(rows.num_rows - 1))


def _open_quote(label: str, line: int) -> DataError:
    seen = "a quote that is opened and never closed"
    remedy = "Close it or double it; all that follows it was taken for one cell."
    return DataError([Fault(label, line, None, seen, "quotes in pairs", remedy, "unclosed_quote")])


def _title(label: str, line: int, width: int) -> Fault:
    seen, expected = f"one cell, and {width} in most lines after it", "a header that names every column"
    remedy = "Delete the lines before the header, or count them as `skip_rows` in the mapping."
    return Fault(label, line, None, seen, expected, remedy, "missing_header")


def _no_header(label: str, skipped: int) -> Fault:
    seen = f"nothing after {skipped} lines" if skipped else "nothing but blank lines"
    remedy = "Export it again, or correct `skip_rows` in the mapping."
    return Fault(label, None, None, seen, "a CSV file with a header line", remedy, "unreadable_file")


def _encoded(stream: TextStream, layout: Layout) -> list[str]:
    if layout.encoding is None and stream.encoding != "utf-8":
        return [f"read as {stream.encoding}, as its mark says."]
    return []


def _nul_cells(rows: ArrowTable, stream: TextStream, lines: Lines) -> list[str]:
    if not stream.holds_nul or not rows.num_rows:
        return []
    notes = []
    for name, column in zip(rows.column_names, rows.columns, strict=True):
        holding = pc.indices_nonzero(pc.match_substring(decoded(column), "\0"))
        if len(holding):
            first = lines.of_row(holding[0].as_py())
            notes.append(
                f"column {name!r} holds NUL characters in {len(holding)} cells, the first in line {first}; "
                "a row that is read with one is refused."
            )
    return notes


def _cells(text: str, dialect: Dialect) -> tuple[str, ...]:
    reader = csv.reader([text], delimiter=dialect.separator, quotechar=dialect.quote)
    try:
        return tuple(next(reader, ()))
    except csv.Error:
        return ()
