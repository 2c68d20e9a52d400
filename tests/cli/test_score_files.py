"""What a spreadsheet would run is text in a file of scores."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from readiness import shipped
from readiness.agreement import reading
from readiness.cli import score_files
from readiness.history import snapshots
from readiness.progress import silent
from readiness.scoring import score
from tests.builders import at, lead, tables

_IDS = (
    '=HYPERLINK("http://x","a")',
    "+49 170 1234567",
    "-2+3",
    "@SUM(1)",
    "\t=1",
    " =1",
    "＝1",
    "L-1",
    "L=1",
)


@pytest.mark.parametrize("lead_id", _IDS)
def test_a_text_that_begins_like_a_formula_is_disarmed_in_csv_and_whole_elsewhere(
    tmp_path: Path, lead_id: str
) -> None:
    made = tables([lead(lead_id)])
    scored = score(made, snapshots.at(made, at(9)), agreement=reading.load(shipped.agreement()), model=None)
    for ending in ("csv", "jsonl"):
        score_files.write(scored, tmp_path / f"scores.{ending}", progress=silent)
    with (tmp_path / "scores.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["lead_id"] == (lead_id if lead_id.startswith("L") else f"'{lead_id}")
    assert json.loads((tmp_path / "scores.jsonl").read_text())["lead_id"] == lead_id


@pytest.mark.parametrize("cell", [None, -1.5, -3, True, ""])
def test_what_is_no_text_stays_as_it_is(cell: object) -> None:
    assert score_files.harmless(cell) is cell
