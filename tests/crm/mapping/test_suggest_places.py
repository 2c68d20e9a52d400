"""Every sheet of a workbook and table of a database is drafted; joined columns that leak are not taken."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

from readiness.crm import mapping
from readiness.crm.mapping.suggesting import suggest
from readiness.crm.sources import Database
from readiness.errors import StoreError
from tests.crm.mapping.exports import american, cycle, days, keys, put, written
from tests.crm.sources.workbooks import write_xlsx


def _tables() -> dict[str, pd.DataFrame]:
    return {name.removesuffix(".csv"): pd.read_csv(io.BytesIO(text)) for name, text in american().items()}


def _workbook(there: Path, more: Mapping[str, list[list[object]]]) -> Path:
    sheets = {name: [list(rows.columns), *rows.values.tolist()] for name, rows in _tables().items()}
    return write_xlsx(there / "crm.xlsx", {**sheets, **more})


def _database(there: Path) -> Database:
    with sqlite3.connect(there / "crm.db") as connection:
        for name, rows in _tables().items():
            rows.to_sql(name, connection, index=False)
    connection.close()
    return Database(f"sqlite:///{there / 'crm.db'}")


def test_all_sheets_of_a_workbook_are_drafted_as_files_are(tmp_path: Path) -> None:
    book = _workbook(tmp_path, {"empty": []})
    drafted = suggest([book], order="month first")
    received = mapping.apply(mapping.parse(drafted.text), [book])

    assert (received.counts["leads"].read, received.counts["activities"].read) == (60, 60)
    assert received.counts["outcomes"].accepted == 40
    assert "crm.xlsx, sheet empty: nothing stands in it" in drafted.unused


def test_all_tables_of_a_database_are_drafted_as_files_are(tmp_path: Path) -> None:
    database = _database(tmp_path)
    drafted = suggest([database], order="month first")
    received = mapping.apply(mapping.parse(drafted.text), [database])

    assert (received.counts["leads"].read, received.counts["activities"].read) == (60, 60)
    assert received.counts["outcomes"].accepted == 40


def test_a_workbook_of_one_sheet_is_named_without_it(tmp_path: Path) -> None:
    frame = _tables()["leads"]
    book = write_xlsx(tmp_path / "leads.xlsx", {"Tabelle1": [list(frame.columns), *frame.values.tolist()]})

    assert "sheet" not in mapping.parse(suggest([book]).text).files["leads"].model_fields_set


def test_a_database_without_tables_is_refused(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "no.db").execute("pragma user_version = 1").connection.close()

    with pytest.raises(StoreError, match="There is nothing to read: no sheet or table holds a column"):
        suggest([Database(f"sqlite:///{tmp_path / 'no.db'}")])


def test_a_joined_column_that_knows_the_outcome_is_not_taken(tmp_path: Path) -> None:
    state = cycle("Won", "Lost")
    leads = pd.DataFrame(
        {
            "Lead ID": keys("L"),
            "Created": days("%Y-%m-%d"),
            "Lead Source": cycle("Web", "Fair"),
            "Account": keys("ACC-"),
            "Status": state,
            "Closed": days("%Y-%m-%d", 30),
        }
    )
    accounts = pd.DataFrame(
        {
            "Account": keys("ACC-"),
            "Industry": cycle("retail", "software", "metal"),
            "Tier": ["gold" if word == "Won" else "none" for word in state],
        }
    )
    there = put({"leads.csv": written(leads), "accounts.csv": written(accounts)}, tmp_path)
    drafted = suggest([there])

    join = mapping.parse(drafted.text).leads[0].join[0]
    assert join.take == ("Industry",)
    assert "kept out, for they seem to know the outcome: Tier of accounts.csv" in drafted.decided
    assert "Tier is a leak: tells won from not won by itself (AUC 1.00)" in " ".join(drafted.text.split())
