"""The door through which any file of an export comes in."""

from __future__ import annotations

import csv
import io
import sys
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.crm.sources import Layout, open_source
from readiness.errors import DataError, StoreError

LETTERS = st.sampled_from("ab1,;|\t\"' .=\n-")
CELLS = st.text(LETTERS, max_size=6)


def _file(folder: Path, content: str | bytes, name: str = "some.csv") -> Path:
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return folder / name


@st.composite
def exports(draw):
    """A table, how somebody writes it, and torn lines among its rows."""
    width = draw(st.integers(2, 4))
    rows = draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=12))
    torn = draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows)))
    dialect = {
        "delimiter": draw(st.sampled_from(",;\t|")),
        "lineterminator": draw(st.sampled_from(["\n", "\r\n"])),
        "quoting": draw(st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL])),
    }
    return rows, torn, dialect, draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1250"]))


@settings(max_examples=300, deadline=None)
@given(export=exports())
def test_what_anybody_writes_is_read_back_and_no_line_is_lost(tmp_path_factory, export):
    rows, torn, dialect, encoding = export
    header = [f"column ž{number}" for number in range(len(rows[0]))]
    text = io.StringIO()
    writer = csv.writer(text, **dialect)
    # A last line with content: without cells it would be left out, and told.
    written = [
        *(row[:1] + ["x"] * len(row) if tear else row for row, tear in zip(rows, torn, strict=True)),
        header,
    ]
    writer.writerows([header, *written])
    path = _file(tmp_path_factory.mktemp("some"), text.getvalue().encode(encoding))

    rows_written = written[:-1]

    read = open_source(path, Layout(separator=dialect["delimiter"], encoding=_stated(encoding)))

    whole = [row for row, tear in zip([*rows, header], [*torn, False], strict=True) if not tear]
    assert read.original.to_pydict() == {
        name: [row[number] or None for row in whole] for number, name in enumerate(header)
    }
    assert [list(line.cells) for line in read.ragged] == [
        row for row, tear in zip(rows_written, torn, strict=True) if tear
    ]
    assert len(read) + len(read.ragged) == len(written)


def _stated(encoding: str) -> str | None:
    return encoding if encoding == "cp1250" else None


@settings(max_examples=200, deadline=None)
@given(export=exports())
def test_the_separator_is_found_whatever_stands_in_the_cells(tmp_path_factory, export):
    rows, _, dialect, encoding = export
    text = io.StringIO()
    csv.writer(text, **dialect).writerows(
        [["id", *["x"] * (len(rows[0]) - 1)], *rows, ["end"] * len(rows[0])]
    )
    path = _file(tmp_path_factory.mktemp("some"), text.getvalue().encode(encoding))

    read = open_source(path, Layout(encoding=_stated(encoding)))

    assert (read.original.num_rows, read.ragged) == (len(rows) + 1, ())


def test_a_header_is_no_title_because_cells_below_it_hold_another_separator(tmp_path):
    path = _file(tmp_path, '"id"|"x"\n""|"\t1"\n""|"\t2"\n"end"|"\t3"\n')

    assert open_source(path).original.column_names == ["id", "x"]


def test_a_row_knows_its_line_whatever_stands_before_it(tmp_path):
    read = open_source(_file(tmp_path, 'a;b\n\n"x\ny";1\n\n\n2;3;4\n5;6\n;\n;\n'))

    assert [read.line(row) for row in range(2)] == [3, 8]
    assert [torn.line for torn in read.ragged] == [7]


def test_rows_and_columns_that_a_spreadsheet_left_empty_are_left_out_and_told(tmp_path):
    read = open_source(_file(tmp_path, "a,b,\n1,2,\n,,\n3,4,\n,,\n,,\n"))

    assert read.original.to_pydict() == {"a": ["1", None, "3"], "b": ["2", None, "4"]}
    assert read.notes == (
        "some.csv: 1 column without name and cells is left out.",
        "some.csv: 2 rows at the end have no cells and are left out.",
    )


def test_a_missing_cell_in_the_only_column_is_a_row(tmp_path):
    assert open_source(_file(tmp_path, 'a\n1\n""\n')).original.to_pydict() == {"a": ["1", None]}


def test_parquet_keeps_its_types(tmp_path):
    rows = pa.table({" id ": [1, 2], "x": ["a", None]})
    pq.write_table(rows, tmp_path / "some.parquet")

    assert open_source(tmp_path / "some.parquet").original.equals(rows.rename_columns(["id", "x"]))


@pytest.mark.parametrize("content", ["a,b\n", "", "PAR1 but not really PAR1"])
def test_what_is_no_parquet_is_refused(tmp_path, content):
    with pytest.raises(DataError, match=r"some.parquet: saw .*; expected a Parquet file"):
        open_source(_file(tmp_path, content, "some.parquet"))


def test_a_workbook_under_the_name_of_a_csv_is_told_with_the_remedy(tmp_path):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("xl/workbook.xml", "")

    with pytest.raises(DataError, match=r"saw an Excel workbook; .* Name it .xlsx, write `format: excel`"):
        open_source(_file(tmp_path, packed.getvalue()))


@pytest.mark.parametrize("name", ["none.csv", "none.parquet"])
def test_a_file_that_is_not_there_is_told(tmp_path, name):
    with pytest.raises(StoreError, match=f"{name} cannot be read: No such file or directory"):
        open_source(tmp_path / name)


def test_a_library_that_is_not_installed_is_named_with_the_remedy(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    monkeypatch.delitem(sys.modules, "readiness.crm.sources.workbooks", raising=False)

    with pytest.raises(
        StoreError, match=r"needs the library python_calamine: pip install 'readiness\[excel\]'"
    ):
        open_source(_file(tmp_path, "", "a.xlsx"))
