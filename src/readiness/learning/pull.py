"""Little data: each cause's log-hazards are pulled to the points card's, the further the fewer it ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np

from readiness.crm.tables import Floats, Ints
from readiness.learning.base_hazards import Bases
from readiness.learning.canonical import held_out
from readiness.learning.curves import Ends
from readiness.learning.logistic_fit import negative_log_likelihood
from readiness.learning.person_periods import PersonPeriods
from readiness.learning.points_card import CardHazards

EXPECTED_STRENGTH: Final = 100.0
"""Events for which the card speaks, where unseen leads say nothing else."""
_STRENGTHS: Final = (0.0, 3.0, 10.0, 30.0, EXPECTED_STRENGTH, 300.0, 1_000.0, 3_000.0)
_SPREAD: Final = 3.0
"""How far from it others lie, in the logarithm (a standard deviation): few leads cannot say."""


@dataclass(frozen=True, slots=True)
class Pull:
    """The card, and for each cause its share: κ / (κ + events of that cause); the members have the rest.

    A mean of log-hazards is one too: incidences that follow from it still sum to one.
    """

    card: CardHazards
    share: Floats

    def of(self, members: Floats, points: Floats) -> Floats:
        """Return the members' log-hazards (causes × intervals × n) pulled to those of so many points (n)."""
        return pulled(members, self.card.log_hazards(points)[:, : members.shape[1]], self.share)

    def to_json(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {"card": self.card.to_json(), "share": self.share.tolist()}

    @classmethod
    def from_json(cls, content: Mapping[str, Any], ends: Ends) -> Self:
        """Read what `to_json` wrote."""
        share = np.array(content["share"], dtype=np.float64)
        return cls(CardHazards.from_json(content["card"], ends), share)


def pulled(members: Floats, card: Floats, share: Floats) -> Floats:
    """Return (1 - share) × members + share × card, cause by cause; causes × any shape."""
    of_cause = share.reshape(-1, *(1,) * (members.ndim - 1))
    result: Floats = (1.0 - of_cause) * members + of_cause * card
    return result


def shares(strength: float, events: Floats) -> Floats:
    """Return κ / (κ + events) for each cause, 0 where κ is 0."""
    result: Floats = strength / np.maximum(strength + events, 1e-12)
    return result


def unseen_card(
    points: Floats, rows: PersonPeriods, ends: Ends, bases: Bases, fold: Ints, asked: PersonPeriods
) -> Floats:
    """Return what cards fitted without a row's lead say of it, causes × rows asked.

    Parameters
    ----------
    points, fold : n
        Of each snapshot.
    rows : PersonPeriods
        That the cards are fitted on, fold by fold.
    asked : PersonPeriods
        Of the same snapshots.
    """
    result = np.empty((len(bases.whole.offset), len(asked)))
    distinct, place = np.unique(points, return_inverse=True)
    at = place[asked.snapshot]
    for number, base in enumerate(bases.without):
        inside, out = held_out(fold, number)
        card = CardHazards.of(points, rows.where(inside[rows.snapshot]), ends, base.offset)
        held = out[asked.snapshot]
        result[:, held] = card.log_hazards(distinct)[:, asked.interval[held], at[held]]
    return result


def strength_of(
    members: Floats,
    card: Floats,
    rows: PersonPeriods,
    ends: Ends,
    events: Floats,
    *,
    snapshots_per_lead: float,
) -> float:
    """Return the κ under which the pulled log-hazards fit unseen leads best.

    It is drawn to 100, as if from a log-normal distribution around it; a lead counts once there, however
    many snapshots it has.

    Parameters
    ----------
    members, card : Floats, causes × m
        Of fits that did not see the row's lead.
    events : Floats, causes
        How many leads ended so.
    """

    def loss(strength: float) -> float:
        eta = pulled(members, card, shares(strength, events))
        away = np.log((strength + 1.0) / (EXPECTED_STRENGTH + 1.0)) / _SPREAD
        return negative_log_likelihood(eta, rows, ends) / snapshots_per_lead + float(away**2) / 2.0

    return min(_STRENGTHS, key=loss)
