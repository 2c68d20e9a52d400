"""How sure a figure is: resampling whole leads, the same draw for everything that is compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import betaincinv

from readiness.crm.tables import Floats, Ints

_BLOCK: Final = 4_000_000
"""Weights held at once (replicates × snapshots); bounds memory, never changes a result."""

_DEFINED_SHARE: Final = 0.9

_FEWEST: Final = 5
"""With fewer cases on one side of a share, resampling says too little of how sure it is."""

MOST_CLUSTERS: Final = 5_000
"""More leads than these are dealt into so many clusters first: memory stays bounded, and with as many
clusters intervals are no wider."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """A figure that is one sum over the snapshots divided by another; two columns of n terms."""

    top: Floats
    bottom: Floats

    def value(self) -> float:
        """Return the figure, NaN where nothing is known."""
        bottom = float(self.bottom.sum())
        return float(self.top.sum()) / bottom if bottom > 0 else float("nan")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its interval; None where the data do not say."""

    value: float | None
    low: float | None
    high: float | None

    def to_dict(self) -> dict[str, float | None]:
        """Return it ready for JSON."""
        return {"value": self.value, "low": self.low, "high": self.high}


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and its B replicates; two estimates from the same draw can be subtracted."""

    value: float
    replicates: Floats

    def __sub__(self, other: Estimate) -> Estimate:
        return Estimate(self.value - other.value, self.replicates - other.replicates)

    def figure(self, coverage: float = 0.95) -> Figure:
        """Return the figure with its percentile interval.

        The interval is None where fewer than nine replicates in ten define the figure: too few leads
        carry it.
        """
        if not np.isfinite(self.value):
            return Figure(None, None, None)
        defined = self.replicates[np.isfinite(self.replicates)]
        if len(defined) < max(_DEFINED_SHARE * len(self.replicates), 1):
            return Figure(self.value, None, None)
        tail = (1 - coverage) / 2
        low, high = np.quantile(defined, [tail, 1 - tail])
        return Figure(self.value, float(low), float(high))

    def share_figure(self, cases: float, coverage: float = 0.95) -> Figure:
        """Return the figure of a share, honest also where it rests on a handful of cases.

        With fewer than five cases on one side the draws hardly vary on it, and with none not at all: then
        the exact binomial interval stands in, which errs on the wide side.

        Parameters
        ----------
        cases : float
            How many cases the share is of; of weighted cases, how many of equal weight they are worth.

        Notes
        -----
        Clopper and Pearson (1934), The use of confidence or fiducial limits illustrated in the case of the
        binomial, Biometrika 26.
        """
        if not np.isfinite(self.value):
            return Figure(None, None, None)
        share = min(max(self.value, 0.0), 1.0)
        hits, misses = share * cases, (1.0 - share) * cases
        if min(hits, misses) >= _FEWEST:
            return self.figure(coverage)
        tail = (1 - coverage) / 2
        low = float(betaincinv(hits, misses + 1.0, tail)) if hits > 0 else 0.0
        high = float(betaincinv(hits + 1.0, misses, 1 - tail)) if misses > 0 else 1.0
        return Figure(self.value, min(low, self.value), max(high, self.value))


@dataclass(frozen=True, slots=True)
class Resamples:
    """B draws of as many leads as there are, with replacement.

    ``counts`` (B × leads, or clusters of leads) says how often each was drawn; ``position`` (n) to which
    of them a snapshot belongs. A lead's snapshots come and go together.
    """

    counts: Floats
    position: Ints

    def ratio(self, ratio: Ratio) -> Estimate:
        """Return the ratio in every replicate, from one pass over the leads' sums."""
        top, bottom = self.sums(ratio.top), self.sums(ratio.bottom)
        replicates = np.full(len(top), np.nan)
        np.divide(top, bottom, out=replicates, where=bottom > 0)
        return Estimate(ratio.value(), replicates)

    def sums(self, terms: Floats) -> Floats:
        """Return the sum of n terms in every replicate."""
        by_lead = np.bincount(self.position, terms, minlength=self.counts.shape[1]).astype(np.float64)
        # einsum without BLAS adds in one fixed order: the same bytes whatever the number of threads.
        sums: Floats = np.einsum("bl,l->b", self.counts, by_lead, optimize=False)
        return sums

    def of(self, figure: Callable[[Floats], Floats]) -> Floats:
        """Return the figure in every replicate; ``figure`` takes weights b × n and returns b rows."""
        return np.concatenate([figure(weights) for weights in self.blocks()], axis=0)

    def blocks(self) -> Iterator[Floats]:
        """Yield the replicates' weights by snapshot, b × n, in order; without replicates once, 0 × n."""
        size = max(1, _BLOCK // max(1, len(self.position)))
        for start in range(0, max(1, len(self.counts)), size):
            yield self.counts[start : start + size, self.position]

    def first(self, replicates: int) -> Resamples:
        """Return the first of the draws: enough for a rough interval."""
        return Resamples(self.counts[:replicates], self.position)

    def where(self, rows: Ints) -> Resamples:
        """Return the same draws for these snapshots only."""
        return Resamples(self.counts, self.position[rows])


def draw(
    lead: Ints, *, replicates: int, seed: int | Sequence[int], clusters: int = MOST_CLUSTERS
) -> Resamples:
    """Draw leads with replacement, ``replicates`` times.

    Parameters
    ----------
    lead : Ints, n
        Whose snapshot each row is. The draw depends on the sorted leads, not on the order of the rows.
    seed : int or several
        The same seed gives the same draw.
    clusters : int
        More leads than these are dealt at random into so many clusters, which are drawn whole.

    Notes
    -----
    The cluster bootstrap: Davison and Hinkley (1997), Bootstrap Methods and their Application, 3.8.
    """
    leads, position = np.unique(lead, return_inverse=True)
    rng = np.random.default_rng(seed)
    if len(leads) > clusters:
        position = (rng.permutation(len(leads)) % clusters)[position]
    n = min(len(leads), clusters)
    counts = np.zeros((replicates, n))
    for row in range(replicates):
        if n:
            counts[row] = np.bincount(rng.integers(0, n, size=n), minlength=n)
    return Resamples(counts, position.astype(np.int64))
