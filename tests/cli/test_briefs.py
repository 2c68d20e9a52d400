"""`readiness score --lead`: leads read aloud on the screen."""

from __future__ import annotations

import json

import pandas as pd


def test_the_leads_named_are_read_aloud_in_the_order_given_ended_or_not(typed, crm):
    ended = pd.read_csv(crm / "outcomes.csv").lead_id.iloc[0]
    done = typed("score", "--data", crm, "--rules-only", "--lead", "L-000009", "--lead", ended)
    assert done.exit_code == 0, done.output
    first, second = (block for block in done.stdout.split("\n\n") if "Lead " in block)
    assert "Lead L-000009, as of 1 March 2026" in first
    assert f"Lead {ended}, as of 1 March 2026" in second
    assert [line.split()[0] for line in second.splitlines()[1:3]] == ["Now", "Why"]


def test_for_programs_the_assessment_comes_with_its_briefing(typed, crm):
    (told,) = json.loads(typed("score", "--data", crm, "--rules-only", "--lead", "L-000009", "--json").stdout)
    assert told["lead_id"] == "L-000009"
    assert {"label": "Now", "text": told["advice"]["next_step"]} in told["briefing"]["lines"]


def test_a_file_may_be_written_as_well(typed, crm):
    done = typed("score", "--data", crm, "--rules-only", "--lead", "L-000009", "--out", "s.csv")
    assert "s.csv: 1 lead" in done.output
    assert pd.read_csv("s.csv").next_step[0] in done.output.replace("\n", " ")


def test_a_lead_that_is_not_there_is_wrong_usage(typed, crm):
    refused = typed("score", "--data", crm, "--rules-only", "--lead", "L-000009", "--lead", "nobody")
    assert refused.exit_code == 2
    assert "nobody" in refused.output


def test_without_a_file_and_without_a_lead_there_is_nothing_to_do(typed, crm):
    refused = typed("score", "--data", crm, "--rules-only")
    assert refused.exit_code == 2
    assert "--lead" in refused.output
