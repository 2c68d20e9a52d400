"""A briefing is read aloud to somebody who has never seen the product."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.agreement.document import Agreement
from readiness.scoring import Assessment, Briefing, Scored, brief
from readiness.scoring.briefing import odds
from tests import builders
from tests.agreement.agreements import FITTING
from tests.builders import activity, answer
from tests.scoring.desks import SHIPPED, SMALL, Desked, desked, scored

LONGEST = 22
"""Words in a sentence that is understood when heard once."""
NEEDS_A_GLOSSARY = re.compile(
    r"\b([A-Z]{2}\d|BANT|denied|hold|track|cutoff|percentile|signal|signifier|None|nan)\b"
)
ENDS = (".", "”", "?")


def briefed(found: Scored) -> list[Briefing]:
    return [brief(found.assessment(row)) for row in range(len(found))]


def assessed(**changes: object) -> Assessment:
    lead = builders.lead(source="friend", **FITTING)
    rows = [activity(98, "demo"), activity(99, "reply"), activity(90, "call", "outbound")]
    said = [answer(97, "when", "this month"), answer(97, "budget", "approved")]
    made = scored(builders.tables([lead], rows, said), SMALL).assessment(0)
    if "score" in changes:
        by = replace(made.answered_by, model="readiness 1")
        made = replace(made, answered_by=by, warnings=())
    return replace(made, **changes)  # type: ignore[arg-type]


@settings(max_examples=60, deadline=None)
@given(desked(), st.sampled_from([SMALL, SHIPPED]))
def test_whatever_the_lead_each_sentence_is_short_whole_and_needs_no_glossary(
    drawn: Desked, by: Agreement
) -> None:
    for briefing in briefed(scored(drawn.tables(), by)):
        assert [label for label, _ in briefing.lines if label != "First"][:2] == ["Now", "Why"]
        assert "First" not in [label for label, _ in briefing.lines[1:]]
        for _, text in briefing.lines:
            assert text.endswith(ENDS)
            assert NEEDS_A_GLOSSARY.search(text) is None, text
            for sentence in re.split(r"(?<=[.?”])\s", text):
                assert len(sentence.split()) <= LONGEST, sentence


def test_it_says_who_does_what_by_when_then_why_then_facts_then_one_question() -> None:
    assert brief(assessed(score=0.1, stop_risk=0.02, percentile=93)).text == (
        "Lead L-1, as of 11 April 2026\n"
        "First: It asked for a demo on 9 April, and no reply is on record. "
        "Sales begins its call with that.\n"
        "Now: Sales calls by Sunday 12 April.\n"
        "Why: It means to decide soon, and budget, the need and when it decides are clear: "
        "enough for a call.\n"
        "Kind: Sales-ready buyer: about to decide.\n"
        "For it: Wants to decide this month; budget: approved (8 April). "
        "Showed interest twice in 14 days, more than before; replied a day ago.\n"
        "Against: Not known yet: who decides.\n"
        "Know: Came by referral.\n"
        "Ask: “What can you tell us about who decides?”\n"
        "Chance: Within 90 days about 1 in 10 leads like this buy, a much better chance than most. "
        "About 1 in 50 tell us to stop calling in that time."
    )


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.0, "fewer than 1 in 200"),
        (0.00499, "fewer than 1 in 200"),
        (0.005, "about 1 in 200"),
        (0.0133, "about 1 in 70"),
        (0.1, "about 1 in 10"),
        (1 / 3, "about 1 in 3"),
        (0.41, "about 4 in 10"),
        (0.949, "about 9 in 10"),
        (0.95, "nearly all"),
        (1.0, "nearly all"),
    ],
)
def test_a_chance_is_said_as_so_many_in_so_many(share: float, said: str) -> None:
    assert odds(share) == said


@pytest.mark.parametrize(
    ("percentile", "said"),
    [
        (0, "a poorer chance than most"),
        (33, "a poorer chance than most"),
        (34, "an average chance"),
        (65, "an average chance"),
        (66, "a better chance than most"),
        (89, "a better chance than most"),
        (90, "a much better chance than most"),
    ],
)
def test_a_chance_is_set_beside_that_of_other_leads(percentile: int, said: str) -> None:
    made = brief(assessed(score=0.1, percentile=percentile))

    assert made.chance == f"Within 90 days about 1 in 10 leads like this buy, {said}."


def test_without_a_model_it_is_said_that_nothing_is_estimated_and_the_rules_alone_advise() -> None:
    made = assessed()

    assert brief(made).chance == "Not estimated: the rules alone answered."
    assert made.warnings == ("No model answered: there is no score, and the agreed rules alone advise.",)
    assert brief(assessed(score=None)).chance is None  # a model is in use, and says nothing of this lead


def test_without_dates_no_day_is_named() -> None:
    undated = brief(assessed(score=0.1, stop_risk=0.5, cutoff=None, horizon_days=None))

    assert undated.heading == "Lead L-1"
    assert undated.chance == "About 1 in 10 leads like this buy. About 5 in 10 tell us to stop calling."


def test_a_chance_that_the_lead_s_own_word_contradicts_says_so() -> None:
    denied = {**assessed().bant, "timeframe": {"state": "denied", "because": "Has no plans", "at": None}}

    assert brief(assessed(score=0.1, bant=denied)).chance == (
        "Within 90 days about 1 in 10 leads like this buy. Yet by its own word it will not decide soon."
    )


def test_what_a_call_may_cost_is_told_where_a_call_is_near() -> None:
    def chance(**advice: str) -> str:
        given = {**assessed().advice, **advice}
        return brief(assessed(score=0.1, stop_risk=0.9, advice=given)).chance or ""

    told = "About 9 in 10 tell us to stop calling in that time."
    assert chance(action="hand_over").endswith(told)
    assert chance(action="sell_interest").endswith(told)
    assert chance(action="hold", rule="ST1").endswith(told)
    assert told not in chance(action="hold", rule="UW1")
    assert told not in chance(action="nurture", rule="SC1")


@pytest.mark.parametrize(("percentile", "said"), [(65, False), (66, True), (None, True)])
def test_that_a_lead_will_not_decide_soon_is_set_against_a_good_chance_alone(
    percentile: int | None, said: bool
) -> None:
    denied = {**assessed().bant, "timeframe": {"state": "denied", "because": "Has no plans", "at": None}}
    made = brief(assessed(score=0.1, percentile=percentile, bant=denied))

    assert ("by its own word" in (made.chance or "")) is said


def test_of_a_lead_that_must_not_be_called_or_has_ended_only_that_is_said() -> None:
    tables = builders.tables(
        [builders.lead("L-1", **FITTING), builders.lead("L-2", do_not_call=True)],
        [activity(98, "demo")],
        outcomes=[builders.outcome(50, "closed_won")],
    )
    won, never = briefed(scored(tables, SMALL))

    assert dict(won.lines) == {
        "Now": "There is nothing to sell to it for now.",
        "Why": "It has already bought, on 20 February.",
    }
    assert dict(never.lines) == {
        "Now": "Nobody calls it, now or later.",
        "Why": "Our records say that it must not be called.",
    }


def test_warnings_stand_at_the_end_where_there_is_a_forecast() -> None:
    warned = brief(assessed(score=0.1, warnings=("Usually known, but not here: Country.",)))

    assert warned.lines[-1] == ("Note", "Usually known, but not here: Country.")
    assert brief(assessed(warnings=("Usually known, but not here: Country.",))).notes == ()


def test_for_programs_it_is_its_heading_and_its_lines() -> None:
    made = brief(assessed())

    assert made.to_dict()["heading"] == made.heading
    assert made.to_dict()["lines"][1] == {"label": "Now", "text": "Sales calls by Sunday 12 April."}
