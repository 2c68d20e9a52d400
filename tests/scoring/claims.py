"""What the advice promises for any lead at all, hand-overs and ends included."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any, Final, TypeAlias

from readiness.agreement.advice import ACTIONS
from readiness.agreement.asking import Candidate, askable
from readiness.agreement.document import Agreement
from readiness.agreement.subjects import subjects
from readiness.crm.records import Answer, instant
from tests.agreement.worlds import CUTOFF, World
from tests.builders import at
from tests.scoring.desks import SHIPPED, SMALL, Desked, scored, told

Answers: TypeAlias = list[dict[str, Any]]
Teller: TypeAlias = Callable[[Desked, Agreement], Answers]
Claim: TypeAlias = Callable[[Desked, Teller], None]

_NEXT_STEPS: Final = ("by", "ask_next", "look_again")
_AT_MOST: Final = 3
"""Sets of more answers are not tried by brute force."""


def assessed(drawn: Desked, by: Agreement) -> Answers:
    """Assess every lead at the cutoff."""
    return told(scored(drawn.tables(), by))


def one_advice_with_its_sentence(drawn: Desked, tell: Teller = assessed) -> None:
    """Whatever is missing, lies in the future, or contradicts itself."""
    for by in (SMALL, SHIPPED):
        answers = tell(drawn, by)
        assert len(answers) == len(drawn.world.leads)
        for answer in answers:
            advice = answer["advice"]
            assert advice["action"] in ACTIONS
            assert advice["because"].endswith(".")
            assert "None" not in advice["because"]
            assert (advice["action"] == "hand_over") or advice["know_first"] is None


def who_is_suppressed_is_never_advised_otherwise(drawn: Desked, tell: Teller = assessed) -> None:
    """Whatever the kind of lead, its hand-overs and its end; and nobody else is told never to be called."""
    for by in (SMALL, SHIPPED):
        for answer in tell(drawn, by):
            never = answer["advice"]["action"] == "never_call"
            assert never == _suppressed(drawn, answer["lead_id"])
            if never:
                assert answer["would_change"] == []
                assert [answer["advice"][name] for name in (*_NEXT_STEPS, "follow_up", "track")] == [None] * 5


def nobody_is_forgotten(drawn: Desked, tell: Teller = assessed) -> None:
    """Whoever is open and may be called has a next step: a call, a question, or a day to look again."""
    ended = {row.lead_id for row in drawn.outcomes if row.occurred_at is None or row.occurred_at < at(CUTOFF)}
    for answer in tell(drawn, SMALL):
        advice = answer["advice"]
        if answer["lead_id"] not in ended and advice["action"] != "never_call":
            assert any(advice[name] for name in _NEXT_STEPS)
        days = [advice[name] for name in ("by", "look_again", "follow_up") if advice[name]]
        assert all(instant(day) >= at(CUTOFF) for day in days)


def what_would_change_it_really_does_and_nothing_smaller(drawn: Desked, tell: Teller = assessed) -> None:
    """As every set of up to three answers shows, put into the records of a lead of its own."""
    every = askable(SMALL).candidates
    for answer in tell(drawn, SMALL):
        told_of = [(each["field"], each["value"]) for each in answer["would_change"]]
        chosen = tuple(each for each in every if (each.field, each.value) in told_of)
        smaller = min(len(chosen), _AT_MOST + 1)
        if chosen:
            tried = [part for size in range(smaller) for part in combinations(every, size)]
            *less, enough = _really(_only(drawn, answer["lead_id"]), [*tried, chosen])
            assert enough == "hand_over"
            assert "hand_over" not in less


def the_question_asked_could_change_the_decision(drawn: Desked, tell: Teller = assessed) -> None:
    """Alone, or together with other answers of which it is an indispensable one."""
    every = askable(SMALL).candidates
    about = {question.ask: question.about for question in subjects(SMALL)}
    for answer in tell(drawn, SMALL):
        if answer["advice"]["action"] != "qualify":
            continue
        (asked,) = (each for each in every if each.piece == about[answer["advice"]["ask_next"]])
        others = [each for each in every if each != asked]
        without = [part for size in range(_AT_MOST) for part in combinations(others, size)]
        advised = _really(_only(drawn, answer["lead_id"]), [*without, *((asked, *part) for part in without)])
        pairs = zip(advised[: len(without)], advised[len(without) :], strict=True)
        assert any(before == "qualify" != after for before, after in pairs)


def broken(claim: Claim, drawn: Desked, tell: Teller) -> bool:
    """Say whether leads told of so break a claim."""
    try:
        claim(drawn, tell)
    except AssertionError:
        return True
    return False


def _suppressed(drawn: Desked, lead_id: str) -> bool:
    cutoff = at(CUTOFF)
    stopped = any(
        row.outcome == "stop_calling" and (row.occurred_at is None or row.occurred_at < cutoff)
        for row in drawn.outcomes
        if row.lead_id == lead_id
    )
    flags = [
        (row.answered_at, row.value or "")
        for row in drawn.world.answers
        if row.lead_id == lead_id and row.field == "do_not_call" and row.answered_at < cutoff
    ]
    return stopped or max(flags, default=(0, ""))[1] == "yes"


def _only(drawn: Desked, lead_id: str) -> Desked:
    return Desked(
        drawn.world.only(lead_id),
        tuple(row for row in drawn.handovers if row.lead_id == lead_id),
        tuple(row for row in drawn.outcomes if row.lead_id == lead_id),
    )


def _really(one: Desked, sets: Sequence[Sequence[Candidate]]) -> list[str]:
    """Put each set of answers into the records of a lead of its own, and return what is advised."""
    crowd = World((), (), ())
    handovers: list[Any] = []
    for number, chosen in enumerate(sets):
        who, world = f"L-{number}", one.world
        said = (Answer(who, at(CUTOFF) - 1, each.field, each.value) for each in chosen)
        crowd = World(
            (*crowd.leads, replace(world.leads[0], lead_id=who)),
            (*crowd.activities, *(replace(row, lead_id=who) for row in world.activities)),
            (*crowd.answers, *(replace(row, lead_id=who) for row in world.answers), *said),
        )
        handovers += [replace(row, lead_id=who) for row in one.handovers]
    found = scored(Desked(crowd, tuple(handovers), ()).tables(), SMALL, explain="none")
    return [ACTIONS[action] for action in found.advices.action]


ADVICE_CLAIMS: Final[Mapping[str, Claim]] = {
    "one advice with its sentence, hand-overs and ends read": one_advice_with_its_sentence,
    "who is suppressed is never advised otherwise, hand-overs and ends read": (
        who_is_suppressed_is_never_advised_otherwise
    ),
    "nobody is forgotten": nobody_is_forgotten,
    "what would change it really does, and nothing smaller": (
        what_would_change_it_really_does_and_nothing_smaller
    ),
    "the question asked could change the decision": the_question_asked_could_change_the_decision,
}
