"""CSV as the rest of the world writes it."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from readiness.crm.sources.csv_files import read_csv
from readiness.crm.sources.csv_writing import write_csv
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
    ["\ufeffa;b\nx;y\n", "a;b\r\nx;y\r\n", 'a;"b"\nx;y'],
    ids=["marked", "Windows", "no last line end"],
)
def test_the_dialects_of_spreadsheets_are_read(tmp_path: Path, content: str) -> None:
    assert read_csv(_file(tmp_path, content), "leads", delimiter=";").original.to_pydict() == {
        "a": ["x"],
        "b": ["y"],
    }


def test_other_encodings_are_read_when_named(tmp_path: Path) -> None:
    read = read_csv(_file(tmp_path, "a\nZürich\n".encode("cp1252")), "leads", encoding="cp1252")

    assert read.original.to_pydict() == {"a": ["Zürich"]}


@pytest.mark.parametrize(
    ("content", "seen"),
    [(b"", "an empty file"), (b"a\n\xff\xfe\n", "something else")],
    ids=["empty", "not UTF-8"],
)
def test_what_is_no_csv_is_refused(tmp_path: Path, content: bytes, seen: str) -> None:
    with pytest.raises(DataError, match=f"leads: saw {seen}; expected a CSV file with a header line"):
        read_csv(_file(tmp_path, content), "leads")


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
