"""What a lead may still be asked, and an answer to each question that the agreement would accept."""

from __future__ import annotations

import pytest

from readiness import shipped
from readiness.agreement.asking import Candidate, askable
from readiness.agreement.bant import BANT_CONFIRMED
from readiness.agreement.conditions import MET
from readiness.agreement.document import PIECES, Agreement
from readiness.agreement.reading import load
from readiness.agreement.stage import DECISION
from tests.agreement.agreements import agreement, judge
from tests.builders import answer

SHIPPED = load(shipped.agreement())


def by_piece(by: Agreement) -> dict[str, Candidate]:
    return {each.piece: each for each in askable(by).candidates}


def test_every_candidate_is_accepted_by_the_agreement_that_it_is_made_from() -> None:
    for by in (agreement(), SHIPPED):
        known = askable(by)
        for column, place in enumerate(known.of_criterion):
            each = by.profile.criteria[column]
            assert (place < 0) == (each.rank == "must_not")
            if place >= 0:
                assert each.judge(known.candidates[place].value) == MET
        said = [answer(99, each.field, each.value) for each in known.candidates]
        verdicts = judge(answers=said, by=by)
        assert verdicts.bant.state.tolist() == [[BANT_CONFIRMED] * len(PIECES)]
        assert verdicts.stage.stage[0] == DECISION
        assert verdicts.near[0]


def test_a_value_that_serves_several_subjects_is_taken_before_one_that_serves_one() -> None:
    when = {"reads": ["when"], "any_of": ["this quarter", "this month"]}
    by = agreement(bant__timeframe__confirmed_by=[when])

    assert by_piece(by)["timeframe"].value == "this month"  # which makes a near timeframe, too
    assert "near timeframe" not in by_piece(by)


def test_a_value_that_speaks_against_another_subject_is_avoided() -> None:
    title = {"name": "title", "rank": "should", "reads": ["authority"], "any_of": ["user", "decides"]}
    by = agreement(profile__criteria=[title], questions=[])

    assert by_piece(by)["title"].value == "decides"  # a user would not have authority


@pytest.mark.parametrize(
    ("condition", "value", "said"),
    [
        ({"at_least": 10, "at_most": 20}, "10", "size: 10 (agreed: at least 10 and at most 20)"),
        ({"at_most": 20.5}, "20.5", "size: 20.5 (agreed: at most 20.5)"),
        ({"pattern": r"^head of\b|chief"}, "head of", "size: head of"),
        ({"any_of": ["unknown", "very_big"]}, "very_big", "size: very big"),
        ({"any_of": [5], "at_least": 7}, "7", "size: 7 (agreed: at least 7)"),
    ],
)
def test_a_range_gives_its_edge_a_pattern_its_plain_words_and_a_list_its_first_that_says_something(
    condition: dict[str, object], value: str, said: str
) -> None:
    criteria = [{"name": "size", "rank": "must", "reads": ["size"], **condition}]
    by = agreement(profile__criteria=criteria, questions=[])

    assert (by_piece(by)["size"].value, by_piece(by)["size"].answer) == (value, said)


def test_what_no_value_can_be_named_for_and_what_only_behaviour_shows_is_not_asked() -> None:
    by = agreement(
        profile__criteria=[{"name": "size", "rank": "must", "reads": ["size"], "pattern": r"\d{3}"}],
        questions=[],
        bant__need__confirmed_by=[{"activities": ["demo"]}],
    )
    known = askable(by)

    assert known.of_criterion == (-1,)
    assert known.of_piece[PIECES.index("need")] == -1


def test_fields_and_words_are_spelt_as_the_crm_spells_them() -> None:
    words = {"people": ("People", {}), "budget": ("Budget", {"approved": "APPROVED"})}

    told = {each.piece: each for each in askable(agreement(), words).candidates}

    assert (told["size"].field, told["size"].value) == ("People", "10")
    assert (told["budget"].field, told["budget"].value) == ("Budget", "APPROVED")


def test_a_stage_without_a_question_of_its_own_is_asked_for_by_its_field() -> None:
    by = agreement(stages__decision__signifiers=[{"reads": ["rfp"], "any_of": ["yes"]}])

    asked = by_piece(by)["decision stage"]

    assert (asked.question.ask, asked.question.channel) == ("What can you tell us about rfp?", "inside_sales")
    assert asked.told()["answer"] == "rfp: yes"
