"""A world of leads with known truth: three Weibull hazards that compete, snapshots at fixed ages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from readiness.crm.tables import Floats, Ints

AGES = (1 / 24, 1.0, 3.0, 7.0, 14.0, 30.0, 60.0, 90.0)
Censoring = Literal["none", "late", "half", "by lead"]
_SHAPE = 0.9


@dataclass(frozen=True)
class World:
    """Snapshots (X: four numbers, a category of four codes, the age), their fate, and the truth."""

    X: Floats
    y: Floats
    groups: Ints
    hazards: Floats
    age: Floats

    levels = np.array([0, 0, 0, 0, 6, 0])

    def truth(self, days: Sequence[float]) -> Floats:
        """Return P(won, stop, otherwise within each number of days | open at the snapshot), n × d × 3."""
        ahead = (self.age[:, None] + np.asarray(days)) ** _SHAPE - self.age[:, None] ** _SHAPE
        total = self.hazards.sum(axis=1, keepdims=True)
        ended = 1.0 - np.exp(-total * ahead)
        return ended[:, :, None] * (self.hazards / total)[:, None, :]


def world(
    leads: int,
    seed: int,
    *,
    censoring: Censoring = "late",
    ages: Sequence[float] = AGES,
    stop: float = 1.0,
    extra: int = 0,
) -> World:
    """Draw leads; ``extra`` adds number features that mean nothing, ``stop`` scales that hazard."""
    rng = np.random.default_rng(seed)
    numbers = rng.normal(size=(leads, 4))
    code = rng.integers(0, 4, leads)
    won = np.exp(-4.6 + 0.8 * numbers[:, 0] + 0.5 * np.abs(numbers[:, 1]) - 0.5 * (code == 2))
    told = stop * np.exp(-5.0 - 0.5 * numbers[:, 0] + 0.6 * numbers[:, 2])
    other = np.exp(-4.3 + 0.5 * numbers[:, 3] + 0.4 * (code == 1))
    rates = np.column_stack((won, told, other))
    end = (rng.exponential(size=leads) / rates.sum(axis=1)) ** (1 / _SHAPE)
    which = (rng.random(leads)[:, None] > np.cumsum(rates / rates.sum(axis=1)[:, None], axis=1)).sum(axis=1)
    known = _known(rng, censoring, numbers, leads)
    event, last = np.where(end < known, np.minimum(which, 2) + 1, 0), np.minimum(end, known)
    lead = np.repeat(np.arange(leads), len(ages))
    age = np.tile(np.asarray(ages, dtype=np.float64), leads)
    noise = rng.normal(size=(leads, extra))[lead]
    X = np.column_stack((numbers[lead], code[lead], age, noise))
    open_then = last[lead] > age
    y = np.column_stack((event[lead], last[lead] - age))
    return World(X[open_then], y[open_then], lead[open_then], rates[lead][open_then], age[open_then])


def _known(rng: np.random.Generator, censoring: Censoring, numbers: Floats, leads: int) -> Floats:
    if censoring == "none":
        return np.full(leads, 1000.0)
    if censoring == "late":
        return rng.uniform(60.0, 500.0, leads)
    if censoring == "half":
        return rng.exponential(45.0, leads)
    return rng.exponential(60.0 * np.exp(-0.7 * numbers[:, 0]))
