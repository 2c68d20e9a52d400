"""CSV as the rest of the world writes it: every cell a text, every line accounted for."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pc_csv

from readiness.counting import counted
from readiness.crm.frames import ArrowTable, Origin, Ragged, whole
from readiness.crm.repeated_words import decoded
from readiness.crm.sources.csv_faults import no_header, open_quote, other_separator_there, swallowed, title
from readiness.crm.sources.dialect import Dialect, find_dialect, other_separator, width_below_title
from readiness.crm.sources.kinds import unlike
from readiness.crm.sources.layout import OURS, Layout
from readiness.crm.sources.lines import Lines
from readiness.crm.sources.text import TextStream, despite_its_encoding, open_text
from readiness.errors import DataError, Fault

_BLOCK: Final = 1 << 24
_QUOTED_TOO_LONG: Final = "straddl"
"""What the parser says of a cell that reaches beyond a block: a quote that is never closed."""
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
        If the file is empty, no text, or not in that encoding; if a title stands above its header, or its
        only column holds another separator; if a quote is opened and never closed.
    StoreError
        If the file cannot be opened.
    """
    return whole(scan_csv(path, label, layout))


def scan_csv(path: Path, label: str, layout: Layout = OURS) -> Origin:
    """Read a CSV file as far as it can be read: what is wrong with it as a whole is in ``faults``.

    Below a title and by another separator than the one stated the rows are read all the same; bytes of
    another encoding are replaced; before a quote that is never closed all rows are read.

    Raises
    ------
    DataError
        If nothing of it can be read.
    StoreError
        If the file cannot be opened.
    """

    def scan(encoding: str | None, replacing: bool) -> Origin:
        return _scanned(path, label, replace(layout, encoding=encoding), replacing=replacing)

    return despite_its_encoding(scan, layout.encoding)


def _scanned(path: Path, label: str, layout: Layout, *, replacing: bool) -> Origin:
    faults: list[Fault] = []
    with open_text(path, label, layout.encoding, replacing=replacing) as stream:
        dialect, skipped = _header(stream, layout, faults)
        torn: list[tuple[int, str]] = []
        lines = Lines(path, stream.encoding, dialect, skipped, replacing)
        rows = _parsed(stream, dialect, torn, lines, faults)
        notes = [*_encoded(stream, layout), *dialect.notes, *_nul_cells(rows, stream, lines)]
    other = other_separator(rows.column_names[0], dialect.separator) if rows.num_columns == 1 else None
    if other is not None:
        wrong = other_separator_there(label, 1 + skipped, other, dialect.separator)
        origin = _scanned(path, label, replace(layout, separator=other), replacing=replacing)
        if len(origin.ragged) > len(origin):
            # Only the header is written so.
            raise DataError([wrong])
        return replace(origin, faults=(wrong, *origin.faults))
    ragged = (Ragged(lines.of_record(number), text, _cells(text, dialect)) for number, text in torn)
    told = tuple(f"{label}: {note}" for note in notes)
    return Origin(rows, lines.of_row, ragged=tuple(ragged), notes=told, faults=tuple(faults))


def _header(stream: TextStream, layout: Layout, faults: list[Fault]) -> tuple[Dialect, int]:
    """Go to the header; return how cells are separated, and how many lines stand before it."""
    stream.skip_lines(layout.skip_rows)
    skipped = layout.skip_rows
    head = stream.head()
    if not head.strip():
        raise DataError([no_header(stream.label, skipped)])
    dialect = find_dialect(head, layout.separator, layout.quote)
    if dialect.lines_before:
        stream.skip_lines(dialect.lines_before)
        skipped, head = skipped + dialect.lines_before, stream.head()
    first = 1 + skipped
    while (width := width_below_title(head, dialect)) is not None:
        if first == 1 + skipped:
            faults.append(title(stream.label, first, width))
        stream.skip_lines(1)
        skipped, head = skipped + 1, stream.head()
        dialect = replace(find_dialect(head, layout.separator, layout.quote), lines_before=0)
    return dialect, skipped


def _parsed(
    stream: TextStream,
    dialect: Dialect,
    ragged: list[tuple[int, str]],
    lines: Lines,
    faults: list[Fault],
) -> ArrowTable:
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
        cut: list[int] = []
        rows = _compact(_until_a_quote_stays_open(blocks, lines, cut))
        if stream.holds_nul:
            rows, ragged[:] = _with_nul(rows), [(number, _nul_again(text)) for number, text in ragged]
    except pa.ArrowInvalid as error:
        if _QUOTED_TOO_LONG in str(error):
            raise DataError([open_quote(stream.label, lines.last())]) from None
        raise unlike(stream.label, "something else", "a CSV file with a header line") from None
    lines.ragged = [number for number, _ in ragged]
    if cut:
        faults.append(open_quote(stream.label, cut[0]))
        return rows
    if watched.holds_one_record_a_line(1 + rows.num_rows + len(ragged)):
        lines.know_that_lines_are_records()
    return _without_swallowed(rows, ragged, stream, lines, faults)


def _without_swallowed(
    rows: ArrowTable, ragged: list[tuple[int, str]], stream: TextStream, lines: Lines, faults: list[Fault]
) -> ArrowTable:
    """Return the rows before a quote that is never closed."""
    line = swallowed(rows, ragged, stream.last_sign, lines)
    if line is None:
        return rows
    faults.append(open_quote(stream.label, line))
    if ragged and ragged[-1][0] == rows.num_rows + len(ragged) + 1:
        ragged.pop()
        return rows
    return rows.slice(0, rows.num_rows - 1)


def _until_a_quote_stays_open(blocks: Any, lines: Lines, cut: list[int]) -> Iterator[Any]:  # noqa: ANN401
    """Return a file's blocks up to one that has no end; the line on which that begins is put into ``cut``."""
    yield blocks.schema
    while True:
        try:
            block = blocks.read_next_batch()
        except StopIteration:
            return
        except pa.ArrowInvalid as error:
            if _QUOTED_TOO_LONG not in str(error):
                raise
            cut.append(lines.last())
            return
        yield block


def _compact(blocks: Iterator[Any]) -> ArrowTable:
    """Gather a file's schema and blocks; of words that repeat themselves a column keeps each once."""
    schema = next(blocks)
    parts: list[list[Any]] = [[] for _ in schema]
    repeats: list[bool] = []
    for block in blocks:
        if not repeats:
            repeats = [_repeats(column) for column in block.columns]
        for part, column, coded in zip(parts, block.columns, repeats, strict=True):
            part.append(column.dictionary_encode() if coded else column)
    kinds = [_DICTIONARY if coded else _TEXT for coded in repeats or [False] * len(parts)]
    columns = [pa.chunked_array(part, kind) for part, kind in zip(parts, kinds, strict=True)]
    return pa.table(columns, names=schema.names)


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
                f"column {name!r} holds NUL characters in {counted(len(holding), 'cell')}, the first in line "
                f"{first}; a row that is read with one is refused."
            )
    return notes


def _cells(text: str, dialect: Dialect) -> tuple[str, ...]:
    reader = csv.reader([text], delimiter=dialect.separator, quotechar=dialect.quote)
    try:
        return tuple(next(reader, ()))
    except csv.Error:
        return ()
