"""Whether two shares differ: so far that it matters, and surely enough that it is no chance."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.special import gammaln

from readiness.crm.tables import Flags, Floats, Ints

CHANCE: Final = 0.01
"""What is told of a page may be chance once in a hundred pages."""

FEWEST: Final = 30
"""A share of fewer is not compared."""

POINTS: Final = 0.20
TIMES: Final = 10.0
LEAST_SHARE: Final = 0.02

_TIE: Final = 1e-7
"""Tables whose chances differ by less are equally likely."""


def far_apart(one: Floats, other: Floats) -> Flags:
    """Say which shares differ by at least 20 points, or more than tenfold where one is at least 2 %."""
    least, most = np.minimum(one, other), np.maximum(one, other)
    apart: Flags = (most - least >= POINTS) | ((most >= LEAST_SHARE) & (least * TIMES < most))
    return apart


def p_of_difference(one: tuple[int, int], other: tuple[int, int]) -> float:
    """Return the p-value of Fisher's exact test that two shares, so many of so many, are the same.

    Two-sided: the chance of all tables with these sums that are no likelier than the one seen. Computed here,
    because the library's own test takes over a second to load.
    """
    held, of = one[0] + other[0], one[1] + other[1]
    first = np.arange(max(0, held - other[1]), min(held, one[1]) + 1)
    likely = _log_ways(one[1], first) + _log_ways(other[1], held - first) - _log_ways(of, np.array(held))
    chance = np.exp(likely)
    seen = chance[one[0] - first[0]]
    return float(min(1.0, chance[chance <= seen * (1.0 + _TIE)].sum()))


def _log_ways(of: int, held: Ints) -> Floats:
    ways: Floats = gammaln(of + 1) - gammaln(held + 1) - gammaln(of - held + 1)
    return ways
