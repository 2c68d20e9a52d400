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

_NONE: Final = 1e-12
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
    # Looks at one instant have one rank, so that the order of the rows cannot show.
    rank = np.searchsorted(np.sort(looks.snapshots.cutoff), looks.snapshots.cutoff)
    at_creation = max(_over_time(place, bins, rank)) + max(_ends(looks, place, bins, interval))
    return max(_at_the_end(looks, place, bins, interval)) - at_creation


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
    return _likely(counts, (together + 0.5) / (together.sum() + 0.5 * len(together)))


def _likely(counts: Ints | Floats, share: Floats) -> Floats:
    """Return the log chance of counts along the last axis, drawn around these shares."""
    prior = np.maximum(_ALIKE * share, _NONE)
    of_values = (gammaln(counts + prior) - gammaln(prior)).sum(axis=-1)
    total = prior.sum(axis=-1)
    likely: Floats = of_values + gammaln(total) - gammaln(counts.sum(axis=-1) + total)
    return likely


def _ends(looks: FirstLooks, place: Ints, bins: int, interval: Floats) -> Iterator[float]:
    """Say how much likelier the ends are if each bin has rates of its own, rather than those of all.

    Its rates are a multiple of everyone's: one a cause, or one a cause and interval, or one an interval with
    ends of each cause in the bin's own shares. Of each kind of end, as many are given, and the multiples say
    from which bins they come.
    """
    ends, lived = ends_and_days(looks, place, bins, interval)
    everyone = ends.sum(axis=0) / np.maximum(lived.sum(axis=0), _NONE)[:, None]
    expected = lived[:, :, None] * everyone
    yield _gain(ends.sum(axis=1), expected.sum(axis=1))
    yield _gain(ends, expected)
    causes = ends.sum(axis=1)
    share = causes.sum(axis=0) / max(float(causes.sum()), _NONE)
    in_shares = float((_likely(causes, share) - _surely(causes, share)).sum())
    yield _gain(ends.sum(axis=2), expected.sum(axis=2)) + in_shares


def _gain(ends: Floats, expected: Floats) -> float:
    """Weigh multiples of each bin's own (bins are the first axis) against everyone's rates."""
    ends, expected = np.moveaxis(ends, 0, -1), np.moveaxis(expected, 0, -1)
    share = expected / np.maximum(expected.sum(axis=-1, keepdims=True), _NONE)
    return float((_likely(ends, share) - _surely(ends, share)).sum())


def _surely(counts: Floats, share: Floats) -> Floats:
    """Return the log of the chance of counts, one by one, if the shares are these for sure."""
    log: Floats = (counts * np.log(np.where(share > 0.0, share, 1.0))).sum(axis=-1)
    return log


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
