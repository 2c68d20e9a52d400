"""Proposed changes in the terminal, and the document written for people to sign."""

from __future__ import annotations

import json

import pytest

from readiness import shipped
from readiness.agreement.reading import load
from readiness.cli import suggesting
from readiness.crm import folder
from tests.builders import lead, outcome, tables
from tests.hindsight.histories import history, proposal


@pytest.fixture(scope="module")
def telling(tmp_path_factory):
    place = tmp_path_factory.mktemp("suggesting") / "crm"
    folder.write(history(telling=True), place, format="parquet")
    return place


@pytest.fixture(scope="module")
def found():
    return proposal()


def sections(text):
    return [line.split(":")[0] for line in text.splitlines() if line and line[0] not in " #"]


def comments(text):
    return [line for line in text.splitlines() if line.startswith("#")]


def test_changes_are_told_and_a_document_is_written_with_the_comments_of_the_one_in_force(
    typed, telling, tmp_path
):
    done = typed("agreement", "suggest", telling, "--out", "proposed.yaml")
    assert done.exit_code == 0, done.output
    assert "new must-not `source`: `source` is `fair`" in done.output
    before = shipped.agreement().read_text(encoding="utf-8")
    after = (tmp_path / "proposed.yaml").read_text(encoding="utf-8")
    assert load(tmp_path / "proposed.yaml").version == "1.0-proposed"
    assert [each for each in sections(after) if each != "changes"] == sections(before)
    assert comments(after) == comments(before)


def test_a_program_gets_changes_effects_and_the_document(typed, telling):
    done = typed("agreement", "suggest", telling, "--json")
    told = json.loads(done.stdout)
    assert told["changes"][0]["effect"]["change"]["value"] < 0
    assert told["effect"]["missed"] >= 0
    assert "1.0-proposed" in told["document"]


def test_that_nothing_is_proposed_is_an_answer_and_writes_nothing(typed, tmp_path):
    folder.write(tables([lead(created=None)], outcomes=[outcome(None)], through=None), tmp_path / "crm")
    done = typed("agreement", "suggest", "crm", "--out", "proposed.yaml")
    assert done.exit_code == 0
    assert "These leads carry no dates" in done.output
    assert not (tmp_path / "proposed.yaml").exists()


def test_help_has_an_example(typed):
    assert "readiness agreement suggest data/sample" in " ".join(
        typed("agreement", "suggest", "--help").output.split()
    )


@pytest.mark.parametrize("columns", [80, 110])
def test_no_line_is_wider_than_the_terminal(found, capsys, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    suggesting.show(found)
    assert max(map(len, capsys.readouterr().out.splitlines())) <= columns


def test_each_change_is_told_with_what_speaks_for_it_and_all_with_what_they_do(found, capsys):
    suggesting.show(found)
    shown = capsys.readouterr().out
    assert "times as many sales for each stop" in shown
    assert "all together" in shown
    assert "Sales and marketing decide, and sign." in shown


def test_a_change_that_cannot_be_told_is_said_to_be_so():
    assert suggesting._points(suggesting.Figure(None, None, None)) == "cannot be told"
