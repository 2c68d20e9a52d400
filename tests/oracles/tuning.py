"""What forecasts lose on leads, the slow and obvious way."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence


def loss(
    event: int, days: float, edges: Sequence[float], within: Callable[[float], Sequence[float]]
) -> float | None:
    """Return the negative log-likelihood of one snapshot; None if it says nothing.

    Walks from interval to interval and asks how likely it was that what happened there would.
    ``within(d)`` gives the chances of won, stop and otherwise ended within d days.
    """
    total, rows = 0.0, 0
    for low, high in itertools.pairwise(edges):
        undated = math.isinf(high)
        if undated and event == 0:
            return None
        alive, before, after = 1.0 - sum(within(low)), within(low), within(high)
        if undated or (low <= days < high and event > 0):
            return total - math.log((after[event - 1] - before[event - 1]) / alive)
        share = min(1.0, (days - low) / (high - low))
        if share <= 0.0:
            break
        total -= share * math.log((1.0 - sum(after)) / alive)
        rows += 1
    return total if rows else None
