"""What the page asks of a lead: what the agreement and the model in use know, in their own words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Final, Literal

from readiness.agreement.conditions import Condition, Evidence, fold
from readiness.agreement.document import PIECES, Agreement
from readiness.crm.tables import IDENTITIES
from readiness.history.feature_plan import Feature
from readiness.history.levels import attribute_label, label_of
from serve.store import InUse

SHOWN: Final = 8
"""So many attributes are asked at once; the others wait under "more"."""
ACTIVITIES: Final = 5
"""So many activities can be typed in."""


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that is asked: its name in a request, in words, and what others answered."""

    name: str
    label: str
    number: bool = False
    words: tuple[str, ...] = ()
    """Suggestions; anything else may be typed in."""


@dataclass(frozen=True, slots=True)
class Questions:
    """Everything that the page asks.

    ``dated`` is False where the model knows no time: then nothing dated is asked, and what is
    asked of budget, authority, need and timeframe is an attribute.
    """

    dated: bool
    source: Question
    attributes: tuple[Question, ...]
    bant: tuple[Question, ...]
    types: tuple[str, ...]
    identities: tuple[str, ...] = IDENTITIES
    activities: int = ACTIVITIES

    @property
    def first(self) -> tuple[Question, ...]:
        """The attributes that are asked at once."""
        return self.attributes[:SHOWN]

    @property
    def more(self) -> tuple[Question, ...]:
        """Those that wait under "more"."""
        return self.attributes[SHOWN:]


Kind = Literal["attribute", "answer"]


def questions(in_use: InUse) -> Questions:
    """Return what to ask of a lead while this model and agreement are in use.

    The buyer profile of the agreement first, then the model's attributes, in its order.
    """
    agreement, model = in_use.agreement, in_use.model
    features = model.plan.features if model else ()
    dated = model is None or model.horizon_days is not None
    attributes, answers = _known(features, "attribute"), _known(features, "answer")
    bant = _bant(agreement, {**attributes, **answers})
    taken = {fold(each.name) for each in bant}
    chosen: dict[str, Question] = {}
    for question in (*_profile(agreement, attributes), *attributes.values()):
        if fold(question.name) not in taken:
            chosen.setdefault(fold(question.name), question)
    return Questions(
        dated=dated,
        source=Question("source", "How it reached you", words=_sources(agreement, features)),
        attributes=tuple(chosen.values()),
        bant=bant,
        types=_distinct((*agreement.interest.meaningful, *(f.of for f in features if _is_type(f)))),
    )


def _is_type(feature: Feature) -> bool:
    return feature.measure.startswith("activity:") and bool(feature.of)


def _known(features: Iterable[Feature], kind: Kind) -> dict[str, Question]:
    """Return what the model reads of this kind, by folded name; of dates nothing is asked."""
    found = {}
    for feature in features:
        if feature.measure in (f"{kind}:number", f"{kind}:category"):
            label, number = attribute_label(feature.of), feature.kind == "number"
            found[fold(feature.of)] = Question(feature.of, label, number, feature.levels)
    return found


def _profile(agreement: Agreement, known: Mapping[str, Question]) -> Iterator[Question]:
    for criterion in agreement.profile.criteria:
        # Called as both sides call it: a column's name may be their CRM's riddle.
        yield replace(_asked(criterion.reads, [criterion], known), label=label_of(criterion.name))


def _bant(agreement: Agreement, known: Mapping[str, Question]) -> tuple[Question, ...]:
    asked: list[Question] = []
    for piece in PIECES:
        # Two points may rest on the same answer; each is asked by a name of its own.
        others = {fold(each.name) for each in asked} | {fold(other) for other in PIECES if other != piece}
        asked.append(_piece(agreement, piece, known, others))
    return tuple(asked)


def _piece(agreement: Agreement, piece: str, known: Mapping[str, Question], others: Set[str]) -> Question:
    own = getattr(agreement.bant, piece)
    evidence: tuple[Evidence, ...] = (*own.confirmed_by, *own.denied_by)
    read = _distinct(name for each in evidence for name in each.reads)
    names = tuple(name for name in read if fold(name) not in others) or (piece,)
    # What is called like the piece itself is meant, not the contact's job title that may confirm it too.
    first = [name for name in names if fold(name) == fold(piece)]
    return replace(_asked((*first, *names), evidence, known), label=label_of(piece))


def _asked(names: Sequence[str], conditions: Sequence[Condition], known: Mapping[str, Question]) -> Question:
    """Ask by the first name that the model knows, else by the first; suggest both sides' words."""
    name = next((each for each in names if fold(each) in known), names[0])
    asked = known.get(fold(name), Question(name, attribute_label(name)))
    agreed = (
        word
        for each in conditions
        if fold(name) in {fold(read) for read in getattr(each, "reads", ())}
        for word in each.any_of
    )
    number = asked.number or any(each.at_least is not None for each in conditions)
    words = () if number else _distinct((*asked.words, *agreed))
    return Question(asked.name, asked.label, number, words)


def _sources(agreement: Agreement, features: Iterable[Feature]) -> tuple[str, ...]:
    levels = (level for feature in features if feature.measure == "source" for level in feature.levels)
    return _distinct((*levels, *agreement.sources.dubious, *agreement.sources.referrals.sources))


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    return tuple({fold(word): word for word in reversed([*words])}.values())[::-1]
