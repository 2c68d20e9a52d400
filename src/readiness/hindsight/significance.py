"""When a ratio is really another than 1, when it is too near 1 to matter, and when nobody can tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
from scipy.special import log_ndtr, ndtri

from readiness.crm.tables import Ints
from readiness.hindsight.hazards import Ratios
from readiness.judging.multiplicity import holm

Verdict: TypeAlias = Literal["more", "less", "no difference", "too few to tell"]
"""``more``, ``less``: really so; ``no difference``: none that would be worth naming."""

WORTH_NAMING: Final = 1.25
"""A ratio between this and its inverse changes nothing that anybody would do."""
COVERAGE: Final = 0.95
_FARTHEST: Final = 700.0
"""Logarithms of ratios end here: beyond it no number can hold the ratio, and nobody would read it."""
FEWEST_EVENTS: Final = 5
"""Fewer than these carry no verdict: after the act for "more", without it for "less"."""


@dataclass(frozen=True, slots=True)
class Effect:
    """By how much a hazard is multiplied, with its interval, and what may be said of it.

    ``p`` is adjusted for how many effects were looked at. All four figures are None where there is
    nothing to estimate from.
    """

    ratio: float | None
    low: float | None
    high: float | None
    p: float | None
    leads: int
    """How many leads spent time after the act."""
    events: int
    """How often it happened to them after the act."""
    verdict: Verdict

    @property
    def strength(self) -> float:
        """How far the interval stays away from 1, on the logarithm; negative: it holds 1."""
        if self.low is None or self.high is None:
            return -np.inf
        return float(max(np.log(self.low), -np.log(self.high)))


def effects(ratios: Ratios, leads: Ints, events: Ints, without: Ints) -> tuple[Effect, ...]:
    """Judge some effects together.

    An effect is really there if its p, adjusted by Holm's method for all of them, is below 1 − coverage: so
    the chance that even one of them is named wrongly stays below that. An interval that lies within
    `WORTH_NAMING` says that there is no difference worth naming, whatever its p.

    Parameters
    ----------
    ratios : Ratios, e
    leads, events : Ints, e
        Leads that spent time after each act; what happened to them then.
    without : Ints, e
        What happened otherwise.

    Notes
    -----
    Holm (1979), A simple sequentially rejective multiple test procedure, Scandinavian Journal of
    Statistics 6.
    """
    told = np.isfinite(ratios.error) & (leads > 0)
    reach = -ndtri((1.0 - COVERAGE) / 2.0) * ratios.error
    z = np.divide(np.abs(ratios.log), ratios.error, out=np.zeros(len(leads)), where=told & (ratios.error > 0))
    p = holm(np.where(told, 2.0 * np.exp(log_ndtr(-z)), np.nan))
    # Hardly any events make a ratio look large or small by their luck alone.
    carried = np.where(ratios.log > 0, events, without) >= FEWEST_EVENTS
    return tuple(
        _effect(ratios.log[k], reach[k], p[k], bool(carried[k]), int(leads[k]), int(events[k]))
        for k in range(len(leads))
    )


def _effect(log: float, reach: float, p: float, carried: bool, leads: int, events: int) -> Effect:
    if np.isnan(p):
        return Effect(None, None, None, None, leads, events, "too few to tell")
    verdict: Verdict = "too few to tell"
    if abs(log) + reach <= np.log(WORTH_NAMING):
        verdict = "no difference"
    elif p < 1.0 - COVERAGE and carried:
        verdict = "more" if log > 0 else "less"
    ends = np.clip((log, log - reach, log + reach), -_FARTHEST, _FARTHEST)
    ratio, low, high = np.exp(ends).tolist()
    return Effect(ratio, low, high, float(p), leads, events, verdict)
