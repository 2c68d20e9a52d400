"""Naming an agreement: a file or one that ships, in the same words for every command that reads one."""

from __future__ import annotations

import json

import pytest

from readiness import shipped
from readiness.agreement.reading import load
from readiness.cli.agreement_files import agreed_in
from readiness.errors import AgreementError

WITH = "--agreement"
NAMED = {
    "show": lambda name: ("agreement", "show", name),
    "diff": lambda name: ("agreement", "diff", "standard", name),
    "backtest": lambda name: ("agreement", "backtest", "nowhere", WITH, name),
    "compare": lambda name: ("agreement", "compare", "standard", name, "nowhere"),
    "signifiers": lambda name: ("agreement", "signifiers", "nowhere", WITH, name),
    "referrals": lambda name: ("agreement", "referrals", "nowhere", WITH, name),
    "bant": lambda name: ("agreement", "bant", "nowhere", WITH, name),
    "suggest": lambda name: ("agreement", "suggest", "nowhere", WITH, name),
    "check": lambda name: ("check", "nowhere", WITH, name),
    "train": lambda name: ("train", "--data", "nowhere", WITH, name),
    "score": lambda name: ("score", "--data", "nowhere", "--rules-only", "--out", "s.csv", WITH, name),
    "demo": lambda name: ("demo", "--data", "nowhere", WITH, name),
}
"""How each command that reads an agreement is typed; the tables it names are not there."""


def test_without_a_name_the_standard_agreement_is_read_with_the_text_it_stands_in():
    agreed = agreed_in(None)
    assert agreed.agreement == load(shipped.agreement())
    assert agreed.text == shipped.agreement().read_text(encoding="utf-8")


@pytest.mark.parametrize("words", NAMED.values(), ids=NAMED)
def test_a_name_that_is_neither_a_file_nor_ships_is_answered_with_those_that_do(typed, words):
    refused = typed(*words("ours/high_value"))
    assert isinstance(refused.exception, AgreementError), refused.output
    assert str(refused.exception) == (
        "There is no file ours/high_value, and no agreement of this name ships. "
        "Name an existing YAML file, or one of standard, high_value_b2b, self_service_saas."
    )


@pytest.mark.parametrize("name", shipped.agreements())
@pytest.mark.parametrize("words", NAMED.values(), ids=NAMED)
def test_every_command_takes_the_name_of_a_shipped_agreement(typed, words, name):
    done = typed(*words(name))
    # What is missing now are the tables: the agreement was found.
    assert done.exit_code == 0 or "nowhere" in str(done.exception), done.exception


@pytest.mark.parametrize("words", NAMED.values(), ids=NAMED)
def test_every_command_takes_the_path_of_a_file_and_says_what_is_wrong_in_it(typed, words, tmp_path):
    (tmp_path / "ours.yaml").write_text("name: ours\n", encoding="utf-8")
    refused = typed(*words("ours.yaml"))
    assert isinstance(refused.exception, AgreementError)
    assert str(refused.exception).startswith("ours.yaml, line 1: ")


def test_what_is_answered_comes_from_the_agreement_that_was_named(typed, crm):
    scored = typed(
        "score", "--data", crm, "--rules-only", "--out", "s.csv", WITH, "self_service_saas", "--json"
    )
    assert json.loads(scored.stdout)["agreement"] == "self-service SaaS 1.0"
    replayed = typed("agreement", "backtest", crm, WITH, "high_value_b2b", "--json")
    assert json.loads(replayed.stdout)["agreement"]["name"] == "high-value B2B"


def test_a_file_wins_over_a_shipped_agreement_of_its_name(typed, tmp_path):
    text = shipped.agreement().read_text(encoding="utf-8").replace("name: standard", "name: ours")
    (tmp_path / "standard").write_text(text, encoding="utf-8")
    assert json.loads(typed("agreement", "show", "standard", "--json").stdout)["name"] == "ours"


def test_a_folder_of_a_shipped_name_does_not_hide_it(typed, tmp_path):
    (tmp_path / "standard").mkdir()
    assert typed("agreement", "show", "standard").exit_code == 0


def test_a_folder_of_another_name_is_no_agreement(typed, tmp_path):
    (tmp_path / "ours").mkdir()
    refused = typed("agreement", "show", "ours")
    assert "ours cannot be read: Is a directory" in str(refused.exception)
