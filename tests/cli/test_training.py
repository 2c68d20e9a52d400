"""`readiness train`: what it refuses before it learns, and what it says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer

from readiness.cli import exclusions, training
from readiness.crm import folder
from readiness.errors import StoreError
from tests.reports import examples


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


def test_figures_and_intervals_stand_whole_on_a_terminal_of_eighty_letters(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    judgement = examples.judgement("skilled")
    training.show_judgement(judgement)
    printed = capsys.readouterr().out
    own = judgement.sets[0].figures["model"]
    for name in training.FIGURES:
        assert f"{own[name].low:.3f}–{own[name].high:.3f}" in printed
    assert max(map(len, printed.splitlines())) <= 80


@pytest.mark.slow
def test_a_version_is_recorded_and_told_to_a_program(typed):
    typed("simulate", "--leads", 700, "--out", "crm")
    told = json.loads(typed("train", "--data", "crm", "--json").stdout)
    assert told["version"] == "1"
    assert told["judgement"]["sentences"]
    assert "Versions" in typed("history").output


def _leaky(typed) -> None:
    typed("simulate", "--leads", 1000, "--leak", "winners_only", "--leak", "near_copy", "--out", "crm")


def test_columns_that_know_the_future_are_all_refused_at_once_with_what_to_type(typed):
    _leaky(typed)
    refused = typed("train", "--data", "crm")
    said = " ".join(refused.output.split())
    assert refused.exit_code == 3
    assert "2 faults in the data" in said
    assert "column contract_no" in said
    assert "--waive contract_no" in said
    assert "--exclude pipeline_status" in said


def test_a_program_reads_which_columns_know_the_future(typed):
    _leaky(typed)
    told = json.loads(typed("train", "--data", "crm", "--json").stdout)
    assert [(each["column"], each["code"]) for each in told["faults"]] == [
        ("contract_no", "winners_only"),
        ("pipeline_status", "near_copy"),
    ]


def test_a_leak_that_is_neither_excluded_nor_waived_is_still_refused(typed):
    _leaky(typed)
    refused = typed("train", "--data", "crm", "--exclude", "contract_no")
    assert refused.exit_code == 3
    assert "contract_no" not in refused.output
    assert "pipeline_status" in refused.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--waive", "web_visit"], "nothing in the tables is called 'web_visit'"),
        (["--waive", "industry", "--exclude", "industry"], "'industry' cannot be left out and waived"),
    ],
)
def test_only_what_the_audit_reads_can_be_waived_and_not_what_is_left_out(typed, crm, words, said):
    refused = typed("train", "--data", crm, *words)
    assert refused.exit_code == 2
    assert said in " ".join(refused.output.replace("│", " ").split())


@pytest.mark.parametrize("name", ["industry", "source", "budget"])
def test_columns_and_answer_fields_can_be_waived(crm, name):
    exclusions.check_waived(folder.read(crm), [name], [])


@pytest.mark.slow
def test_settings_are_tried_so_often_kept_and_told_and_free_text_is_named(typed):
    typed("simulate", "--leads", 600, "--out", "crm")
    head, *rows = Path("crm/leads.csv").read_text(encoding="utf-8").splitlines()
    noted = [f"{head},note", *(f"{row},Lead {number} wants a call" for number, row in enumerate(rows))]
    Path("crm/leads.csv").write_text("\n".join(noted) + "\n", encoding="utf-8")
    told = json.loads(typed("train", "--data", "crm", "--trials", 1, "--json").stdout)
    assert "note" in told["free_text"]
    assert told["tuning"]["tried"] == 1
    assert "1 other setting tried on" in told["tuning"]["sentence"]
    assert len(list(Path("models/tuning").glob("*.jsonl"))) == 1


def test_tuning_by_time_ends_by_the_clock():
    over, going = (training.tuner_of(Path("models"), minutes, None).budget for minutes in (0.0, 60.0))
    assert over.over(0)
    assert not going.over(10**6)
    assert training.tuner_of(Path("models"), None, 3).budget.over(3)
