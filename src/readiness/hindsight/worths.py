"""What the agreement says that an activity is worth, and whether history says the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from readiness.agreement.conditions import fold
from readiness.agreement.document import STAGES, Agreement

Listing: TypeAlias = Literal["meaningful", "negative", "noise", "not named"]
Reading: TypeAlias = Literal[
    "marks a sale", "speaks against a sale", "warns of a stop", "fewer stops", "meaningless", "not known yet"
]
"""What history says of an activity."""
Agrees: TypeAlias = Literal["yes", "no", "not known yet"]


@dataclass(frozen=True, slots=True)
class Worth:
    """What the agreement says of an activity type."""

    listing: Listing
    points: float
    stage: str | None
    """The stage to which it moves a lead, the last of several; None: to none."""

    @property
    def text(self) -> str:
        """Say it in a few words."""
        number = f"{self.points:+g}" if self.points else "no"
        points = f"{number} point{'' if abs(self.points) == 1 else 's'}"
        words = {"noise": "noise", "not named": "not named"}.get(self.listing, points)
        return f"{words}, {self.stage}" if self.stage else words


def worth_of(name: str, agreement: Agreement) -> Worth:
    """Look a type up in the agreement, whatever its case."""
    folded = fold(name)
    terms = agreement.interest
    given = terms.worths.get(folded)
    points = 0.0 if given is None else given.points
    stages = [
        stage
        for stage in STAGES[1:]
        if any(folded in each.folded_activities for each in getattr(agreement.stages, stage).signifiers)
    ]
    # What moves a lead on means something, even if it earns nothing.
    listing: Listing = "meaningful" if stages else "not named"
    if given is not None:
        listing = "meaningful" if points > 0 else "negative"
    elif folded in map(fold, terms.noise):
        listing = "noise"
    return Worth(listing, points, stages[-1] if stages else None)


_EXPECTED: dict[Listing, frozenset[Reading]] = {
    "meaningful": frozenset({"marks a sale", "fewer stops"}),
    "negative": frozenset({"speaks against a sale", "warns of a stop"}),
    "noise": frozenset({"meaningless"}),
    "not named": frozenset({"meaningless"}),
}


def agrees(worth: Worth, reading: Reading) -> Agrees:
    """Say whether history says what the agreement says: "not known yet" is neither."""
    if reading == "not known yet":
        return "not known yet"
    return "yes" if reading in _EXPECTED[worth.listing] else "no"
