"""`readiness retrain`: what it refuses, what it keeps, and what a scheduler is told by its exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from readiness.cli import retraining, training
from readiness.errors import ChallengeError, StoreError
from readiness.judging.gates import ASKED, Challenge, Gate
from readiness.registry import Registry


def test_a_scheduler_that_promotes_says_who_it_is(typed, crm):
    refused = typed("retrain", "--data", crm, "--promote-if-better")
    assert refused.exit_code == 2
    assert "say who promotes, such as --by cron" in " ".join(refused.output.replace("│", " ").split())


def test_too_little_to_learn_from_is_told_and_nothing_is_recorded(typed, crm):
    done = typed("retrain", "--data", crm, "--json")
    assert done.exit_code == training.TOO_LITTLE
    assert "Too little to learn from" in json.loads(done.stdout)["too_little"]
    assert json.loads(typed("history", "--json").stdout)["versions"] == []


def test_a_column_that_knows_the_future_is_refused_before_anything_is_trained(typed):
    typed("simulate", "--leads", 1000, "--leak", "near_copy", "--out", "crm")
    refused = typed("retrain", "--data", "crm", "--promote-if-better", "--by", "cron")
    assert refused.exit_code == 3
    assert "--exclude pipeline_status" in " ".join(refused.output.split())


def test_a_name_that_matches_nothing_is_refused(typed, crm):
    refused = typed("retrain", "--data", crm, "--exclude", "company_sise")
    assert refused.exit_code == 2
    assert "'company_sise'" in refused.output


def test_a_version_is_challenged_again_and_too_few_leads_never_promote(typed, models, crm):
    words = ["--data", crm, "--challenger", 2, "--promote-if-better", "--by", "cron", "--because", "weekly"]
    done = typed("retrain", *words, "--json")
    assert done.exit_code == retraining.EXIT["too_few"]
    told = json.loads(done.stdout)
    assert (told["version"], told["promote"], told["promoted"]) == ("2", "too_few", False)
    assert [gate["code"] for gate in told["challenge"]["gates"]] == list(ASKED)
    kept = json.loads(typed("history", "--json").stdout)
    assert kept["versions"][0]["aliases"] == ["challenger"]
    assert kept["versions"][0]["challenge"]["verdict"] == "too_few"
    assert kept["promotions"][0]["by"] == "cron"
    assert "challenger" in typed("history").output


def test_what_was_not_passed_is_promoted_only_by_somebody_who_answers_for_it(typed, models, crm):
    typed("retrain", "--data", crm, "--challenger", 2)
    refused = typed("promote", 2)
    assert isinstance(refused.exception, ChallengeError)
    assert "Version 2 is not promoted" in str(refused.exception)
    done = typed("promote", 2, "--overrule", "--by", "Ada", "--reason", "We know")
    assert done.exit_code == 0, done.output
    assert "too few to tell" in typed("history").output


def test_a_challenger_that_is_not_kept_is_answered_with_those_that_are(typed, models, crm):
    refused = typed("retrain", "--data", crm, "--challenger", 9)
    assert isinstance(refused.exception, StoreError)
    assert "There is no version 9; there are 2, 1." in str(refused.exception)


def test_gates_fit_into_a_terminal_of_eighty_letters(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    gates = tuple(Gate(code, "too_few", "Too few leads. " * 8, 0.123, 24_000.0) for code in ASKED)
    retraining.show_gates(Challenge("b", "a", "refitted", 0, 10, 5, gates))
    printed = capsys.readouterr().out
    assert max(map(len, printed.splitlines())) <= 80
    assert all(code in printed for code in ASKED)


@pytest.mark.slow
def test_a_first_model_is_judged_promoted_and_retrained_with_the_champions_recipe(typed, tmp_path):
    typed("simulate", "--leads", 1500, "--out", "crm")
    first = json.loads(typed("retrain", "--data", "crm", "--exclude", "industry", "--json").stdout)
    assert (first["champion"], first["version"]) == (None, "1")
    typed("promote", 1, "--overrule", "--by", "Ada", "--reason", "The first")
    words = ["--promote-if-better", "--by", "cron", "--because", "weekly", "--json"]
    again = json.loads(typed("retrain", "--data", "crm", *words).stdout)
    assert again["challenge"]["champion"] == Registry.open(models=tmp_path / "models").version("1").bundle
    assert again["challenge"]["recipe_shared"]
    assert (again["in_use"], again["promoted"]) == (True, False)
    outcomes = {gate["code"]: gate["outcome"] for gate in again["challenge"]["gates"]}
    assert {outcomes[code] for code in ("log_loss", "integrated_brier", "newer_data")} == {"passed"}


def test_what_came_out_the_same_to_the_byte_is_not_said_to_be_worth_promoting(capsys):
    gates = tuple(Gate(code, "passed", "Passed.", 0.0, 1.0) for code in ASKED)
    same = retraining.Retrained("3", Challenge("a", "a", "refitted", 0, 10, 5, gates), "2", False, None)
    retraining.show(same, Path("models"), Path("out/report.html"))
    printed = capsys.readouterr().out
    assert "Promote: nothing to promote" in printed
    assert "Promote: yes" not in printed
    assert "Next:" not in printed
