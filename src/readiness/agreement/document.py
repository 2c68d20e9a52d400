"""The agreement: the versioned document in which sales and marketing define sales-ready."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Annotated, Final, Literal, Self, TypeAlias

from pydantic import Field, model_validator

from readiness.agreement.conditions import (
    Condition,
    Days,
    Evidence,
    Number,
    Part,
    Positive,
    Share,
    Word,
    fold,
)

Text: TypeAlias = Annotated[str, Field(min_length=1)]

CategoryName: TypeAlias = Literal[
    "unworthy",
    "dubious",
    "unqualified_suitability",
    "unqualified_interest",
    "sales_ready_buyer",
    "sales_worthy",
]
StageName: TypeAlias = Literal["awareness", "consideration", "decision"]
PieceName: TypeAlias = Literal["budget", "authority", "need", "timeframe"]
Channel: TypeAlias = Literal["form", "survey", "chat", "inside_sales", "research"]
Rank: TypeAlias = Literal["must", "should", "must_not"]

CATEGORIES: Final[tuple[CategoryName, ...]] = (
    "unworthy",
    "dubious",
    "unqualified_suitability",
    "unqualified_interest",
    "sales_ready_buyer",
    "sales_worthy",
)
"""In the order in which they are decided; codes in columns are positions here."""

STAGES: Final[tuple[StageName, ...]] = ("awareness", "consideration", "decision")
PIECES: Final[tuple[PieceName, ...]] = ("budget", "authority", "need", "timeframe")
CHANNELS: Final[tuple[Channel, ...]] = ("form", "survey", "chat", "inside_sales", "research")
"""From the cheapest way of asking to the dearest."""


class Signature(Part):
    """Who signed, and when."""

    by: Text
    on: dt.date


class Signatures(Part):
    """Both sides sign, or it is no agreement."""

    sales: Signature
    marketing: Signature


class Criterion(Condition):
    """One line of the buyer profile: something a lead must be, should be or must not be.

    A must-not only rules out: its weight counts nowhere.
    ``reads`` names answer fields and lead attributes, as in evidence.
    """

    name: Text
    rank: Rank
    reads: Annotated[tuple[Word, ...], Field(min_length=1)]
    weight: Positive = 1.0

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if not self.stated:
            raise ValueError("say which values count: add `any_of`, `at_least`, `at_most` or `pattern`")
        return self


class Profile(Part):
    """The buyer profile (fit): a lead fits if no must fails, every must is known, and enough is known."""

    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1)]
    known_at_least: Share
    """The share of the criteria's weight that has to be known before a lead can be said to fit."""

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        _refuse_repeats("two criteria are called", (criterion.name for criterion in self.criteria))
        if all(criterion.rank == "must_not" for criterion in self.criteria):
            raise ValueError("must-nots only rule out, so no lead could fit; add a must or a should")
        return self


class Worth(Part):
    """What one kind of activity is worth: points that halve with time, so many times a day."""

    points: Number
    half_life_days: Days | None = None
    """The general half-life of interest where none is given."""
    cap_per_day: Annotated[int, Field(strict=True, ge=1)] = 1
    says: Text | None = None
    """How to say that the lead did it: "asked for a demo"."""


class Shown(Evidence):
    """A fact, rather than an activity, that shows interest; it keeps its worth while it is true."""

    points: Positive

    @model_validator(mode="after")
    def _reads_a_fact(self) -> Self:
        if self.activities:
            raise ValueError("activities get their points under `meaningful`; use `reads` here")
        return self


class Interest(Part):
    """What a lead does of its own accord, and what that is worth."""

    meaningful: Mapping[Word, Worth]
    noise: tuple[Word, ...] = ()
    negative: Mapping[Word, Worth] = Field(default_factory=dict)
    shown_by: tuple[Shown, ...] = ()
    half_life_days: Days
    any_from: Positive
    """Below it a lead shows no interest."""
    high_from: Positive
    """From here on interest counts as high; between the two lines it is little."""
    cold_after_days: Days
    """An activity that is older counts for nothing."""
    recent_days: Days
    """The window in which sentences count activities."""
    dialogue_days: Days
    """Two-way dialogue: we wrote or called, and the lead acted after it, within so many days."""

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.any_from > self.high_from:
            raise ValueError("`any_from` lies above `high_from`, so no interest could be little; lower it")
        listed = [*self.meaningful, *self.noise, *self.negative]
        _refuse_repeats("an activity has one meaning only, but two lists name", listed)
        for kind, worth in self.meaningful.items():
            if worth.points <= 0:
                raise ValueError(f"`{kind}` is meaningful but earns nothing; list it under `noise`")
        for kind, worth in self.negative.items():
            if worth.points >= 0:
                raise ValueError(f"`{kind}` is negative but takes nothing away; give it points below zero")
        if not self.meaningful and not self.shown_by:
            raise ValueError("nothing shows interest, so no lead could have any; fill `meaningful`")
        return self


class Sources(Part):
    """Which sources are dubious until history says otherwise, and which are referrals."""

    dubious: tuple[Word, ...] = ()
    referrals: tuple[Word, ...] = ()
    referred_by: tuple[Word, ...] = ()
    """Lead attributes that say who referred it."""

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        _refuse_repeats("a source is dubious or a referral, not both:", (*self.dubious, *self.referrals))
        return self


class Stage(Part):
    """A stage of the funnel: the key signifiers that move a lead into it."""

    signifiers: Annotated[tuple[Evidence, ...], Field(min_length=1)]


class Stages(Part):
    """Awareness is where every lead starts; what moves it on, and what moves it back there."""

    consideration: Stage
    decision: Stage
    moves_back: tuple[Evidence, ...] = ()


class Piece(Part):
    """What confirms and what denies one of budget, authority, need and timeframe."""

    confirmed_by: Annotated[tuple[Evidence, ...], Field(min_length=1)]
    denied_by: tuple[Evidence, ...] = ()


class Bant(Part):
    """Budget, authority, need and timeframe."""

    budget: Piece
    authority: Piece
    need: Piece
    timeframe: Piece

    def piece(self, name: PieceName) -> Piece:
        """Return one of the four by its name."""
        piece: Piece = getattr(self, name)
        return piece


class Handover(Part):
    """When a lead may pass from marketing to sales."""

    categories: Annotated[tuple[Literal["sales_worthy", "sales_ready_buyer"], ...], Field(min_length=1)]
    bant_at_least: Annotated[int, Field(strict=True, ge=0, le=4)]
    bant_required: tuple[PieceName, ...] = ()
    score_at_least: Share
    stop_risk_at_most: Share
    weekly_capacity: Annotated[int, Field(strict=True, ge=1)]
    response_hours: Positive


class LookAgain(Part):
    """After how many days to look again at a lead that is kept back, by its category."""

    unworthy: Days
    dubious: Days
    unqualified_suitability: Days
    unqualified_interest: Days
    sales_worthy: Days
    sales_ready_buyer: Days

    def days(self, name: CategoryName) -> float:
        """Return the days for a category."""
        return float(getattr(self, name))


class Nurture(Part):
    """When to look again at leads that are not handed over; a stage's number wins where it is sooner."""

    look_again_days: LookAgain
    by_stage: Mapping[StageName, Days] = Field(default_factory=dict)


class Question(Part):
    """What to ask for a missing piece, and over which channel."""

    about: Text
    """One of budget, authority, need, timeframe, or the name of a profile criterion."""
    ask: Text
    channel: Channel


class PointsCard(Part):
    """How many points a rule-only scorecard gives; a model must beat it."""

    fit: Positive
    interest: Positive
    bant: Positive
    """For each confirmed piece; taken away for each denied one."""
    referral: Number = 0.0
    dubious: Number = 0.0

    @model_validator(mode="after")
    def _is_monotone(self) -> Self:
        if self.referral < 0 or self.dubious > 0:
            raise ValueError("a referral may not cost points, nor a dubious source earn any; mend the sign")
        return self


class Outcomes(Part):
    """How far ahead the score looks."""

    horizon_days: Days


class Agreement(Part):
    """What sales-ready means to one sales team and one marketing team."""

    name: Text
    version: Text
    valid_from: dt.date
    signatures: Signatures
    unknown_words: tuple[Word, ...] = ()
    """Values that say nothing, such as "unknown"."""
    profile: Profile
    interest: Interest
    sources: Sources
    stages: Stages
    bant: Bant
    near_timeframe: Annotated[tuple[Evidence, ...], Field(min_length=1)]
    handover: Handover
    nurture: Nurture
    questions: tuple[Question, ...] = ()
    points_card: PointsCard
    labels: Outcomes

    @model_validator(mode="after")
    def _questions_have_a_subject(self) -> Self:
        subjects = [criterion.name for criterion in self.profile.criteria] + list(PIECES)
        _refuse_repeats("a criterion may not be called like another subject:", subjects)
        for question in self.questions:
            if question.about not in subjects:
                raise ValueError(f"a question is about `{question.about}`; use one of {', '.join(subjects)}")
        _refuse_repeats("ask once about", (question.about for question in self.questions))
        return self

    @property
    def horizon_days(self) -> float:
        """How far ahead the score looks."""
        return self.labels.horizon_days

    @cached_property
    def text(self) -> str:
        """The whole content in canonical form (JSON, which is YAML too): parsing it gives it back."""
        content = self.model_dump(mode="json")
        return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the content: the same for any spelling, order of keys and comments."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @cached_property
    def unknown(self) -> frozenset[str]:
        """The words that say nothing, folded."""
        return frozenset(fold(word) for word in (*self.unknown_words, ""))


def _refuse_repeats(why: str, names: Iterable[str]) -> None:
    for name, count in Counter(fold(name) for name in names).items():
        if count > 1:
            raise ValueError(f"{why} `{name}`; keep one")
