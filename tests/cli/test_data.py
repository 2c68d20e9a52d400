"""Commands about data: simulate, import, check."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pandas as pd
import pytest

from readiness.cli.data import Leak
from readiness.crm import folder
from readiness.crm.simulate.options import LEAKS
from readiness.errors import StoreError


def test_the_leaks_that_can_be_typed_are_those_that_there_are():
    assert tuple(leak.value for leak in Leak) == LEAKS


@pytest.mark.parametrize("leads", [0, 1, 20])
def test_a_world_of_any_size_is_simulated_and_can_be_checked(typed, leads):
    assert typed("simulate", "--leads", leads, "--out", "crm").exit_code == 0
    assert typed("check", "crm").exit_code == 0
    assert len(folder.read(folder.Path("crm")).leads) == leads


def test_the_options_of_a_world_reach_it(typed):
    options = ("--leak", "winners_only", "--drift", "--recorded", "--lost-records", "0.5")
    assert typed("simulate", "--leads", 30, "--out", "crm", *options).exit_code == 0
    columns = pd.read_csv("crm/leads.csv").columns
    assert {"contract_no", "last_known_at"} <= set(columns)
    assert any(name.startswith("true_") for name in columns)


@pytest.mark.parametrize(
    ("option", "value"),
    [("--leak", "no_such"), ("--end-early", "1.5"), ("--leads", "-1"), ("--drift", "yes")],
)
def test_an_option_that_makes_no_world_is_wrong_usage(typed, option, value):
    assert typed("simulate", "--out", "crm", option, value).exit_code == 2


@pytest.mark.parametrize("words", [("check",), ("train", "--data")])
def test_an_export_given_for_the_tables_is_answered_with_how_to_bring_it(typed, tmp_path, words):
    (tmp_path / "contacts.csv").write_text("Name,Created\nAnn,2026-01-05\n", encoding="utf-8")
    with pytest.raises(StoreError, match=r"contacts\.csv is a file.*readiness mapping suggest EXPORT"):
        raise typed(*words, "contacts.csv").exception or AssertionError
    answer = typed(*words, ".")
    assert "readiness mapping suggest EXPORT" in f"{answer.output} {answer.exception}"


def test_a_check_for_programs_is_one_document_with_counts_and_faults(typed, crm):
    done = typed("check", crm, "--json")
    told = json.loads(done.stdout)
    assert done.exit_code == 0
    assert told["tables"]["leads"] == {"read": 60, "accepted": 60, "refused": 0}
    assert told["faults"] == []


def test_faulty_rows_are_told_and_set_aside_on_request(typed, tmp_path):
    (tmp_path / "crm").mkdir()
    (tmp_path / "crm" / "leads.csv").write_text(
        "lead_id,created_at,source\nL-1,2026-01-05,chat\nL-2,someday,chat\n", encoding="utf-8"
    )
    done = typed("check", "crm", "--quarantine", "aside")
    assert done.exit_code == 3
    assert "leads, row 3, column created_at" in done.output
    assert (tmp_path / "aside" / "leads.refused.csv").exists()


def test_faults_of_a_kind_are_told_once_and_those_that_follow_from_others_last(typed, tmp_path):
    (tmp_path / "leads.csv").write_text(
        "lead_id,created_at,source\n" + "".join(f"L-{n},2026-01-05,chat\n" for n in range(9)),
        encoding="utf-8",
    )
    (tmp_path / "outcomes.csv").write_text(
        "lead_id,occurred_at,outcome\n" + "".join(f"L-{n},2025-01-05,closed_won\n" for n in range(9)),
        encoding="utf-8",
    )
    told = typed("check", ".").output
    assert "(and 8 rows like it)" in told
    assert told.index("expected an outcome at or after") < told.index("expected a lead whose outcome")


def test_an_export_is_imported_by_the_name_of_a_shipped_mapping(typed, tmp_path):
    source = tmp_path / "Salvirt_B2B_ML_dataset.csv"
    source.write_text("Source;Product;Status\nReferral;A;Won\nMedia;B;Lost\n", encoding="utf-8")
    done = typed("import", "--mapping", "bohanec", "--out", "deals", source)
    assert done.exit_code == 0, done.output
    assert "2 leads" in done.output
    assert "Next: readiness train --data deals" in done.output


def test_a_mapping_that_is_nowhere_is_answered_with_those_that_ship(typed):
    refused = typed("import", "--mapping", "odoo", "--out", "x", ".")
    assert refused.exit_code == 2
    assert all(name in refused.output for name in ("bank_marketing,", "hubspot,", "salesforce_export"))


def test_a_database_is_a_source(typed):
    with sqlite3.connect("crm.db") as made:
        made.execute("create table deals (id text, origin text)")
        made.execute("insert into deals values ('L-1', 'web')")
    made.close()
    Path("m.yaml").write_text(
        "{name: x, files: {d: {table: deals}}, leads: {file: d, columns: {lead_id: id, source: origin}}}"
    )

    assert typed("import", "sqlite:///crm.db", "--mapping", "m.yaml", "--out", "crm").exit_code == 0
    assert folder.read(Path("crm")).leads.lead_id.tolist() == ["L-1"]
