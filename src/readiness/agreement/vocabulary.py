"""The fixed words of an agreement: categories, stages, BANT pieces, channels, relations; all in order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

CategoryName: TypeAlias = Literal[
    "unworthy",
    "dubious",
    "unqualified_suitability",
    "unqualified_interest",
    "sales_ready_buyer",
    "sales_worthy",
]
PassingName: TypeAlias = Literal["sales_worthy", "sales_ready_buyer"]
StageName: TypeAlias = Literal["awareness", "consideration", "decision"]
PieceName: TypeAlias = Literal["budget", "authority", "need", "timeframe"]
Channel: TypeAlias = Literal["form", "survey", "chat", "inside_sales", "research"]
RelationName: TypeAlias = Literal["customer", "partner", "employee", "other"]
ReferrerOutcome: TypeAlias = Literal["won", "stop"]
OutcomeName: TypeAlias = Literal["closed_won", "stop_calling", "closed_lost", "disqualified"]

CATEGORIES: Final[tuple[CategoryName, ...]] = (
    "unworthy",
    "dubious",
    "unqualified_suitability",
    "unqualified_interest",
    "sales_ready_buyer",
    "sales_worthy",
)
"""In the order in which they are decided; codes in columns are positions here."""

KINDS: Final[Mapping[CategoryName, str]] = {
    "unworthy": "does not fit",
    "dubious": "a name with hardly any history",
    "unqualified_suitability": "interested, fit not known",
    "unqualified_interest": "fits, little interest or none",
    "sales_ready_buyer": "about to decide",
    "sales_worthy": "fits and highly interested",
}
"""What each category means, in words that need no glossary."""

STAGES: Final[tuple[StageName, ...]] = ("awareness", "consideration", "decision")
PIECES: Final[tuple[PieceName, ...]] = ("budget", "authority", "need", "timeframe")
PIECES_SAID: Final[Mapping[PieceName, str]] = {
    "budget": "budget",
    "authority": "who decides",
    "need": "the need",
    "timeframe": "when it decides",
}
"""What each of the four asks, in words that need no glossary."""
CHANNELS: Final[tuple[Channel, ...]] = ("form", "survey", "chat", "inside_sales", "research")
"""From the cheapest way of asking to the dearest."""
RELATIONS: Final[tuple[RelationName, ...]] = ("customer", "partner", "employee", "other")
"""How a referrer stands to us; codes in columns are positions here."""
REFERRER_OUTCOMES: Final[tuple[ReferrerOutcome, ...]] = ("won", "stop")
"""What became of a referrer who was a lead too; codes in columns are positions here."""
