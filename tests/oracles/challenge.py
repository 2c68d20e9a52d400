"""Slow, obvious versions of what a challenge computes: one draw, one lead, one snapshot at a time."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy import stats

from readiness.judging.bootstrap import Resamples


def shortfall(
    challenger: Sequence[float], champion: Sequence[float], weight: Sequence[float], draws: Resamples
) -> tuple[float, float, float]:
    """Return how much worse a mean loss is, as a share of the champion's; bounds 99 % below, 95 % above."""

    def mean(loss: Sequence[float], times: Sequence[float]) -> float:
        total = sum(w * t * x for w, t, x in zip(weight, times, loss, strict=True))
        return total / sum(w * t for w, t in zip(weight, times, strict=True))

    once = [1.0] * len(weight)
    of = mean(champion, once)
    found = []
    for counts in draws.counts:
        times = [counts[place] for place in draws.position]
        if sum(w * t for w, t in zip(weight, times, strict=True)) > 0:
            found.append(mean(challenger, times) - mean(champion, times))
    value = mean(challenger, once) - of
    low, high = np.quantile(found, [0.01, 0.95])
    return value / of, float(low) / of, float(high) / of


def chance_of_no_worse(
    challenger: Sequence[float], champion: Sequence[float], lead: Sequence[int], margin: float
) -> float:
    """Return the p of a one-sided, one-sample t test on the leads' total excess."""
    totals: dict[int, float] = {}
    for mine, theirs, whose in zip(challenger, champion, lead, strict=True):
        totals[whose] = totals.get(whose, 0.0) + mine - (1 + margin) * theirs
    excess = list(totals.values())
    if len(excess) < 2:
        return math.nan
    return float(stats.ttest_1samp(excess, 0.0, alternative="greater").pvalue)
