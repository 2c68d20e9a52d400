"""Which sets of answers could do at all, and in which order they are tried."""

from __future__ import annotations

import numpy as np

from readiness.agreement.asking import askable
from readiness.agreement.document import Agreement
from readiness.agreement.gaps import FREE_AT_MOST, SETS_AT_MOST, Gap, Open, kinds, sets
from readiness.agreement.verdicts import Verdicts
from tests.agreement.agreements import FITTING, agreement, judge
from tests.builders import activity, answer

REPLIES = [activity(day, "reply") for day in (97, 98, 99)]
KNOWN = [answer(95, field, value) for field, value in (("need", "clear"), ("authority", "decides"))]


def opened(verdicts: Verdicts, by: Agreement, *, returned: bool = False) -> Open:
    found, kind = kinds(verdicts, np.array([0]), np.array([returned]), askable(by))
    return found[kind[0]]


def named(by: Agreement, chosen: tuple[int, ...]) -> set[str]:
    return {askable(by).candidates[each].piece for each in chosen}


def test_sets_come_the_smallest_first_then_the_cheapest_and_only_those_that_touch_every_gap() -> None:
    both = Open((0, 1, 2), (Gap(((0,), (1,)), 1),))

    assert sets(both, (3, 0, 1)) == ((1,), (0,), (1, 2), (0, 1), (0, 2), (0, 1, 2))


def test_what_no_set_can_do_without_is_in_every_set() -> None:
    assert sets(Open((0, 1, 2), (Gap(((2,),), 1),)), (0, 0, 0)) == ((2,), (0, 2), (1, 2), (0, 1, 2))
    assert sets(Open((0, 1), (Gap(((0,), (1,)), 2),)), (0, 0)) == ((0, 1),)


def test_where_a_gap_cannot_be_touched_nothing_is_tried() -> None:
    assert sets(Open((0, 1), (Gap(((),), 1),)), (0, 0)) == ()
    assert sets(Open((), ()), ()) == ()


def test_however_much_is_unknown_only_so_many_sets_are_tried() -> None:
    many = tuple(range(40))

    tried = sets(Open(many, ()), (0,) * 40)

    assert len(tried) == SETS_AT_MOST
    assert {each for chosen in tried for each in chosen} == set(range(FREE_AT_MOST))


def test_a_lead_that_lacks_one_bant_point_has_a_gap_that_only_bant_closes() -> None:
    by = agreement(handover__bant_at_least=3)
    found = opened(judge(REPLIES, KNOWN, by=by, **{**FITTING, "country": "unknown"}), by)

    assert [named(by, each) for target in found.gaps for each in target.targets] == [
        {"budget"},
        {"timeframe"},
    ]
    assert [gap.at_least for gap in found.gaps] == [1]
    assert named(by, found.candidates) == {"country", "budget", "timeframe"}


def test_unknown_musts_required_pieces_and_low_interest_are_gaps_of_their_own() -> None:
    by = agreement(handover__bant_required=["authority"], handover__bant_at_least=1)
    found = opened(judge(by=by), by)

    closing = [[named(by, each) for each in gap.targets] for gap in found.gaps]

    assert closing[0] == [{"size"}]
    assert closing[1] == [{"size"}, {"industry"}, {"country"}]
    assert closing[2] == [set()]  # facts that show interest are asked of nobody here
    assert closing[-1] == [{"authority"}]
    assert sets(found, (0,) * 20) == ()


def test_where_only_ready_buyers_pass_stage_and_timeframe_are_gaps_while_they_are_not_reached() -> None:
    by = agreement(
        handover__categories=["sales_ready_buyer"],
        handover__bant_at_least=0,
        near_timeframe=[{"reads": ["soon"], "any_of": ["yes"]}],
    )
    nowhere, deciding = (
        opened(judge(rows, by=by, **FITTING), by) for rows in (REPLIES, [*REPLIES, activity(99, "demo")])
    )

    assert len(nowhere.gaps) == 2
    assert [named(by, gap.targets[0]) for gap in deciding.gaps] == [{"near timeframe"}]


def test_who_came_back_from_sales_needs_a_key_signifier() -> None:
    by = agreement(handover__bant_at_least=0)
    there, back = (
        opened(judge(REPLIES, by=by, **FITTING), by, returned=returned) for returned in (False, True)
    )

    assert len(back.gaps) == len(there.gaps) + 1
    assert {"need", "budget"} <= named(by, back.gaps[-1].targets[0])


def test_who_fails_the_profile_is_asked_nothing() -> None:
    assert opened(judge(REPLIES, size=1), agreement()) == Open((), ())


def test_leads_of_which_the_same_is_known_are_of_one_kind_and_no_leads_of_none() -> None:
    by = agreement()
    verdicts = judge(REPLIES, KNOWN, **FITTING)

    assert kinds(verdicts, np.empty(0, dtype=np.int64), np.zeros(1, dtype=np.bool_), askable(by))[0] == []
    twice, kind = kinds(verdicts, np.array([0, 0]), np.zeros(1, dtype=np.bool_), askable(by))
    assert (len(twice), kind.tolist()) == (1, [0, 0])
