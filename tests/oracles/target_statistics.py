"""What ended at each value, counted lead by lead."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple


class Lead(NamedTuple):
    """One snapshot in one interval: its city, its fold, whether it ended, the chance that it would."""

    code: int
    fold: int
    ended: bool
    chance: float


def number(leads: Sequence[Lead], code: int, without: int | None, strength: float, fewest: int) -> float:
    """Return what a code stands for, counted without a fold; 0 where fewer than ``fewest`` leads share it."""
    if sum(lead.code == code for lead in leads) < fewest:
        return 0.0
    there = [lead for lead in leads if lead.code == code and lead.fold != without]
    seen = sum(lead.ended for lead in there)
    expected = sum(lead.chance for lead in there)
    return math.log((seen + strength) / (expected + strength))
