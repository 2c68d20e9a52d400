"""What settings lose on unseen leads, lead by lead, so that two of them can be compared in pairs."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np

from readiness.crm.tables import Floats, Ints
from readiness.learning.person_periods import expand

_LEVEL: Final = 0.05
"""How often, of all the settings tried, any may seem better than the defaults by chance alone."""
_LEAST: Final = 1e-12


@dataclass(frozen=True, slots=True)
class Gain:
    """How much less is lost than by the defaults, and its standard error: that of a ratio of sums by lead."""

    value: float
    error: float

    def least(self, tried: int) -> float:
        """Return what the gain is at least, one-sided.

        The best of many seems better than it is: the 5 % are shared out among all settings tried
        (Bonferroni).
        """
        return self.value - NormalDist().inv_cdf(1.0 - _LEVEL / max(tried, 1)) * self.error


@dataclass(frozen=True, slots=True)
class Losses:
    """Negative log-likelihoods, summed over each lead's snapshots; and how many these are."""

    total: Floats
    snapshots: Ints

    def __len__(self) -> int:
        return len(self.total)

    @property
    def mean(self) -> float:
        """The integrated log-loss of a snapshot."""
        return float(self.total.sum() / max(int(self.snapshots.sum()), 1))

    def against(self, other: Losses) -> Gain:
        """Return by how much a snapshot of ``other`` loses less, of the same leads, paired by lead."""
        number = max(int(self.snapshots.sum()), 1)
        gain = float((self.total - other.total).sum() / number)
        away = self.total - other.total - gain * self.snapshots
        return Gain(gain, float(np.sqrt((away**2).sum())) / number)


def losses_of(within: Floats, y: Floats, groups: Ints, edges: Floats) -> Losses:
    """Compare what was said of leads with what became of them, interval by interval.

    The intervals are the same whatever a model's own are, so that models with others can be compared.
    Time that was seen without an end counts as that, and by its part where an interval was cut by
    censoring: nothing is taken as a no that is not known yet.

    Parameters
    ----------
    within : Floats, n × intervals × 3
        The chance of won, of stop and of ending otherwise before the end of each interval.
    y : Floats, n × 2
        Event and days.
    groups : Ints, n
        Which lead each snapshot is of.
    edges : Floats, intervals + 1
        Ascending from 0; undated: 0 and infinity.

    Notes
    -----
    The negative log-likelihood of competing risks in discrete time (Tutz and Schmid 2016), per snapshot.
    """
    rows = expand(y, edges)
    said = np.concatenate((np.zeros((len(y), 1, 3)), within), axis=1)
    alive = np.maximum(1.0 - said.sum(axis=2), _LEAST)
    before = alive[rows.snapshot, rows.interval]
    step = said[rows.snapshot, rows.interval + 1] - said[rows.snapshot, rows.interval]
    chance = alive[rows.snapshot, rows.interval + 1] / before
    for end in range(3):
        chance = np.where(rows.event == end + 1, step[:, end] / before, chance)
    loss = -rows.weight * np.log(np.clip(chance, _LEAST, 1.0))
    names, lead = np.unique(groups, return_inverse=True)
    counted = np.zeros(len(y), dtype=np.bool_)
    counted[rows.snapshot] = True
    total: Floats = np.bincount(lead[rows.snapshot], loss, len(names)).astype(np.float64)
    return Losses(total, np.bincount(lead[counted], minlength=len(names)).astype(np.int64))


def together(parts: list[Losses]) -> Losses:
    """Put the losses of several parts of the leads side by side."""
    return Losses(
        np.concatenate([part.total for part in parts]), np.concatenate([part.snapshots for part in parts])
    )
