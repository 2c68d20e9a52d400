"""Cells that already have a type of their own."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

import pyarrow as pa
import pytest

from readiness.crm.sources.columns import column_of, table_of

DAY, NINE = dt.date(2026, 3, 14), dt.datetime.fromisoformat("2026-03-14T09:00")
CET = dt.timezone(dt.timedelta(hours=1))


@pytest.mark.parametrize(
    ("cells", "kind", "read"),
    [
        ([], pa.large_string(), []),
        ([None, ""], pa.large_string(), [None, None]),
        (["007", ""], pa.large_string(), ["007", None]),
        ([True, None], pa.bool_(), [True, None]),
        ([1, None, 2.0, Decimal("3")], pa.int64(), [1, None, 2, 3]),
        ([1, 2.5, Decimal("0.1"), float("nan")], pa.float64(), [1.0, 2.5, 0.1, None]),
        ([10**20, None], pa.large_string(), ["1" + "0" * 20, None]),
        ([DAY, None], pa.date32(), [DAY, None]),
        ([DAY, NINE], pa.timestamp("us"), [NINE.replace(hour=0), NINE]),
        ([NINE.replace(tzinfo=CET)], pa.timestamp("us", tz="UTC"), [NINE.replace(hour=8, tzinfo=dt.UTC)]),
        ([dt.time(9, 30), None], pa.large_string(), ["09:30:00", None]),
        ([uuid.UUID(int=7), "x"], pa.large_string(), ["00000000-0000-0000-0000-000000000007", "x"]),
    ],
)
def test_cells_of_one_kind_keep_it_and_none_is_mixed(cells, kind, read):
    array, mixture = column_of(cells)

    assert (array.type, mixture) == (kind, None)
    assert [None if cell != cell else cell for cell in array.to_pylist()] == read


@pytest.mark.parametrize(
    ("cells", "read"),
    [
        ([DAY, 45678.0, DAY], ["2026-03-14", "45678", "2026-03-14"]),
        ([1, "100-200", 2.5], ["1", "100-200", "2.5"]),
        ([True, "maybe"], ["yes", "maybe"]),
        ([NINE, "soon"], ["2026-03-14T09:00:00", "soon"]),
    ],
)
def test_kinds_that_are_mixed_become_texts(cells, read):
    assert column_of(cells)[0].to_pylist() == read


def test_times_with_and_without_a_zone_become_texts_that_say_so():
    array, _ = column_of([NINE, NINE.replace(tzinfo=CET)])

    assert array.to_pylist() == ["2026-03-14T09:00:00", "2026-03-14T09:00:00+01:00"]


def test_what_is_mixed_is_told_with_its_first_row():
    _, notes = table_of("deals.xlsx", ["at"], [[DAY, DAY, 45678, None]], lambda row: row + 2)

    assert notes == (
        "deals.xlsx: column 'at' holds dates, but in 1 cell numbers, the first in row 4; "
        "all are taken as texts. "
        "A number among dates is often a date that lost its format: 45678 was 2025-01-21.",
    )


@pytest.mark.parametrize(
    ("cell", "text", "held", "how"),
    [
        (
            [1, "ž"],
            '[1, "ž"]',
            "lists",
            "Lists and objects are written as JSON writes them.",
        ),
        (
            {"a": [NINE]},
            '{"a": ["2026-03-14 09:00:00"]}',
            "objects",
            "Lists and objects are written as JSON writes them.",
        ),
        (
            b"x\x00",
            "7800",
            "bytes",
            "Bytes are written in hexadecimal digits.",
        ),
        ({"b", "a"}, '["a", "b"]', "lists", "Lists and objects are written as JSON writes them."),
        (
            1 + 2j,
            "(1+2j)",
            "other values",
            "What is of no usual kind is written as it shows itself.",
        ),
    ],
)
def test_what_is_no_cell_of_ours_is_kept_as_a_text_and_told(
    cell: object, text: str, held: str, how: str
) -> None:
    table, notes = table_of("a.jsonl", ["a", "b"], [[1, 2], [None, cell]], lambda row: row + 2)

    assert table.to_pydict() == {"a": [1, 2], "b": [None, text]}
    told = f"a.jsonl: column 'b' holds {held}, the first in row 3; they are taken as texts. {how}"
    assert notes == (told,)


def test_lists_among_texts_are_told_with_how_they_are_written() -> None:
    _, notes = table_of("a.jsonl", ["b"], [["x", [1], "y"]], lambda row: row + 2)

    assert notes == (
        "a.jsonl: column 'b' holds texts, but in 1 cell lists, the first in row 3; all are taken as texts. "
        "Lists and objects are written as JSON writes them.",
    )


@pytest.mark.parametrize("cells", [[], [None], ["x", "y"], [1, 2.5]])
def test_cells_of_one_usual_kind_are_not_told(cells: list[object]) -> None:
    assert column_of(cells)[1] is None
