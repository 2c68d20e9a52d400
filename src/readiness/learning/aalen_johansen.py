"""How often each end came within so many days, as observed while some fates are not known yet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from readiness.crm.tables import Floats, Ints
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
    weights : Floats, n or B × n, optional
        How often each row counts, perhaps in each of B replicates at once; default once.

    Returns
    -------
    Floats, d × 3, or B × d × 3 where the weights are B × n
        Won, stop, otherwise ended. NaN where no row was seen that long, unless all had ended by then.

    Notes
    -----
    Aalen and Johansen (1978), An empirical transition matrix for non-homogeneous Markov chains based on
    censored observations, Scandinavian Journal of Statistics 5.
    """
    drawn = None if weights is None else np.atleast_2d(weights)
    if len(event) and np.isnan(duration).all():
        once = np.ones((1, len(event))) if drawn is None else drawn
        found = np.repeat(_shares(event, once)[:, None], len(days), axis=1)
    else:
        found = _within(event, duration, np.asarray(days, dtype=np.float64), drawn)
    return found if weights is not None and weights.ndim == 2 else found[0]


def _within(event: NDArray[np.integer], duration: Floats, days: Floats, weights: Floats | None) -> Floats:
    last = days.max(initial=0.0)
    # Whoever was seen up to the last day asked for and beyond is at risk at all times that matter: the
    # order of these rows does not, and sorting is most of the work.
    near = np.flatnonzero(duration < last)
    order = near[np.argsort(duration[near], kind="stable")]
    seen = _seen(len(duration), order, weights)
    event, duration = event[order], duration[order]
    # Only times of ends matter: of B replicates that is most of the work.
    ends = np.flatnonzero(event != CENSORED)
    times, first = np.unique(duration[ends], return_index=True)
    at_risk = seen[:, np.searchsorted(duration, times, side="left")]
    hazards = np.zeros((3, *at_risk.shape))
    ending = np.ones((1, len(ends))) if weights is None else weights[:, order[ends]]
    causes = event[ends]
    for position, cause in enumerate((WON, STOP, ENDED) if len(times) else ()):
        ended = np.add.reduceat(ending * (causes == cause), first, axis=1)
        np.divide(ended, at_risk, out=hazards[position], where=at_risk > 0.0)
    survival = np.ones((len(seen), len(times) + 1))
    np.cumprod(1.0 - hazards.sum(axis=0), axis=1, out=survival[:, 1:])
    before = np.searchsorted(times, days, side="left")
    hazards *= survival[:, :-1]
    within = np.cumsum(hazards, axis=2, out=hazards)
    result = np.zeros((len(seen), len(days), 3))
    result[:, before > 0] = np.moveaxis(within[:, :, before[before > 0] - 1], 0, -1)
    unseen = seen[:, np.searchsorted(duration, days, side="left")] <= 0.0
    result[unseen & (survival[:, before] > _ALL_ENDED)] = np.nan
    return result


def _seen(everyone: int, order: Ints, weights: Floats | None) -> Floats:
    """Return the weight seen from each place of an order on, and last that of all who stand in none."""
    if weights is None:
        return np.arange(everyone, everyone - len(order) - 1, -1, dtype=np.float64)[None]
    beyond = np.ones(everyone, dtype=np.bool_)
    beyond[order] = False
    seen: Floats = np.repeat(weights[:, beyond].sum(axis=1, keepdims=True), len(order) + 1, axis=1)
    seen[:, :-1] += np.cumsum(weights[:, order[::-1]], axis=1)[:, ::-1]
    return seen


def _shares(event: NDArray[np.integer], weights: Floats) -> Floats:
    ended = (weights * (event != CENSORED)).sum(axis=1, keepdims=True)
    counts = np.stack([(weights * (event == cause)).sum(axis=1) for cause in (WON, STOP, ENDED)], axis=1)
    shares: Floats = np.full(counts.shape, np.nan)
    np.divide(counts, ended, out=shares, where=ended > 0.0)
    return shares
