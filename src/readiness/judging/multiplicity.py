"""What several looks at the same data cost: the more is looked at, the surer each finding must be."""

from __future__ import annotations

import numpy as np

from readiness.crm.tables import Floats


def holm(p: Floats) -> Floats:
    """Adjust p-values for being several, by Holm's method; NaN ones do not count.

    >>> holm(np.array([0.01, 0.04, np.nan, 0.03]))
    array([0.03, 0.06,  nan, 0.06])

    Notes
    -----
    Holm (1979), A simple sequentially rejective multiple test procedure, Scandinavian Journal of
    Statistics 6.
    """
    adjusted = np.full(len(p), np.nan)
    order = np.argsort(p, kind="stable")[: int(np.isfinite(p).sum())]
    times = len(order) - np.arange(len(order))
    adjusted[order] = np.minimum(np.maximum.accumulate(p[order] * times), 1.0)
    return adjusted
