"""What becomes of the files of leads: none, empty ones, other capitals, lists, leads that are left out."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from readiness.errors import DataError
from tests.crm.mappings import applied

LEADS = "id,created,from\n1,2026-01-01,chat\n2,2026-01-02,web\n"
MAPPING = """
name: mine
files: {leads: {path: leads.csv}, tasks: {path: tasks.csv, optional: true}}
leads: {file: leads, columns: {lead_id: id, created_at: created, source: from}}
"""
TASKS = """
activities:
  - file: tasks
    columns: {lead_id: who, occurred_at: at, type: kind, direction: {constant: outbound}}
"""


def test_without_any_file_of_leads_nothing_is_read(tmp_path: Path) -> None:
    text = MAPPING.replace("path: leads.csv", "path: leads.csv, optional: true")

    with pytest.raises(DataError, match=r"leads: saw none of them; expected a file of leads \(leads.csv\)"):
        applied(text, tmp_path, tasks="who\n1\n")


def test_no_rows_and_one_row_are_read(tmp_path: Path) -> None:
    text = MAPPING + TASKS + "    where: kind == 'call'\n    one_a_lead: first\n"
    none = applied(text, tmp_path, leads="id,created,from\n", tasks="who,at,kind\n")
    one = applied(
        text, tmp_path, leads="id,created,from\n1,2026-01-01,x\n", tasks="who,at,kind\n1,2026-01-02,call\n"
    )

    assert [len(each.tables.leads) for each in (none, one)] == [0, 1]
    assert [len(each.tables.activities) for each in (none, one)] == [0, 1]


def test_a_column_in_other_capitals_is_taken_and_told(tmp_path: Path) -> None:
    received = applied(MAPPING, tmp_path, leads="ID,Created,from\n1,2026-01-01,chat\n", tasks="x\n")

    assert received.tables.leads.lead_id.tolist() == ["1"]
    assert "leads.csv: column 'ID' is taken for 'id'." in received.notes
    assert not received.tables.leads.attributes


def test_leads_without_id_that_are_left_out_take_the_rows_of_their_lines_along(tmp_path: Path) -> None:
    text = """
name: mine
files: {deals: {path: deals.csv}}
leads: {file: deals, where: 'kind == "new"', columns: {source: from}}
outcomes: [{file: deals, columns: {outcome: {column: end, values: {W: closed_won, L: closed_lost}}}}]
"""
    received = applied(text, tmp_path, deals="from,kind,end\na,new,W\nb,old,W\nc,new,L\n")

    ends = received.tables.outcomes
    assert received.tables.leads.source.texts()[ends.lead].tolist() == ["a", "c"]
    assert "deals.csv (outcomes): 1 of 3 rows left out: its lead is left out (1)." in received.notes


def test_a_column_of_lists_is_asked_as_the_text_that_it_becomes(tmp_path: Path) -> None:
    tags = [["a", "b"], ["b"]]
    pd.DataFrame({"id": [1, 2], "created": ["2026-01-01"] * 2, "from": ["web"] * 2, "tags": tags}).to_parquet(
        tmp_path / "leads.parquet"
    )
    text = """
name: mine
files: {leads: {path: leads.parquet}}
leads: {file: leads, where: 'contains(tags, "a")', columns: {lead_id: id, created_at: created, source: from}}
"""
    received = applied(text, tmp_path)

    assert received.tables.leads.lead_id.tolist() == ["1"]
    told = "leads.parquet: column 'tags' holds lists, the first in row 1; they are taken as texts."
    assert told in " ".join(received.notes)
