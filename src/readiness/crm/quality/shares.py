"""Whether two shares differ: so far that it matters, and surely enough that it is no chance."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.stats import fisher_exact

from readiness.crm.tables import Flags, Floats

CHANCE: Final = 0.01
"""What is told of a page may be chance once in a hundred pages."""

FEWEST: Final = 30
"""A share of fewer is not compared."""

POINTS: Final = 0.20
TIMES: Final = 10.0
LEAST_SHARE: Final = 0.02


def far_apart(one: Floats, other: Floats) -> Flags:
    """Say which shares differ by at least 20 points, or more than tenfold where one is at least 2 %."""
    least, most = np.minimum(one, other), np.maximum(one, other)
    apart: Flags = (most - least >= POINTS) | ((most >= LEAST_SHARE) & (least * TIMES < most))
    return apart


def p_of_difference(one: tuple[int, int], other: tuple[int, int]) -> float:
    """Return the p-value of Fisher's exact test that two shares, so many of so many, are the same."""
    counts = np.array([[held, of - held] for held, of in (one, other)])
    return float(fisher_exact(counts).pvalue)
