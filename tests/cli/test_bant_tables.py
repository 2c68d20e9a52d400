"""The command that says what became of leads by their budget, authority, need and timeframe."""

from __future__ import annotations

import json

from readiness.agreement.document import PIECES


def test_the_table_is_told_piece_by_piece(typed, crm):
    done = typed("agreement", "bant", crm)
    assert done.exit_code == 0, done.output
    assert "each looked at 30 days after its creation, if still open then" in done.output
    for heading in ("Budget", "Authority", "Need", "Timeframe", "How many of the four are confirmed"):
        assert heading in done.output


def test_no_line_is_wider_than_a_terminal_of_eighty_letters(typed, crm, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    assert max(map(len, typed("agreement", "bant", crm).stdout.splitlines())) <= 80


def test_for_programs_every_figure_stands_with_the_sentences(typed, crm):
    content = json.loads(typed("agreement", "bant", crm, "--json").stdout)
    assert [piece["name"] for piece in content["pieces"]] == list(PIECES)
    for piece in content["pieces"]:
        assert sum(piece[state]["leads"] for state in ("confirmed", "denied", "unknown")) == content["leads"]
    assert content["sentences"][0].startswith(f"{content['leads']} leads, each looked at")


def test_same_data_and_seed_same_bytes(typed, crm):
    one, other = (typed("agreement", "bant", crm, "--json", "--seed", 3).stdout for _ in range(2))
    assert one == other


def test_where_nothing_is_known_one_sentence_says_so(typed, tmp_path):
    (tmp_path / "leads.csv").write_text("lead_id,source\nL-1,web\n", encoding="utf-8")
    done = typed("agreement", "bant", ".")
    assert "Nothing in these tables tells of budget, authority, need or timeframe." in done.output
    assert "How many of the four" not in done.output
