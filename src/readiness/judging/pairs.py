"""Sums over pairs of rows, one before the other and one ranked lower, without looking at each pair."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from readiness.crm.tables import Floats, Ints


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
    found = [PairSums(np.zeros(each.shape), np.zeros(each.shape)) for each in (later, earlier)]
    by_score = np.argsort(score, kind="stable")
    # Few ranks fit into 16 bits, which are sorted several times as fast.
    time = time.astype(np.uint16) if time.max(initial=0) < 2**16 else time
    for bit in range(int(time.max(initial=0)).bit_length()):
        block = time[by_score] >> (bit + 1)
        order = by_score[np.argsort(block, kind="stable")]
        block, second = time[order] >> (bit + 1), (time[order] >> bit & 1).astype(np.bool_)
        first, last = _runs(np.diff(block) != 0)
        tied, untied = _runs((np.diff(block) != 0) | (np.diff(score[order]) != 0))
        for sums, weights, source in zip(found, (later, earlier), (second, ~second), strict=True):
            running = np.zeros((len(weights), len(order) + 1))
            np.cumsum(np.where(source, weights[:, order], 0.0), axis=1, out=running[:, 1:])
            before, asks = running[:, first], order[~source]
            lower = (running[:, tied] + running[:, untied]) / 2.0 - before
            sums.lower[:, asks] += lower[:, ~source]
            sums.all[:, asks] += (running[:, last] - before)[:, ~source]
    return found[0], found[1]


def _runs(changes: np.ndarray) -> tuple[Ints, Ints]:
    """Return, for each row, where its run of rows between changes starts and where it ends."""
    starts = np.flatnonzero(np.concatenate(([True], changes)))
    ends = np.append(starts[1:], len(changes) + 1)
    return np.repeat(starts, ends - starts), np.repeat(ends, ends - starts)
