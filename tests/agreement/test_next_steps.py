"""Who does what next, and by when; and which request has to be answered before anything else."""

from __future__ import annotations

import pytest

from readiness.agreement import next_steps, sentences
from readiness.agreement.advice import ADVICE_RULES
from readiness.agreement.differences import differences
from readiness.agreement.recital import recite
from readiness.agreement.verdicts import Verdicts
from readiness.crm.records import OUTCOMES, Activity
from readiness.errors import AgreementError
from tests.agreement.agreements import FITTING, advised, agreement, judge
from tests.agreement.worlds import CUTOFF
from tests.builders import activity, answer

REPLIES = [activity(day, "reply") for day in (97, 98, 99)]
ENOUGH = [answer(95, "budget", "approved"), answer(95, "need", "clear")]
BY = agreement(
    nurture__tracks=[
        {"name": "budget", "missing": ["budget"], "says": "Figures for a budget."},
        {"name": "letter"},
    ],
    stages__decision__sales_does="Makes an offer.",
)
ASKED = [activity(98, "demo")]
REQUESTS = agreement(handover__requests=["Demo", "rfp"])


def told(verdicts: Verdicts, **limits: float | int | bool) -> dict[str, object]:
    return sentences.advice(verdicts, advised(verdicts, **limits), 0)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("verdicts", "limits", "rule", "said"),
    [
        (judge(REPLIES, ENOUGH, **FITTING), {}, "HO3", "Sales calls by Sunday 12 April."),
        (
            judge(REPLIES, **FITTING),
            {"score": 0.5},
            "QU2",
            "Marketing asks one question on a form, and looks for the answer on Monday 4 May.",
        ),
        (
            judge([activity(99, "demo")]),
            {},
            "QU1",
            "Marketing asks one question on a form, and looks for the answer on Monday 20 April.",
        ),
        (
            judge(**FITTING),
            {},
            "SI1",
            "Sales opens the conversation when it has time. "
            "Until then marketing keeps in touch, and looks again on Monday 11 May.",
        ),
        (
            judge(),
            {},
            "DU1",
            "Marketing keeps in touch and looks at it again on Friday 10 July; sales does not call yet.",
        ),
        (
            judge(size=1),
            {},
            "UW1",
            "Nobody calls. Marketing looks at it again on Monday 12 April 2027, "
            "in case something about it has changed.",
        ),
        (
            judge(REPLIES, ENOUGH, **FITTING),
            {"stop_risk": 0.9, "score": 0.5},
            "ST1",
            "Nobody calls. Marketing looks at it again on Monday 20 April.",
        ),
        (judge(), {"suppressed": True}, "NC2", "Nobody calls it, now or later."),
        (judge(), {"ended": OUTCOMES.index("closed_won")}, "EN1", "There is nothing to sell to it for now."),
        (
            judge(),
            {"ended": OUTCOMES.index("closed_lost")},
            "EN2",
            "Nobody calls it, unless it comes back of its own accord.",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) == len("HO3") else "",
)
def test_each_advice_says_who_does_what_by_when(
    verdicts: Verdicts, limits: dict[str, float], rule: str, said: str
) -> None:
    advice = told(verdicts, **limits)

    assert (advice["rule"], advice["next_step"]) == (rule, said)


def test_every_rule_has_a_next_step() -> None:
    assert set(next_steps._STEPS) == {rule.code for rule in ADVICE_RULES}


def test_without_dates_the_next_step_counts_from_now() -> None:
    assert told(judge(day=None))["next_step"] == (
        "Marketing keeps in touch and looks at it again 90 days from now; sales does not call yet."
    )
    ready = judge(day=None, rfp="yes", budget="approved", need="clear", **FITTING)
    assert told(ready)["next_step"] == "Sales calls within 24 hours of getting this lead."


def test_how_it_is_done_is_what_was_agreed_for_the_stage_or_the_track() -> None:
    handed = judge([activity(99, "demo")], ENOUGH, by=BY, **FITTING)

    assert told(handed)["how"] == "Sales makes an offer."
    assert told(judge(REPLIES, by=BY, **FITTING), score=0.0)["how"] == "Figures for a budget."
    assert told(judge(REPLIES, ENOUGH, by=BY, **FITTING), score=0.0)["how"] == "Letter."
    considers = judge(REPLIES, [*ENOUGH[1:], answer(95, "authority", "decides")], by=BY, **FITTING)
    assert (told(considers)["action"], told(considers)["how"]) == ("hand_over", None)
    assert told(judge(size=1, by=BY))["how"] is None


def first(*did: Activity, score: float | None = None, **attributes: str | float) -> object:
    verdicts = judge([*ASKED, *did], ENOUGH, by=REQUESTS, **{**FITTING, **attributes})
    return told(verdicts, **({} if score is None else {"score": score}))["first_of_all"]


def test_a_request_that_no_salesperson_answered_comes_first() -> None:
    assert first() == (
        "It asked for a demo on 9 April, and no reply is on record. Sales begins its call with that."
    )
    assert first(score=0.0) == (
        "It asked for a demo on 9 April, and no reply is on record. "
        "Sales writes back by Sunday 12 April and sees to it; marketing does not wait for that."
    )


@pytest.mark.parametrize(
    ("day", "kind", "waits"),
    [
        (97.999, "call", True),
        (98.0, "call", False),
        (99.0, "call", False),
        (99.0, "email_sent", True),
        (CUTOFF, "call", True),
    ],
    ids=["a call before it", "at its instant", "after it", "a mailing", "a call not yet seen"],
)
def test_a_request_is_answered_by_a_salesperson_s_contact_from_its_instant_on(
    day: float, kind: str, waits: bool
) -> None:
    assert (first(activity(day, kind, "outbound")) is not None) is waits


def test_a_fact_that_shows_interest_is_a_request_too_and_an_answer_is_none() -> None:
    rfp = agreement(
        handover__requests=["rfp"],
        stages__decision__signifiers=[
            {"reads": ["rfp"], "any_of": ["yes"], "says": "asked for a proposal"},
            {"reads": ["budget"], "any_of": ["approved"]},
        ],
    )
    asked = judge(day=None, rfp="yes", by=rfp, **FITTING)
    held = told(asked, score=0.0)
    answered = judge(REPLIES, [answer(99, "budget", "approved")], by=rfp, **FITTING)

    assert str(held["first_of_all"]).startswith(
        "It asked for a proposal, and no reply is on record. Sales writes back within 24 hours and sees to it"
    )
    assert told(answered)["first_of_all"] is None


def test_what_is_not_named_is_no_request_and_neither_is_what_we_did() -> None:
    by_us = judge([activity(98, "demo", "outbound")], ENOUGH, by=REQUESTS, **FITTING)

    assert told(judge(ASKED, ENOUGH, **FITTING))["first_of_all"] is None
    assert told(by_us)["first_of_all"] is None


@pytest.mark.parametrize("score", [None, 0.0])
def test_while_nobody_knows_who_must_not_be_called_nobody_is_written_to(score: float | None) -> None:
    limits = {} if score is None else {"score": score}
    asked = judge(ASKED, ENOUGH, by=REQUESTS, **FITTING)
    assert told(asked, **limits)["first_of_all"] is not None
    assert told(asked, unread=True, **limits)["first_of_all"] is None


@pytest.mark.parametrize("limits", [{"suppressed": True}, {"ended": 0}, {"score": 0.5, "stop_risk": 0.9}])
def test_nobody_answers_who_must_not_be_called_has_ended_or_is_held_back(limits: dict[str, float]) -> None:
    assert told(judge(ASKED, ENOUGH, by=REQUESTS, **FITTING), **limits)["first_of_all"] is None


def test_requests_are_read_aloud_a_change_of_them_is_told_and_a_repeated_one_is_refused() -> None:
    said = [each.text for section in recite(REQUESTS) for each in section.paragraphs]
    told_of = {change.sentence for change in differences(agreement(), REQUESTS)}

    assert (
        "A request (`Demo` or `rfp`) is answered by sales before all else, even if nobody calls the lead yet."
        in said
    )
    assert told_of == {"`Demo` is now answered first.", "`rfp` is now answered first."}
    with pytest.raises(AgreementError, match="each request once"):
        agreement(handover__requests=["demo", "DEMO"])
