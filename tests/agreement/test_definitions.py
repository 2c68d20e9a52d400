"""The definitions that sales and marketing share besides the kinds of lead: BANT, stages, what now, truth."""

from __future__ import annotations

from typing import Any

import pytest

from readiness.agreement import sentences
from readiness.agreement.advice import ACTIONS, Advices
from readiness.agreement.document import PIECES
from readiness.agreement.subjects import subjects
from readiness.agreement.verdicts import Verdicts, evaluate
from readiness.crm.records import OUTCOMES, Answer
from readiness.history import snapshots
from readiness.history.desk import desk
from readiness.history.outcomes import CENSORED, label
from tests import builders
from tests.agreement.agreements import FITTING, advised, agreement, judge
from tests.builders import activity, answer, at, handover, outcome

REPLIES = [activity(day, "reply") for day in (97, 98, 99)]
TWO_POINTS = [answer(95, "budget", "approved"), answer(95, "need", "clear")]


def worthy() -> Verdicts:
    return judge(REPLIES, TWO_POINTS, **FITTING)


@pytest.mark.parametrize(
    ("piece", "field", "yes", "no"),
    [
        ("budget", "budget", "approved", "none"),
        ("authority", "authority", "decides", "user"),
        ("need", "need", "clear", "none"),
        ("timeframe", "when", "this month", "never"),
    ],
)
def test_budget_authority_need_and_timeframe_are_each_confirmed_denied_or_unknown_with_evidence(
    piece: str, field: str, yes: str, no: str
) -> None:
    said: dict[str | None, dict[str, Any]] = {
        value: sentences.bant(judge(answers=[] if value is None else [answer(50, field, value)]), 0)
        for value in (yes, no, None)
    }

    assert {value: told[piece]["state"] for value, told in said.items()} == {
        yes: "confirmed", no: "denied", None: "unknown",
    }  # fmt: skip
    for value, told in said.items():
        assert tuple(told) == PIECES
        assert (told[piece]["because"] is None) == (told[piece]["at"] is None) == (value is None)
        assert all(told[other]["state"] == "unknown" for other in PIECES if other != piece)


@pytest.mark.parametrize(
    ("did", "answers", "stage", "signifier"),
    [
        ([], [], "awareness", None),
        ([activity(90, "visit")], [], "awareness", None),
        ([activity(90, "reply")], [], "consideration", "reply"),
        ([], [answer(90, "need", "clear")], "consideration", "need: clear"),
        ([activity(90, "demo")], [], "decision", "demo"),
        ([activity(90, "demo"), activity(95, "reply")], [], "decision", "demo"),
    ],
    ids=["nothing", "no signifier", "an act", "an answer", "a later stage", "the highest counts"],
)
def test_of_awareness_consideration_and_decision_each_is_entered_by_a_key_signifier(
    did: list[Any], answers: list[Answer], stage: str, signifier: str | None
) -> None:
    told = sentences.stage(judge(did, answers), 0)

    assert (told["name"], told["signifier"]) == (stage, signifier)
    assert told["at"] == (None if signifier is None else "2026-04-01T00:00:00Z")


def action(advices: Advices) -> str:
    return ACTIONS[advices.action[0]]


def test_a_fitting_lead_with_enough_confirmed_is_handed_over_and_it_is_said_by_when() -> None:
    advices = advised(worthy(), score=0.5)

    assert (action(advices), advices.by[0]) == ("hand_over", at(101))


def test_a_lead_to_qualify_comes_with_what_to_ask() -> None:
    advices = advised(judge([activity(99, "demo")]))

    assert action(advices) == "qualify"
    assert subjects(agreement())[advices.ask_next[0]].ask == "How many are you?"


def test_a_lead_to_nurture_comes_with_when_to_look_again() -> None:
    advices = advised(judge(source="list"))

    assert (action(advices), advices.look_again[0]) == ("nurture", at(100 + 90))


@pytest.mark.parametrize("did", [[], [activity(99, "visit")], [activity(98, "unsubscribe")]])
def test_who_fits_and_shows_no_interest_is_one_to_sell_interest_to(did: list[Any]) -> None:
    assert action(advised(judge(did, **FITTING))) == "sell_interest"


def test_who_ended_is_held_and_who_said_stop_is_never_called_however_good_the_lead() -> None:
    told = {end: action(advised(worthy(), score=1.0, ended=OUTCOMES.index(end))) for end in OUTCOMES}

    assert told == {
        "closed_won": "hold", "stop_calling": "never_call", "closed_lost": "hold", "disqualified": "hold",
    }  # fmt: skip


RETURNS = {"undecided_after_days": 5, "unreached_after_days": 30, "again_after_days": 30}


@pytest.mark.parametrize(
    ("decision", "advice", "looked_at"),
    [
        ("accepted", "hold", 41),
        ("declined", "nurture", 41),
        ("handed_back", "nurture", 41),
        (None, "nurture", 45),
    ],
)
def test_sales_accepts_declines_or_hands_back_and_nobody_is_forgotten(
    decision: str | None, advice: str, looked_at: float
) -> None:
    # Accepted on day 11: reached by day 41. Given back on day 11, or undecided on day 15: 30 days of rest.
    rows = [handover(10, None if decision is None else 11, decision)]
    did = [activity(9, "demo")]
    tables = builders.tables([builders.lead(**FITTING)], did, handovers=rows, through=1000)
    looks = snapshots.at(tables, at(20))
    by = agreement(handover__returns=RETURNS)

    advices = advised(evaluate(tables, looks, by), desk=desk(tables, looks))

    assert (action(advices), advices.look_again[0]) == (advice, at(looked_at))


@pytest.mark.parametrize("end", [None, "closed_won", "stop_calling"])
def test_a_lead_is_known_only_once_it_is_a_closed_sale_or_told_us_to_stop_and_until_then_it_is_no_no(
    end: str | None,
) -> None:
    ends = [] if end is None else [outcome(150, end)]
    tables = builders.tables(outcomes=ends, through=200)
    looks = snapshots.at(tables, at(100))

    found = label(looks, tables, known_until=at(200))
    earlier = label(looks, tables, known_until=at(150))

    assert found.event[0] == (CENSORED if end is None else ("closed_won", "stop_calling").index(end) + 1)
    assert earlier.event.tolist() == [CENSORED]
    assert earlier.duration.tolist() == [50.0]
