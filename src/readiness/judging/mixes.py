"""How two sides of leads fall into the same bins: how far they differ, and how surely."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from scipy.special import chdtrc

from readiness.crm.tables import Floats, Ints

BINS: Final = 10
"""A number's bins: as many equal shares of the leads learned from."""

FEWEST_IN_BIN: Final = 10.0
"""Bins in which fewer would be expected, on the smaller side, are put together: few make a test too sure."""

_HALF: Final = 0.5


@dataclass(frozen=True, slots=True)
class Mix:
    """How two sides fall into the same bins, and how far and how surely they differ.

    ``psi`` is the population stability index, 0 for equal shares; ``p`` the chance of a difference at least
    as large where there is none. ``before`` and ``now`` count leads by bin, bins too small put together.
    ``usual`` is the largest index that any stretch of the first side reaches against all of it: campaigns
    come and go, and what moved as far before is no news.
    """

    before: Ints
    now: Ints
    psi: float
    p: float
    usual: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "before": self.before.tolist(),
            "now": self.now.tolist(),
            "psi": self.psi,
            "p": self.p,
            "usual": self.usual,
        }


def psi(before: Ints, now: Ints) -> float:
    """Return the population stability index of two sides in the same bins: Σ (q − p) · ln(q / p).

    Half a lead is added to each bin of either side, so that an empty bin says much, but not infinitely much.

    Parameters
    ----------
    before, now : Ints, k
        Leads by bin.

    Returns
    -------
    float
        0 for equal shares; customary readings: below 0.1 alike, from 0.25 on another population. 0 where a
        side has no leads: nothing was compared.

    Notes
    -----
    Lewis (1994), An introduction to credit scoring; twice Jeffreys' divergence of the two shares.
    """
    if not before.sum() or not now.sum():
        return 0.0
    p = (before + _HALF) / (before.sum() + _HALF * len(before))
    q = (now + _HALF) / (now.sum() + _HALF * len(now))
    return float(((q - p) * np.log(q / p)).sum())


def p_of_mixes(before: Ints, now: Ints) -> float:
    """Return the p-value of Pearson's test that two sides fall into the bins with the same chances.

    Returns
    -------
    float
        1 where a side has no leads, or there is only one bin.

    Notes
    -----
    Pearson (1900); chi-square with one degree of freedom less than there are bins that hold anybody.
    """
    pooled = before + now
    before, now, pooled = before[pooled > 0], now[pooled > 0], pooled[pooled > 0]
    if len(pooled) < 2 or not before.sum() or not now.sum():
        return 1.0
    statistic = 0.0
    for side in (before, now):
        expected = pooled * (side.sum() / pooled.sum())
        statistic += float(((side - expected) ** 2 / expected).sum())
    return float(chdtrc(len(pooled) - 1, statistic))


def together(pooled: Ints, least: float, *, ordered: bool) -> Ints:
    """Say which bins are put together so that each holds at least ``least`` of both sides pooled.

    Neighbours go together where the bins have an order, else the smallest; what is left over goes with the
    last. Only the pooled counts are read: which side is which cannot decide.

    Returns
    -------
    Ints, k
        The number of each bin's new bin, from 0, without gaps.
    """
    order = np.arange(len(pooled)) if ordered else np.argsort(pooled, kind="stable")
    number = np.zeros(len(pooled), dtype=np.int64)
    new, held = 0, 0.0
    for place, bin_ in enumerate(order.tolist()):
        number[bin_] = new
        held += float(pooled[bin_])
        left = float(pooled[order[place + 1 :]].sum())
        if held >= least and left >= least:
            new, held = new + 1, 0.0
    return number


def mix(before: Ints, now: Ints, *, ordered: bool) -> Mix:
    """Compare how two sides fall into the same bins.

    Parameters
    ----------
    before, now : Ints, k
        Leads by bin.
    ordered : bool
        Whether neighbouring bins are alike, as those of a number.
    """
    pooled, smaller = before + now, min(int(before.sum()), int(now.sum()))
    if not len(pooled) or not smaller:
        return Mix(before, now, 0.0, 1.0)
    number = together(pooled, FEWEST_IN_BIN * float(pooled.sum()) / smaller, ordered=ordered)
    first, second = (
        np.bincount(number, side, minlength=int(number.max()) + 1).astype(np.int64) for side in (before, now)
    )
    return Mix(first, second, psi(first, second), p_of_mixes(first, second))


def mix_of_numbers(before: Floats, now: Floats, stretch: Ints | None = None, *, bins: int = BINS) -> Mix:
    """Compare two sides of a number, in bins that hold equal shares of the first side.

    A missing number is a bin of its own, below all others: of a behaviour it says "never".

    Parameters
    ----------
    before : Floats, n
    now : Floats, m
        NaN where there is none.
    stretch : Ints, n, optional
        In which stretch of time each of the first side came, from 0; -1 for none that is compared.
    """
    known = before[~np.isnan(before)]
    inner = np.arange(1, bins) / bins
    edges = np.unique(np.quantile(known, inner, method="inverted_cdf")) if len(known) else known
    places = [
        np.where(np.isnan(side), 0, 1 + np.searchsorted(edges, side, side="left")) for side in (before, now)
    ]
    return _mixed(places[0], places[1], stretch, len(edges) + 2, ordered=True)


def mix_of_codes(before: Floats, now: Floats, codes: int, stretch: Ints | None = None) -> Mix:
    """Compare two sides of a category, by code; codes from ``codes`` on are left out."""
    kept = before < codes
    return _mixed(
        before[kept].astype(np.int64),
        now[now < codes].astype(np.int64),
        None if stretch is None else stretch[kept],
        codes,
        ordered=False,
    )


def _mixed(before: Ints, now: Ints, stretch: Ints | None, bins: int, *, ordered: bool) -> Mix:
    whole = np.bincount(before, minlength=bins).astype(np.int64)
    found = mix(whole, np.bincount(now, minlength=bins).astype(np.int64), ordered=ordered)
    usual = [mix(whole, part, ordered=ordered).psi for part in by_stretch(before, stretch, bins)]
    return replace(found, usual=max(usual, default=0.0))


def by_stretch(places: Ints, stretch: Ints | None, bins: int) -> Ints:
    """Count by stretch and bin, k × bins."""
    if stretch is None or not len(places):
        return np.zeros((0, bins), dtype=np.int64)
    told = stretch >= 0
    count = int(stretch.max(initial=-1)) + 1
    flat = np.bincount(stretch[told] * bins + places[told], minlength=count * bins)
    return flat.reshape(count, bins).astype(np.int64)
