"""Whatever a CRM holds of a lead: one category, one advice, no exception; suppression above everything."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.agreement.advice import ACTIONS
from readiness.agreement.document import CATEGORIES, Agreement
from readiness.scoring import Suppressions
from tests import builders
from tests.agreement.worlds import CUTOFF, World
from tests.scoring.desks import SHIPPED, SMALL, Desked, desked, scored, told


@settings(max_examples=60)
@given(desked(), st.sampled_from([SMALL, SHIPPED]))
def test_any_lead_has_one_category_one_advice_and_one_sentence_for_each(drawn: Desked, by: Agreement) -> None:
    for answer in told(scored(drawn.tables(), by)):
        assert answer["category"]["name"] in CATEGORIES
        assert answer["advice"]["action"] in ACTIONS
        assert answer["advice"]["because"].endswith(".")
        kept = answer["advice"]["action"] in ("qualify", "nurture", "sell_interest")
        assert (answer["advice"]["track"] is not None) == kept
        assert (answer["advice"]["know_first"] is None) or answer["advice"]["action"] == "hand_over"
        assert not (answer["would_change"] and answer["advice"]["action"] in ("hand_over", "never_call"))


@settings(max_examples=60)
@given(desked(), st.sampled_from([SMALL, SHIPPED]), st.sampled_from(["flag", "stop", "barred"]))
def test_who_is_suppressed_is_never_advised_otherwise(drawn: Desked, by: Agreement, way: str) -> None:
    first = drawn.world.leads[0].lead_id
    answers, outcomes = drawn.world.answers, drawn.outcomes
    barred = np.zeros(len(drawn.world.leads), dtype=np.bool_)
    if way == "flag":
        answers = (*answers, builders.answer(99.999, "do_not_call", "yes", lead_id=first))
    elif way == "stop":
        others = tuple(row for row in outcomes if row.lead_id != first)
        outcomes = (*others, builders.outcome(99, "stop_calling", lead_id=first))
    else:
        barred[0] = True
    world = World(drawn.world.leads, drawn.world.activities, answers)
    answer = told(
        scored(Desked(world, drawn.handovers, outcomes).tables(), by, suppressions=Suppressions(barred))
    )[0]

    assert answer["advice"]["action"] == "never_call"
    assert answer["would_change"] == []
    assert [answer["advice"][name] for name in ("by", "ask_next", "follow_up", "track", "look_again")] == [
        None
    ] * 5


@settings(max_examples=40)
@given(desked())
def test_nothing_at_or_after_the_cutoff_changes_a_byte_of_an_assessment(drawn: Desked) -> None:
    assert told(scored(drawn.tables(), SMALL)) == told(scored(drawn.tables(until=CUTOFF), SMALL))


@settings(max_examples=40)
@given(desked())
def test_a_lead_s_assessment_is_the_same_alone_and_among_others(drawn: Desked) -> None:
    among = {answer["lead_id"]: answer for answer in told(scored(drawn.tables(), SMALL))}
    for lead in drawn.world.leads:
        mine = Desked(
            drawn.world.only(lead.lead_id),
            tuple(row for row in drawn.handovers if row.lead_id == lead.lead_id),
            tuple(row for row in drawn.outcomes if row.lead_id == lead.lead_id),
        )
        assert told(scored(mine.tables(), SMALL)) == [among[lead.lead_id]]


@pytest.mark.parametrize("by", [SMALL, SHIPPED])
def test_a_lead_of_which_nothing_at_all_is_known_is_advised_like_any_other(by: Agreement) -> None:
    undated = builders.tables([builders.lead(created=None, source=None)], through=None)
    dated = builders.tables([builders.lead(source=None)])

    for tables in (undated, dated):
        (answer,) = told(scored(tables, by))
        assert (answer["category"]["name"], answer["advice"]["action"]) == ("dubious", "nurture")


def test_without_leads_there_is_no_advice() -> None:
    assert told(scored(builders.tables([]), SMALL)) == []
