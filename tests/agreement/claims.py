"""What the rules promise for any lead at all; each claim fails on a world that breaks it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final, TypeAlias

import numpy as np

from readiness.agreement import sentences
from readiness.agreement.advice import ACTIONS, ADVICE_RULES
from readiness.agreement.bant import BANT_DENIED
from readiness.agreement.category import RULES
from readiness.agreement.conditions import UNKNOWN
from readiness.agreement.document import CATEGORIES, Agreement
from readiness.agreement.fit import FIT_UNKNOWN
from readiness.agreement.verdicts import Verdicts, evaluate
from readiness.crm.records import OUTCOMES, Activity, Answer
from readiness.history import snapshots
from tests import builders
from tests.agreement.agreements import advised, agreement
from tests.agreement.worlds import CUTOFF, WORDS, World
from tests.oracles.agreement import category_by_definition

Judge: TypeAlias = Callable[[World, Agreement], Verdicts]
Claim: TypeAlias = Callable[[World, Judge], None]

BY: Final = agreement()
_JUST_NOW: Final = CUTOFF - 1e-6
_ROUNDING: Final = 1e-9
"""Sums are exact up to the last bits: more terms may be added in another order."""
_CONFIRMING: Final = {"budget": "approved", "authority": "decides", "need": "clear", "when": "this month"}


def verdicts_of(world: World, by: Agreement = BY) -> Verdicts:
    """Judge every lead of a world at the cutoff."""
    tables = world.tables()
    return evaluate(tables, snapshots.at(tables, builders.at(CUTOFF)), by)


def exactly_one_category_and_one_advice_and_words_for_both(world: World, judge: Judge = verdicts_of) -> None:
    """Every lead has one, whatever is missing, lies in the future, or contradicts itself."""
    verdicts = judge(world, BY)
    advices = advised(verdicts, score=0.5)
    assert len(verdicts) == len(advices) == len(world.leads)
    for row in range(len(verdicts)):
        category, advice = sentences.category(verdicts, row), sentences.advice(verdicts, advices, row)
        cell = (verdicts.fit.state[row], verdicts.interest.level[row], verdicts.source[row])
        expected = category_by_definition(*cell, verdicts.stage.stage[row], verdicts.near[row])
        assert category["name"] == expected
        assert RULES[verdicts.rule[row]].category == CATEGORIES[verdicts.category[row]] == expected
        assert advice["action"] == ADVICE_RULES[advices.rule[row]].action
        told = [category["because"], advice["because"], *sentences.bant(verdicts, row).values()]
        said = repr([*told, sentences.stage(verdicts, row)]).lower()
        assert "nan" not in said
        assert "None" not in category["because"] + advice["because"]


def who_is_suppressed_is_never_advised_otherwise(world: World, judge: Judge = verdicts_of) -> None:
    """Whatever the score, the end and the kind of lead."""
    verdicts = judge(world, BY)
    for score in (None, 0.0, 1.0):
        for ended in range(-1, len(OUTCOMES)):
            advices = advised(verdicts, score=score, stop_risk=0.0, suppressed=True, ended=ended)
            assert {ACTIONS[action] for action in advices.action} <= {"never_call"}


def a_newest_confirming_answer_never_lowers_bant(world: World, judge: Judge = verdicts_of) -> None:
    """Of each of the four, and of none of the other three."""
    before = judge(world, BY)
    for field, value in _CONFIRMING.items():
        more = _all_say(world, field, value)
        after = judge(replace(world, answers=(*world.answers, *more)), BY)
        assert (after.bant.state >= before.bant.state).all()
        assert (after.bant_confirmed >= before.bant_confirmed).all()


def unknown_is_never_no(world: World, judge: Judge = verdicts_of) -> None:
    """A newest answer "unknown" leaves what it is about neither failed nor denied."""
    everything = World(world.leads, (), ())
    for field in WORDS:
        said = _all_say(world, field, "unknown")
        one = judge(replace(world, answers=(*world.answers, *said)), BY)
        for column, criterion in enumerate(BY.profile.criteria):
            if field in criterion.reads:
                assert (one.fit.met[:, column] == UNKNOWN).all()
        everything = replace(everything, answers=(*everything.answers, *said))
    blank = judge(everything, BY)
    assert (blank.fit.state == FIT_UNKNOWN).all()
    assert np.isnan(blank.fit.share).all()
    assert not (blank.bant.state == BANT_DENIED).any()
    assert not np.isin(blank.category, [CATEGORIES.index("unworthy")]).any()


def a_negative_behaviour_never_raises_interest(world: World, judge: Judge = verdicts_of) -> None:
    """On whatever day it comes."""
    before = judge(world, BY).interest
    for day in (1, 50, 99):
        after = judge(_also(world, day, "unsubscribe"), BY).interest
        assert (after.points <= before.points + _ROUNDING).all()


def one_more_sign_of_interest_never_lowers_it(world: World, judge: Judge = verdicts_of) -> None:
    """On whatever day it comes, and of whatever kind."""
    before = judge(world, BY).interest.points
    for day, kind in ((1, "demo"), (50, "visit"), (98.5, "visit"), (99, "demo")):
        assert (judge(_also(world, day, kind), BY).interest.points >= before - _ROUNDING).all()


def a_shorter_half_life_never_raises_interest_without_negative_behaviours(
    world: World, judge: Judge = verdicts_of
) -> None:
    """Of all kinds of activity, or of one kind alone."""
    mild = replace(world, activities=tuple(row for row in world.activities if row.type != "unsubscribe"))
    points = [judge(mild, by).interest.points for by in _EVER_LONGER]
    for shorter, longer in itertools.pairwise(points):
        assert (shorter <= longer + _ROUNDING).all()


def broken(claim: Claim, world: World, judge: Judge) -> bool:
    """Say whether a world breaks a claim when leads are judged so."""
    try:
        claim(world, judge)
    except AssertionError:
        return True
    return False


def _all_say(world: World, field: str, value: str) -> tuple[Answer, ...]:
    return tuple(builders.answer(_JUST_NOW, field, value, lead_id=lead.lead_id) for lead in world.leads)


def _also(world: World, day: float, kind: str) -> World:
    more: list[Activity] = [builders.activity(day, kind, lead_id=lead.lead_id) for lead in world.leads]
    return replace(world, activities=(*world.activities, *more))


def _with_half_lives(general: float, demo: float) -> Agreement:
    worths = {name: worth.model_dump(mode="json") for name, worth in BY.interest.meaningful.items()}
    worths["demo"]["half_life_days"] = demo
    return agreement(interest__half_life_days=general, interest__meaningful=worths)


_EVER_LONGER: Final = tuple(_with_half_lives(*days) for days in ((5, 5), (10, 5), (10, 20), (30, 40)))

CLAIMS: Final[Mapping[str, Claim]] = {
    "exactly one category and one advice, with words": exactly_one_category_and_one_advice_and_words_for_both,
    "who is suppressed is never advised otherwise": who_is_suppressed_is_never_advised_otherwise,
    "a confirming answer never lowers BANT": a_newest_confirming_answer_never_lowers_bant,
    "unknown never equals no": unknown_is_never_no,
    "a negative behaviour never raises interest": a_negative_behaviour_never_raises_interest,
    "one more sign of interest never lowers it": one_more_sign_of_interest_never_lowers_it,
    "a shorter half-life never raises interest without negative behaviours": (
        a_shorter_half_life_never_raises_interest_without_negative_behaviours
    ),
}
