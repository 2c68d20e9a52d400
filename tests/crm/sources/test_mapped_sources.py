"""A mapping over files of any format, and over a database."""

from __future__ import annotations

import datetime as dt
import re
import sqlite3
from pathlib import Path

import pytest
import yaml

from readiness.crm.mapping import apply, parse
from readiness.crm.records import instant
from readiness.crm.sources import Database
from readiness.errors import DataError
from tests.crm.sources.workbooks import write_xlsx

PAGE = Path(__file__).resolve().parents[3] / "docs" / "sources.md"
DAY = dt.date(2026, 3, 14)
LEADS = "leads: {file: deals, columns: {lead_id: Id, created_at: Opened, source: Origin}}"
WON = """
outcomes:
  - {file: deals, where: Stage == "Won",
     columns: {lead_id: Id, occurred_at: Opened, outcome: {constant: closed_won}}}
"""


def _mapping(file, more=""):
    return parse(f"name: x\nfiles: {{deals: {file}}}\n{LEADS}\n{more}")


def _database(folder):
    with sqlite3.connect(folder / "crm.db") as made:
        made.execute("create table deals (id integer, opened text, origin text, stage text)")
        made.execute("insert into deals values (7, '2026-03-14', 'web', 'Won'), (8, '2026-03-14', '', null)")
    made.close()
    return Database(f"sqlite:///{folder}/crm.db")


def _files(folder):
    write_xlsx(
        folder / "a.xlsx", {"x": [["Id", "Opened", "Origin", "Stage"], [7, DAY, "web", "Won"], [8, DAY]]}
    )
    (folder / "a.jsonl").write_text(
        '{"Id": 7, "Opened": "2026-03-14", "Origin": "web", "Stage": "Won"}\n'
        '{"Id": 8, "Opened": "2026-03-14"}\n'
    )
    (folder / "a.csv").write_text("ID ;opened;ORIGIN;stage\n7;2026-03-14;web;Won\n8;2026-03-14;;\n", "utf-16")


@pytest.mark.parametrize("file", ["{path: a.xlsx}", "{path: a.jsonl}", "{path: a.csv}", "{table: deals}"])
def test_the_same_rows_make_the_same_tables_whatever_holds_them(tmp_path, file):
    _files(tmp_path)

    received = apply(_mapping(file, WON), [tmp_path, _database(tmp_path)])

    assert received.faults == ()
    assert received.tables.leads.lead_id.tolist() == ["7", "8"]
    assert received.tables.leads.created_at.tolist() == [instant("2026-03-14")] * 2
    assert received.tables.leads.source.texts().tolist() == ["web", None]
    assert len(received.tables.outcomes) == 1


def test_a_header_in_other_capitals_is_found_and_noted(tmp_path):
    _files(tmp_path)

    notes = apply(_mapping("{path: a.csv}"), [tmp_path]).notes

    assert notes[:5] == (
        "a.csv: read as utf-16-le, as its mark says.",
        "a.csv: columns are separated by semicolons.",
        "a.csv: column 'ID' is taken for 'Id'.",
        "a.csv: column 'opened' is taken for 'Opened'.",
        "a.csv: column 'ORIGIN' is taken for 'Origin'.",
    )


def test_two_columns_that_differ_in_capitals_alone_are_not_guessed(tmp_path):
    (tmp_path / "a.csv").write_text("ID,id,Opened,Origin\n1,2,2026-03-14,web\n")

    with pytest.raises(DataError, match=r"no column 'Id' in a.csv, but 'ID'"):
        apply(_mapping("{path: a.csv}"), [tmp_path])


def test_columns_that_come_with_a_join_are_found_in_their_own_file(tmp_path):
    (tmp_path / "deals.csv").write_text("ID,Opened,Origin,account\n1,2026-03-14,web,A\n")
    (tmp_path / "accounts.csv").write_text("KEY,id,SIZE\nA,99,40\n")
    text = f"""
name: x
files: {{deals: {{path: deals.csv}}, accounts: {{path: accounts.csv}}}}
{LEADS[:-1]}, attributes: {{size: by_Size}},
  join: [{{file: accounts, on: Account, key: Key, take: [Size], prefix: by_}}]}}
"""
    tables = apply(parse(text), [tmp_path]).tables

    assert tables.leads.lead_id.tolist() == ["1"]
    assert tables.leads.attributes["size"].texts().tolist() == ["40"]


def test_faults_name_the_row_of_the_sheet(tmp_path):
    rows = [["Deals"], ["Id", "Opened", "Origin"], [1, DAY, "web"], [], [2, "soon", "web"]]
    write_xlsx(tmp_path / "a.xlsx", {"x": rows})

    received = apply(_mapping("{path: a.xlsx, skip_rows: 1, sheet: x}"), [tmp_path])

    assert [(fault.table, fault.row, fault.column, fault.seen) for fault in received.faults] == [
        ("a.xlsx", 5, "Opened", "'soon'")
    ]
    assert (received.counts["leads"].read, received.counts["leads"].accepted) == (2, 1)


@pytest.mark.parametrize(
    ("count", "seen"), [(0, "no database"), (2, "the sqlite database, the sqlite database")]
)
def test_a_table_needs_exactly_one_database_among_the_sources(tmp_path, count, seen):
    with pytest.raises(DataError, match=f"deals: saw {seen}; expected one database. Name it as a source"):
        apply(_mapping("{table: deals}"), [_database(tmp_path)] * count)


@pytest.mark.parametrize("file", ["{}", "{path: a.csv, table: deals}", "{table: a, query: select 1}"])
def test_a_file_comes_from_exactly_one_place(file):
    with pytest.raises(DataError, match="either `path` or `table` or `query`"):
        _mapping(file)


def test_the_files_in_the_page_on_sources_can_be_said():
    said = yaml.safe_load(re.search(r"(?s)```yaml\n(.*?)```", PAGE.read_text("utf-8"))[1])
    mapping = {"name": "x", **said, "leads": {"file": "leads", "columns": {"source": "a"}}}

    assert set(parse(yaml.safe_dump(mapping)).files) == {"deals", "leads", "tasks", "history", "won"}
