"""What a lead had done at an instant, and hazards, told slowly and obviously."""

from __future__ import annotations

import math
from collections.abc import Sequence

from readiness.crm.records import Instant
from tests.oracles.history import World


def instants(world: World, lead_id: str, kind: tuple[str, str]) -> list[Instant]:
    """When a lead did a kind of thing, oldest first."""
    rows = [a for a in world.activities if a.lead_id == lead_id and (a.type, a.direction) == kind]
    return sorted(a.occurred_at for a in rows)


def done(
    world: World, lead_id: str, kind: tuple[str, str], cutoff: Instant, length: int
) -> tuple[bool, bool, bool]:
    """Whether the lead had done it before the cutoff, had done it within a window, and had done it again."""
    past = [at for at in instants(world, lead_id, kind) if at < cutoff]
    lately = [at for at in past if at >= cutoff - length]
    return bool(past), bool(lately), len(set(past)) > 1


def done_in_order(
    world: World, lead_id: str, first: tuple[str, str], then: tuple[str, str], cutoff: Instant
) -> bool:
    """Whether something came after something else, both before the cutoff."""
    return any(
        one < other < cutoff
        for one in instants(world, lead_id, first)
        for other in instants(world, lead_id, then)
    )


def holm(p: Sequence[float]) -> list[float]:
    """Step down from the smallest p, multiplied by how many are left; never below the one before."""
    adjusted = dict.fromkeys(range(len(p)), math.nan)
    told = sorted((value, place) for place, value in enumerate(p) if not math.isnan(value))
    least = 0.0
    for rank, (value, place) in enumerate(told):
        least = max(least, min(1.0, value * (len(told) - rank)))
        adjusted[place] = least
    return [adjusted[place] for place in range(len(p))]


def poisson_slope(rows: Sequence[tuple[Sequence[float], float, bool]], beta: Sequence[float]) -> list[float]:
    """The slope of the likelihood: over rows of (columns, exposure, event), Σ x · (event − expected)."""
    slope = [0.0] * len(beta)
    for x, exposure, event in rows:
        expected = exposure * math.exp(sum(a * b for a, b in zip(x, beta, strict=True)))
        for place, value in enumerate(x):
            slope[place] += value * (event - expected)
    return slope
