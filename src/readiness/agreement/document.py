"""The agreement: the versioned document in which sales and marketing define sales-ready."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Any

from pydantic import Field

from readiness.agreement.conditions import (
    Evidence,
    Number,
    Part,
    Positive,
    Text,
    Word,
    fold,
)
from readiness.agreement.definitions import Bant, Interest, Profile, Stages
from readiness.agreement.handover_terms import Handover
from readiness.agreement.label_terms import Labels
from readiness.agreement.nurture_terms import Nurture
from readiness.agreement.referral_terms import Sources
from readiness.agreement.vocabulary import (
    CATEGORIES,
    CHANNELS,
    PIECES,
    RELATIONS,
    STAGES,
    CategoryName,
    Channel,
    PieceName,
    RelationName,
    StageName,
)

__all__ = [
    "CATEGORIES",
    "CHANNELS",
    "PIECES",
    "RELATIONS",
    "STAGES",
    "Agreement",
    "CategoryName",
    "Channel",
    "PieceName",
    "PointsCard",
    "Question",
    "RelationName",
    "StageName",
    "schema",
]


class Signature(Part):
    """Who signed, and when."""

    by: Text
    """Who signed, by name or office."""
    on: dt.date
    """On which day: 2026-03-14."""


class Signatures(Part):
    """Both sides sign, or it is no agreement."""

    sales: Signature
    """For sales."""
    marketing: Signature
    """For marketing."""


class Question(Part):
    """What to ask for a missing piece, and over which channel."""

    about: Text
    """One of budget, authority, need, timeframe, or the name of a profile criterion."""
    ask: Text
    """The question as the lead reads or hears it."""
    channel: Channel
    """The cheapest way of asking it."""


class PointsCard(Part):
    """How many points a rule-only scorecard gives; a model must beat it."""

    fit: Positive
    """For meeting the whole profile; taken away where a must fails."""
    interest: Positive
    """For interest without end; half of it at the line from which interest counts as high."""
    bant: Positive
    """For each confirmed piece; taken away for each denied one."""
    referral: Number = 0.0
    """For a referral."""
    dubious: Number = 0.0
    """For a dubious source: below zero."""


class Agreement(Part):
    """What sales-ready means to one sales team and one marketing team."""

    name: Text
    """What both sides call it."""
    version: Text
    """Goes up with every change: "1.3"."""
    changes: Text | None = None
    """What changed since the version before, in a sentence or two."""
    valid_from: dt.date
    """From which day it holds: 2026-04-01."""
    signatures: Signatures
    """By whom it is signed, for sales and for marketing."""
    unknown_words: tuple[Word, ...] = ()
    """Values that say nothing, such as "unknown"."""
    profile: Profile
    """The buyer profile (fit): who can buy from us at all."""
    interest: Interest
    """Interest: what a lead does of its own accord, and what that is worth."""
    sources: Sources
    """How leads reach us: dubious sources and referrals."""
    stages: Stages
    """The funnel: awareness, consideration, decision, and what moves a lead."""
    bant: Bant
    """Budget, authority, need, timeframe: what confirms and what denies each."""
    near_timeframe: Annotated[tuple[Evidence, ...], Field(min_length=1)]
    """What shows that the lead decides soon; with the decision stage it makes a sales-ready buyer."""
    handover: Handover
    """When marketing hands a lead over to sales, and what brings it back."""
    nurture: Nurture
    """What marketing does with leads that are kept back."""
    questions: tuple[Question, ...] = ()
    """What to ask for a missing piece."""
    points_card: PointsCard
    """A plain scorecard of the same facts, which a model has to beat."""
    labels: Labels
    """How far ahead the score looks, and which ends count as won, stop or neither."""

    @property
    def horizon_days(self) -> float:
        """How far ahead the score looks."""
        return self.labels.horizon_days

    @cached_property
    def text(self) -> str:
        """The whole content in canonical form (JSON, which is YAML too): parsing it gives it back.

        What stands at its default is left out, so that a default written out is no change, and a key
        that later versions know leaves the fingerprints of older documents as they are. So a default,
        once published, never changes.
        """
        content = self.model_dump(mode="json", exclude_defaults=True)
        # Escaped, because YAML refuses some signs as they are.
        return json.dumps(content, sort_keys=True, separators=(",", ":"))

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the content: the same for any spelling, order of keys and comments."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @cached_property
    def unknown(self) -> frozenset[str]:
        """The words that say nothing, folded."""
        return frozenset(fold(word) for word in (*self.unknown_words, ""))

    @cached_property
    def words(self) -> frozenset[str]:
        """Every text in it, folded: among them all names that it reads and all kinds of activity."""
        return frozenset(_texts(self.model_dump(mode="json")))


def _texts(content: object) -> Iterator[str]:
    if isinstance(content, str):
        yield fold(content)
    elif isinstance(content, list):
        for each in content:
            yield from _texts(each)
    elif isinstance(content, dict):
        for key, each in content.items():
            yield fold(key)
            yield from _texts(each)


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of an agreement, for editors that complete and check as one types."""
    content = Agreement.model_json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A readiness agreement",
        **{key: value for key, value in content.items() if key != "title"},
    }
