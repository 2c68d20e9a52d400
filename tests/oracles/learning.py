"""Slow, obvious re-implementations of the learner's kernels."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

from readiness.crm.tables import Floats

Row = tuple[int, int, int, float]


def expand(y: Floats, edges: Sequence[float]) -> list[Row]:
    """Walk through the intervals of each snapshot, day by day as it were."""
    rows: list[Row] = []
    for snapshot, (event, days) in enumerate(y.tolist()):
        for interval, (start, end) in enumerate(itertools.pairwise(edges)):
            if math.isinf(end):
                if event:
                    rows.append((snapshot, interval, int(event), 1.0))
            elif event and start <= days < end:
                rows.append((snapshot, interval, int(event), 1.0))
            elif days >= end:
                rows.append((snapshot, interval, 0, 1.0))
            elif not event and days > start:
                rows.append((snapshot, interval, 0, (days - start) / (end - start)))
    return rows


def aalen_johansen(fates: Sequence[tuple[int, float]], day: float) -> list[float]:
    """Go through the days on which something ended; return won, stop, otherwise ended by ``day``."""
    survival, within = 1.0, [0.0, 0.0, 0.0]
    for time in sorted({days for event, days in fates if event and days < day}):
        at_risk = sum(days >= time for _, days in fates)
        ended = [sum(event == cause and days == time for event, days in fates) for cause in (1, 2, 3)]
        for cause in range(3):
            within[cause] += survival * ended[cause] / at_risk
        survival *= 1.0 - sum(ended) / at_risk
    if survival > 1e-9 and not any(days >= day for _, days in fates):
        return [math.nan] * 3
    return within


def incidence(
    hazards: Sequence[Sequence[float]], edges: Sequence[float], day: float, steps: int
) -> list[float]:
    """Cut each interval into small steps of constant hazard and let them compete.

    ``hazards`` are, for each interval, the chances of nothing, won, stop and otherwise ended.
    """
    survival, within = 1.0, [0.0, 0.0, 0.0]
    for (nothing, *ends), start, end in zip(hazards, edges[:-1], edges[1:], strict=True):
        width = (end - start) / steps
        share = 1.0 - nothing ** (1.0 / steps)
        for step in range(steps):
            if start + step * width >= day - 1e-9:
                return within
            for cause in range(3):
                within[cause] += survival * share * ends[cause] / (1.0 - nothing)
            survival *= 1.0 - share
    return within


def log_likelihood(
    eta: Floats, causes: Sequence[int], reference: int, events: Sequence[int], weights: Sequence[float]
) -> float:
    """Add up, row by row, the weighted log of the chance of what happened; ``eta`` is causes × m."""
    total = 0.0
    for column, (event, weight) in enumerate(zip(events, weights, strict=True)):
        odds = {cause: math.exp(value) for cause, value in zip(causes, eta[:, column], strict=True)}
        odds[reference] = 1.0
        total += weight * math.log(odds[event] / sum(odds.values()))
    return total


def naive_bayes(rows: Sequence[tuple[int, ...]], asked: Sequence[int], *, missing: int) -> float:
    """Count lead by lead: rows are values of each field, then the end (0 not known yet, 1 won)."""
    ended = [row for row in rows if row[-1]]
    won, lost = ([row for row in ended if (row[-1] == 1) == side] for side in (True, False))
    odds = (len(won) + 0.1) / (len(lost) + 0.1)
    for field, value in enumerate(asked):
        met = sorted({row[field] for row in ended} - {missing})
        if value not in met:
            continue
        counts = [[sum(row[field] == each for row in side) + 0.1 for each in met] for side in (won, lost)]
        shares = [of_side[met.index(value)] / sum(of_side) for of_side in counts]
        odds *= shares[0] / shares[1]
    return min(max(odds / (1 + odds), 1e-4), 1 - 1e-4)


def known_at(
    fates: Sequence[tuple[float, float]], taken: Sequence[float], instant: float
) -> list[tuple[int, float, float]]:
    """Return place, event and days of each snapshot taken before an instant, as known there."""
    known = []
    for place, ((event, days), when) in enumerate(zip(fates, taken, strict=True)):
        if when >= instant:
            continue
        if when + days < instant:
            known.append((place, event, days))
        else:
            known.append((place, 0.0, instant - when))
    return known
