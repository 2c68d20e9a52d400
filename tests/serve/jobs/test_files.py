"""The rows of a file, one after the other: what JSON cannot hold is refused, and nothing is run."""

from __future__ import annotations

import datetime as dt
import decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from serve import batch_reading
from serve.batch_reading import LONGEST_LINE
from serve.jobs.files import LeadFile
from serve.problems import Problem
from serve.schemas import ScoreRequest
from tests.serve.jobs.conftest import CSV, LINES, PARQUET

_UTC = dt.UTC


def rows(path: Path, media: str, line_bytes: int = LONGEST_LINE) -> list[ScoreRequest | Problem]:
    found = LeadFile(path, media, line_bytes=line_bytes).rows()
    return [batch_reading.request(raw, {}, media) for raw in found]


def table(path: Path, **columns: Any) -> Path:  # noqa: ANN401 - as the library has them
    given = {"lead_id": pa.array([f"L-{row}" for row in range(len(next(iter(columns.values()))))])}
    pq.write_table(pa.table({**given, "source": given["lead_id"], **columns}), path / "leads.parquet")
    return path / "leads.parquet"


def one(path: Path, **columns: Any) -> ScoreRequest | Problem:  # noqa: ANN401 - as the library has them
    (row,) = rows(table(path, **columns), PARQUET)
    return row


def test_parquet_says_of_a_lead_what_csv_says_of_it(tmp_path: Path) -> None:
    csv = tmp_path / "leads.csv"
    csv.write_text(
        "lead_id,created_at,source,phone,size,note\n7,2026-02-20T08:15:00Z,web,4930,,x\n8,2026-03-01,,,,\n"
    )
    columns = {
        "lead_id": pa.array([7, 8]),
        "created_at": pa.array(["2026-02-20T08:15:00Z", "2026-03-01"]),
        "source": pa.array(["web", None]),
        "phone": pa.array([4930, None]),
        "size": pa.array([None, float("nan")]),
        "note": pa.array(["x", ""]).dictionary_encode(),
    }
    pq.write_table(pa.table(columns), tmp_path / "leads.parquet")
    assert rows(tmp_path / "leads.parquet", PARQUET) == rows(csv, CSV)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        (pa.array([1.5]), 1.5),
        (pa.array([2**53]), 2.0**53),
        (pa.array([True]), True),
        (pa.array([decimal.Decimal("1.25")]), 1.25),
        (pa.array([dt.date(2026, 3, 1)]), "2026-03-01"),
        (pa.array([dt.datetime(2026, 3, 1, 8, tzinfo=_UTC)]), "2026-03-01T08:00:00Z"),
        (pa.array(["x"], pa.large_string()), "x"),
        (pa.array([None], pa.null()), None),
    ],
)
def test_a_cell_of_any_plain_type_is_an_attribute(tmp_path: Path, column: object, value: object) -> None:
    row = one(tmp_path, extra=column)
    assert isinstance(row, ScoreRequest)
    assert row.lead.attributes.get("extra") == value


@pytest.mark.parametrize(
    ("column", "instant"),
    [
        (pa.array([dt.datetime(2026, 3, 1, 8, tzinfo=_UTC)], pa.timestamp("ns", "Europe/Berlin")), True),
        (pa.array([dt.datetime(2026, 3, 1, 8, tzinfo=_UTC)], pa.timestamp("s", "UTC")), True),
        (pa.array([dt.datetime(2026, 3, 1, 8)], pa.timestamp("us")), False),  # noqa: DTZ001 - that is the point
        (pa.array([2**60], pa.timestamp("us", "UTC")), False),
    ],
    ids=["with a zone", "in seconds", "without a zone", "in the year of no calendar"],
)
def test_a_moment_needs_a_zone_in_parquet_too(tmp_path: Path, column: object, instant: bool) -> None:
    row = one(tmp_path, created_at=column)
    if instant:
        assert isinstance(row, ScoreRequest)
        assert row.lead.created_at is not None
        assert row.lead.created_at.instant == 1_772_352_000_000_000
    else:
        assert isinstance(row, Problem)
        assert [field for field, _ in row.errors] == ["created_at"]


@pytest.mark.parametrize(
    ("column", "said"),
    [(pa.array([float("inf"), 1.0]), "finite"), (pa.array([2**53 + 1, 1]), "2^53")],
)
def test_a_number_that_json_could_not_hold_fails_its_row_only(
    tmp_path: Path, column: object, said: str
) -> None:
    bad, good = rows(table(tmp_path, extra=column), PARQUET)
    assert isinstance(bad, Problem)
    assert said in bad.errors[0][1]
    assert isinstance(good, ScoreRequest)


@pytest.mark.parametrize("column", [pa.array([[1]]), pa.array([b"x"]), pa.array([{"a": 1}])])
def test_a_column_that_no_table_of_leads_has_is_named(tmp_path: Path, column: object) -> None:
    with pytest.raises(Problem, match="One field is wrong") as refused:
        one(tmp_path, extra=column)
    assert refused.value.errors[0][0] == "extra"


def test_a_damaged_parquet_is_told(tmp_path: Path) -> None:
    path = table(tmp_path, extra=pa.array([1.0]))
    path.write_bytes(path.read_bytes()[:-40] + b"\0" * 36 + b"PAR1")
    with pytest.raises(Problem, match="no Parquet file, or it is damaged"):
        rows(path, PARQUET)


def test_a_line_beyond_the_limit_fails_itself_only(tmp_path: Path) -> None:
    path = tmp_path / "leads.jsonl"
    good = b'{"lead": {"lead_id": "L-1"}}'
    path.write_bytes(b"\n".join([good, b" " * 12 + good, b" " * 13 + good, b"x" * 200, b"", good]))
    found = rows(path, LINES, 40)
    assert [isinstance(row, ScoreRequest) for row in found] == [True, True, False, False, True]


def test_a_line_of_csv_beyond_the_limit_breaks_the_file(tmp_path: Path) -> None:
    path = tmp_path / "leads.csv"
    path.write_text("lead_id,source\nL-1,\n" + "x" * 40)
    with pytest.raises(Problem, match="Line 3 is longer than 40 characters"):
        rows(path, CSV, 40)
