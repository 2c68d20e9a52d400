"""A contest on made-up leads whose chances are known, and ways to spoil the challenger's forecast."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from readiness.crm.tables import Floats
from readiness.history.outcomes import STOP, WON
from readiness.judging.cohort import Cohort
from readiness.judging.contest import CHALLENGER, CHAMPION, Contest
from readiness.judging.gains import Weekly
from readiness.judging.judgement import BASE_RATE, NAIVE_BAYES, POINTS_CARD
from readiness.judging.parts import Part

HORIZON = 90.0
DAYS = (45.0, 90.0)


def contest(n: int = 1500, seed: int = 0, *, champion: bool = True) -> Contest:
    """Return n leads, one look each, and forecasts that say their true chances; four equal regions."""
    rng = np.random.default_rng(seed)
    signal = rng.normal(size=n)
    won, stop = (1 / (1 + np.exp(-(level + slope * signal))) for level, slope in ((-1.6, 1.3), (-2.6, -0.5)))
    drawn = rng.random(n)
    event = np.where(drawn < won, WON, np.where(drawn < won + stop, STOP, 0)).astype(np.int8)
    cohort = Cohort(event, np.where(event > 0, rng.uniform(0.0, HORIZON, n), HORIZON), np.arange(n))
    true, level = curves(won, stop), curves(*(np.full(n, each.sum() / max(n, 1)) for each in (won, stop)))
    forecasts = {CHALLENGER: true, BASE_RATE: level, POINTS_CARD: level, NAIVE_BAYES: level}
    return Contest(
        cohort=cohort,
        horizon_days=HORIZON,
        days=DAYS,
        forecasts={**forecasts, CHAMPION: true} if champion else forecasts,
        overall=level[:, -1, WON - 1],
        weekly=Weekly(20, np.arange(n) % 20),
        segments=(Part("region", np.arange(n) % 4, ("north", "east", "south", "west")),),
        learned={WON: 10_000, STOP: 10_000},
    )


def curves(won: Floats, stop: Floats) -> Floats:
    """Return curves that reach these chances at the horizon, half of them half-way."""
    at_end = np.stack([won, stop, np.zeros(len(won))], axis=1)
    return np.stack([at_end / 2, at_end], axis=1)


def saying(of: Contest, won: Floats, stop: Floats | None = None) -> Contest:
    """Return the contest with a challenger that says this instead."""
    said = of.of(CHALLENGER, STOP) if stop is None else stop
    return replace(of, forecasts={**of.forecasts, CHALLENGER: curves(won, said)})


def region(of: Contest, name: str) -> Floats:
    """Return 1 for the leads of a region, else 0."""
    part = of.segments[0]
    return (part.code == part.names.index(name)).astype(np.float64)
