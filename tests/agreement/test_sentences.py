"""Sentences cite the lead's own facts and read well aloud."""

import numpy as np
import pytest

from readiness.agreement import sentences
from readiness.agreement.verdicts import Verdicts
from readiness.agreement.wording import ago, date, listed, number, small
from readiness.crm.records import OUTCOMES
from tests.agreement.agreements import FITTING, advised, agreement, judge
from tests.builders import activity, answer, at

SOON = [answer(95, "when", "this month")]
ASKED = [activity(98, "demo")]


def because(verdicts: Verdicts) -> str:
    return str(sentences.category(verdicts, 0)["because"])


def advice(verdicts: Verdicts, **limits: float | int | bool) -> str:
    return str(sentences.advice(verdicts, advised(verdicts, **limits), 0)["because"])  # type: ignore[arg-type]


def test_an_unworthy_lead_is_told_what_it_is_and_what_it_must_be() -> None:
    assert because(judge(size=9)) == "Does not fit the buyer profile: size is 9 and must be at least 10."
    assert because(judge(size="Tiny")) == "Does not fit the buyer profile: size is Tiny and must be Big."


def test_a_must_not_that_is_so_is_named_and_interest_does_not_change_that() -> None:
    assert because(judge(ASKED, role="PhD student")) == (
        "Does not fit the buyer profile: role is PhD student, which rules it out. "
        "Its interest does not change that."
    )


def test_a_dubious_lead_is_told_by_its_source_or_by_what_is_not_known() -> None:
    assert because(judge(source="list")) == (
        "Came from a doubtful source (list). It has shown no interest of its own."
    )
    assert because(judge()) == (
        "Has shown no interest of its own. Whether it fits is open: size, industry and country are unknown."
    )


def test_interest_of_unknown_fit_says_what_has_to_be_found_out() -> None:
    assert because(judge(ASKED, industry="software", country="DE")) == (
        "Shows high interest (asked for a demo 2 days ago). Whether it fits is open: size is unknown."
    )


def test_little_interest_and_none_are_told_apart_and_neither_is_a_reason_to_write_it_off() -> None:
    none, little = because(judge(**FITTING)), because(judge([activity(80, "demo")], **FITTING))

    assert none == (
        "Fits the buyer profile on all 3 known criteria. But it has shown no interest of its own. "
        "That is no reason to write it off: interest can still be won."
    )
    assert ". It shows only a little interest so far (asked for a demo 20 days ago). That is" in little


def test_a_lead_gone_cold_is_told_by_its_last_sign() -> None:
    text = because(judge([activity(40, "demo")], **{**FITTING, "industry": "mining"}))

    assert text.startswith(
        "Fits the buyer profile on 2 of 3 known criteria. But it shows no interest to speak of"
    )
    assert "(asked for a demo on 10 February; cool)" in text


def test_a_negative_behaviour_explains_why_there_is_no_interest() -> None:
    text = because(judge([activity(90, "reply"), activity(95, "unsubscribe")], **FITTING))

    assert ". But it shows no interest: it unsubscribed on 6 April" in text


def test_a_sales_ready_buyer_without_contact_of_ours_carries_a_warning() -> None:
    ours = activity(90, "call", "outbound")
    alone, met = judge(ASKED, SOON, **FITTING), judge([ours, *ASKED], SOON, **FITTING)

    assert because(met) == (
        "Fits the buyer profile on all 3 known criteria. It shows high interest "
        "(asked for a demo 2 days ago). "
        "It has reached the decision stage and decides soon (when: this month). "
        "Need was confirmed on 9 April. Timeframe was confirmed on 6 April."
    )
    assert because(alone).endswith("somebody else has probably sold to it already; ask about that.")


def test_a_sales_worthy_lead_is_told_by_its_stage_and_signifier() -> None:
    rows = [activity(95, "demo"), activity(99, "visit")]

    assert because(judge(rows, **FITTING)) == (
        "Fits the buyer profile on all 3 known criteria. It shows high interest "
        "(2 signs in the last 14 days, the newest: visited a day ago). "
        "It has reached the decision stage (asked for a demo on 6 April), "
        "but has not said that it decides soon. Need was confirmed on 6 April."
    )


def test_a_lead_that_moved_back_is_told_by_what_moved_it() -> None:
    text = because(judge(ASKED, [answer(99, "when", "never")], **FITTING))

    assert "But it has moved back to the start (when: never on 10 April). Need was confirmed" in text


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (85.0, "(replied 15 days ago)"),
        (75.0, "(replied 25 days ago; cooling)"),
        (-3.0, "(replied on 29 December 2025; cold since 9 April)"),
    ],
    ids=["warm", "cooling", "cold"],
)
def test_a_lead_that_was_long_quiet_is_told_how_cold_it_is(day: float, words: str) -> None:
    assert words in because(judge([activity(day, "reply")], **FITTING))


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([62, 98, 98], "a little but rising interest"),
        ([69, 69, 90], "a little and falling interest"),
        ([65, 90], "a little interest"),
        ([65, 96, 98, 99, 99], "high and rising interest"),
        ([99], "a little interest"),
    ],
    ids=["rising", "falling", "about the same", "rising high", "new"],
)
def test_interest_that_rose_or_fell_since_the_trends_days_is_told_so(days: list[int], words: str) -> None:
    assert words in because(judge([activity(day, "reply") for day in days], **FITTING))


def test_interest_rose_or_fell_from_the_line_on_that_counts_as_any() -> None:
    was, said = [activity(69, "reply")], [answer(90, "rfp", "yes")]  # 4 points then, half a point now

    falls = [
        because(judge(was, rfp="yes", by=agreement(interest__any_from=line), **FITTING))
        for line in (3.5, 3.6)
    ]
    rises = [
        because(judge(was, said, by=agreement(interest__any_from=line), **FITTING)) for line in (6.5, 6.6)
    ]

    assert ["high but falling interest" in text for text in falls] == [True, False]
    assert ["high and rising interest" in text for text in rises] == [True, False]


def test_what_is_confirmed_is_told_with_its_day_and_what_the_lead_did_then() -> None:
    asked = [activity(90, "reply"), activity(98, "demo")]

    text = because(judge(asked, [answer(90, "budget", "approved")], **FITTING))

    assert text.endswith(" Budget was confirmed on 1 April (when it replied). Need was confirmed on 9 April.")


def test_what_is_confirmed_at_one_time_is_told_together() -> None:
    said = [answer(90, "budget", "approved"), answer(90, "authority", "decides"), answer(95, "need", "clear")]

    text = because(judge([activity(90, "reply")], said, **FITTING))

    assert (
        " Budget and authority were confirmed on 1 April (when it replied). Need was confirmed on 6 April."
        in text
    )


def test_what_is_confirmed_without_a_date_is_told_without_one() -> None:
    assert because(judge(rfp="yes", need="clear", day=None, **FITTING)).endswith(" Need is confirmed.")


def told(verdicts: Verdicts) -> dict[str, object]:
    return {each["signal"]: each["value"] for each in sentences.category(verdicts, 0)["evidence"]}


def test_the_signals_behind_a_category_are_listed_by_name() -> None:
    rows = [activity(60, "reply"), activity(89, "mail", "outbound"), activity(90, "reply")]

    signals = told(judge(rows, source="friend", referrer="customer", became="won", size=50))

    assert (signals["fit"], signals["known_share"]) == (1, 0.5)
    assert signals["trend"] == pytest.approx(4 * 2**-0.9 + 4 * 2**-3.9 - 4 * 2**-0.9)
    assert (signals["last_inbound_days"], signals["dialogue"], signals["warmth"]) == (10, True, "warm")
    assert signals["missing"] == ["industry", "country", "budget", "authority", "need", "timeframe"]
    assert (signals["relation"], signals["referrer_outcome"]) == ("customer", "won")


def test_a_cold_lead_is_listed_as_cold_with_its_day() -> None:
    signals = told(judge([activity(98.9, "reply")], day=200))

    assert (signals["warmth"], signals["cold_since"]) == ("cold", "2026-07-19T00:00:00Z")


def test_evidence_leaves_out_what_is_unknown_and_names_the_criteria_that_fail() -> None:
    signals = told(judge(size=9))

    assert (signals["size"], signals["fit"]) == ("9", 0.0)
    assert not {"last_inbound_days", "warmth", "cold_since", "relation", "referral"} & set(signals)


def test_bant_tells_state_reason_and_date_and_nothing_where_it_is_unknown() -> None:
    told = sentences.bant(judge(answers=[answer(50, "budget", "approved")], role="Head of Sales"), 0)

    assert told["budget"] == {
        "state": "confirmed", "because": "Budget: approved", "at": "2026-02-20T00:00:00Z",
    }  # fmt: skip
    assert told["authority"]["because"] == "Head of Sales"
    assert told["need"] == {"state": "unknown", "because": None, "at": None}


def test_a_stage_is_told_with_its_signifier_and_date() -> None:
    assert sentences.stage(judge(ASKED), 0) == {
        "name": "decision", "signifier": "demo", "at": "2026-04-09T00:00:00Z",
    }  # fmt: skip
    assert sentences.stage(judge(need="clear", day=None), 0) == {
        "name": "consideration", "signifier": "need: clear", "at": None,
    }  # fmt: skip
    assert sentences.stage(judge(), 0) == {"name": "awareness", "signifier": None, "at": None}


def test_what_ended_is_told_with_its_date() -> None:
    verdicts = judge()
    advices = advised(verdicts, ended=OUTCOMES.index("stop_calling"))
    on_day_40 = type(advices)(
        **{name: getattr(advices, name) for name in advices.__slots__}
        | {"ended_at": np.array([at(40)], dtype=np.int64)}
    )

    assert sentences.advice(verdicts, advices, 0)["because"] == "It told us to stop calling."
    assert "stop calling on 10 February." in sentences.advice(verdicts, on_day_40, 0)["because"]


@pytest.mark.parametrize(
    ("answers", "required", "expected"),
    [
        (
            [],
            [],
            "Sales calls once two of these four speak for it: "
            "budget, who decides, the need and when it decides. So far one does: the need.",
        ),
        ([], ["budget"], "Sales calls once this is clear: budget."),
        (
            [answer(99, "need", "none"), answer(99, "budget", "none"), answer(99, "when", "never")],
            [],
            "too early for a call: no budget, no clear need and no decision soon.",
        ),
    ],
)
def test_what_bant_lacks_is_named(answers: list[object], required: list[str], expected: str) -> None:
    by = agreement(handover__bant_required=required)

    assert expected in advice(judge(ASKED, answers, by=by, **FITTING), score=0.5)  # type: ignore[arg-type]


def test_a_hand_over_says_by_when_and_what_to_know_first() -> None:
    told = judge(ASKED, SOON, source="friend", referred_by="customer since 2023", **FITTING)

    advice = sentences.advice(told, advised(told, score=0.5, capacity_score=0.4), 0)

    assert advice["action"] == "hand_over"
    assert advice["because"] == (
        "It means to decide soon, and is among the likeliest to buy; sales takes 10 leads a week."
    )
    assert advice["by"] == "2026-04-12T00:00:00Z"
    assert advice["know_first"] == "Referred by: customer since 2023."
    assert (advice["ask_next"], advice["ask_channel"]) == ("Is there a budget?", "inside_sales")
    assert advice["sampled"] is False


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (listed(["a"]), "a"),
        (listed(["a", "b"]), "a and b"),
        (number(0), "none"),
        (number(10), "10"),
        (small("RFI: yes"), "RFI: yes"),
        (small(""), ""),
        (ago(0.99, at(0), at(1)), "in the last 24 hours"),
        (ago(1.99, at(0), at(2)), "a day ago"),
        (ago(44.9, at(0), at(45)), "44 days ago"),
        (ago(45.0, at(0), at(45)), "on 1 January"),
        (date(at(-1), seen_from=at(0)), "31 December 2025"),
    ],
)
def test_words_for_numbers_lists_and_times(said: str, expected: str) -> None:
    assert said == expected
