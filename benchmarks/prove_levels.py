"""Proves that columns with very many values help where they matter, and do no harm where they do not.

`python -m benchmarks prove levels`: leads from 500 cities, of which each acts on how they end, or none does;
what is lost on later leads with the column, with its most frequent values alone, and without it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from benchmarks.evidence import Row
from readiness.crm.tables import Floats, Ints
from readiness.history.features import MIN_LEADS
from readiness.learning.incidence import IncidenceModel
from readiness.learning.person_periods import edges_of
from readiness.training_run.tuning.losses import Gain, Losses, losses_of, together

TITLE: Final = "Columns with very many values"
SEEDS: Final = range(10)
LEADS: Final = 5_000
CITIES: Final = 500
KNOWN: Final = 50
HORIZON: Final = 90.0
_HARM: Final = 0.0005
"""By so much later leads may lose more, at most, with columns that tell nothing."""
WORLDS: Final = {"cities matter": 0.7, "cities do not matter": 0.0}


@dataclass(frozen=True, slots=True)
class Cities:
    """One snapshot a lead: two numbers and the code of a city; what became of it."""

    X: Floats
    y: Floats
    levels: Ints

    @property
    def leads(self) -> Ints:
        """Each row is a lead of its own."""
        return np.arange(len(self.X), dtype=np.int64)

    def rows(self, which: slice) -> Cities:
        """Return some of the leads."""
        return Cities(self.X[which], self.y[which], self.levels)

    def without_city(self) -> Cities:
        """Return the same leads, all of one city."""
        return Cities(self.X * [1.0, 1.0, 0.0], self.y, np.array([0, 0, 3], dtype=np.int64))

    def with_most_frequent(self, known: int) -> Cities:
        """Return the same leads with every city but the most frequent ones as "unseen"."""
        code = self.X[:, 2].astype(np.int64)
        rank = np.arange(self.levels[2])
        rank[known:] = known
        X = self.X.copy()
        X[:, 2] = rank[code]
        return Cities(X, self.y, np.array([0, 0, known + 2], dtype=np.int64))

    def with_shared(self, learned: int) -> Cities:
        """Return the same leads with cities as "unseen" that too few of the leads learned from share.

        So a training run plans every category, however it is then read.
        """
        code = self.X[:, 2].astype(np.int64)
        rare = np.bincount(code[:learned], minlength=self.levels[2]) < MIN_LEADS
        X = self.X.copy()
        X[rare[code], 2] = self.levels[2] - 2
        return Cities(X, self.y, self.levels)


def cities(leads: int, *, of: int, spread: float, seed: int) -> Cities:
    """Draw leads: a few cities hold many, most hold few; ``spread`` is that of their log-hazards."""
    rng = np.random.default_rng(seed)
    effects = rng.normal(0.0, spread, size=(2, of))
    share = 1.0 / (np.arange(of) + 10.0)
    city = rng.choice(of, size=leads, p=share / share.sum())
    numbers = rng.normal(size=(leads, 2))
    hazards = [
        0.0015 * np.exp(0.6 * numbers[:, 0] + effects[0, city]),
        0.0010 * np.exp(0.4 * numbers[:, 1] + effects[1, city]),
        np.full(leads, 0.003),
    ]
    times = np.stack([rng.exponential(1.0 / hazard) for hazard in hazards])
    first, ended_at = times.argmin(axis=0), times.min(axis=0)
    watched = rng.uniform(30.0, 365.0, size=leads)
    event = np.where(ended_at < watched, first + 1, 0)
    X = np.column_stack((numbers, city.astype(np.float64)))
    y = np.column_stack((event.astype(np.float64), np.minimum(ended_at, watched)))
    return Cities(X, y, np.array([0, 0, of + 2], dtype=np.int64))


def compared(
    spread: float, seeds: Sequence[int], *, leads: int = LEADS, of: int = CITIES, **recipe: object
) -> dict[str, Gain]:
    """Return by how much later leads lose less with the whole column than by each other way to read it."""
    lost: dict[str, list[Losses]] = {}
    for seed in seeds:
        world = cities(2 * leads, of=of, spread=spread, seed=seed)
        ways: dict[str, tuple[Cities, dict[str, object]]] = {
            "the whole column": (world, {}),
            "the whole column, value by value": (world.with_shared(leads), {"statistics_above": None}),
            f"its {KNOWN} most frequent values": (world.with_most_frequent(KNOWN), {}),
            "without it": (world.without_city(), {}),
        }
        for name, (read, so) in ways.items():
            lost.setdefault(name, []).append(_lost(read, leads, {**recipe, **so}))
    whole = together(lost["the whole column"])
    return {name: together(each).against(whole) for name, each in lost.items() if name != "the whole column"}


def _lost(world: Cities, leads: int, recipe: Mapping[str, Any]) -> Losses:
    learned, later = world.rows(slice(leads)), world.rows(slice(leads, None))
    model = IncidenceModel(**recipe)
    model.fit(learned.X, learned.y, groups=learned.leads, levels=learned.levels)
    edges = edges_of(learned.y, HORIZON, intervals=10)
    return losses_of(model.predict_incidence(later.X, edges[1:].tolist()), later.y, later.leads, edges)


def measure() -> tuple[list[Row], str]:
    """Compare on all seeds, in both worlds."""
    rows: list[Row] = []
    holds = True
    for world, spread in WORLDS.items():
        for other, gain in compared(spread, SEEDS).items():
            low, high = (gain.value + side * 1.96 * gain.error for side in (-1, 1))
            holds &= low > (0.0 if spread and "value by value" not in other else -_HARM)
            rows.append(
                {
                    "world": world,
                    "beside": other,
                    "log-loss gained": f"{gain.value:+.4f}",
                    "95 % interval": f"{low:+.4f} to {high:+.4f}",
                }
            )
    where = f"{len(SEEDS)} seeds, {LEADS:,} leads learned from and as many later, {CITIES} cities."
    return rows, f"{'Holds' if holds else 'Does not hold'}: {where}"
