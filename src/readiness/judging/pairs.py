"""Sums over pairs of rows, one before the other and one ranked lower, without looking at each pair."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from readiness.crm.tables import Floats, Ints

_Ranks: TypeAlias = NDArray[np.uint16] | Ints


@dataclass(frozen=True, slots=True)
class PairSums:
    """k sums for each of n rows: over the rows on one side of it in time, and those ranked lower there.

    Rows that are ranked the same count half among ``lower``; ``higher`` is the rest.
    """

    lower: Floats
    all: Floats

    @property
    def higher(self) -> Floats:
        """The sums over those ranked higher, equal ones counting half."""
        return self.all - self.lower


def pair_sums(time: Ints, score: Floats, later: Floats, earlier: Floats) -> tuple[PairSums, PairSums]:
    """Add up weights over the rows later than each row, and over those earlier than it.

    Time is halved again and again: of two rows the times first differ in one bit, and at that bit the pair is
    counted, within blocks of rows sorted by score. So the work grows with n log² n and not with the square.

    Parameters
    ----------
    time : Ints, n
        At least 0, and small: ranks. Rows of equal time are no pair.
    score : Floats, n
        None missing.
    later, earlier : Floats, k × n
        What a row weighs to those that it is later than, and to those that it is earlier than.

    Returns
    -------
    later, earlier : PairSums, k × n each
        Over the rows later than each row, and over those earlier.

    Notes
    -----
    Dominance sums by divide and conquer: Bentley (1980), Multidimensional divide-and-conquer,
    Communications of the ACM 23.
    """
    by_score = np.argsort(score, kind="stable")
    # Few ranks fit into 16 bits, which are sorted several times as fast.
    few = time.max(initial=0) < 2**16
    rank: _Ranks = time[by_score].astype(np.uint16) if few else time[by_score]
    sorted_score, ordered = score[by_score], [each[:, by_score] for each in (later, earlier)]
    lower = [np.zeros(each.shape) for each in ordered]
    for bit in range(int(rank.max(initial=0)).bit_length()):
        order = np.argsort(rank >> (bit + 1), kind="stable")
        block, second = rank[order] >> (bit + 1), (rank[order] >> bit & 1).astype(np.bool_)
        changes = np.diff(block) != 0
        first, _ = _runs(changes)
        tied, untied = _runs(changes | (np.diff(sorted_score[order]) != 0))
        for sums, weights, source in zip(lower, ordered, (second, ~second), strict=True):
            running = np.zeros((len(weights), len(order) + 1))
            np.cumsum(weights[:, order] * source, axis=1, out=running[:, 1:])
            asks = np.flatnonzero(~source)
            half = (running[:, tied[asks]] + running[:, untied[asks]]) / 2.0
            sums[:, order[asks]] += half - running[:, first[asks]]
    found = [np.empty(each.shape) for each in (later, earlier)]
    for sums, each in zip(found, lower, strict=True):
        sums[:, by_score] = each
    return PairSums(found[0], _later(time, later)), PairSums(found[1], _later(-time, earlier))


def _later(time: Ints, weights: Floats) -> Floats:
    """Return the sum of the weights at times after each row's, k × n."""
    if not len(time):
        return np.zeros(weights.shape)
    places = time - time.min()
    sums = np.zeros((len(weights), int(places.max()) + 2))
    for row, each in zip(sums, weights, strict=True):
        row[:-1] = np.cumsum(np.bincount(places, each)[::-1])[::-1]
    return sums[:, places + 1]


def _runs(changes: np.ndarray) -> tuple[Ints, Ints]:
    """Return, for each row, where its run of rows between changes starts and where it ends."""
    starts = np.flatnonzero(np.concatenate(([True], changes)))
    ends = np.append(starts[1:], len(changes) + 1)
    return np.repeat(starts, ends - starts), np.repeat(ends, ends - starts)
