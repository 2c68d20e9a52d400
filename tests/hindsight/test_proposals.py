import datetime as dt

import pytest

from readiness import shipped
from readiness.agreement.reading import load, parse
from readiness.errors import AgreementError
from readiness.hindsight.proposals import END, Edit, amended, lawful
from readiness.hindsight.proposals_yaml import put, written

TEXT = shipped.agreement().read_text(encoding="utf-8")
AGREED = load(shipped.agreement())
MUST_NOT = {"name": "how it came", "rank": "must_not", "reads": ["source"], "any_of": ["bought_list"]}

EDITS = {
    "a number": Edit(("interest", "high_from"), 38.0),
    "a number within brackets": Edit(("interest", "meaningful", "chat", "points"), 16.0),
    "a word": Edit(("profile", "criteria", "company size", "rank"), "should"),
    "a list": Edit(("handover", "bant_required"), ["need"]),
    "a new entry of a list": Edit(("profile", "criteria", END), MUST_NOT),
    "a new word within brackets": Edit(("interest", "noise", END), "newsletter"),
    "a new key": Edit(("interest", "meaningful", "survey"), {"points": 2.0}),
    "an entry taken away": Edit(("profile", "criteria", "standing as a client"), None),
    "a key taken away": Edit(("interest", "meaningful", "web_visit"), None),
    "the first word taken away": Edit(("sources", "dubious", "bought_list"), None),
    "the last word taken away": Edit(("sources", "dubious", "trade_show_bowl"), None),
    "the only word taken away": Edit(("interest", "noise", "email_opened"), None),
}


def proposed(*edits: Edit):
    return written(TEXT, AGREED, edits, proposed_on=dt.date(2026, 7, 1), changes="One thing: another")


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_an_edit_in_the_text_says_what_the_edit_says(edit):
    assert parse(put(TEXT, edit)).text == amended(AGREED, [edit]).text


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_every_other_line_stays_with_its_comment(edit):
    before, after = TEXT.splitlines(), set(put(TEXT, edit).splitlines())
    assert sum(line not in after for line in before) <= 4


def test_all_edits_can_be_made_one_after_the_other():
    edits = [edit for name, edit in EDITS.items() if name != "the only word taken away"]
    assert parse(proposed(*edits)).profile == amended(AGREED, edits).profile


def test_a_proposal_has_a_version_of_its_own_and_nobody_signed_it():
    document = parse(proposed(EDITS["a number"]))
    assert (document.version, document.changes) == ("1.0-proposed", "One thing: another")
    assert {document.signatures.sales.by, document.signatures.marketing.by} == {"nobody yet"}


def test_a_text_written_in_one_line_is_edited_as_well():
    line = AGREED.text
    document = parse(written(line, AGREED, [EDITS["a number"]], proposed_on=dt.date(2026, 7, 1), changes="x"))
    assert document.interest.high_from == 38.0


def test_what_is_not_there_cannot_be_taken_away_and_changes_nothing():
    gone = Edit(("profile", "criteria", "shoe size"), None)
    assert amended(AGREED, [gone]) == AGREED
    assert put(TEXT, gone) == TEXT


def test_edits_that_make_no_agreement_make_none():
    nonsense = Edit(("profile", "criteria", "country", "rank"), "perhaps")
    assert amended(AGREED, [nonsense]) is None
    with pytest.raises(AgreementError, match="make no agreement together; propose fewer"):
        proposed(nonsense)


def test_a_document_that_would_contradict_itself_is_refused():
    above = Edit(("interest", "any_from"), 100.0)
    assert lawful(amended(AGREED, [above])) is None
    with pytest.raises(AgreementError, match="any_from"):
        proposed(above)
