"""The next question is one whose answer could change the decision, never one that cannot."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

from hypothesis import assume, given, settings

from readiness.agreement.advice import ADVICE_RULES
from readiness.agreement.asking import askable
from readiness.agreement.subjects import subjects
from readiness.crm.records import Answer
from readiness.history import snapshots
from readiness.scoring import Scored, score
from tests.agreement.agreements import FITTING, advised, agreement, judge
from tests.agreement.worlds import CUTOFF, World
from tests.builders import activity, at, tables
from tests.scoring.test_would_change import keen_worlds

BY = agreement(profile__known_at_least=0.8)


def rules(world: World) -> tuple[list[str], dict[frozenset[str], str], Scored]:
    """Return what is asked, and the rule by which each set of answers, by what it is about, is advised."""
    known = {each.piece: each for each in askable(BY).candidates}
    sets = [chosen for size in range(len(known) + 1) for chosen in combinations(known, size)]
    leads, activities, answers = [], [], []
    for number, chosen in enumerate(sets):
        who = f"L-{number}"
        leads.append(replace(world.leads[0], lead_id=who))
        activities += [replace(row, lead_id=who) for row in world.activities]
        answers += [replace(row, lead_id=who) for row in world.answers]
        answers += [Answer(who, at(CUTOFF) - 1, known[each].field, known[each].value) for each in chosen]
    crowd = tables(leads, activities, answers, through=1000)
    found = score(crowd, snapshots.at(crowd, at(CUTOFF)), agreement=BY, model=None, explain="none")
    codes = [ADVICE_RULES[rule].code for rule in found.advices.rule]
    return list(known), {frozenset(one): code for one, code in zip(sets, codes, strict=True)}, found


@settings(max_examples=40)
@given(keen_worlds())
def test_the_question_asked_of_a_lead_to_be_qualified_decides_together_with_some_other_answers_or_alone(
    world: World,
) -> None:
    _, code, found = rules(world)
    before = code[frozenset()]
    assume(before in ("QU1", "QU2"))

    about = subjects(BY)[found.advices.ask_next[0]].about

    assert any(
        code[chosen] != before and code[chosen - {about}] == before for chosen in code if about in chosen
    )


def test_with_all_musts_known_a_criterion_is_asked_for_that_makes_enough_known_by_itself() -> None:
    # Known so far: the weight 2 of 4; a half-known lead needs 0.75, which country (survey) gives alone.
    by = agreement(profile__known_at_least=0.75)
    heavy = agreement(
        profile__known_at_least=0.8,
        profile__criteria=[
            {"name": "size", "rank": "must", "reads": ["size"], "at_least": 10},
            {"name": "country", "rank": "should", "reads": ["country"], "any_of": ["DE"]},
            {
                "name": "industry",
                "rank": "should",
                "weight": 3,
                "reads": ["industry"],
                "any_of": ["software"],
            },
        ],
    )
    asked = [activity(99, "demo")]

    cheap, sure = judge(asked, size=50, by=by), judge(asked, size=50, by=heavy)

    assert subjects(by)[advised(cheap).ask_next[0]].about == "country"
    assert subjects(heavy)[advised(sure).ask_next[0]].about == "industry"


def test_a_lead_that_is_known_well_enough_is_asked_nothing_about_its_fit() -> None:
    assert advised(judge(**FITTING)).ask_next[0] == -1
