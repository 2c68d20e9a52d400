"""Leads that stand in a file twice: found in one pass, and told as a batch tells them."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serve import batch_answers, batch_reading
from serve.jobs import repeats
from serve.jobs.files import LeadFile
from serve.problems import Problem
from serve.schemas import ScoreRequest
from tests.serve.jobs.conftest import LINES

_VALUES = st.sampled_from([1, True, "1", 1.0, None])
_ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "lead": st.fixed_dictionaries(
                {"lead_id": st.sampled_from(["L-1", "L-2", "L-3", "", 4])},
                optional={"attributes": st.dictionaries(st.sampled_from("ab"), _VALUES, max_size=2)},
            )
        }
    )
    | st.sampled_from([None, {}, [], "x"]),
    max_size=12,
)


def scan(body: bytes) -> repeats.Scan:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "leads.jsonl"
        path.write_bytes(body)
        return repeats.scan(lambda: LeadFile(path, LINES), LINES, {}, lambda: None)


@given(rows=_ROWS)
def test_a_file_refuses_the_rows_that_a_batch_refuses_for_standing_twice(rows: list[Any]) -> None:
    body = "".join(json.dumps(row) + "\n" for row in rows).encode()
    found = scan(body)
    read = batch_reading.read(body, LINES, {})
    _, refused = batch_answers.told_apart(read)
    expected = {
        place: said.errors for place, said in refused.items() if isinstance(read[place], ScoreRequest)
    }
    assert {place: said.errors for place, said in found.refused.items()} == expected
    assert found.rows == len(rows)


def test_ids_that_share_a_mark_are_still_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repeats, "_mark", len)
    rows = [{"lead": {"lead_id": named}} for named in ("L-1", "L-2", "L-1", "L-10")]
    found = scan("".join(json.dumps(row) + "\n" for row in rows).encode())
    assert [*found.refused] == [2]


@pytest.mark.parametrize(("most", "fits"), [(3, True), (2, False)])
def test_a_job_holds_so_many_leads_and_no_more(
    monkeypatch: pytest.MonkeyPatch, most: int, fits: bool
) -> None:
    monkeypatch.setattr(repeats, "MOST_ROWS", most)
    if fits:
        assert scan(b"{}\n" * 3).rows == 3
    else:
        with pytest.raises(Problem, match="at most 2 leads"):
            scan(b"{}\n" * 3)
