"""Sales accepts, declines or hands back; nobody is forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from readiness.agreement import sentences
from readiness.agreement.advice import ADVICE_RULES, Advices, advise
from readiness.agreement.document import Agreement
from readiness.agreement.verdicts import Verdicts, evaluate
from readiness.crm.records import NO_INSTANT, Activity, Answer, Handover
from readiness.history import snapshots
from readiness.history.desk import desk
from tests import builders
from tests.agreement.agreements import FITTING, agreement
from tests.builders import activity, answer, at, handover

TERMS = {
    "undecided_after_days": 5,
    "unreached_after_days": 30,
    "again_after_days": 30,
    "reasons": [
        {"any_of": ["No budget", "budget"], "look_again_days": 90, "says": "there is no budget"},
        {"any_of": ["not_now"], "look_again_days": 10},
    ],
}
BY = agreement(handover__returns=TERMS, handover__follow_up_after_days=[0, 1, 3, 7])
ALIVE = [answer(1, "budget", "approved"), answer(1, "authority", "decides")]


def told(
    rows: Sequence[Handover],
    day: float,
    activities: Sequence[Activity] = (),
    *,
    answers: Sequence[Answer] = ALIVE,
    by: Agreement = BY,
    read: bool = True,
) -> tuple[Verdicts, Advices]:
    """Advise on a fitting lead that replies all the time until day 10, and whatever comes besides."""
    replies = [activity(each, "reply") for each in (8.0, 9.0, 9.5)]
    lead = builders.lead(created=0.0, **FITTING)
    known = builders.tables([lead], [*replies, *activities], answers, handovers=rows, through=1000)
    looks = snapshots.at(known, at(day))
    verdicts = evaluate(known, looks, by)
    nobody = np.zeros(1, dtype=np.bool_)
    return verdicts, advise(
        verdicts,
        agreement=by,
        cutoff=looks.cutoff,
        score=None,
        stop_risk=None,
        capacity_score=None,
        suppressed=nobody,
        ended_outcome=np.full(1, -1, dtype=np.int8),
        desk=desk(known, looks) if read else None,
    )


def code(found: tuple[Verdicts, Advices]) -> str:
    return ADVICE_RULES[found[1].rule[0]].code


def next_step(found: tuple[Verdicts, Advices]) -> str:
    return str(sentences.advice(*found, 0)["next_step"])


def because(found: tuple[Verdicts, Advices]) -> str:
    return str(sentences.advice(*found, 0)["because"])


def looked_at(found: tuple[Verdicts, Advices]) -> float:
    return (int(found[1].look_again[0]) - at(0)) / (at(1) - at(0))


ACTIVE = [activity(day, "reply") for day in range(10, 140)]


@pytest.mark.parametrize(
    ("day", "rule"),
    [(10, "HO3"), (10.001, "WS1"), (14.999, "WS1"), (15, "RT1"), (44.999, "RT1"), (45, "HO3")],
)
def test_a_lead_waits_for_sales_decision_then_is_back_with_marketing_then_may_pass_again(
    day: float, rule: str
) -> None:
    # Handed over on day 10, undecided on day 15, again after day 45; a signifier before that would do, too.
    quiet = agreement(
        handover__returns=TERMS,
        stages__consideration__signifiers=[{"activities": ["postponed"]}],
        stages__decision__signifiers=[{"activities": ["postponed"]}],
        stages__moves_back=[],
    )

    assert code(told([handover(10)], day, ACTIVE, by=quiet)) == rule


def test_while_sales_decides_the_lead_is_held_and_both_know_by_when() -> None:
    found = told([handover(10)], 12)

    assert (found[1].by[0], found[1].look_again[0]) == (at(15), at(15))
    assert because(found) == "Sales has had it since 11 January, and has yet to accept or decline it."
    assert next_step(found) == "Sales accepts or declines it by Friday 16 January."


@pytest.mark.parametrize(("day", "due"), [(11.5, 12), (12, 12), (12.001, 14), (18, 18), (18.001, None)])
def test_a_lead_that_sales_accepted_is_held_until_the_next_attempt_to_reach_it(
    day: float, due: float | None
) -> None:
    verdicts, advices = told([handover(10, 11, "accepted")], day)

    assert code((verdicts, advices)) == "WS2"
    assert advices.follow_up[0] == (NO_INSTANT if due is None else at(due))
    # After the last attempt the next look is when sales should have reached it.
    assert advices.look_again[0] == at(41 if due is None else due)


def test_after_the_last_attempt_it_is_said_when_to_ask_how_it_stands() -> None:
    found = told([handover(10, 11, "accepted")], 20)

    assert because(found) == "Sales accepted it on 12 January."
    assert next_step(found) == "Sales keeps it; marketing asks sales on Wednesday 11 February how it stands."


def test_a_lead_that_sales_reached_long_ago_is_looked_at_by_its_category_or_stage() -> None:
    assert looked_at(told([handover(10, 11, "accepted")], 60, [activity(12, "reply")])) == 60 + 7


def test_whoever_is_with_sales_is_asked_after_however_long_its_kind_could_wait() -> None:
    rows = [handover(10, 11, "accepted")]
    gone = told(rows, 60, [activity(12, "reply")], answers=[answer(1, "size", "1")])

    assert sentences.category(gone[0], 0)["name"] == "unworthy"
    assert looked_at(gone) == 60 + 30  # an unworthy lead alone would wait a year


def test_while_nobody_knows_who_must_not_be_called_sales_makes_no_attempt() -> None:
    verdicts, advices = told([handover(10, 11, "accepted")], 13)
    assert next_step((verdicts, replace(advices, unread=True))) == (
        "Nobody calls until the list of who must not be called can be read. Then ask again."
    )


def test_the_next_attempt_is_said() -> None:
    assert next_step(told([handover(10, 11, "accepted")], 13)) == (
        "Sales tries to reach it again by Thursday 15 January."
    )


@pytest.mark.parametrize(
    ("acted", "day", "rule"),
    [
        (None, 40.999, "WS2"),
        (None, 41, "RT2"),
        (11, 41, "RT2"),
        (11.001, 41, "WS2"),
        (40.999, 80, "WS2"),
        (41, 60, "RT2"),
    ],
    ids=["in time", "late", "before it counts", "at once", "at last", "too late"],
)
def test_accepted_but_without_dialogue_in_time_a_lead_is_back_with_marketing(
    acted: float | None, day: float, rule: str
) -> None:
    acts = [] if acted is None else [activity(acted, "visit")]

    assert code(told([handover(10, 11, "accepted")], day, acts)) == rule


def test_noise_and_what_we_do_ourselves_are_no_dialogue() -> None:
    acts = [activity(20, "open"), activity(21, "mail", "outbound"), activity(22, "reply", "outbound")]

    assert code(told([handover(10, 11, "accepted")], 45, acts)) == "RT2"


@pytest.mark.parametrize(("decision", "rule"), [("declined", "RT3"), ("handed_back", "RT4")])
def test_who_was_declined_or_handed_back_is_not_handed_over_again_too_soon(decision: str, rule: str) -> None:
    rows = [handover(10, 11, decision, "no budget")]

    assert code(told(rows, 40.999)) == rule
    assert code(told(rows, 41)) != rule


def test_a_key_signifier_since_then_lets_a_lead_pass_again_and_sales_is_told_of_the_first_time() -> None:
    rows = [handover(10, 11, "declined", "no budget")]
    before, since = (told(rows, 14, [activity(day, "demo")]) for day in (11, 11.001))

    assert (code(before), code(since)) == ("RT3", "HO3")
    assert "Sales declined it on 12 January (there is no budget)." in str(
        sentences.advice(*since, 0)["know_first"]
    )


@pytest.mark.parametrize(
    ("reason", "day", "look"),
    [
        ("NO BUDGET ", 20, 101),
        ("not_now", 20, 21),
        ("not_now", 21, 41),
        ("Mr Smith was rude", 20, 41),
        (None, 20, 41),
    ],
)
def test_sales_reason_says_when_to_look_again(reason: str | None, day: float, look: float) -> None:
    assert looked_at(told([handover(10, 11, "declined", reason)], day)) == look


SOONER = " Only a clear new step of its own, such as “asked for a demo”, sends it back to sales sooner."


@pytest.mark.parametrize(
    ("rows", "day", "said"),
    [
        ([handover(10)], 16, "Sales was given it on 11 January, and decided nothing within 5 days."),
        (
            [handover(10, 11, "accepted")],
            42,
            "Sales accepted it on 12 January, but heard nothing within 30 days.",
        ),
        (
            [handover(10, 11, "handed_back", "budget")],
            20,
            "Sales handed it back on 12 January (there is no budget).",
        ),
    ],
    ids=["undecided", "unreached", "handed back"],
)
def test_who_came_back_from_sales_is_told_why_and_what_would_move_it_sooner(
    rows: list[Handover], day: float, said: str
) -> None:
    found = told(rows, day)

    assert because(found) == said + SOONER
    assert next_step(found).startswith("Marketing keeps in touch and looks at it again on ")


def test_where_no_activity_is_a_key_signifier_the_sign_is_the_answer() -> None:
    answers = {"signifiers": [{"reads": ["need"], "any_of": ["clear"]}]}
    by = agreement(
        handover__returns=TERMS,
        stages__consideration=answers,
        stages__decision={"signifiers": [{"reads": ["rfp"], "pattern": "y"}]},
    )

    assert "such as “rfp”, sends it back" in because(told([handover(10, 11, "declined")], 20, by=by))


def test_only_reasons_that_were_agreed_on_are_repeated() -> None:
    agreed, own, rude = (
        because(told([handover(10, 11, "declined", reason)], 20))
        for reason in ("budget", "not_now", "Mr Smith was rude")
    )

    assert agreed == (
        "Sales declined it on 12 January (there is no budget). "
        "Only a clear new step of its own, such as “asked for a demo”, sends it back to sales sooner."
    )
    assert "(not now)" in own
    assert "(the reason is in the CRM)" in rude
    assert "Smith" not in rude
    assert "(no reason given)" in because(told([handover(10, 11, "declined")], 20))


@pytest.mark.parametrize(
    "rows", [[handover(10)], [handover(10, 11, "accepted")], [handover(10, 11, "declined")]]
)
def test_hand_overs_are_not_read_where_nothing_is_agreed_of_returns_or_nobody_asks(
    rows: list[Handover],
) -> None:
    assert code(told(rows, 12, by=agreement())) == "HO3"
    assert code(told(rows, 12, read=False)) == "HO3"


def test_who_was_never_handed_over_is_advised_as_if_nothing_were_read() -> None:
    read, unread = told([], 12)[1], told([], 12, read=False)[1]

    assert [getattr(read, name)[0] for name in ("rule", "by", "look_again", "follow_up", "reason")] == [
        getattr(unread, name)[0] for name in ("rule", "by", "look_again", "follow_up", "reason")
    ]


def test_what_fails_the_profile_is_not_nurtured_because_it_came_back() -> None:
    lead = builders.lead(size=1)
    known = builders.tables([lead], handovers=[handover(10, 11, "declined")])
    looks = snapshots.at(known, at(12))

    assert advised_code(known, looks) == "UW1"


def advised_code(known: builders.Tables, looks: snapshots.Snapshots) -> str:
    advices = advise(
        evaluate(known, looks, BY),
        agreement=BY,
        cutoff=looks.cutoff,
        score=None,
        stop_risk=None,
        capacity_score=None,
        suppressed=np.zeros(len(looks), dtype=np.bool_),
        ended_outcome=np.full(len(looks), -1, dtype=np.int8),
        desk=desk(known, looks),
    )
    return ADVICE_RULES[advices.rule[0]].code if len(advices) else "nobody"


def test_without_leads_nobody_is_with_sales() -> None:
    nobody = builders.tables([])

    assert advised_code(nobody, snapshots.at(nobody, at(1))) == "nobody"
