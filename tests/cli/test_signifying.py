"""The commands that ask history what acts and referrals are worth."""

from __future__ import annotations

import json

import pytest

from readiness.crm import folder
from readiness.crm.simulate.planted import planted_world


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory):
    place = tmp_path_factory.mktemp("signifying") / "crm"
    folder.write(planted_world(1500, 1).tables, place)
    return place


def test_signifiers_stand_beside_what_the_agreement_says(typed, planted):
    done = typed("agreement", "signifiers", planted)
    assert done.exit_code == 0, done.output
    assert "Marks a sale" in done.output
    assert "+25 points, decision" in done.output
    assert "History agrees with the agreement on" in done.output


@pytest.mark.slow
def test_no_line_is_wider_than_a_terminal_of_eighty_letters(typed, planted, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    assert max(map(len, typed("agreement", "signifiers", planted).stdout.splitlines())) <= 80
    assert max(map(len, typed("agreement", "referrals", planted).stdout.splitlines())) <= 80


def test_signifiers_for_programs_hold_every_figure(typed, planted):
    content = json.loads(typed("agreement", "signifiers", planted, "--json").stdout)
    first = content["types"][0]
    assert {"ratio", "low", "high", "p", "leads", "events", "verdict"} == set(first["after"]["won"])
    assert len(content["in_order"]) == 90
    assert content["sentences"][0].startswith("1,500 leads, watched for ")


def test_referrals_are_told_in_one_sentence_and_for_programs(typed, planted):
    assert "Of leads that were referred" in typed("agreement", "referrals", planted).output
    content = json.loads(typed("agreement", "referrals", planted, "--json").stdout)
    assert content["referred"]["leads"] + content["others"]["leads"] == 1500
    assert content["relations"][0]["name"] == "customer"


def test_where_nothing_can_be_said_the_reason_is(typed, tmp_path):
    (tmp_path / "leads.csv").write_text("lead_id,source\nL-1,web\n", encoding="utf-8")
    assert "nobody can say what came after what" in typed("agreement", "signifiers", ".").output
    assert "no lead that was watched is a referral" in typed("agreement", "referrals", ".").output


def test_a_column_to_leave_out_must_be_there(typed, planted):
    refused = typed("agreement", "signifiers", planted, "--exclude", "hologram")
    assert refused.exit_code == 2
    assert "nothing in the tables is called" in refused.output
