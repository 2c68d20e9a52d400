"""Columns that are fuller for leads that have ended than for those still open: perhaps filled in later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from readiness.crm.quality.columns import Column
from readiness.crm.quality.shares import CHANCE, FEWEST, far_apart, p_of_difference


@dataclass(frozen=True, slots=True)
class FullerAtEnd:
    """An attribute, the share of ended leads that have it, and the share of those still open."""

    name: str
    ended: float
    still_open: float


def fuller_at_end(columns: Sequence[Column], leads: int, ended: int) -> tuple[FullerAtEnd, ...]:
    """Find the attributes that leads have far more often once they have ended.

    An attribute is known at creation, when nobody knows how the lead will end. It is told if ended leads
    have it more often than open ones by at least 20 points, or more than tenfold, there are at least
    30 of both, and the difference could be chance less than once in a hundred such pages (Fisher's exact
    test, Bonferroni over the attributes).

    Parameters
    ----------
    leads, ended : int
        How many leads there are, and how many of them have ended.
    """
    still_open = leads - ended
    attributes = [column for column in columns if column.role == "attribute"]
    if min(ended, still_open) < FEWEST:
        return ()
    found = []
    for column in attributes:
        filled = (column.filled_ended, ended), (column.filled - column.filled_ended, still_open)
        at_end, before = (held / of for held, of in filled)
        apart = at_end > before and bool(far_apart(np.array(at_end), np.array(before)))
        if apart and p_of_difference(*filled) * len(attributes) < CHANCE:
            found.append(FullerAtEnd(column.name, at_end, before))
    return tuple(found)
