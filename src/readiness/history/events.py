"""The event kernel: which rows of a lead lie in which window before a cutoff, and what they add up to.

All rules of time live here. A window is half-open: it holds ``cutoff - length <= at < cutoff``. Rows
lie sorted by (lead, instant), so a window is a slice ``[low, high)``, found by a boundary search that
runs for all snapshots at once. Counts come from integer prefix sums; sums of floats are added per
slice, in row order, so that one lead alone gives the same bits as a million.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from readiness.crm.records import MICROSECONDS_PER_DAY
from readiness.crm.tables import Codes, Flags, Floats, Ints


@dataclass(frozen=True, slots=True)
class Past:
    """For each of n snapshots, the rows of its lead strictly before its cutoff: ``[low, high)``."""

    low: Ints
    high: Ints
    cutoff: Ints


def first_at_or_after(starts: Ints, at: Ints, lead: Codes, when: Ints) -> Ints:
    """Return, for each (lead, when), the first of the lead's rows with ``at >= when``.

    Parameters
    ----------
    starts : Ints, leads + 1
        Where each lead's rows start in ``at``.
    at : Ints, rows
        Instants, ascending within a lead.
    lead : Codes, n
        Position of the lead.
    when : Ints, n or n × k
        Instants to search for.

    Returns
    -------
    Ints, the shape of ``when``
        A row number; the lead's end where all its rows are earlier.
    """
    shape = when.shape
    low = starts[lead]
    high = starts[lead + 1]
    if when.ndim == 2:
        low = np.repeat(low[:, None], shape[1], axis=1)
        high = np.repeat(high[:, None], shape[1], axis=1)
    if len(at) == 0 or low.size == 0:
        return low.copy()
    longest = int((high - low).max())
    last = len(at) - 1
    # A bisection of all slices in step: as many rounds as the longest history needs, no loop over leads.
    for _ in range(longest.bit_length()):
        middle = (low + high) >> 1
        earlier = (at[np.minimum(middle, last)] < when) & (low < high)
        low = np.where(earlier, middle + 1, low)
        high = np.where(earlier, high, middle)
    return low


def before(starts: Ints, at: Ints, lead: Codes, cutoff: Ints) -> Past:
    """Return each snapshot's past: the rows of its lead with ``at < cutoff``."""
    return Past(starts[lead], first_at_or_after(starts, at, lead, cutoff), cutoff)


def windows(starts: Ints, at: Ints, lead: Codes, past: Past, lengths: Sequence[int]) -> Ints:
    """Return where each window opens: the first row with ``at >= cutoff - length``.

    Parameters
    ----------
    lengths : k lengths in microseconds

    Returns
    -------
    Ints, n × k
        The window of snapshot i and length j is ``[result[i, j], past.high[i])``.
    """
    opens = past.cutoff[:, None] - np.asarray(lengths, dtype=np.int64)[None, :]
    return first_at_or_after(starts, at, lead, opens)


def prefix_counts(member: Flags | NDArray[np.bool_]) -> Ints:
    """Return running counts of the true rows; ``result[j] - result[i]`` counts them in ``[i, j)``.

    ``member`` is rows or rows × kinds; the result has one row more, starting with zero.
    """
    counts = np.zeros((member.shape[0] + 1, *member.shape[1:]), dtype=np.int64)
    np.cumsum(member, axis=0, out=counts[1:])
    return counts


def newest(member: Flags, low: Ints, high: Ints) -> Ints:
    """Return the last true row in ``[low, high)``, or -1 where there is none."""
    if member.shape[0] == 0:
        return np.full(low.shape, -1, dtype=np.int64)
    seen = np.maximum.accumulate(np.where(member, np.arange(member.shape[0]), -1))
    found = np.where(high > 0, seen[np.maximum(high, 1) - 1], -1)
    return np.where(found >= low, found, -1)


def oldest(member: Flags, low: Ints, high: Ints) -> Ints:
    """Return the first true row in ``[low, high)``, or -1 where there is none."""
    rows = member.shape[0]
    if rows == 0:
        return np.full(low.shape, -1, dtype=np.int64)
    ahead = np.minimum.accumulate(np.where(member, np.arange(rows), rows)[::-1])[::-1]
    found = np.where(low < rows, ahead[np.minimum(low, rows - 1)], rows)
    return np.where(found < high, found, -1)


def days_before(at: Ints, row: Ints, cutoff: Ints) -> Floats:
    """Return how many days before the cutoff each row lies; NaN where the row is -1."""
    if len(at) == 0:
        return np.full(row.shape, np.nan)
    age = (cutoff - at[np.maximum(row, 0)]) / MICROSECONDS_PER_DAY
    return np.where(row < 0, np.nan, age)


def pairs(low: Ints, high: Ints) -> tuple[Ints, Ints]:
    """Expand slices into (snapshot, row) pairs, in the order snapshot, row."""
    lengths = np.maximum(high - low, 0)
    snapshot = np.repeat(np.arange(len(low), dtype=np.int64), lengths)
    ends = np.cumsum(lengths)
    row = np.arange(int(ends[-1]) if len(ends) else 0, dtype=np.int64)
    row += np.repeat(low - (ends - lengths), lengths)
    return snapshot, row


def sums(values: Floats, snapshot: Ints, snapshots: int) -> Floats:
    """Add up the values of each snapshot's pairs, in their order; 0 where it has none.

    ``np.add.reduceat`` adds a slice the same way whatever lies around it: so one lead alone and a
    million give the same bits. ``snapshot`` ascends.
    """
    result = np.zeros(snapshots, dtype=np.float64)
    if len(snapshot):
        first = np.flatnonzero(np.r_[True, snapshot[1:] != snapshot[:-1]])
        result[snapshot[first]] = np.add.reduceat(values, first)
    return result
