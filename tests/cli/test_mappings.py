"""Commands about mappings: suggest, check, schema, list."""

from __future__ import annotations

import json

import pytest

from readiness.crm import mapping
from tests.crm.mapping.exports import EXPORTS, put


@pytest.fixture
def export(tmp_path):
    """Return a folder with leads, tasks and opportunities."""
    return put(EXPORTS["american"](), tmp_path / "export")


def test_a_draft_is_written_and_the_next_command_is_named(typed, tmp_path, export):
    done = typed("mapping", "suggest", export, "--out", "my_crm.yaml", "--zone", "America/New_York")
    assert done.exit_code == 0, done.output
    assert mapping.load(tmp_path / "my_crm.yaml").name == "my_crm"
    assert f"Next: readiness mapping check my_crm.yaml {export}" in done.output
    assert "stop_risk cannot be forecast" in done.output


def test_a_mapping_that_is_there_is_not_replaced_unasked(typed, tmp_path, export):
    (tmp_path / "mapping.yaml").write_text("mine", encoding="utf-8")
    refused = typed("mapping", "suggest", export)
    assert refused.exit_code == 2
    assert (tmp_path / "mapping.yaml").read_text(encoding="utf-8") == "mine"
    assert typed("mapping", "suggest", export, "--force").exit_code == 0


def test_a_zone_that_does_not_exist_is_wrong_usage(typed, export):
    refused = typed("mapping", "suggest", export, "--zone", "Middle/Earth")
    assert refused.exit_code == 2
    assert "Europe/Ljubljana" in refused.output


def test_a_draft_for_programs_is_one_document(typed, export):
    done = typed("mapping", "suggest", export, "--json", "--first", "month")
    told = json.loads(done.stdout)
    assert set(told) == {
        "decided",
        "assumed",
        "to_decide",
        "missing",
        "not_used",
        "shipped",
        "mapping",
        "written_to",
    }
    assert mapping.parse(told["mapping"]).name == "mapping"


def test_trying_a_mapping_shows_ten_rows_of_each_table_and_writes_nothing(typed, tmp_path, export):
    typed("mapping", "suggest", export, "--out", "my.yaml")
    before = sorted(tmp_path.rglob("*"))
    done = typed("mapping", "check", "my.yaml", export)
    assert done.exit_code == 0, done.output
    assert sorted(tmp_path.rglob("*")) == before
    assert all(f"{table}: the first 10" in done.output for table in ("leads", "activities", "outcomes"))
    assert "Next: readiness import --mapping my.yaml" in done.output


def test_who_somebody_is_is_not_shown(typed, export):
    typed("mapping", "suggest", export, "--out", "my.yaml")
    told = json.loads(typed("mapping", "check", "my.yaml", export, "--json").stdout)
    assert len(told["rows"]["leads"]) == 10
    assert {row["email"] for row in told["rows"]["leads"]} == {"(hidden)"}
    assert "example.com" not in typed("mapping", "check", "my.yaml", export).output


def test_refused_rows_are_told_with_the_code_of_refused_data(typed, tmp_path, export):
    typed("mapping", "suggest", export, "--out", "my.yaml")
    text = (export / "leads.csv").read_text(encoding="utf-8")
    (export / "leads.csv").write_text(text.replace("01/05/2026", "01/55/2026"), encoding="utf-8")
    refused = typed("mapping", "check", "my.yaml", export, "--json")
    assert refused.exit_code == 3
    told = json.loads(refused.stdout)
    assert told["tables"]["leads"] == {"read": 60, "accepted": 59, "refused": 1}


def test_a_shipped_mapping_is_tried_by_its_name(typed, tmp_path):
    source = tmp_path / "Salvirt_B2B_ML_dataset.csv"
    source.write_text("Source;Product;Status\nReferral;A;Won\n", encoding="utf-8")
    done = typed("mapping", "check", "bohanec", source)
    assert done.exit_code == 0, done.output
    assert "leads: one row" in done.output


def test_the_schema_is_that_of_mappings(typed):
    told = json.loads(typed("mapping", "schema").stdout)
    assert set(told["properties"]) >= {"files", "leads", "activities", "answers", "outcomes", "handovers"}


def test_every_shipped_mapping_is_listed_with_what_it_is_about(typed):
    told = json.loads(typed("mapping", "list", "--json").stdout)
    assert {"bohanec", "bank_marketing", "leadforge"} <= {each["name"] for each in told}
    assert all(each["about"] for each in told)
    assert "bohanec" in typed("mapping", "list").output
