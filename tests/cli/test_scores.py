"""`readiness score`: a file of assessments, and what is said of it."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from readiness.crm import folder, simulate
from readiness.errors import NoChampionError, StoreError


@pytest.mark.parametrize("ending", ["csv", "parquet", "jsonl"])
def test_every_format_holds_a_row_for_each_open_lead(typed, crm, ending):
    done = typed("score", "--data", crm, "--rules-only", "--out", f"x/s.{ending}", "--json")
    told = json.loads(done.stdout)
    read = {
        "csv": pd.read_csv,
        "parquet": pd.read_parquet,
        "jsonl": lambda path: pd.read_json(path, lines=True),
    }
    rows = read[ending](f"x/s.{ending}")
    assert len(rows) == told["leads"] == sum(told["actions"].values()) > 0
    assert rows.lead_id.is_unique


def test_the_flat_file_says_what_would_change_it_and_the_screen_how_many_answers_are_missing(typed, tmp_path):
    folder.write(simulate.world(1_000, 1).tables, tmp_path / "crm")
    options = ("--data", "crm", "--rules-only", "--out", "s.csv", "--no-suppressions")
    told = json.loads(typed("score", *options, "--json").stdout)["answers_away"]
    rows = pd.read_csv("s.csv")
    changed = rows.would_change.dropna()
    assert {str(text.count(";") + 1) for text in changed} == set(told)
    assert len(changed) == sum(told.values()) > 5
    assert (rows.action[changed.index] != "hand_over").all()
    assert "Answers away from a hand-over:" in typed("score", *options).output
    assert {"find out the fit", "newsletter"} <= set(rows.track.dropna())
    assert (rows.track.notna() == rows.action.isin(["qualify", "nurture", "sell_interest"])).all()
    assert not rows.sampled.any()
    typed("score", *options, "--explain", "none")
    assert pd.read_csv("s.csv").would_change.isna().all()


def test_the_champion_scores(typed, crm, models):
    typed("promote", "1")
    told = json.loads(typed("score", "--data", crm, "--out", "s.csv", "--explain", "none", "--json").stdout)
    assert told["model"] == "readiness 1"
    assert told["scored"] == told["leads"]
    assert 0 < told["mean_score"] < 1


def test_without_a_champion_it_says_what_to_do(typed, crm):
    refused = typed("score", "--data", crm, "--out", "s.csv")
    assert isinstance(refused.exception, NoChampionError)
    assert "Next: readiness train" in str(refused.exception)


@pytest.mark.parametrize("name", ["scores.xlsx", "scores"])
def test_an_ending_that_cannot_be_written_is_refused_first(typed, name):
    refused = typed("score", "--data", "nowhere", "--out", name)
    assert isinstance(refused.exception, StoreError)
    assert "use one of .csv, .jsonl, .ndjson, .parquet" in str(refused.exception)


@pytest.mark.parametrize("at", ["nonsense", "2026-03-14T09:00:00", "14.3.2026"])
def test_a_cutoff_that_is_none_is_wrong_usage(typed, crm, at):
    refused = typed("score", "--data", crm, "--out", "s.csv", "--rules-only", "--at", at)
    assert refused.exit_code == 2
    assert "2026-03-14T09:00:00Z" in refused.output


def test_a_cutoff_before_all_leads_leaves_an_empty_file_and_a_reason(typed, crm):
    done = typed("score", "--data", crm, "--out", "s.csv", "--rules-only", "--at", "1999-01-01")
    assert done.exit_code == 0
    assert "No lead had been created by 1 January 1999" in done.output
    assert len(pd.read_csv("s.csv")) == 0


def test_a_cutoff_beyond_the_data_is_told(typed, crm):
    done = typed("score", "--data", crm, "--out", "s.csv", "--rules-only", "--at", "2030-01-01")
    assert "The data end on 1 March 2026" in done.output


@pytest.mark.parametrize(("leads", "said"), [(0, "There are no leads in these tables."), (1, "1 lead")])
def test_no_lead_and_one_lead_are_no_errors(typed, tmp_path, leads, said):
    folder.write(simulate.world(leads, 3).tables, tmp_path / "few")
    done = typed("score", "--data", "few", "--out", "s.csv", "--rules-only", "--everyone")
    assert done.exit_code == 0, done.output
    assert said in done.output


def test_undated_tables_take_no_cutoff(typed, tmp_path):
    (tmp_path / "u").mkdir()
    (tmp_path / "u" / "leads.csv").write_text("lead_id,source\nL-1,chat\n", encoding="utf-8")
    refused = typed("score", "--data", "u", "--out", "s.csv", "--rules-only", "--at", "2026-01-01")
    assert refused.exit_code == 2
    assert "no dates" in refused.output
