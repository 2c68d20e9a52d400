"""Defects of a whole file or of what a mapping names, each with its code and full message."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from readiness.crm import folder, mapping
from readiness.crm.intake import from_frames
from readiness.crm.sources import Database
from readiness.errors import DataError
from tests.crm.sources.workbooks import write_xlsx

LEADS = "lead_id,created_at,source\nL-1,2026-01-05,chat\n"
COLUMNS = "leads: {file: leads, columns: {lead_id: lead_id, created_at: created_at, source: source}}\n"


def _folder(content: bytes) -> Callable[[Path], object]:
    def read(there: Path) -> object:
        (there / "leads.csv").write_bytes(content)
        return folder.receive(there)

    return read


def _mapped(file: str, content: str = LEADS) -> Callable[[Path], object]:
    def read(there: Path) -> object:
        (there / "leads.csv").write_text(content)
        write_xlsx(there / "leads.xlsx", {"One": [["lead_id"], ["L-1"]]})
        said = mapping.parse(f"name: some\nfiles: {{leads: {file}}}\n{COLUMNS}", name="mine.yaml")
        return mapping.apply(said, [there])

    return read


def _queried(file: str) -> Callable[[Path], object]:
    def read(there: Path) -> object:
        sqlite3.connect(there / "crm.db").execute("create table leads (id text)").connection.close()
        said = mapping.parse(f"name: some\nfiles: {{leads: {file}}}\n{COLUMNS}", name="mine.yaml")
        return mapping.apply(said, [Database(f"sqlite:///{there / 'crm.db'}")])

    return read


def _framed(**frames: pd.DataFrame) -> Callable[[Path], object]:
    return lambda _: from_frames(frames)


LEAD = pd.DataFrame({"source": ["chat"]})
TWICE = pd.DataFrame([["L-1", "a", "b"]], columns=["lead_id", "source", "source"])

# The code, who reads, and the message.
CASES: list[tuple[str, Callable[[Path], object], str]] = [
    (
        "unreadable_file",
        _folder(b""),
        "leads: saw an empty file; expected a text file with a header line. Export it again, as CSV.",
    ),
    (
        "unreadable_file",
        _folder(b"%PDF-1.7 and so on"),
        "leads: saw a PDF; expected a text file with a header line. Export it again, as CSV.",
    ),
    (
        "missing_header",
        _mapped("{path: leads.csv}", f"All our leads\n{LEADS}L-2,2026-01-06,chat\n"),
        "leads.csv, row 1: saw one cell, and 3 in most lines after it; expected a header that names every "
        "column. Delete the lines before the header, or count them as `skip_rows` in a mapping.",
    ),
    (
        "wrong_encoding",
        _folder("lead_id,source\nL-1,Žiga\n".encode("cp1250")),
        "leads, row 2: saw bytes that are no UTF-8; expected one encoding from the first byte to the last: "
        "UTF-8, or the one stated. Save it as UTF-8, or state its encoding in a mapping; it looks like "
        "`encoding: cp1252` or cp1250.",
    ),
    (
        "wrong_separator",
        _folder(b"lead_id;source\nL-1;chat\n"),
        "leads, row 1: saw columns separated by semicolons; expected commas. Save it with commas between the "
        "columns, or name its separator in a mapping.",
    ),
    (
        "repeated_column",
        _framed(leads=TWICE),
        "leads, column source: saw the column twice; expected each column once. Rename or delete one.",
    ),
    (
        "unknown_table",
        _framed(leads=LEAD, calls=pd.DataFrame()),
        "calls: saw a table of this name; expected one of leads, activities, answers, outcomes, handovers. "
        "Rename it or leave it out.",
    ),
    (
        "faulty_mapping",
        _mapped("{path: leads.csv, seperator: ','}"),
        "mine.yaml, row 2, column 34: saw `files.leads.seperator`: an unknown key; expected one of path, "
        "table, query, format, separator, encoding, quote, skip_rows, sheet, optional, optional_columns, "
        "missing, dates, zone, decimal. Did you mean `separator`?",
    ),
    (
        "missing_file",
        _mapped("{path: lead.csv}"),
        "leads: saw only leads.csv, leads.xlsx; expected one file lead.csv. Export it, or correct `path` in "
        "the mapping.",
    ),
    (
        "unreadable_file",
        _mapped("{path: leads.csv, skip_rows: 9}"),
        "leads.csv: saw nothing after 9 lines; expected a CSV file with a header line. Export it again, or "
        "correct `skip_rows` in the mapping.",
    ),
    (
        "missing_sheet",
        _mapped("{path: leads.xlsx, sheet: Two}"),
        "leads.xlsx: saw the sheets 'One'; expected a sheet 'Two'. Correct `sheet` in the mapping.",
    ),
    (
        "missing_table",
        _queried("{table: people}"),
        "people: saw the tables 'leads'; expected a table 'people'. Correct `table` in the mapping.",
    ),
    (
        "not_one_select",
        _queried("{query: delete from leads}"),
        "leads: saw something that does not begin with SELECT or WITH; expected one SELECT. Write the query "
        "as one SELECT; nothing is ever written to a database.",
    ),
    (
        "refused_query",
        _queried("{query: select nothing from leads}"),
        'leads: saw a refusal by the database (near "nothing": syntax error); expected rows. Correct the '
        "`table` or `query` in the mapping.",
    ),
]


@pytest.mark.parametrize(
    ("code", "read", "message"), CASES, ids=[f"{n} {case[0]}" for n, case in enumerate(CASES)]
)
def test_what_is_wrong_with_a_whole_file_is_told_in_full(
    code: str, read: Callable[[Path], object], message: str, tmp_path: Path
) -> None:
    with pytest.raises(DataError) as refused:
        read(tmp_path)
    assert [(fault.code, str(fault)) for fault in refused.value.faults] == [(code, message)]
