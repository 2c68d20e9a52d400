"""How much a column's bins tell of how leads ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from readiness.crm.tables import Floats, Ints
from readiness.history.outcomes import CENSORED, EVENTS, STOP, WON

FEWEST: Final = 20
"""Leads needed on each side of a comparison."""


@dataclass(frozen=True, slots=True)
class Association:
    """Leads counted by bin and by how they stand, with what follows from that.

    Parameters
    ----------
    counts : Ints, bins × 4
        Open, won, stop, otherwise ended.
    """

    counts: Ints

    @property
    def won_of_ended(self) -> float:
        """AUC of won against the other ends; 0.5 where either side is too small."""
        return auc(self.counts[:, WON], self.counts[:, WON + 1 :].sum(axis=1))

    @property
    def strongest(self) -> float:
        """The greatest AUC: of won against the other ends and against all, of stop against all."""
        of = self.counts.sum(axis=1)
        sides = [auc(self.counts[:, cause], of - self.counts[:, cause]) for cause in (WON, STOP)]
        return max(self.won_of_ended, *sides)

    @property
    def p_value(self) -> float:
        """Chance of so much dependence between bin and won among ended leads, by Pearson's test."""
        ended = self.counts[:, CENSORED + 1 :]
        return _p_value(np.stack([ended[:, 0], ended[:, 1:].sum(axis=1)], axis=1))


def associated(place: Ints, bins: int, event: NDArray[np.int8]) -> Association:
    """Count leads by bin and by how they stand."""
    states = len(EVENTS)
    counts = np.bincount(place * states + event, minlength=bins * states)
    return Association(counts.reshape(bins, states).astype(np.int64))


def auc(held: Ints, other: Ints) -> float:
    """Return the area under the ROC curve of the best order of the bins.

    Parameters
    ----------
    held, other : Ints, bins
        How many of either kind each bin holds.

    Returns
    -------
    float
        At least 0.5, for bins stand in the order that suits best; 0.5 with fewer than 20 of either kind.
    """
    if min(int(held.sum()), int(other.sum())) < FEWEST:
        return 0.5
    order = np.argsort(held / np.maximum(held + other, 1), kind="stable")
    held, other = held[order], other[order]
    below = np.cumsum(other) - other
    return float((held * (below + other / 2.0)).sum() / (held.sum() * other.sum()))


def _p_value(counts: Ints) -> float:
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    if min(counts.shape) < 2:
        return 1.0
    expected: Floats = counts.sum(axis=1, keepdims=True) * counts.sum(axis=0) / counts.sum()
    distance = float(((counts - expected) ** 2 / expected).sum())
    return float(chdtrc((counts.shape[0] - 1) * (counts.shape[1] - 1), distance))
