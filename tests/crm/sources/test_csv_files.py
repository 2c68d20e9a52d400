"""CSV as the rest of the world writes it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.crm.sources import csv_files
from readiness.crm.sources.csv_files import read_csv
from readiness.crm.sources.csv_writing import write_csv
from readiness.crm.sources.layout import Layout
from readiness.errors import DataError, StoreError


def _file(folder: Path, content: str | bytes) -> Path:
    path = folder / "some.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_every_cell_is_a_text_and_an_empty_one_is_missing(tmp_path: Path) -> None:
    read = read_csv(_file(tmp_path, 'a,b\n007,""\n NA ,null\n'), "leads")

    assert read.original.to_pydict() == {"a": ["007", " NA "], "b": [None, "null"]}


def test_rows_are_counted_as_lines_of_the_file(tmp_path: Path) -> None:
    read = read_csv(_file(tmp_path, 'a,b\n"one\ntwo",1\n\n2,3\n4,5,6\n7,8\n'), "leads")

    assert [read.line(row) for row in range(3)] == [2, 5, 7]
    assert [(torn.line, torn.text, torn.cells) for torn in read.ragged] == [(6, "4,5,6", ("4", "5", "6"))]


@pytest.mark.parametrize(
    "content",
    ["\ufeffa;b\nx;y\n", "a;b\r\nx;y\r\n", 'a;"b"\nx;y', "a;b\rx;y\r", "a\tb\nx\ty", "a|b\n\n\nx|y\n\n"],
    ids=["marked", "Windows", "no last line end", "old Mac", "tabs", "blank lines"],
)
def test_the_dialects_of_spreadsheets_are_read(tmp_path: Path, content: str) -> None:
    assert read_csv(_file(tmp_path, content), "leads", Layout()).original.to_pydict() == {
        "a": ["x"],
        "b": ["y"],
    }


def test_what_was_found_is_noted_and_the_usual_is_not(tmp_path: Path) -> None:
    usual = read_csv(_file(tmp_path, "a,b\n1,2\n"), "some.csv", Layout())
    other = read_csv(_file(tmp_path, "a;b\n1;2\n".encode("utf-16")), "some.csv", Layout())

    assert usual.notes == ()
    assert other.notes == (
        "some.csv: read as utf-16-le, as its mark says.",
        "some.csv: columns are separated by semicolons.",
    )


def test_lines_before_the_header_are_skipped_and_counted(tmp_path: Path) -> None:
    content = 'Report, made "today"\n\nsep=;\na;b\n1;2\n3\n4;5\n'
    read = read_csv(_file(tmp_path, content), "leads", Layout(skip_rows=2))

    assert read.original.to_pydict() == {"a": ["1", "4"], "b": ["2", "5"]}
    assert [read.line(row) for row in range(2)] == [5, 7]
    assert [torn.line for torn in read.ragged] == [6]


def test_single_quotes_are_found_in_the_header_or_stated(tmp_path: Path) -> None:
    path = _file(tmp_path, "'a','b'\n'x, y','it''s'\n")

    for layout in (Layout(), Layout(quote="'")):
        assert read_csv(path, "leads", layout).original.to_pydict() == {"a": ["x, y"], "b": ["it's"]}


def test_other_encodings_are_read_when_named(tmp_path: Path) -> None:
    layout = Layout(encoding="cp1252")
    read = read_csv(_file(tmp_path, "a\nZürich\n".encode("cp1252")), "leads", layout)

    assert read.original.to_pydict() == {"a": ["Zürich"]}


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_an_empty_file_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(DataError, match="leads: saw an empty file; expected a text file with a header line"):
        read_csv(_file(tmp_path, content), "leads")


def test_a_file_that_ends_before_its_header_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="saw nothing after 2 lines; expected a CSV file with a header line"):
        read_csv(_file(tmp_path, "a,b\n1,2\n"), "leads", Layout(skip_rows=2))


@pytest.mark.parametrize("content", ["a,b", "a,b\n"])
def test_a_header_alone_is_a_table_without_rows(tmp_path: Path, content: str) -> None:
    assert read_csv(_file(tmp_path, content), "leads").original.to_pydict() == {"a": [], "b": []}


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('a,b\n1,2\n3,"4\n5,6\n', 3),
        ('a,b\n1,2\n\n"3,4\n5,6\n', 4),
        ('a,b\n1,2\n"' + "3,4\n" * (1 << 23), 3),
    ],
    ids=["in the last cell", "in the first cell", "before a long rest"],
)
def test_a_quote_that_nobody_closed_is_told_with_its_line(tmp_path: Path, content: str, line: int) -> None:
    message = f"leads, row {line}: saw a quote that is opened and never closed; expected quotes in pairs"
    with pytest.raises(DataError, match=message):
        read_csv(_file(tmp_path, content), "leads")


@pytest.mark.parametrize("end", ['"x\ny"', '"x\ny"\n\n\n', '"x\ny" \r\n'])
def test_a_line_break_in_the_last_cell_is_no_open_quote(tmp_path: Path, end: str) -> None:
    assert read_csv(_file(tmp_path, "a,b\n1," + end), "leads").original.num_rows == 1


def test_nul_characters_are_told_and_kept(tmp_path: Path) -> None:
    read = read_csv(_file(tmp_path, "a,b\n1,2\n3,x\0\n"), "some.csv")

    assert read.original.column("b").to_pylist() == ["2", "x\0"]
    assert read.notes == (
        "some.csv: column 'b' holds NUL characters in 1 cell, the first in line 3; "
        "a row that is read with one is refused.",
    )


def test_lines_are_told_after_a_cell_that_is_very_long(tmp_path: Path) -> None:
    read = read_csv(_file(tmp_path, "a,b\n\n1," + "x" * 200_000 + "\n3,4\n5\n"), "leads")

    assert [read.line(0), read.line(1), read.ragged[0].line] == [3, 4, 5]


def test_a_file_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"none.csv cannot be read"):
        read_csv(tmp_path / "none.csv", "leads")


def test_cells_are_quoted_only_where_some_cell_needs_it(tmp_path: Path) -> None:
    write_csv(pa.table({"a": ["x"], "b": [1.5]}), tmp_path / "plain.csv")
    write_csv(pa.table({"a": ["x, y"], "b": [1.5]}), tmp_path / "quoted.csv")

    assert (tmp_path / "plain.csv").read_text() == "a,b\nx,1.5\n"
    assert (tmp_path / "quoted.csv").read_text() == '"a","b"\n"x, y",1.5\n'


@pytest.mark.parametrize(("sign", "called"), [(";", "semicolons"), ("\t", "tabs"), ("|", "vertical bars")])
def test_another_separator_is_named(tmp_path: Path, sign: str, called: str) -> None:
    with pytest.raises(DataError, match=f"saw columns separated by {called}; expected commas"):
        read_csv(_file(tmp_path, f"lead_id{sign}source\nL-1{sign}chat\n"), "leads")


def test_words_that_repeat_are_kept_once(tmp_path: Path) -> None:
    read = read_csv(_file(tmp_path, "id,type\n1,call\n2,\n3,call\n4,call\n"), "activities").original

    assert read.column("type").type == pa.dictionary(pa.int32(), pa.large_string())
    assert read.column("id").type == pa.large_string()
    assert read.column("type").to_pylist() == ["call", None, "call", "call"]


@pytest.mark.parametrize("rows", [0, 1])
def test_a_file_of_no_row_or_one_is_a_table_of_texts(tmp_path: Path, rows: int) -> None:
    read = read_csv(_file(tmp_path, "a,b\n" + "1,\n" * rows), "leads").original

    assert (read.column_names, read.num_rows) == (["a", "b"], rows)


@settings(max_examples=200, deadline=None)
@given(lines=st.lists(st.sampled_from(["1,2", "3", "", '"a\nb",4', "x,y,z"]), max_size=8), end=st.booleans())
@pytest.mark.parametrize("sign", ["\n", "\r\n", "\r"])
def test_every_row_knows_its_line(tmp_path_factory, sign, lines, end):
    text = sign.join(["a,b", *lines]) + sign * end
    read = read_csv(_file(tmp_path_factory.mktemp("some"), text), "leads")

    line, rows, ragged = 2, [], []
    for written in lines:
        if written:
            (rows if written.count(",") == 1 else ragged).append(line)
        line += 1 + written.count("\n")
    assert [read.line(row) for row in range(len(read))] == rows
    assert [torn.line for torn in read.ragged] == ragged


@pytest.mark.parametrize("block", [128, 131, 190, 1 << 20])
@pytest.mark.parametrize("strange", ["\0", "\r\n", "\r", "\n", '""', "東"])
def test_where_a_block_ends_changes_no_cell(tmp_path: Path, monkeypatch, block: int, strange: str) -> None:
    monkeypatch.setattr(csv_files, "_BLOCK", block)
    cells = [[f"{'x' * (row % 30)}{strange}", f'y"{strange}', "z" * 8] for row in range(60)]
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([["a", "b", "c"], *cells])

    read = read_csv(_file(tmp_path, text.getvalue()), "leads")

    assert [list(row.values()) for row in read.original.to_pylist()] == cells


@pytest.mark.parametrize("title", ["Report", "# made today", '"Leads, all of them"'])
@pytest.mark.parametrize("sign", [",", ";"])
def test_a_title_above_the_header_is_told_and_not_taken_for_one(
    tmp_path: Path, title: str, sign: str
) -> None:
    path = _file(tmp_path, f"{title}\n\n" + "a,b,c\n1,2,3\n".replace(",", sign))

    with pytest.raises(
        DataError, match="row 1: saw one cell, and 3 in most lines after it; expected a header"
    ):
        read_csv(path, "leads", Layout())


@pytest.mark.parametrize("content", ["note\nhello; you\n", "note\nhello; you\nbye\nwell\n", "note\n"])
def test_one_column_of_texts_is_no_title(tmp_path: Path, content: str) -> None:
    assert read_csv(_file(tmp_path, content), "leads", Layout()).original.column_names == ["note"]
