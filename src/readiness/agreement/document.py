"""The agreement: the versioned document in which sales and marketing define sales-ready."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Final, Literal, Self, TypeAlias

from pydantic import Field, model_validator

from readiness.agreement.conditions import (
    Days,
    Evidence,
    Number,
    Part,
    Positive,
    Share,
    Text,
    Word,
    fold,
    refuse_repeats,
)
from readiness.agreement.definitions import Bant, Interest, Profile, Sources, Stages

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
        refuse_repeats("a criterion may not be called like another subject:", subjects)
        for question in self.questions:
            if question.about not in subjects:
                raise ValueError(f"a question is about `{question.about}`; use one of {', '.join(subjects)}")
        refuse_repeats("ask once about", (question.about for question in self.questions))
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
