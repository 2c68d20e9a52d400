"""Sheets of workbooks."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from readiness.crm.sources import Layout, open_source
from readiness.errors import DataError, StoreError
from tests.crm.sources.workbooks import Error, write_ods, write_xls, write_xlsx

DAY, NINE = dt.date(2026, 3, 14), dt.datetime.fromisoformat("2026-03-14T09:30")
ROWS = [
    ["id", "at", "day", "won"],
    [1001, NINE, DAY, True],
    [1002, None, DAY, None],
    [1003, NINE, DAY, False],
]


@pytest.mark.parametrize(("write", "ending"), [(write_xlsx, "xlsx"), (write_ods, "ods")])
def test_numbers_dates_and_booleans_come_as_what_they_are(tmp_path, write, ending):
    read = open_source(write(tmp_path / f"deals.{ending}", {"Deals": ROWS}))

    assert read.original.to_pydict() == {
        "id": [1001, 1002, 1003],
        "at": [NINE, None, NINE],
        "day": [DAY] * 3,
        "won": [True, None, False],
    }
    assert read.original.schema.types == [pa.int64(), pa.timestamp("us"), pa.date32(), pa.bool_()]
    assert read.notes == ()


def test_a_row_is_counted_as_in_the_sheet_and_empty_ones_are_told(tmp_path):
    rows = [["Report of March"], [], [None, "id"], [None, 1], [], [None, 2], [None, ""]]
    read = open_source(write_xlsx(tmp_path / "a.xlsx", {"x": rows}), Layout(skip_rows=1))

    assert read.original.to_pydict() == {"id": [1, 2]}
    assert [read.line(row) for row in range(2)] == [4, 6]
    assert read.notes == (
        "a.xlsx: 1 row between others has no cells and is left out.",
        "a.xlsx: 1 column without name and cells is left out.",
    )


def test_a_number_among_dates_is_told_and_is_no_date(tmp_path):
    read = open_source(write_xlsx(tmp_path / "a.xlsx", {"x": [["id", "at"], [1, DAY], [2, 45678]]}))

    assert read.original.column("at").to_pylist() == ["2026-03-14", "45678"]
    assert read.notes[0].startswith(
        "a.xlsx: column 'at' holds dates, but in 1 cell numbers, the first in row 3"
    )


def test_dates_that_count_from_1904_are_the_same_dates(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", {"x": [["at"], [DAY - dt.timedelta(days=1462)]]}, since_1904=True)

    assert open_source(path).original.column("at").to_pylist() == [DAY]


FAILED = [["id", "size"], ["a", Error("#N/A")], [Error("#REF!"), 2.0], ["c", 3.0]]


@pytest.mark.parametrize(
    "write",
    [
        lambda there: write_xlsx(there / "a.xlsx", {"x": FAILED}),
        lambda there: write_ods(there / "a.ods", {"x": FAILED}),
        lambda there: write_xls(there / "a.xls", FAILED),
        lambda there: write_xls(there / "b.xls", FAILED, by_formula=True),
    ],
    ids=["xlsx", "ods", "xls", "xls by formula"],
)
def test_cells_that_show_an_error_are_missing_and_told(tmp_path: Path, write: Callable[[Path], Path]) -> None:
    path = write(tmp_path)
    read = open_source(path)

    assert read.original.to_pydict() == {"id": ["a", None, "c"], "size": [None, 2, 3]}
    told = f"{path.name}: 2 cells of the workbook show an error such as #N/A and are read as missing."
    assert told in read.notes


@pytest.mark.parametrize("ending", ["xlsx", "ods", "xls"])
def test_a_workbook_without_errors_is_told_of_none(tmp_path: Path, ending: str) -> None:
    rows = [["id", "size"], ["a", 6.0], ["#N/A and more", 2.0]]
    path = tmp_path / f"a.{ending}"
    if ending == "xls":
        write_xls(path, rows)
    else:
        (write_ods if ending == "ods" else write_xlsx)(path, {"x": rows})

    assert open_source(path).notes == ()


def test_times_and_durations_are_texts(tmp_path):
    rows = [["time", "took"], [dt.time(9, 30), dt.timedelta(hours=26)]]

    assert open_source(write_xlsx(tmp_path / "a.xlsx", {"x": rows})).original.to_pydict() == {
        "time": ["09:30:00"],
        "took": ["26:00:00"],
    }


def test_the_first_sheet_is_read_and_the_others_are_told(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", {"One": [["a"], [1]], "Two": [["b"], [2]]})

    assert open_source(path).notes == ("a.xlsx: its first sheet, 'One', is read; it also has 'Two'.",)
    two = open_source(path, Layout(sheet="Two"))
    assert (two.original.to_pydict(), two.notes) == ({"b": [2]}, ())


@pytest.mark.parametrize(("wanted", "seen"), [("two", "a sheet 'Two'"), ("Leads", "the sheets 'One', 'Two'")])
def test_a_sheet_that_is_not_there_is_told_with_those_that_are(tmp_path, wanted, seen):
    path = write_xlsx(tmp_path / "a.xlsx", {"One": [["a"]], "Two": [["b"]]})

    with pytest.raises(DataError, match=f"a.xlsx: saw {seen}; expected a sheet '{wanted}'"):
        open_source(path, Layout(sheet=wanted))


def test_a_header_alone_is_a_table_without_rows(tmp_path):
    assert open_source(write_xlsx(tmp_path / "a.xlsx", {"x": [["a", "b"]]})).original.to_pydict() == {
        "a": [],
        "b": [],
    }


@pytest.mark.parametrize("rows", [[], [[]], [[""]]])
def test_a_sheet_without_a_cell_is_refused(tmp_path, rows):
    with pytest.raises(DataError, match=r"a.xlsx: saw nothing in the sheet 'x'; expected a header row"):
        open_source(write_xlsx(tmp_path / "a.xlsx", {"x": rows}))


@pytest.mark.parametrize(
    ("content", "seen"),
    [
        (b"a,b\n1,2\n", "something else"),
        (b"", "something else"),
        (b"<table><tr>", "an HTML or XML page"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1junk", "a damaged workbook"),
    ],
    ids=["text", "empty", "page", "damaged"],
)
def test_what_is_no_workbook_is_called_by_its_name(tmp_path, content, seen):
    (tmp_path / "a.xls").write_bytes(content)

    with pytest.raises(DataError, match=f"a.xls: saw {seen}; expected a workbook"):
        open_source(tmp_path / "a.xls")


def test_a_zip_archive_is_no_workbook(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("leads.csv", "a,b\n")

    with pytest.raises(DataError, match=r"a.xlsx: saw a zip archive; expected a workbook. Unpack it"):
        open_source(tmp_path / "a.xlsx")


def test_a_workbook_that_is_not_there_is_told(tmp_path):
    with pytest.raises(StoreError, match=r"none.xlsx cannot be read: No such file"):
        open_source(tmp_path / "none.xlsx")
