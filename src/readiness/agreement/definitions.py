"""What the rules read, as the agreement defines it: profile, interest, sources, stages and BANT."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import Field, model_validator

from readiness.agreement.conditions import (
    Condition,
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

Rank: TypeAlias = Literal["must", "should", "must_not"]


class Criterion(Condition):
    """One line of the buyer profile: something a lead must be, should be or must not be.

    A must-not only rules out: its weight counts nowhere.
    ``reads`` names answer fields and lead attributes, as in evidence.
    """

    name: Text
    rank: Rank
    reads: Annotated[tuple[Word, ...], Field(min_length=1)]
    weight: Positive = 1.0

    @cached_property
    def folded_reads(self) -> tuple[str, ...]:
        """The names to read, folded."""
        return tuple(map(fold, self.reads))

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
        refuse_repeats("two criteria are called", (criterion.name for criterion in self.criteria))
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

    @cached_property
    def worths(self) -> Mapping[str, Worth]:
        """What each type is worth, by its folded name, meaningful and negative ones alike."""
        return {fold(name): worth for name, worth in (*self.meaningful.items(), *self.negative.items())}

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.any_from > self.high_from:
            raise ValueError("`any_from` lies above `high_from`, so no interest could be little; lower it")
        listed = [*self.meaningful, *self.noise, *self.negative]
        refuse_repeats("an activity has one meaning only, but two lists name", listed)
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
        refuse_repeats("a source is dubious or a referral, not both:", (*self.dubious, *self.referrals))
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
