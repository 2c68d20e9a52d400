"""Assessed leads in the terminal, at the widths that terminals have."""

from __future__ import annotations

import numpy as np
import pytest

from readiness.agreement import advice_sentences
from readiness.agreement.advice import ADVICE_RULES
from readiness.cli import best, screen, tour
from readiness.cli.scores import score_all
from readiness.crm import folder
from readiness.scoring import Scored
from tests import builders as b


@pytest.fixture(scope="module")
def scored(crm) -> Scored:
    return score_all(folder.read(crm), None)


@pytest.mark.parametrize("columns", [80, 100, 140])
def test_no_line_is_wider_than_the_terminal(scored, capsys, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    best.show("All", scored, range(len(scored)), whole=True)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) > 2 * len(scored)
    assert max(map(len, lines)) <= columns


def test_a_line_tells_the_action_and_what_decided_it(scored, capsys):
    best.show("All", scored, range(len(scored)))
    shown = capsys.readouterr().out
    assert "_" not in shown
    assert "NURTURE: " in shown
    assert "None" not in shown
    assert "nan" not in shown


@pytest.mark.parametrize("leads", [[], [b.lead()]], ids=["none", "one"])
def test_none_and_one_are_shown(leads, capsys):
    scored = score_all(b.tables(leads), None)
    best.show("Few", scored, range(len(scored)))
    assert len(capsys.readouterr().out.strip().splitlines()) == 2 + len(leads)


def test_instructive_leads_are_at_most_five_and_of_different_kinds(scored):
    rows = tour.instructive(scored)
    assert 0 < len(rows) <= 5
    assert len(np.unique(rows)) == len(rows)


def test_a_command_stays_on_one_line_however_long(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    screen.verbatim("readiness score --data " + "a" * 60)
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_a_step_is_told_once_where_there_is_no_terminal(capsys):
    with screen.progress() as tell:
        tell("growing trees", 0.0)
        tell("growing trees", 0.5)
    assert capsys.readouterr().err == "Growing trees …\n"


def test_a_note_lines_up_below_its_label(capsys, monkeypatch):
    # As in a terminal: a pipe has no width, and its lines do not break.
    monkeypatch.setenv("COLUMNS", "50")
    monkeypatch.setattr(screen.console, "_width", 50)
    screen.note("Judged", "one two three four five six seven eight nine ten eleven twelve")
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("Judged   one")
    assert second.startswith("         ")


def test_every_rule_of_advice_has_its_gist():
    codes = {rule.code for rule in ADVICE_RULES}
    assert set(advice_sentences._GISTS) <= codes
    # What is left turns on how many BANT points are confirmed.
    assert codes - set(advice_sentences._GISTS) == {"QU2", "HO1", "HO2", "HO3"}
