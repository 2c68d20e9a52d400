"""What the rules read, as the agreement defines it: profile, interest, stages and BANT."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Final, Literal, Self, TypeAlias

from pydantic import ConfigDict, Field, model_validator

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
)
from readiness.agreement.vocabulary import StageName

COLD_AFTER_DAYS: Final = 365.0
"""Where nothing else was agreed."""

Rank: TypeAlias = Literal["must", "should", "must_not"]


class Criterion(Condition):
    """One line of the buyer profile: something a lead must be, should be or must not be.

    A must-not only rules out: its weight counts nowhere.
    ``reads`` names answer fields and lead attributes, as in evidence.
    """

    name: Text
    """What both sides call it; questions and tracks refer to it by this name."""
    rank: Rank
    """must: not met makes a lead unworthy; should: counts by its weight; must_not: met makes it unworthy."""
    reads: Annotated[tuple[Word, ...], Field(min_length=1)]
    """Names of answers and lead columns: the newest answer counts, else the first column that says one."""
    weight: Positive = 1.0
    """How much it counts beside the others."""

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
    """What a lead must be, should be and must not be."""
    known_at_least: Share
    """The share of the criteria's weight that has to be known before a lead can be said to fit."""


class Worth(Part):
    """What one kind of activity is worth: points that halve with time, so many times a day."""

    points: Number
    """What one such activity is worth on its day."""
    half_life_days: Days | None = None
    """After so many days it is worth half; the general half-life of interest where none is given."""
    cap_per_day: Annotated[int, Field(strict=True, ge=1, le=1_000)] = 1
    """So many a day count; more of the same day are worth nothing."""
    says: Text | None = None
    """How to say that the lead did it: "asked for a demo"."""


class Shown(Evidence):
    """A fact, rather than an activity, that shows interest; it keeps its worth while it is true."""

    points: Positive
    """What the fact is worth."""

    @model_validator(mode="after")
    def _reads_a_fact(self) -> Self:
        if self.activities:
            raise ValueError("activities get their points under `meaningful`; use `reads` here")
        return self


class Cooling(Part):
    """A line on the way from warm to cold."""

    after_days: Days
    """So many days without an inbound activity that means something."""
    says: Text
    """What both sides call such a lead: "cooling"."""


def _cold_may_be_left_out(schema: dict[str, Any]) -> None:
    schema["required"].remove("cold_after_days")
    schema["properties"]["cold_after_days"]["default"] = COLD_AFTER_DAYS


class Interest(Part):
    """What a lead does of its own accord, and what that is worth."""

    model_config = ConfigDict(json_schema_extra=_cold_may_be_left_out)

    meaningful: Mapping[Word, Worth]
    """Activities that show interest, and what each is worth."""
    noise: tuple[Word, ...] = ()
    """Activities that say nothing."""
    negative: Mapping[Word, Worth] = Field(default_factory=dict)
    """Activities that take interest away: points below zero."""
    shown_by: tuple[Shown, ...] = ()
    """Facts that show interest where a CRM keeps no activities."""
    half_life_days: Days
    """After so many days an activity is worth half."""
    any_from: Positive
    """Below it a lead shows no interest."""
    high_from: Positive
    """From here on interest counts as high; between the two lines it is little."""
    cold_after_days: Days
    """An activity that is older counts for nothing; a lead without a newer one is cold. By default a year."""
    cools: tuple[Cooling, ...] = ()
    """Sooner lines than cold, rising: [{after_days: 30, says: cooling}, {after_days: 90, says: cool}]."""
    trend_days: Days = 30.0
    """Interest now is compared with interest so many days ago."""
    recent_days: Days
    """The window in which sentences count activities."""
    dialogue_days: Days
    """Two-way dialogue: we wrote or called, and the lead acted after it, within so many days."""

    @model_validator(mode="before")
    @classmethod
    def _cold_after_a_year(cls, content: object) -> object:
        # No default of the field: that would be no part of a fingerprint, and older documents have it there.
        return {"cold_after_days": COLD_AFTER_DAYS, **content} if isinstance(content, Mapping) else content

    @cached_property
    def worths(self) -> Mapping[str, Worth]:
        """What each type is worth, by its folded name, meaningful and negative ones alike."""
        return {fold(name): worth for name, worth in (*self.meaningful.items(), *self.negative.items())}


class Awareness(Part):
    """The first stage of the funnel, where every lead starts."""

    sales_does: Text | None = None
    """What sales does with a lead in this stage."""


class Stage(Part):
    """A further stage of the funnel: the key signifiers that move a lead into it."""

    signifiers: Annotated[tuple[Evidence, ...], Field(min_length=1)]
    """What shows that a lead got here."""
    sales_does: Text | None = None
    """What sales does with a lead in this stage."""


class Stages(Part):
    """Awareness is where every lead starts; what moves it on, and what moves it back there."""

    awareness: Awareness = Awareness()
    """Knows of us, or of its problem."""
    consideration: Stage
    """Looks at ways to solve it."""
    decision: Stage
    """Is about to choose."""
    moves_back: tuple[Evidence, ...] = ()
    """What moves a lead back to awareness, where it is newer than the signifier."""

    def sales_does(self, name: StageName) -> str | None:
        """Return what sales does with a lead in a stage; None where the agreement does not say."""
        stage: Awareness | Stage = getattr(self, name)
        return stage.sales_does


class Piece(Part):
    """What confirms and what denies one of budget, authority, need and timeframe."""

    confirmed_by: Annotated[tuple[Evidence, ...], Field(min_length=1)]
    """What confirms it; the newest evidence decides."""
    denied_by: tuple[Evidence, ...] = ()
    """What denies it; of equally new evidence, a denial counts."""


class Bant(Part):
    """Budget, authority, need and timeframe."""

    budget: Piece
    """There is money for it."""
    authority: Piece
    """Whom we talk with decides, or takes part in it."""
    need: Piece
    """There is a problem that we solve."""
    timeframe: Piece
    """It is to be solved by some day."""
