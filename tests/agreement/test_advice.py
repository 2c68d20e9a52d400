"""What to do now: suppression first, then what ended, then the kind of lead, then the limits."""

import pytest

from readiness.agreement.advice import ACTIONS, ADVICE_RULES, Advices
from readiness.agreement.category import RULES
from readiness.agreement.document import Agreement
from readiness.agreement.subjects import subjects
from readiness.agreement.verdicts import Verdicts
from readiness.crm.records import NO_INSTANT, OUTCOMES, Answer
from tests.agreement.agreements import FITTING, advised, agreement, judge
from tests.builders import activity, answer, at

APPROVED, CLEAR = answer(95, "budget", "approved"), answer(95, "need", "clear")


def worthy(*answers_: Answer, by: Agreement | None = None) -> Verdicts:
    replies = [activity(day, "reply") for day in (97, 98, 99)]
    return judge(replies, answers_, by=by, **FITTING)


def action(advices: Advices) -> str:
    return ACTIONS[advices.action[0]]


def code(advices: Advices) -> str:
    return ADVICE_RULES[advices.rule[0]].code


def test_rules_have_codes_of_their_own() -> None:
    assert len({rule.code for rule in ADVICE_RULES}) == len(ADVICE_RULES)


def test_where_a_kind_and_an_advice_share_a_code_the_advice_is_for_that_kind() -> None:
    assert {rule.code for rule in ADVICE_RULES} & {rule.code for rule in RULES} == {"UW1", "DU1"}


@pytest.mark.parametrize("score", [None, 0.0, 1.0])
@pytest.mark.parametrize("ended", [-1, 0, 2])
def test_who_is_suppressed_is_never_called_whatever_the_score_and_the_end(
    score: float | None, ended: int
) -> None:
    advices = advised(worthy(APPROVED, CLEAR), score=score, suppressed=True, ended=ended)

    assert action(advices) == "never_call"


def test_who_told_us_to_stop_is_never_called() -> None:
    assert action(advised(judge(), ended=OUTCOMES.index("stop_calling"))) == "never_call"


@pytest.mark.parametrize(("score", "read", "unread"), [(None, "HO3", "SU1"), (0.0, "SC1", "SC1")])
def test_while_suppressions_cannot_be_looked_up_nobody_is_called(
    score: float | None, read: str, unread: str
) -> None:
    before = advised(worthy(APPROVED, CLEAR), score=score)
    advices = advised(worthy(APPROVED, CLEAR), score=score, unread=True)

    assert (code(before), code(advices)) == (read, unread)
    assert action(advices) != "hand_over"
    assert advices.by[0] == NO_INSTANT
    assert advices.ask_next[0] == (-1 if unread == "SU1" else before.ask_next[0])


def test_while_suppressions_cannot_be_looked_up_a_question_by_phone_is_held_and_one_by_form_is_not() -> None:
    verdicts = worthy(APPROVED)
    asked = subjects(verdicts.agreement)[advised(verdicts).ask_next[0]]

    assert code(advised(verdicts)) == "QU2"
    assert code(advised(verdicts, unread=True)) == ("SU1" if asked.channel == "inside_sales" else "QU2")


@pytest.mark.parametrize(("limits", "expected"), [({"suppressed": True}, "NC2"), ({"ended": 0}, "EN1")])
def test_who_is_never_called_or_has_ended_stays_so_while_suppressions_cannot_be_looked_up(
    limits: dict[str, bool], expected: str
) -> None:
    assert code(advised(worthy(APPROVED, CLEAR), unread=True, **limits)) == expected


@pytest.mark.parametrize("outcome", ["closed_won", "closed_lost", "disqualified"])
def test_what_ended_otherwise_is_held_with_no_date_to_look_again(outcome: str) -> None:
    advices = advised(worthy(APPROVED, CLEAR), ended=OUTCOMES.index(outcome))

    assert action(advices) == "hold"
    assert advices.look_again[0] == NO_INSTANT


@pytest.mark.parametrize(
    ("verdicts", "expected", "days"),
    [
        (judge(size=1), "hold", 365),
        (judge(), "nurture", 90),
        (judge(**FITTING), "sell_interest", 30),
        (judge([activity(80, "reply")], **FITTING), "sell_interest", 30),
    ],
    ids=["unworthy", "dubious", "no interest", "little interest"],
)
def test_leads_that_are_kept_back_are_looked_at_again(verdicts: Verdicts, expected: str, days: float) -> None:
    advices = advised(verdicts)

    assert action(advices) == expected
    assert advices.look_again[0] == at(100 + days)


def test_a_later_stage_brings_the_next_look_nearer_but_not_for_the_unworthy() -> None:
    asked = [activity(99, "demo")]

    assert advised(judge(asked, **FITTING), score=0.0).look_again[0] == at(107)
    assert advised(judge(asked, size=1)).look_again[0] == at(465)


def test_a_worthy_lead_with_enough_bant_is_handed_over_within_the_response_time() -> None:
    advices = advised(worthy(APPROVED, CLEAR), score=0.5, stop_risk=0.1)

    assert action(advices) == "hand_over"
    assert advices.by[0] == at(101)
    assert advices.look_again[0] == NO_INSTANT


@pytest.mark.parametrize(
    ("score", "stop_risk", "capacity_score", "expected"),
    [
        (0.1, 0.3, None, "HO2"),
        (0.099, 0.0, None, "SC1"),
        (0.5, 0.301, None, "ST1"),
        (0.5, None, 0.5, "HO1"),
        (0.5, None, 0.501, "SC2"),
        (None, None, 0.9, "HO3"),
        (float("nan"), float("nan"), 0.9, "HO3"),
    ],
)
def test_the_limits_on_score_stop_risk_and_capacity_hold_on_the_line(
    score: float | None, stop_risk: float | None, capacity_score: float | None, expected: str
) -> None:
    advices = advised(
        worthy(APPROVED, CLEAR), score=score, stop_risk=stop_risk, capacity_score=capacity_score
    )

    assert code(advices) == expected
    assert bool(advices.scored[0]) is (score is not None and score == score)


@pytest.mark.parametrize(
    ("score", "expected"), [(0.5, "HO2"), (0.6, "HO1"), (0.099, "SC1")], ids=["room", "likely", "unlikely"]
)
def test_who_is_first_in_line_never_waits_for_room_but_for_the_limits(score: float, expected: str) -> None:
    by = agreement(handover__first_in_line=["sales_worthy"])

    advices = advised(worthy(APPROVED, CLEAR, by=by), score=score, capacity_score=0.6)

    assert code(advices) == expected


def test_missing_bant_is_asked_for_with_the_cheapest_question_first() -> None:
    advices = advised(worthy(APPROVED), score=0.5)

    assert code(advices) == "QU2"
    assert (
        subjects(agreement())[advices.ask_next[0]].about == "timeframe"
    )  # a form; authority has no question


def test_denied_bant_that_leaves_too_few_is_nurtured() -> None:
    denials = [answer(95, "budget", "none"), answer(95, "when", "never"), answer(95, "need", "none")]

    assert code(advised(worthy(*denials), score=0.5)) == "NB1"


def test_a_required_piece_must_be_among_the_confirmed_and_is_asked_for_first() -> None:
    by = agreement(handover__bant_required=["authority"])

    advices = advised(worthy(APPROVED, CLEAR, by=by), score=0.5)

    assert code(advices) == "QU2"
    assert subjects(by)[advices.ask_next[0]].about == "authority"


def test_a_lead_of_unknown_fit_is_qualified_by_asking_for_a_must_first() -> None:
    advices = advised(judge([activity(99, "demo")]))

    assert action(advices) == "qualify"
    assert subjects(agreement())[advices.ask_next[0]].about == "size"


def test_a_must_that_is_known_is_not_asked_for_again() -> None:
    by = agreement(profile__known_at_least=0.9)

    advices = advised(judge([activity(99, "demo")], size=50, by=by))

    assert subjects(by)[advices.ask_next[0]].about == "country"  # a survey; industry has no question


def test_a_category_that_the_agreement_does_not_let_pass_is_nurtured() -> None:
    by = agreement(handover__categories=["sales_ready_buyer"])

    assert code(advised(worthy(APPROVED, CLEAR, by=by), score=0.9)) == "NP1"


def test_without_dates_no_advice_has_a_date() -> None:
    advices = advised(judge(day=None))

    assert (advices.by[0], advices.look_again[0]) == (NO_INSTANT, NO_INSTANT)
