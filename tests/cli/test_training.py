"""`readiness train`: what it refuses before it learns, and what it says."""

from __future__ import annotations

import json

import pytest
import typer

from readiness.cli import exclusions, training
from readiness.crm import folder
from readiness.errors import StoreError


def test_too_little_to_learn_from_is_a_result_with_its_own_code(typed, crm):
    done = typed("train", "--data", crm, "--json")
    assert done.exit_code == training.TOO_LITTLE
    told = json.loads(done.stdout)
    assert "Too little to learn from" in told["too_little"]
    assert sum(told["missing"].values()) > 0


def test_a_name_to_leave_out_that_matches_nothing_is_answered_with_the_nearest(typed, crm):
    refused = typed("train", "--data", crm, "--exclude", "company_sise")
    assert refused.exit_code == 2
    assert "'company_sise' (nearest: company_size" in " ".join(refused.output.split())


@pytest.mark.parametrize(
    "name", ["company_size", "source", "web_visit", "budget", "lead_age_days", "Company size"]
)
def test_columns_types_fields_features_and_groups_can_be_left_out(crm, name):
    exclusions.check(folder.read(crm), [name])


def test_nothing_can_be_left_out_of_no_leads(tmp_path):
    (tmp_path / "leads.csv").write_text("lead_id,created_at,source\n", encoding="utf-8")
    tables = folder.read(tmp_path)
    exclusions.check(tables, [])
    with pytest.raises(typer.BadParameter, match="nothing in the tables is called 'industry'"):
        exclusions.check(tables, ["industry"])


def test_a_report_that_could_not_be_written_is_refused_before_it_learns(typed, crm, tmp_path):
    (tmp_path / "out").write_text("", encoding="utf-8")
    refused = typed("train", "--data", crm)
    assert isinstance(refused.exception, StoreError)
    assert "out is a file, not a folder" in str(refused.exception)


@pytest.mark.slow
def test_a_version_is_recorded_and_told_to_a_program(typed):
    typed("simulate", "--leads", 1500, "--out", "crm")
    told = json.loads(typed("train", "--data", "crm", "--json").stdout)
    assert told["version"] == "1"
    assert told["judgement"]["sentences"]
    assert "Versions" in typed("history").output
