"""What would change it: the smallest set of answers that would have a lead handed over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.agreement.asking import Askable, Candidate, askable
from readiness.agreement.document import PIECES, Agreement
from readiness.crm.records import Activity, Answer, AttributeValue, Lead
from readiness.history import snapshots
from readiness.scoring import Scored, score
from tests.agreement.agreements import FITTING, agreement
from tests.agreement.worlds import CUTOFF, World, activity_rows, answer_rows, lead_rows
from tests.builders import activity, answer, at, handover, lead, outcome, tables
from tests.oracles.agreement import SlowAgreement

REPLIES = [activity(day, "reply") for day in (97, 98, 99)]
BY = agreement()


def scored(
    activities: Sequence[Activity] = REPLIES,
    answers: Sequence[Answer] = (),
    *,
    by: Agreement = BY,
    ends: Iterable[Any] = (),
    explain: Any = "brief",  # noqa: ANN401
    **attributes: AttributeValue,
) -> Scored:
    known = tables([lead(**attributes)], activities, answers, list(ends))
    return score(known, snapshots.at(known, at(100)), agreement=by, model=None, explain=explain)


def changes(found: Scored) -> list[tuple[str, str]]:
    return [(each["piece"], each["value"]) for each in found.assessment(0).would_change]


def test_a_lead_that_lacks_one_bant_point_is_told_the_cheapest_answer_that_would_do() -> None:
    found = scored(answers=[answer(95, "budget", "approved")], **FITTING)

    assert found.assessment(0).would_change == (
        {
            "piece": "timeframe",
            "ask": "When?",
            "channel": "form",
            "answer": "when: this month",
            "field": "when",
            "value": "this month",
            "action": "hand_over",
        },
    )


def test_the_edge_of_a_range_is_supposed_and_what_was_agreed_is_said() -> None:
    told = scored(
        answers=[answer(95, "budget", "approved"), answer(95, "need", "clear")], industry="software"
    )

    assert [each["answer"] for each in told.assessment(0).would_change] == ["size: 10 (agreed: at least 10)"]


def test_a_denied_piece_may_be_answered_anew_but_a_failed_must_may_not() -> None:
    denied = [answer(95, "budget", "none"), answer(95, "authority", "user"), answer(95, "need", "none")]

    assert {piece for piece, _ in changes(scored(answers=denied, **FITTING))} <= set(PIECES)
    assert len(changes(scored(answers=denied, **FITTING))) == 2
    assert changes(scored(answers=denied, size=9)) == []


def test_where_no_answer_shows_interest_nothing_would_change_it() -> None:
    assert changes(scored([], **FITTING)) == []


def test_a_stage_and_a_near_timeframe_may_be_what_is_missing() -> None:
    by = agreement(handover__categories=["sales_ready_buyer"], handover__bant_at_least=0)

    assert changes(scored(by=by, **FITTING)) == [
        ("budget", "approved"),
        ("timeframe", "this month"),
    ]


@pytest.mark.parametrize(
    "found",
    [
        scored(answers=[answer(95, "budget", "approved"), answer(95, "need", "clear")], **FITTING),
        scored(do_not_call="yes", **FITTING),
        scored(ends=[outcome(90)], **FITTING),
        scored(ends=[outcome(90, "stop_calling")], **FITTING),
        scored(explain="none", **FITTING),
    ],
    ids=["handed over", "must not be called", "bought", "told us to stop", "not asked for"],
)
def test_who_is_handed_over_suppressed_or_ended_is_told_no_change(found: Scored) -> None:
    assert changes(found) == []


def test_without_leads_nothing_would_change() -> None:
    nobody = tables([])

    assert dict(score(nobody, snapshots.at(nobody, at(1)), agreement=BY, model=None).changes) == {}


def test_in_undated_tables_the_attributes_say_what_is_supposed() -> None:
    given_ = {"rfp": "yes", "need": "clear", **FITTING}
    known = tables([lead(created=None, **given_)], through=None)  # type: ignore[arg-type]
    found = score(known, snapshots.at(known, 0), agreement=BY, model=None)
    (change,) = found.assessment(0).would_change

    really = tables([lead(created=None, **given_, **{change["field"]: change["value"]})], through=None)  # type: ignore[arg-type]

    assert found.assessment(0).advice["action"] == "qualify"
    anew = score(really, snapshots.at(really, 0), agreement=BY, model=None)
    assert anew.assessment(0).advice["action"] == "hand_over"


def open_candidates(known: Askable, lead_: Lead, world: World) -> list[Candidate]:
    """What may be asked, read off the slow oracle's verdicts."""
    slow = SlowAgreement(BY, lead_, world.activities, world.answers, at(CUTOFF))
    expected = slow.expected()
    unknown = [slow.met(criterion) is None for criterion in BY.profile.criteria]
    places = [
        *(place for place, asked in zip(known.of_criterion, unknown, strict=True) if asked),
        *(place for place, state in zip(known.of_piece, expected.bant, strict=True) if state != 1),
        *(place for level, place in enumerate(known.of_stage, 1) if expected.stage < level),
        *([] if expected.near else [known.of_near]),
    ]
    return [known.candidates[place] for place in sorted(set(places)) if place >= 0]


def really(world: World, sets: Sequence[Sequence[Candidate]]) -> list[bool]:
    """Put each set of answers into the records of a lead of its own, and say who is handed over."""
    leads, activities, answers = [], [], []
    for number, chosen in enumerate(sets):
        who = f"L-{number}"
        leads.append(replace(world.leads[0], lead_id=who))
        activities += [replace(row, lead_id=who) for row in world.activities]
        answers += [replace(row, lead_id=who) for row in world.answers]
        answers += [Answer(who, at(CUTOFF) - 1, each.field, each.value) for each in chosen]
    known = tables(leads, activities, answers, through=1000)
    found = score(known, snapshots.at(known, at(CUTOFF)), agreement=BY, model=None, explain="none")
    return [found.assessment(row).advice["action"] == "hand_over" for row in range(len(sets))]


@st.composite
def keen_worlds(draw: st.DrawFn) -> World:
    """One lead that is interested more often than not: else no answer could do."""
    keen = draw(st.sampled_from([(), (activity(99, "demo"),), tuple(REPLIES)]))
    known = draw(st.sampled_from([{}, {"size": 50}, FITTING]))
    one = draw(lead_rows("L-1"))
    return World(
        (replace(one, attributes={**one.attributes, **known}),),
        (*keen, *draw(st.lists(activity_rows("L-1"), max_size=4))),
        tuple(draw(st.lists(answer_rows("L-1"), max_size=4))),
    )


@settings(max_examples=40, deadline=None)
@given(keen_worlds())
def test_the_answers_told_have_the_lead_handed_over_and_no_smaller_or_cheaper_set_does(world: World) -> None:
    known = askable(BY)
    found = score(world.tables(), snapshots.at(world.tables(), at(CUTOFF)), agreement=BY, model=None)
    told = [(each["field"], each["value"]) for each in found.assessment(0).would_change]
    asked = open_candidates(known, world.leads[0], world)
    failing = found.assessment(0).category["name"] == "unworthy"
    every = [chosen for size in range(len(asked) + 1) for chosen in combinations(asked, size)]
    does = [chosen for chosen, yes in zip(every, really(world, every), strict=True) if yes]
    if failing or not does or not does[0]:
        # Nothing helps, or nothing is needed: the empty set comes first.
        assert told == []
        return
    best = min((len(chosen), sum(each.cost for each in chosen)) for chosen in does)
    mine = [each for each in asked if (each.field, each.value) in told]
    assert tuple(mine) in does
    assert (len(mine), sum(each.cost for each in mine)) == best


@pytest.mark.parametrize("others", [1, 5])
def test_what_would_change_one_lead_does_not_depend_on_the_others(others: int) -> None:
    rows = [answer(95, "budget", "approved", lead_id="L-1"), answer(95, "odd", "x", lead_id="L-2")]
    crowd = [lead(f"L-{number}", size=number, **{f"c{number}": "x"}) for number in range(2, 2 + others)]
    known = tables([lead("L-1", **FITTING), *crowd], REPLIES, rows, handovers=[handover(3)])
    among = score(known, snapshots.at(known, at(100)), agreement=BY, model=None)

    alone = scored(answers=rows[:1], **FITTING)

    assert among.assessment(0).would_change == alone.assessment(0).would_change
