"""What is wrong with a CSV file as a whole: its header, its separator, a quote that swallows the rest."""

from __future__ import annotations

from collections.abc import Sequence

from readiness.counting import counted
from readiness.crm.frames import ArrowTable
from readiness.crm.sources.dialect import called
from readiness.crm.sources.lines import Lines
from readiness.errors import Fault


def other_separator_there(label: str, line: int, there: str, expected: str) -> Fault:
    """Return the fault of a file whose only column is many, between another separator."""
    remedy = f"Save it with {called(expected)} between the columns, or name its separator in a mapping."
    seen = f"columns separated by {called(there)}"
    return Fault(label, line, None, seen, called(expected), remedy, "wrong_separator")


def title(label: str, line: int, width: int) -> Fault:
    """Return the fault of a file whose first line is no header; those after it are so many cells wide."""
    seen, expected = f"one cell, and {width} in most lines after it", "a header that names every column"
    remedy = "Delete the lines before the header, or count them as `skip_rows` in a mapping."
    return Fault(label, line, None, seen, expected, remedy, "missing_header")


def no_header(label: str, skipped: int) -> Fault:
    """Return the fault of a file in which nothing stands after so many lines."""
    seen = f"nothing after {counted(skipped, 'line')}" if skipped else "nothing but blank lines"
    remedy = "Export it again, or correct `skip_rows` in the mapping."
    return Fault(label, None, None, seen, "a CSV file with a header line", remedy, "unreadable_file")


def open_quote(label: str, line: int) -> Fault:
    """Return the fault of a file in which a quote on this line is never closed."""
    seen = "a quote that is opened and never closed"
    remedy = "Close it or double it; all that follows it was taken for one cell."
    return Fault(label, line, None, seen, "quotes in pairs", remedy, "unclosed_quote")


def swallowed(
    rows: ArrowTable, torn: Sequence[tuple[int, str]], last_sign: bytes, lines: Lines
) -> int | None:
    """Return the line of a record that is the rest of the file, swallowed by a quote that nobody closed.

    Parameters
    ----------
    torn : sequence of (record, text)
        Records left out of the rows for their number of cells.
    last_sign : bytes
        The last byte of the file that is no blank.

    Returns
    -------
    int or None
        The record is then the last of the file: of the torn ones, or else of the rows.
    """
    if last_sign == lines.dialect.quote.encode():
        return None
    last = rows.column(rows.num_columns - 1)[-1].as_py() if rows.num_rows else None
    if torn and torn[-1][0] == rows.num_rows + len(torn) + 1:
        record, text = torn[-1]
        return lines.of_record(record) if "\n" in text and text.count(lines.dialect.quote) % 2 else None
    if last is not None and ("\n" in last or "\r" in last):
        return lines.of_row(rows.num_rows - 1)
    return None
