"""Files of leads as senders write them, whole and broken, in each form that a batch or a job reads."""

from __future__ import annotations

import csv
import io
import json
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import strategies as st

_IDS: Final = st.sampled_from(["L-1", "L-2", "L-3", "=1+1", "../L", ""]) | st.text(max_size=12)
_MOMENTS: Final = st.sampled_from(
    ["2026-02-20T08:15:00Z", "2026-03-13", "2026-03-29T02:30:00", "9999-12-31T23:59:59Z", "", "yesterday"]
)
_CELLS: Final = st.sampled_from(["web_form", "40", "1e999", "nan", "\N{SNOWMAN}", ""]) | st.text(max_size=12)
_COLUMNS: Final = st.sampled_from(
    [
        ["lead_id", "created_at", "source", "company_size"],
        ["company_size", "source", "created_at", "lead_id"],
        ["lead_id", "source"],
        ["lead_id", "created", "Source"],
        ["lead_id", "lead_id", "source"],
        [],
    ]
)


@st.composite
def _table(draw: st.DrawFn) -> tuple[list[str], list[list[str]]]:
    columns = draw(_COLUMNS)
    kinds = [
        _IDS if each == "lead_id" else _MOMENTS if each.startswith("created") else _CELLS for each in columns
    ]
    return columns, draw(st.lists(st.tuples(*kinds).map(list), max_size=5))


def _as_csv(table: tuple[list[str], list[list[str]]]) -> bytes:
    columns, rows = table
    written = io.StringIO()
    csv.writer(written).writerows([columns, *rows])
    return written.getvalue().encode("utf-8", "surrogatepass")


def _as_lines(table: tuple[list[str], list[list[str]]]) -> bytes:
    columns, rows = table
    lines = [{"lead": _lead(dict(zip(columns, row, strict=True)))} for row in rows]
    return "\n".join(map(json.dumps, lines)).encode()


def _lead(cells: dict[str, str]) -> dict[str, Any]:
    own = {name: cells.pop(name) for name in ("lead_id", "created_at", "source") if name in cells}
    return {**own, "attributes": cells}


def _as_parquet(table: tuple[list[str], list[list[str]]]) -> bytes:
    columns, rows = table
    written = io.BytesIO()
    cells = [[row[at].encode("utf-8", "replace").decode() for row in rows] for at in range(len(columns))]
    pq.write_table(
        pa.Table.from_arrays([pa.array(each, pa.string()) for each in cells], names=columns), written
    )
    return written.getvalue()


@st.composite
def _broken(draw: st.DrawFn, whole: st.SearchStrategy[bytes]) -> bytes:
    """Return a file that is whole, or lacks its end, or has other bytes in it, or is nothing but bytes."""
    file = draw(whole)
    how = draw(st.sampled_from(["whole", "whole", "cut", "struck", "bytes"]))
    if how == "bytes" or not file:
        return draw(st.binary(max_size=40))
    at = draw(st.integers(0, len(file) - 1))
    return {
        "whole": file,
        "cut": file[:at],
        "struck": file[:at] + draw(st.binary(max_size=4)) + file[at + 1 :],
    }[how]


FILES: Final = {
    "text/csv": _broken(_table().map(_as_csv)),
    "application/x-ndjson": _broken(_table().map(_as_lines)),
    "application/vnd.apache.parquet": _broken(_table().map(_as_parquet)),
}
"""By media type."""
