"""Slow, obvious versions of what watching computes: one lead, one bin, one pair at a time."""

from __future__ import annotations

import math
from collections.abc import Sequence

from readiness.crm.tables import Floats


def psi(before: Sequence[int], now: Sequence[int]) -> float:
    total = 0.0
    for one, other in zip(before, now, strict=True):
        p = (one + 0.5) / (sum(before) + 0.5 * len(before))
        q = (other + 0.5) / (sum(now) + 0.5 * len(now))
        total += (q - p) * math.log(q / p)
    return total


def pearson(before: Sequence[int], now: Sequence[int]) -> float:
    """Return the test statistic."""
    total = sum(before) + sum(now)
    statistic = 0.0
    for one, other in zip(before, now, strict=True):
        for count, side in ((one, sum(before)), (other, sum(now))):
            expected = (one + other) * side / total
            if expected:
                statistic += (count - expected) ** 2 / expected
    return statistic


def cumulative_hazard(curve: Floats, days: Sequence[float], until: float, cause: int) -> float:
    """Walk along one lead's curve (m × 3), step by step."""
    hazard, survival = 0.0, 1.0
    low, before = 0.0, [0.0, 0.0, 0.0]
    for day, now in zip(days, curve.tolist(), strict=True):
        growth = [max(b - a, 0.0) for a, b in zip(before, now, strict=True)]
        left = max(1.0 - sum(now), 1e-6)
        fall = max(math.log(survival) - math.log(left), 0.0)
        part = min(max((until - low) / (day - low), 0.0), 1.0)
        if sum(growth) > 0:
            hazard += part * fall * growth[cause - 1] / sum(growth)
        low, before, survival = day, now, left
    return hazard


def p_of_counts(observed: int, expected: float, learned_from: int) -> float:
    """Add up binomial chances one by one."""
    both, share = observed + learned_from, expected / (expected + learned_from)
    chances = [math.comb(both, k) * share**k * (1 - share) ** (both - k) for k in range(both + 1)]
    return min(1.0, 2 * min(sum(chances[: observed + 1]), sum(chances[observed:])))


def expected_auc(chance: Sequence[float]) -> float:
    right = pairs = 0.0
    for i, p in enumerate(chance):
        for j, q in enumerate(chance):
            if i != j:
                weight = p * (1 - q)
                pairs += weight
                right += weight * (1.0 if p > q else 0.5 if p == q else 0.0)
    return right / pairs if pairs > 1e-12 else math.nan
