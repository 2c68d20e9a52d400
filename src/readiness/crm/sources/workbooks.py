"""Sheets of Excel and OpenDocument workbooks: dates and numbers as they are, rows by their number there."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from readiness.counting import are, counted, have
from readiness.crm.contract import nearest_name
from readiness.crm.frames import Origin
from readiness.crm.sources.columns import as_text, table_of
from readiness.crm.sources.kinds import kind_of, unlike, unopened
from readiness.crm.sources.layout import Layout
from readiness.errors import DataError, Fault

_EXPECTED: Final = "a workbook"
_WORKBOOKS: Final = (
    "an Excel workbook",
    "an OpenDocument workbook",
    "an old Excel workbook (.xls), or one with a password",
)
_FAILED: Final = re.compile(rb'<c [^>]*t="e"')
_FAILED_ODS: Final = re.compile(
    rb'<table:table-cell (?=[^>]*calcext:value-type="error")(?=[^>]*office:string-value="")'
)
_FAILED_XLS: Final = re.compile(
    # An error in a cell of its own (BOOLERR), or as the result of a formula (FORMULA).
    rb"\x05\x02\x08\x00.{6}[\x00\x07\x0f\x17\x1d\x24\x2a]\x01"
    rb"|\x06\x00..{7}\x02.[\x00\x07\x0f\x17\x1d\x24\x2a].{3}\xff\xff",
    re.DOTALL,
)


def read_workbook(path: Path, label: str, layout: Layout) -> Origin:
    """Read a sheet of a workbook; by default the first one.

    The first row with a cell is the header, after ``layout.skip_rows`` rows. A cell is what the workbook says
    it is: a number, a date, a time, yes or no, or a text; a column that mixes them becomes texts, noted.

    Returns
    -------
    Origin
        Rows without any cell are left out. ``line`` is the row's number in the sheet.

    Raises
    ------
    DataError
        If it is no workbook, needs a password, or has no such sheet or no header.
    StoreError
        If it cannot be opened.
    """
    name, others, rows = _sheet(path, label, layout.sheet)
    filled = [
        number
        for number, row in enumerate(rows)
        if number >= layout.skip_rows and any(cell != "" for cell in row)
    ]
    if not filled:
        raise DataError([_without_header(label, name)])
    header, *places = filled
    names = [as_text(cell) or "" for cell in rows[header]]
    lines = [number + 1 for number in places]
    columns = list(zip(*(rows[number] for number in places), strict=True)) or [()] * len(names)
    table, mixtures = table_of(label, names, columns, lines.__getitem__)
    notes = []
    if layout.sheet is None and others:
        notes.append(f"its first sheet, {name!r}, is read; it also has {', '.join(map(repr, others))}.")
    blank = places[-1] - header - len(places) if places else 0
    if blank:
        between = f"{counted(blank, 'row')} between others"
        notes.append(f"{between} {have(blank)} no cells and {are(blank)} left out.")
    failed = _failed_formulas(path)
    if failed:
        shows = "shows an error such as #N/A and is" if failed == 1 else "show an error such as #N/A and are"
        notes.append(f"{counted(failed, 'cell')} of the workbook {shows} read as missing.")
    return Origin(table, lines.__getitem__, notes=(*(f"{label}: {note}" for note in notes), *mixtures))


def sheet_names(path: Path, label: str) -> list[str]:
    """Return the names of its sheets, in their order.

    Raises
    ------
    DataError, StoreError
        As `read_workbook`.
    """
    with _opened(path, label) as book:
        return list(book.sheet_names)


def _sheet(path: Path, label: str, wanted: str | None) -> tuple[str, list[str], Sequence[Sequence[object]]]:
    """Return the name of a sheet, those of the others, and its rows from the first one on."""
    with _opened(path, label) as book:
        names = book.sheet_names
        name = names[0] if wanted is None else wanted
        if name not in names:
            raise DataError([_no_sheet(label, name, names)])
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        return name, [other for other in names if other != name], rows


@contextmanager
def _opened(path: Path, label: str) -> Iterator[CalamineWorkbook]:
    try:
        with path.open("rb") as file:
            kind = kind_of(file.read(512), path)
        if kind not in _WORKBOOKS:
            raise unlike(label, kind or "something else", _EXPECTED)
        with CalamineWorkbook.from_path(path) as book:
            yield book
    except PasswordError:
        raise unlike(label, "a workbook with a password", _EXPECTED) from None
    except CalamineError:
        raise unlike(label, "a damaged workbook", _EXPECTED) from None
    except OSError as error:
        raise unopened(path, error) from error


def _failed_formulas(path: Path) -> int:
    """Count the cells of a workbook that show an error: its reader gives them as empty ones."""
    if not zipfile.is_zipfile(path):
        return len(_FAILED_XLS.findall(path.read_bytes()))
    with zipfile.ZipFile(path) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        found = sum(len(_FAILED.findall(archive.read(name))) for name in sheets)
        there = "content.xml" in archive.namelist()
        return found + (len(_FAILED_ODS.findall(archive.read("content.xml"))) if there else 0)


def _no_sheet(label: str, name: str, there: Sequence[str]) -> Fault:
    nearest = nearest_name(name, there)
    seen = f"a sheet {nearest!r}" if nearest else f"the sheets {', '.join(map(repr, there))}"
    remedy = "Correct `sheet` in the mapping."
    return Fault(label, None, None, seen, f"a sheet {name!r}", remedy, "missing_sheet")


def _without_header(label: str, name: str) -> Fault:
    seen, expected = f"nothing in the sheet {name!r}", "a header row"
    remedy = "Export it again, or correct `sheet` and `skip_rows` in the mapping."
    return Fault(label, None, None, seen, expected, remedy, "unreadable_file")
