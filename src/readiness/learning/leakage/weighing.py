"""Which came first, a column's value or the lead's end: two accounts of the same leads, weighed.

**Known at creation**: the value is there first. Which values come may change with the time of creation,
and leads with different values end at different rates. **Written at the end**: leads end at rates of
their own, and the value is drawn once it is known how the lead has ended, or how long it has been open.

Both speak of the same values, ends and days, so that the ratio of their marginal likelihoods (a Bayes factor)
says how much likelier the one is. What tells them apart are leads too young to have ended: a value known
at creation is as common among them as among older ones, and a value written at the end is not there yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from readiness.crm.tables import Floats, Ints
from readiness.history.first_looks import FirstLooks
from readiness.history.outcomes import EVENTS

INTERVALS: Final = 8
"""Rates of ending may differ between so many intervals of a lead's life, with as many ends each."""

ERAS: Final = (6, 24)
"""Values known at creation may change between so many eras, with as many leads each."""

CHANGES: Final = 60
"""Or once, at the best of so many instants."""

_ALIKE: Final = 4.0
"""Groups are expected to be alike: that counts as much as so many leads of each would."""

_RATES: Final = 1.0
"""Rates of ending are expected to be alike: that counts as much as so many ends would."""

_STATES: Final = len(EVENTS)


def log_ratio(looks: FirstLooks, place: Ints, bins: int) -> float:
    """Say how much likelier a value is to be written at the end than to be known at creation.

    Parameters
    ----------
    looks : FirstLooks, n rows
    place : Ints, n
        Which bin each lead's value lies in.
    bins : int

    Returns
    -------
    float
        Natural logarithm of the Bayes factor: above 0 speaks for the end, below for creation. 0 where no lead
        has ended, and in undated tables, where nothing can be told.
    """
    ended = looks.event > 0
    if not ended.any() or np.isnan(looks.followed).any():
        return 0.0
    interval = intervals(looks.lived[ended])
    one = np.zeros(len(place), dtype=np.int64)
    # Looks at one instant have one rank, so that the order of the rows cannot show.
    rank = np.searchsorted(np.sort(looks.snapshots.cutoff), looks.snapshots.cutoff)
    at_creation = max(_over_time(place, bins, rank)) + max(_ends(looks, place, bins, interval))
    return max(_at_the_end(looks, place, bins, interval)) + max(_ends(looks, one, 1, interval)) - at_creation


def intervals(lived: Floats) -> Floats:
    """Return the edges of intervals with about as many ends each, up to the last end, and beyond it."""
    inner = np.unique(np.quantile(lived, np.arange(1, INTERVALS + 1) / INTERVALS))
    return np.concatenate([[0.0], inner[inner > 0.0], [np.inf]])


def _at_the_end(looks: FirstLooks, place: Ints, bins: int, interval: Floats) -> Iterator[float]:
    """Let values be drawn by how the lead stands, or by that and how long it has lived."""
    state = looks.event.astype(np.int64)
    yield float(drawn(_counted(state, _STATES, place, bins)).sum())
    stages = len(interval) - 1
    stage = np.searchsorted(interval[1:-1], looks.lived, side="left")
    yield float(drawn(_counted(state * stages + stage, _STATES * stages, place, bins)).sum())


def _over_time(place: Ints, bins: int, rank: Ints) -> Iterator[float]:
    """Let values be drawn alike all along, by eras, or with one change at the likeliest instant."""
    yield float(drawn(_counted(np.zeros_like(place), 1, place, bins)).sum())
    for eras in ERAS:
        yield float(drawn(_counted(rank * eras // len(rank), eras, place, bins)).sum())
    before = np.cumsum(_counted(rank * CHANGES // len(rank), CHANGES, place, bins), axis=0)
    sides = np.stack([before[:-1], before[-1] - before[:-1]])
    yield float(drawn(sides).sum(axis=0).max()) - float(np.log(CHANGES))


def _counted(group: Ints, groups: int, place: Ints, bins: int) -> Ints:
    counts: Ints = np.bincount(group * bins + place, minlength=groups * bins).reshape(groups, bins)
    return counts


def drawn(counts: Ints) -> Floats:
    """Return the log marginal likelihood of each group's values (Dirichlet and multinomial).

    Parameters
    ----------
    counts : … × groups × bins
        Each group is expected to have the shares of all groups together.
    """
    together = counts.sum(axis=0) if counts.ndim == 2 else counts.sum(axis=0)[0]
    share = (together + 0.5) / (together.sum() + 0.5 * len(together))
    prior = _ALIKE * share
    of_values = (gammaln(counts + prior) - gammaln(prior)).sum(axis=-1)
    likely: Floats = of_values + gammaln(_ALIKE) - gammaln(counts.sum(axis=-1) + _ALIKE)
    return likely


def _ends(looks: FirstLooks, place: Ints, bins: int, interval: Floats) -> Iterator[float]:
    """Let each bin's leads end at a multiple of everyone's rates: one a cause, one an interval, or one each.

    With one multiple an interval, how leads end is drawn in each bin, whenever they do.
    """
    ends, exposed = ends_and_days(looks, place, bins, interval)
    likely, expected = _at_one_rate(ends, exposed)
    if bins == 1:
        yield likely - float(expected.sum())
        return
    yield likely + float(_multiplied(ends.sum(axis=1), expected.sum(axis=1)).sum())
    yield likely + float(_multiplied(ends, expected).sum())
    whenever = ends.sum(axis=2, keepdims=True)
    likely, expected = _at_one_rate(whenever, exposed)
    causes = float(drawn(ends.sum(axis=1).astype(np.int64)).sum())
    yield likely + causes + float(_multiplied(whenever, expected).sum())


def _at_one_rate(ends: Floats, exposed: Floats) -> tuple[float, Floats]:
    """Return the log of everyone's rates, summed over the ends, and the ends these rates let expect."""
    rate = ends.sum(axis=0) / np.maximum(exposed.sum(axis=0), 1e-12)[:, None]
    likely = float((ends.sum(axis=0) * np.log(np.where(rate > 0.0, rate, 1.0))).sum())
    return likely, exposed[:, :, None] * rate


def _multiplied(ends: Floats, expected: Floats) -> Floats:
    """Return the log marginal likelihood of so many ends beyond what everyone's rates alone would give."""
    terms: Floats = gammaln(ends + _RATES) - gammaln(_RATES) + _RATES * np.log(_RATES)
    return terms - (ends + _RATES) * np.log(expected + _RATES)


def ends_and_days(
    looks: FirstLooks, place: Ints, bins: int, interval: Floats
) -> tuple[NDArray[np.float64], Floats]:
    """Count ends (bins × intervals × causes) and days lived (bins × intervals)."""
    stage = np.searchsorted(interval[1:-1], looks.lived, side="left")
    ends = np.zeros((bins, len(interval) - 1, _STATES))
    np.add.at(ends, (place, stage, looks.event.astype(np.int64)), 1.0)
    lived = [
        np.bincount(place, weights=np.clip(looks.lived, low, high) - low, minlength=bins)
        for low, high in pairwise(interval.tolist())
    ]
    return ends[:, :, 1:], np.stack(lived, axis=1)
