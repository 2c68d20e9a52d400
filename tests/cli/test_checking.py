"""The check command: counts, faults, what stands out, the page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest


def test_a_check_writes_a_page_and_says_where(typed, crm, tmp_path):
    done = typed("check", crm, "--html", "out/quality.html")
    assert done.exit_code == 0, done.output
    assert "Page: out/quality.html" in done.output
    assert (tmp_path / "out" / "quality.html").read_text("utf-8").startswith("<!doctype html>")


def test_a_check_says_what_stands_out_and_what_is_missing(typed, crm):
    done = typed("check", crm)
    assert "Too little to learn from" in done.output
    assert "How did leads end?" in done.output
    assert "Add --html FILE for the whole page." in done.output


def test_figures_stand_whole_on_a_terminal_of_eighty_letters(typed, crm, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    lines = typed("check", crm).output.splitlines()
    head = next(line for line in lines if line.startswith("Source "))
    assert head.split() == ["Source", "Leads", "Of", "all", "Followed", "Won", "95", "%", "Stop", "95", "%"]
    assert max(map(len, lines)) <= 80
    dates = [line for line in lines if line.startswith("web_visit")]
    assert dates[0].count("-") == 4


def test_a_check_for_programs_holds_every_figure(typed, crm):
    quality = json.loads(typed("check", crm, "--json").stdout)["quality"]
    assert quality["contents"]["rows"]["leads"] == 60
    assert sum(quality["contents"]["created"]) == 60
    assert quality["contents"]["first_created"].endswith("Z")
    assert quality["outlook"]["little"]["missing"]["ended"] > 0
    assert {"code", "kind", "sentence", "remedy"} == set(quality["remarks"][0])


def test_the_page_tells_the_faults_and_the_exit_code_stays(typed, tmp_path):
    rows = "lead_id,created_at,source\nL-1,2026-01-05,chat\nL-2,someday,chat\n"
    (tmp_path / "leads.csv").write_text(rows, encoding="utf-8")
    assert typed("check", ".", "--html", "page.html").exit_code == 3
    assert "leads, row 3, column created_at" in (tmp_path / "page.html").read_text("utf-8")


@pytest.mark.parametrize("text", ["lead_id,created_at,source\n", "lead_id,source\nL-1,web\n"])
def test_tables_without_leads_or_without_dates_can_be_checked(typed, tmp_path, text):
    (tmp_path / "leads.csv").write_text(text, encoding="utf-8")
    done = typed("check", ".", "--html", "page.html")
    assert done.exit_code == 0, done.output


def test_a_page_below_a_file_is_refused_before_anything_is_read(typed, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    refused = typed("check", "nowhere", "--html", "file/page.html")
    assert "is a file, not a folder. Choose another --html." in str(refused.exception)


def test_tables_that_cannot_be_read_are_told_with_exit_code_3(typed, tmp_path):
    (tmp_path / "leads.csv").write_text("lead_id,created_at,source\n1,soon,web\n", encoding="utf-8")
    (tmp_path / "answers.csv").write_text("", encoding="utf-8")
    done = typed("check", str(tmp_path))
    told = json.loads(typed("check", str(tmp_path), "--json").stdout)

    assert done.exit_code == 3
    assert "answers: saw an empty file" in done.output
    assert "leads, row 2, column created_at: saw 'soon'" in done.output
    assert [fault["code"] for fault in told["faults"]] == ["unreadable_instant", "unreadable_file"]


def test_a_check_names_the_columns_that_know_the_future_and_what_to_type(typed):
    typed("simulate", "--leads", 1000, "--leak", "written_after", "--out", "my crm")
    done = typed("check", "my crm", "--html", "page.html")
    said = " ".join(done.output.split())
    page = " ".join(Path("page.html").read_text("utf-8").split())
    assert done.exit_code == 0
    assert said.endswith("Next: readiness train --data 'my crm' --exclude closing_score")
    for told in (said, page):
        assert "These columns know the future" in told
        assert "closing_score: " in told
        assert "--waive closing_score" in told


def test_a_check_tells_a_program_every_finding_with_its_code(typed, crm):
    typed("simulate", "--leads", 1000, "--leak", "winners_only", "--out", "leaky")
    found = json.loads(typed("check", "leaky", "--json").stdout)["quality"]["leaks"]
    assert {(each["column"], each["code"], each["blocks"]) for each in found} >= {
        ("contract_no", "winners_only", True),
        ("contract_no", "like_an_id", False),
    }
    assert json.loads(typed("check", crm, "--json").stdout)["quality"]["leaks"] == []


def test_where_there_is_too_little_to_learn_from_training_is_not_named(typed, crm):
    assert "Next:" not in typed("check", crm).output
