"""What a lead may still be asked, and an answer to each question that the agreement would accept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from readiness.agreement.bant import evidence_for
from readiness.agreement.conditions import MET, NOT_MET, Condition, Evidence, fold
from readiness.agreement.definitions import Criterion
from readiness.agreement.document import CHANNELS, PIECES, Agreement, Question
from readiness.agreement.subjects import subjects
from readiness.agreement.wording import plain
from readiness.crm.records import written

CONSIDERATION_STAGE: Final = "consideration stage"
DECISION_STAGE: Final = "decision stage"
NEAR_TIMEFRAME: Final = "near timeframe"

Words = Mapping[str, tuple[str, Mapping[str, str]]]
"""How a CRM spells its fields and what they hold: by the folded field, and there by the folded word."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An answer that the agreement would accept, and how to come by it."""

    piece: str
    """The subject it is about: a criterion, a BANT piece, a stage or a near timeframe."""
    question: Question
    field: str
    value: str
    answer: str
    """In words."""

    @property
    def cost(self) -> int:
        """How dear it is to ask: position in `CHANNELS`."""
        return CHANNELS.index(self.question.channel)

    def told(self) -> dict[str, str]:
        """Return the answer as an assessment shows it: all of a set together give the action."""
        return {
            "piece": self.piece,
            "ask": self.question.ask,
            "channel": self.question.channel,
            "answer": self.answer,
            "field": self.field,
            "value": self.value,
            "action": "hand_over",
        }


@dataclass(frozen=True, slots=True)
class Askable:
    """Every answer that may be supposed of a lead, and which rules look at its field."""

    candidates: tuple[Candidate, ...]
    of_criterion: tuple[int, ...]
    """Position of each criterion's candidate; -1 for a must-not, or where no accepted value can be named."""
    of_piece: tuple[int, ...]
    of_stage: tuple[int, int]
    """Of the consideration and the decision stage."""
    of_near: int
    reads_criterion: tuple[tuple[int, ...], ...]
    """The candidates that each criterion reads."""
    reads_piece: tuple[tuple[int, ...], ...]
    reads_stage: tuple[int, ...]
    """The candidates that any stage, or what moves a lead back, reads."""
    reads_near: tuple[int, ...]
    reads_facts: tuple[int, ...]
    """The candidates that facts showing interest read."""


@dataclass(frozen=True, slots=True)
class _Subject:
    """Something to be asked: conditions of which one must be met, and those that speak against it."""

    name: str
    accepts: tuple[Criterion | Evidence, ...]
    refuses: tuple[Criterion | Evidence, ...] = field(default=())


def askable(agreement: Agreement, words: Words | None = None) -> Askable:
    """Name an accepted answer for everything that can be asked.

    Of the values that a subject accepts, the one is taken that serves most subjects at once and speaks
    against fewest; of those a word that the CRM knows, then the one that the agreement names first.

    Parameters
    ----------
    agreement : Agreement
    words : Words, optional
        How the CRM spells fields and values; the agreement's own spelling where it has none.

    Returns
    -------
    Askable
        Candidates in the order criteria, BANT, stages, near timeframe; none twice.
    """
    criteria = _criteria(agreement)
    every = (*criteria, *_pieces(agreement), *_stages(agreement))
    found: dict[tuple[str, str], Candidate] = {}
    place = []
    for subject in every:
        chosen = _candidate(subject, every, agreement, words or {})
        if chosen is None:
            place.append(-1)
            continue
        found.setdefault((fold(chosen.field), fold(chosen.value)), chosen)
        place.append(list(found).index((fold(chosen.field), fold(chosen.value))))
    candidates = tuple(found.values())
    first = len(criteria)

    def reading(conditions: Sequence[Criterion | Evidence]) -> tuple[int, ...]:
        names = {name for condition in conditions for name in condition.folded_reads}
        return tuple(i for i, candidate in enumerate(candidates) if fold(candidate.field) in names)

    stages = agreement.stages
    return Askable(
        candidates=candidates,
        of_criterion=tuple(place[:first]),
        of_piece=tuple(place[first : first + len(PIECES)]),
        of_stage=(place[-3], place[-2]),
        of_near=place[-1],
        reads_criterion=tuple(reading([each]) for each in agreement.profile.criteria),
        reads_piece=tuple(reading(evidence_for(agreement.bant, name)) for name in PIECES),
        reads_stage=reading(
            [*stages.consideration.signifiers, *stages.decision.signifiers, *stages.moves_back]
        ),
        reads_near=reading(agreement.near_timeframe),
        reads_facts=reading(agreement.interest.shown_by),
    )


def _criteria(agreement: Agreement) -> list[_Subject]:
    # A must-not has no value that it asks for; it is kept so that others do not step into it.
    return [
        _Subject(each.name, (), (each,)) if each.rank == "must_not" else _Subject(each.name, (each,))
        for each in agreement.profile.criteria
    ]


def _pieces(agreement: Agreement) -> list[_Subject]:
    pieces = [getattr(agreement.bant, name) for name in PIECES]
    return [
        _Subject(name, piece.confirmed_by, piece.denied_by)
        for name, piece in zip(PIECES, pieces, strict=True)
    ]


def _stages(agreement: Agreement) -> list[_Subject]:
    stages = agreement.stages
    return [
        _Subject(CONSIDERATION_STAGE, stages.consideration.signifiers, stages.moves_back),
        _Subject(DECISION_STAGE, stages.decision.signifiers, stages.moves_back),
        _Subject(NEAR_TIMEFRAME, agreement.near_timeframe),
    ]


def _candidate(
    subject: _Subject, every: Sequence[_Subject], agreement: Agreement, words: Words
) -> Candidate | None:
    best: tuple[int, bool] | None = None
    chosen = None
    for condition in subject.accepts:
        for name in condition.reads[:1]:
            known = next((each for each in condition.folded_reads if each in words), fold(name))
            spelt, spellings = words.get(known, (name, {}))
            for value in _values(condition):
                if fold(value) in agreement.unknown or condition.judge(value) != MET:
                    continue
                rank = (-_worth(known, value, every), fold(value) not in spellings)
                if best is None or rank < best:
                    best = rank
                    said = spellings.get(fold(value), value)
                    chosen = _asked(subject, condition, spelt, said, agreement)
    return chosen


def _values(condition: Condition) -> Iterator[str]:
    """Name values that a condition may accept: its words, the edge of its range, what its pattern says."""
    edge = condition.at_most if condition.at_least is None else condition.at_least
    if edge is not None:
        yield written(edge) or ""
    yield from condition.any_of
    for part in (condition.pattern or "").split("|"):
        yield re.sub(r"\\b|[\^$()]", "", part).strip()


def _worth(name: str, value: str, every: Sequence[_Subject]) -> int:
    """Count the subjects that a value serves, less those that it speaks against."""
    worth = 0
    for subject in every:
        accepts = [each.judge(value) for each in subject.accepts if name in each.folded_reads]
        refuses = [each.judge(value) for each in subject.refuses if name in each.folded_reads]
        criterion = len(subject.accepts) == 1 and isinstance(subject.accepts[0], Criterion)
        worth += MET in accepts
        worth -= MET in refuses or (criterion and NOT_MET in accepts)
    return worth


def _asked(
    subject: _Subject, condition: Criterion | Evidence, name: str, value: str, agreement: Agreement
) -> Candidate:
    stated = {question.about: question for question in subjects(agreement)}
    question = stated.get(subject.name) or Question(
        about=subject.name, ask=f"What can you tell us about {plain(name)}?", channel="inside_sales"
    )
    answer = f"{plain(name)}: {plain(value)}"
    if condition.ranged and fold(value) not in map(fold, condition.any_of):
        answer += f" (agreed: {condition.in_words(value)})"
    return Candidate(subject.name, question, name, value, answer)
