"""How often each end came within so many days, as observed while some fates are not known yet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from readiness.crm.tables import Floats
from readiness.history.outcomes import CENSORED, ENDED, STOP, WON

_ALL_ENDED: Final = 1e-12
"""A survival this small is none: hazards that add up to one leave a rounding error."""


def aalen_johansen(
    event: NDArray[np.integer], duration: Floats, days: Sequence[float], weights: Floats | None = None
) -> Floats:
    """Estimate the chance of each end within each number of days.

    F_k(d) = Σ over event times t < d of S(t−) · d_k(t) / Y(t), with d_k(t) the weight that ends so at t and
    Y(t) the weight with duration ≥ t: at a tie an end comes before a censoring. Undated (all durations NaN):
    the share of each end among those that ended.

    Parameters
    ----------
    event : n
        0 censored, 1 won, 2 stop, 3 otherwise ended.
    duration : Floats, n
        Days until then.
    days : d numbers
        "Within d days" leaves out what happens exactly d days on. Undated: infinity.
    weights : Floats, n, optional
        How often each row counts; default once.

    Returns
    -------
    Floats, d × 3
        Won, stop, otherwise ended. NaN where no row was seen that long, unless all had ended by then.

    Notes
    -----
    Aalen and Johansen (1978), An empirical transition matrix for non-homogeneous Markov chains based on
    censored observations, Scandinavian Journal of Statistics 5.
    """
    weights = np.ones(len(event)) if weights is None else weights
    if len(event) and np.isnan(duration).all():
        return np.repeat(_shares(event, weights)[None, :], len(days), axis=0)
    times, place = np.unique(duration, return_inverse=True)
    at_risk = np.cumsum(np.bincount(place, weights, len(times))[::-1])[::-1]
    hazards = np.zeros((3, len(times)))
    for position, cause in enumerate((WON, STOP, ENDED)):
        ended = np.bincount(place, weights * (event == cause), len(times))
        np.divide(ended, at_risk, out=hazards[position], where=at_risk > 0.0)
    survival = np.r_[1.0, np.cumprod(1.0 - hazards.sum(axis=0))]
    within = np.concatenate((np.zeros((3, 1)), np.cumsum(survival[:-1] * hazards, axis=1)), axis=1)
    before = np.searchsorted(times, np.asarray(days, dtype=np.float64), side="left")
    result: Floats = within[:, before].T.copy()
    still_seen = np.r_[at_risk, 0.0][before] > 0.0
    result[~still_seen & (survival[before] > _ALL_ENDED)] = np.nan
    return result


def _shares(event: NDArray[np.integer], weights: Floats) -> Floats:
    ended = float(weights[event != CENSORED].sum())
    return np.array(
        [weights[event == cause].sum() / ended if ended else np.nan for cause in (WON, STOP, ENDED)]
    )
