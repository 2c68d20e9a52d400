"""What a recipe leaves open is settled by the data: how trees are grown, and how many folds there are."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

from readiness.crm.tables import Floats
from readiness.learning.hazard_trees import Growth

DATED_RATE: Final = 0.08
UNDATED_RATE: Final = 0.04
FEW_ROWS_RATE: Final = 0.02
"""The learning rates that no recipe needs to name: where time is known, where it is not, and of few rows."""
_FEW: Final = 1_500
_SMALL_LEAF: Final = 8
"""Rows that a leaf of a tree grown at random holds at least: it is not where chance put most of them."""


def is_few(edges: Floats, rows: int) -> bool:
    """Say whether so many rows without times are few: chance then makes the best of many parts."""
    return math.isinf(edges[-1]) and rows < _FEW


def default_growths(edges: Floats, like: Growth, *, few: bool) -> tuple[Growth, ...]:
    """Return how trees are grown unless somebody says otherwise: all but their shape is that of ``like``.

    Trees of 8 leaves where time is known, of 8 and of 16 where it is not. Where rows without times are few:
    trees of 4 leaves, and of 8 leaves with thresholds drawn at random, which err elsewhere.
    """
    if few:
        small = replace(like, leaves=4, level_by_level=True)
        return small, replace(small, leaves=8, at_random=True, min_leaf=min(like.min_leaf, _SMALL_LEAF))
    return tuple(replace(like, leaves=leaves) for leaves in ((8, 16) if math.isinf(edges[-1]) else (8,)))


def default_folds(rows: int) -> int:
    """Return how many folds for so many person-periods: few make fits cheap and leads dear."""
    return 10 if rows < 3_000 else 5 if rows < 30_000 else 3
