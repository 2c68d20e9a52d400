"""What speaks for a call and against it, in the lead's own facts, weightiest first."""

from __future__ import annotations

import numpy as np
import pytest

from readiness import shipped
from readiness.agreement.for_and_against import speaks_against, speaks_for
from readiness.agreement.reading import load
from readiness.crm.records import Activity
from tests.agreement.agreements import FITTING, agreement, judge
from tests.builders import activity, answer

SHIPPED = load(shipped.agreement())
SOON = [answer(97, "when", "this month")]
CONFIRMED = [
    answer(90, "budget", "approved"),
    answer(90, "when", "this month"),
    answer(95, "authority", "decides"),
    answer(90, "need", "clear"),
]


def test_of_a_lead_of_which_nothing_is_known_nothing_speaks_for_it_and_all_is_missing() -> None:
    assert speaks_for(judge(), 0) == ()
    assert speaks_against(judge(), 0) == (
        "Has shown no interest of its own.",
        "Not known yet: size, industry, country, when it decides, budget, who decides and the need.",
    )


def test_what_is_confirmed_is_told_first_two_to_a_sentence_and_what_it_did_between() -> None:
    rows = [activity(97, "reply"), activity(99, "reply")]

    assert speaks_for(judge(rows, CONFIRMED, **FITTING), 0) == (
        "Wants to decide this month; budget: approved (1 April).",
        "Showed interest twice in 14 days, more than before; replied a day ago.",
        "Authority: decides (6 April); need: clear (1 April).",
        "Size, industry and country fit.",
    )


@pytest.mark.parametrize(
    ("days", "said"),
    [([99], "Replied a day ago."), ([76, 77, 78, 78.9], None), ([], None)],
    ids=["one sign", "cooling", "none"],
)
def test_what_it_did_speaks_for_it_while_it_is_fresh(days: list[int], said: str | None) -> None:
    told = speaks_for(judge([activity(day, "reply") for day in days]), 0)

    assert told == (() if said is None else (said,))


def test_what_confirms_a_piece_is_not_told_again_as_what_it_did() -> None:
    asked = speaks_for(judge([activity(98, "demo")], by=SHIPPED), 0)
    again = judge([activity(98, "demo_requested")], by=SHIPPED)

    assert asked == ()  # a word that the agreement does not know
    assert speaks_for(again, 0) == (
        "Asked for a demo, so it probably has a need (9 April; no reply is on record).",
    )


def test_facts_speak_for_it_where_there_are_no_activities() -> None:
    assert speaks_for(judge(day=None, rfp="yes"), 0) == ("Asked for a proposal.",)


def test_what_denies_speaks_against_it_with_its_day() -> None:
    said = [answer(90, "budget", "none"), answer(95, "when", "never"), answer(95, "authority", "user")]

    told = speaks_against(judge([activity(99, "reply")], said, **FITTING), 0)

    assert told[:2] == ("When: never (6 April); budget: none (1 April).", "Authority: user (6 April).")
    assert told[2:] == ("Not known yet: the need.",)


def test_the_newest_word_counts_no_plans_now_outweigh_an_urgent_need_before() -> None:
    before, now = answer(50, "need", "urgent"), answer(90, "timeframe", "no plans")

    told = judge(answers=[before, now], by=SHIPPED)

    assert speaks_for(told, 0) == ()
    assert speaks_against(told, 0)[0] == "Has no plans to decide (1 April)."
    later = judge(answers=[before, now, answer(95, "need", "urgent")], by=SHIPPED)
    assert speaks_for(later, 0) == ("Its need is urgent (6 April).",)


def test_what_fails_the_profile_is_told_with_what_it_must_be() -> None:
    def told(**attributes: str | float) -> str:
        return speaks_against(judge(**attributes), 0)[0]

    assert told(size=9) == "Size is 9, and we need at least 10."
    assert told(role="PhD student") == "Role: PhD student; that rules it out."


def test_a_should_that_is_not_met_comes_last() -> None:
    told = speaks_against(judge([activity(99, "reply")], **{**FITTING, "industry": "mining"}), 0)

    assert told[-1] == "Industry is mining, not what we look for."
    assert told[0].startswith("Not known yet: when it decides")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([activity(90, "reply"), activity(95, "unsubscribe")], "Unsubscribed on 6 April."),
        ([activity(75, "reply")], "Quiet since it replied 25 days ago."),
        ([activity(99, "visit")], "Hardly any interest: visited a day ago."),
        (
            [activity(69, "reply"), activity(69.1, "reply"), activity(90, "reply")],
            "It is less active than before.",
        ),
    ],
    ids=["negative", "quiet", "hardly any", "falling"],
)
def test_signs_that_interest_fails_speak_against_it(rows: list[Activity], said: str) -> None:
    assert speaks_against(judge(rows, **FITTING), 0)[0] == said


def test_interest_rose_or_fell_from_the_line_on_that_counts_as_any() -> None:
    rising = [activity(69, "reply"), activity(96, "reply"), activity(97, "reply"), activity(98, "reply")]
    falling = [activity(69, "reply"), activity(69.1, "reply"), activity(90, "reply")]

    def told(rows: list[Activity], steps: int) -> tuple[str, ...]:
        trend = abs(float(judge(rows, rfp="yes", **FITTING).interest.trend[0]))
        line = np.nextafter(trend, np.inf) if steps else trend
        by = agreement(interest__any_from=line)
        verdicts = judge(rows, rfp="yes", by=by, **FITTING)
        return (*speaks_for(verdicts, 0), *speaks_against(verdicts, 0))

    assert [", more than before" in told(rising, steps)[1] for steps in (0, 1)] == [True, False]
    assert ["It is less active than before." in told(falling, steps) for steps in (0, 1)] == [True, False]


def test_a_doubtful_source_speaks_against_it() -> None:
    assert "Comes from a source that has yet to prove itself: list." in speaks_against(
        judge(source="list"), 0
    )


def test_a_buyer_who_came_this_far_without_us_was_probably_sold_to_by_somebody_else() -> None:
    def first(*ours: Activity) -> str:
        rows = [activity(98, "demo"), *ours]
        return speaks_against(judge(rows, SOON, **FITTING), 0)[0]

    assert first() == (
        "Somebody else has probably sold to it already: "
        "no salesperson of ours is known to have been in touch."
    )
    assert first(activity(90, "call", "outbound")).startswith("Not known yet")


@pytest.mark.parametrize(
    ("ours", "said"),
    [
        ([], "9 April; no reply is on record"),
        ([activity(97.9, "call", "outbound")], "9 April; no reply is on record"),
        ([activity(98.0, "call", "outbound")], "9 April; we have been in touch since"),
    ],
    ids=["none", "before it", "at its instant"],
)
def test_of_a_request_it_is_said_whether_we_replied_unless_it_is_told_elsewhere(
    ours: list[Activity], said: str
) -> None:
    rows = judge([activity(98, "demo"), *ours], by=agreement(handover__requests=["demo"]), **FITTING)

    assert speaks_for(rows, 0)[0] == f"Asked for a demo ({said})."
    assert speaks_for(rows, 0, waits=True)[0] == "Asked for a demo (9 April)."


def test_what_the_agreement_does_not_name_is_no_request() -> None:
    named = agreement(handover__requests=["rfp"])

    assert speaks_for(judge(day=None, rfp="yes", by=named), 0) == (
        "Asked for a proposal; no reply is on record.",
    )
    assert speaks_for(judge(day=None, rfp="yes"), 0) == ("Asked for a proposal.",)
    assert (
        speaks_for(judge([activity(98, "demo")], by=named, **FITTING), 0)[0] == "Asked for a demo (9 April)."
    )
