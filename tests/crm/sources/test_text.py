"""The text of a file, whatever it was written in."""

from __future__ import annotations

import gzip
import socket
from pathlib import Path

import pytest

from readiness.crm.sources.encodings import likely
from readiness.crm.sources.text import open_text
from readiness.errors import DataError, StoreError


def _file(folder: Path, content: bytes, name: str = "some.csv") -> Path:
    (folder / name).write_bytes(content)
    return folder / name


def _text(path: Path, encoding: str | None = None) -> str:
    with open_text(path, path.name, encoding) as stream:
        return stream.read().decode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_mark_says_how_to_read_it_and_is_no_text(tmp_path: Path, encoding: str) -> None:
    mark = "\ufeff" if encoding.endswith("e") else ""

    assert _text(_file(tmp_path, (mark + "a\nŽ€\n").encode(encoding))) == "a\nŽ€\n"


@pytest.mark.parametrize("encoding", [None, "utf-8", "cp1250", "cp932", "utf-16-le"])
def test_letters_cut_in_two_by_a_block_are_whole(tmp_path: Path, encoding: str | None) -> None:
    letter = "東" if encoding == "cp932" else "Ž"
    content = "x" + letter * 200_000

    assert _text(_file(tmp_path, content.encode(encoding or "utf-8")), encoding) == content


@pytest.mark.parametrize(
    ("text", "written", "names"),
    [
        ("id,name\n1,Zürich\n", "cp1252", "it looks like `encoding: cp1252`"),
        ("id,name\n1,Москва\n2,Санкт-Петербург\n", "cp1251", "it looks like `encoding: cp1251`"),
        ("id,name\n1,Škofja Loka\n2,Žužemberk\n", "iso8859_2", "it looks like `encoding: iso8859_2`"),
        ("id,name\n1,Łódź\n", "cp1250", "it looks like `encoding: cp1250`"),
        ("id,name\n1,東京\n2,大阪\n", "cp932", "it looks like `encoding: cp932`"),
    ],
)
def test_what_is_no_utf8_is_refused_and_the_likeliest_named(
    tmp_path: Path, text: str, written: str, names: str
) -> None:
    with pytest.raises(DataError, match=f"some.csv, row 2: saw bytes that are no UTF-8; .*{names}"):
        _text(_file(tmp_path, text.encode(written)))


def test_the_line_of_the_first_wrong_byte_is_told_in_a_long_file(tmp_path: Path) -> None:
    content = b"line\n" * 3_000_000 + b"Z\xfcrich\n"

    with pytest.raises(DataError, match="row 3000001: saw bytes that are no UTF-8"):
        _text(_file(tmp_path, content))


def test_two_bytes_a_letter_without_a_mark_are_refused_and_named(tmp_path: Path) -> None:
    with pytest.raises(
        DataError, match=r"saw text without a mark that is not UTF-8; .*`encoding: utf-16-le`"
    ):
        _text(_file(tmp_path, "id,name\n1,Zürich\n".encode("utf-16-le")))


def test_a_mark_that_contradicts_what_was_stated_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"row 1: saw a mark \(BOM\) that says utf-8; expected cp1252"):
        _text(_file(tmp_path, b"\xef\xbb\xbfa\n"), "cp1252")


@pytest.mark.parametrize("stated", ["utf-16", "UTF-16LE"])
def test_a_mark_agrees_with_its_encoding_by_any_of_its_names(tmp_path: Path, stated: str) -> None:
    assert _text(_file(tmp_path, "a\n".encode("utf-16")), stated) == "a\n"


def test_packed_files_are_unpacked(tmp_path: Path) -> None:
    assert _text(_file(tmp_path, gzip.compress(b"a\n1\n"), "some.csv.gz")) == "a\n1\n"


@pytest.mark.parametrize(
    "content",
    [gzip.compress(b"a\n1\n" * 99)[:-9], b"a\n1\n", b"\x1f\x8b\x08\x00junk"],
    ids=["torn off", "not packed", "nothing but a mark"],
)
def test_a_damaged_packed_file_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(DataError, match=r"saw a packed file \(.gz\) that is damaged or none"):
        _text(_file(tmp_path, content, "some.csv.gz"))


@pytest.mark.parametrize(
    ("head", "seen"),
    [
        (b"%PDF-1.7 and so on", "a PDF"),
        (b"PK\x03\x04 and so on", "a zip archive"),
        (b"\x1f\x8b\x08 and so on", r"a packed file \(gzip\)"),
        (b"PAR1 and so on", "a Parquet file"),
        (b"SQLite format 3\0", "an SQLite database"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook"),
        (b"\xef\xbb\xbf <!DOCTYPE html>", "an HTML or XML page"),
        (b"\x89PNG\r\n", "a picture"),
    ],
)
def test_what_is_another_kind_of_file_is_called_by_its_name(tmp_path: Path, head: bytes, seen: str) -> None:
    with pytest.raises(DataError, match=f"some.csv: saw {seen}.*; expected a text file with a header line"):
        _text(_file(tmp_path, head))


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be read: it is a folder, not a file"):
        open_text(tmp_path, "leads")


def test_what_the_system_does_not_open_is_told_with_its_reason(tmp_path: Path) -> None:
    path = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        with pytest.raises(StoreError, match="s cannot be read: No such device or address"):
            open_text(path, "leads")


def test_lines_are_skipped_whatever_ends_them(tmp_path: Path) -> None:
    with open_text(_file(tmp_path, b"one\r\ntwo\rthree\n\nfive\n"), "leads") as stream:
        stream.skip_lines(4)

        assert (stream.head(), stream.read()) == ("five\n", b"five\n")


@pytest.mark.parametrize("count", [1, 2])
def test_more_lines_than_there_are_leave_nothing(tmp_path: Path, count: int) -> None:
    with open_text(_file(tmp_path, b"one"), "leads") as stream:
        stream.skip_lines(count)

        assert stream.read() == b""


@pytest.mark.parametrize("sample", [b"", b"\0\1\2\3" * 50])
def test_what_is_no_text_looks_like_no_encoding(sample: bytes) -> None:
    assert likely(sample) == ()


def test_utf16_needs_its_mark_or_its_order(tmp_path: Path) -> None:
    path = _file(tmp_path, "a,b\n1,2\n".encode("utf-16-le"))

    with pytest.raises(
        DataError, match=r"row 1: saw UTF-16 without its mark \(BOM\); .*`encoding: utf-16-le`"
    ):
        _text(path, "utf-16")
    assert _text(path, "utf-16-le") == "a,b\n1,2\n"
