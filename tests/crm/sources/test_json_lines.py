"""JSON lines."""

from __future__ import annotations

import gzip
import json

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.crm.sources import open_source, scan_source
from readiness.errors import DataError

VALUES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=4)
    | st.floats(allow_nan=False, allow_infinity=False)
)
RECORDS = st.dictionaries(st.sampled_from("abc"), VALUES | st.dictionaries(st.sampled_from("xy"), VALUES))


def _read(folder, text, name="a.jsonl"):
    (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)
    return open_source(folder / name)


def test_objects_within_objects_become_columns_with_a_point(tmp_path):
    read = _read(
        tmp_path, '{"id": 1, "address": {"city": "Kranj", "geo": {"x": 2.5}}}\n{"id": 2, "won": true}\n'
    )

    assert read.original.to_pydict() == {
        "id": [1, 2],
        "address.city": ["Kranj", None],
        "address.geo.x": [2.5, None],
        "won": [None, True],
    }


def test_what_looks_like_a_date_stays_the_text_that_it_is(tmp_path):
    read = _read(tmp_path, '{"at": "2026-03-14T09:00:00+01:00"}\n{"at": "2026-03-14"}\n')

    assert read.original.column("at").to_pylist() == ["2026-03-14T09:00:00+01:00", "2026-03-14"]


def test_no_digit_of_a_long_number_is_lost(tmp_path):
    assert _read(tmp_path, '{"id": 12345678901234567890}\n').original.column("id").to_pylist() == [
        "12345678901234567890"
    ]


def test_kinds_that_are_mixed_are_told_with_the_line(tmp_path):
    read = _read(tmp_path, '{"size": 5}\n\n{"size": "5-10"}\n{"size": 7}\n')

    assert read.original.column("size").to_pylist() == ["5", "5-10", "7"]
    assert read.notes == (
        "a.jsonl: column 'size' holds numbers, but in 1 cell texts, the first in row 3; "
        "all are taken as texts.",
    )
    assert [read.line(row) for row in range(3)] == [1, 3, 4]


@pytest.mark.parametrize("name", ["a.json", "a.ndjson", "a.jsonl"])
def test_an_array_of_objects_is_read_too_and_counted_by_position(tmp_path, name):
    read = _read(tmp_path, '\ufeff [\n{"id": 1},\n\n{"id": 2}]', name)

    assert (read.original.to_pydict(), read.line(1)) == ({"id": [1, 2]}, 2)


def test_packed_files_are_unpacked(tmp_path):
    assert _read(tmp_path, gzip.compress(b'{"id": 1}\n'), "a.jsonl.gz").original.num_rows == 1


def test_a_list_becomes_a_text_and_is_told_with_its_line(tmp_path):
    read = _read(tmp_path, '{"a": {"tags": null}}\n\n{"a": {"tags": [1, {"b": "ž"}]}, "id": 7}\n')

    assert read.original.to_pydict() == {"a.tags": [None, '[1, {"b": "ž"}]'], "id": [None, 7]}
    assert read.notes == (
        "a.jsonl: column 'a.tags' holds lists, the first in row 3; they are taken as texts. "
        "Lists and objects are written as JSON writes them.",
    )


def test_the_lines_that_are_objects_are_read_beside_those_that_are_none(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"id": 1}\n{"id": 2, "id": 3}\n{"id": 4, "more": 5}\n')
    scanned = scan_source(tmp_path / "a.jsonl")

    assert scanned.original.to_pydict() == {"id": [1, 4], "more": [None, 5]}
    assert [scanned.line(row) for row in range(2)] == [1, 3]
    assert [(fault.row, fault.seen) for fault in scanned.faults] == [(2, "the field 'id' twice")]


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        ('{"a": 1', "something else"),
        ('{"a": 1} {"a": 2}', "something else"),
        ('{"a": NaN}', "something else"),
        ("[1, 2]", "an array"),
        ("7", "something else"),
        ('{"a": 1, "a": 2}', "the field 'a' twice"),
        ('{"a.b": 1, "a": {"b": 2}}', r"the field 'a.b' twice"),
        ("[" * 100_000, "something else"),
    ],
)
def test_a_line_that_is_no_object_is_told(tmp_path, line, seen):
    with pytest.raises(DataError, match=f"a.jsonl, row 3: saw {seen}; expected one JSON object a line"):
        _read(tmp_path, '{"ok": 1}\n\n' + line + "\n")


def test_all_lines_that_are_no_objects_are_counted(tmp_path):
    with pytest.raises(DataError, match=r"500 faults in the data\na.jsonl, row 2: .* \(and 499 rows like"):
        _read(tmp_path, '{"ok": 1}\n' + "x\n" * 500)


def test_objects_without_fields_are_rows_without_columns(tmp_path):
    assert _read(tmp_path, '{"a": null}\n{}\n{"a": 1}\n').original.to_pydict() == {"a": [None, None, 1]}


def test_a_column_without_a_cell_is_one_of_missing_texts(tmp_path):
    assert _read(tmp_path, '{"a": 1, "b": null}\n').original.schema.field("b").type == pa.large_string()


@settings(max_examples=200, deadline=None)
@given(records=st.lists(RECORDS, min_size=1, max_size=6))
def test_every_field_of_every_object_is_in_its_cell(tmp_path_factory, records):
    folder = tmp_path_factory.mktemp("some")
    read = _read(folder, "".join(json.dumps(record) + "\n" for record in [*records, {"end": 1, "more": 1}]))

    for row, record in enumerate(records):
        flat = {name: value for name, value in record.items() if not isinstance(value, dict)}
        for name, inner in record.items():
            flat |= (
                {f"{name}.{key}": value for key, value in inner.items()} if isinstance(inner, dict) else {}
            )
        for name, value in flat.items():
            assert _same(read.original.column(name)[row].as_py(), value)


def _same(read: object, value: object) -> bool:
    """As it was, or the same written as a text."""
    if value is None or value == "":
        return read is None
    if isinstance(value, bool):
        return read in (value, "yes" if value else "no")
    return read == value or (isinstance(read, str) and float(read) == float(value))
