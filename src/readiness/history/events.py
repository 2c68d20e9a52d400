"""The event kernel: which rows of a lead lie in which window before a cutoff, and what they add up to.

All rules of time live here. A window is half-open: it holds ``cutoff - length <= at < cutoff``. Rows
lie sorted by (lead, instant), so a window is a slice ``[low, high)``, found by a boundary search that
runs for all snapshots at once. Counts come from integer prefix sums; sums of floats are added per
slice, in row order, so that one lead alone gives the same bits as a million.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from readiness.crm.records import MICROSECONDS_PER_DAY, NO_INSTANT
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
    low = starts[lead]
    high = starts[lead + 1]
    if len(lead) == 1:
        # One slice: a binary search of it alone finds the same row, without a round for each halving.
        row: Ints = low[0] + at[low[0] : high[0]].searchsorted(when)
        return row
    if when.ndim == 2:
        low, high = low[:, None], high[:, None]
    found = np.zeros(when.shape, dtype=np.int64) + low
    if len(at) == 0 or found.size == 0:
        return found
    # A bisection of all slices in step: as many rounds as the longest history needs, no loop over leads.
    step = 1 << int((high - low).max()).bit_length()
    while step := step >> 1:
        ahead = found + (step - 1)
        earlier = at.take(ahead, mode="clip") < when
        earlier &= ahead < high
        found += earlier * step
    return found


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
    return first_at_or_after(starts, at, lead, _openings(past.cutoff, lengths))


def past_and_windows(
    starts: Ints, at: Ints, lead: Codes, cutoff: Ints, lengths: Sequence[int]
) -> tuple[Past, Ints]:
    """Return what `before` and `windows` return, found in one search."""
    edges = first_at_or_after(starts, at, lead, _openings(cutoff, [*lengths, 0]))
    return Past(starts[lead], edges[:, -1], cutoff), edges[:, :-1]


def _openings(cutoff: Ints, lengths: Sequence[int]) -> Ints:
    return cutoff[:, None] - np.array(lengths, dtype=np.int64)


def prefix_counts(member: Flags | NDArray[np.bool_]) -> Ints:
    """Return running counts of the true rows; ``result[j] - result[i]`` counts them in ``[i, j)``.

    ``member`` is rows or rows × kinds; the result has one row more, starting with zero.
    """
    counts = np.zeros((member.shape[0] + 1, *member.shape[1:]), dtype=np.int64)
    np.cumsum(member, axis=0, out=counts[1:])
    return counts


def within(rows: Ints, low: Ints, high: Ints) -> tuple[Ints, Ints]:
    """Return which of some rows (ascending) lie in each ``[low, high)``: ``rows[first:last]``."""
    return rows.searchsorted(low), rows.searchsorted(high)


def newest(member: Flags, low: Ints, high: Ints) -> Ints:
    """Return the last true row in ``[low, high)``, or -1 where there is none."""
    if low.shape == (1,):
        rows = member[low[0] : high[0]].nonzero()[0][-1:]
        return low + rows if len(rows) else np.array([-1])
    rows = member.nonzero()[0]
    if len(rows) == 0:
        return np.full(low.shape, -1, dtype=np.int64)
    first, last = within(rows, low, high)
    return _chosen(rows, last - 1, first < last)


def oldest(member: Flags, low: Ints, high: Ints) -> Ints:
    """Return the first true row in ``[low, high)``, or -1 where there is none."""
    rows = member.nonzero()[0]
    if len(rows) == 0:
        return np.full(low.shape, -1, dtype=np.int64)
    first, last = within(rows, low, high)
    return _chosen(rows, first, first < last)


def _chosen(rows: Ints, position: Ints, there: Flags) -> Ints:
    return np.where(there, rows.take(position, mode="clip"), -1)


def days_before(at: Ints, row: Ints, cutoff: Ints) -> Floats:
    """Return how many days before the cutoff each row lies; NaN where the row is -1."""
    if len(at) == 0:
        return np.full(row.shape, np.nan)
    if row.shape == (1,):
        return (cutoff - at[row]) / MICROSECONDS_PER_DAY if row[0] >= 0 else np.array([np.nan])
    # Row -1 reads the last one, which is put aside.
    age = (cutoff - at[row]) / MICROSECONDS_PER_DAY
    return np.where(row < 0, np.nan, age)


def pairs(low: Ints, high: Ints) -> tuple[Ints, Ints]:
    """Expand slices into (snapshot, row) pairs, in the order snapshot, row."""
    if len(low) == 1:
        only = np.arange(low[0], high[0], dtype=np.int64)
        return np.zeros(len(only), dtype=np.int64), only
    lengths = np.maximum(high - low, 0)
    snapshot = np.arange(len(low), dtype=np.int64).repeat(lengths)
    ends = lengths.cumsum()
    row = np.arange(int(ends[-1]) if len(ends) else 0, dtype=np.int64)
    row += (low - (ends - lengths)).repeat(lengths)
    return snapshot, row


def sums(values: Floats, snapshot: Ints, snapshots: int) -> Floats:
    """Add up the values of each snapshot's pairs, in their order; 0 where it has none.

    ``np.add.reduceat`` adds a slice the same way whatever lies around it: so one lead alone and a
    million give the same bits. ``snapshot`` ascends.
    """
    result = np.zeros(snapshots, dtype=np.float64)
    if len(snapshot):
        first = changes(snapshot).nonzero()[0]
        result[snapshot[first]] = np.add.reduceat(values, first)
    return result


def changes(column: Ints | Codes) -> Flags:
    """Say which entries differ from the one before; the first does."""
    fresh = np.ones(len(column), dtype=np.bool_)
    np.not_equal(column[1:], column[:-1], out=fresh[1:])
    return fresh


def medians(values: Floats, place: Ints, places: int) -> Floats:
    """Return the median of the values of each place; NaN where it has none."""
    size = np.bincount(place, minlength=places)
    first = size.cumsum() - size
    ranked = np.append(values[np.lexsort((values, place))], np.nan)
    middle = (ranked[first + (size - 1) // 2] + ranked[first + size // 2]) / 2
    return np.where(size > 0, middle, np.nan)


def totals(values: Floats, place: Ints, places: int) -> Floats:
    """Add up values by place, each place's in the order given; 0 where there is none.

    The additions of one place are done one after the other, whatever the others hold: so one lead
    alone and a million give the same bits.
    """
    return np.bincount(place, weights=values, minlength=places).astype(np.float64, copy=False)


@dataclass(frozen=True, slots=True)
class Kinds:
    """Which rows are of which kind, ready to be counted; a row may be of several kinds or of none."""

    counts: NDArray[np.int32]
    """rows + 1 × kinds: ``counts[i, k]`` rows before row i are of kind k."""
    rows: Ints
    """The rows of kind 0, ascending, then those of kind 1, and so on."""
    first: Ints
    """Where each kind starts in ``rows``."""


Layer: TypeAlias = tuple[NDArray[np.int16], int]
"""A kind per row, -1 for none, and how many kinds there are: at most 32,767."""


def kinds_of(layers: Sequence[Layer], rows: int) -> Kinds:
    """Make ready rows that were sorted into kinds, in one layer or several.

    The kinds of the first layer come first, then those of the second, and so on.
    """
    width = sum(number for _, number in layers)
    counts = np.zeros((rows + 1, width), dtype=np.int32)
    marks = counts.reshape(-1)[width:]
    grouped = []
    offset = 0
    for code, number in layers:
        held = (code >= 0).nonzero()[0]
        kind = code[held]
        marks[held * width + (kind + offset)] = 1
        # Small integers are sorted by counting, in one pass; a stable sort keeps each kind's rows in order.
        grouped.append(held if number == 1 else held[kind.argsort(kind="stable")])
        offset += number
    counts.cumsum(axis=0, out=counts)
    return Kinds(counts, np.concatenate(grouped), counts[-1].cumsum(dtype=np.int64) - counts[-1])


def counts_from(found: Kinds, opens: Ints, high: Ints) -> Codes:
    """Count the rows of each kind in each window ``[opens[i, j], high[i])``: n × windows × kinds."""
    closed = found.counts.take(high, axis=0)[:, None, :]
    return closed - found.counts.take(opens, axis=0)


def newest_of(found: Kinds, low: Ints, high: Ints) -> Ints:
    """Return the last row of each kind in ``[low, high)``, or -1 where there is none: n × kinds."""
    upto = found.counts.take(high, axis=0)
    there = upto > found.counts.take(low, axis=0)
    if len(found.rows) == 0:
        return np.full(upto.shape, -1, dtype=np.int64)
    return np.where(there, found.rows.take(found.first + upto - 1, mode="clip"), -1)


def previous_alike(lead: Codes, code: Codes | NDArray[np.int8]) -> Ints:
    """Return, for each row, the previous row of the same lead with the same code; -1 if there is none.

    ``lead`` ascends; a missing code (-1) is a code like any other.
    """
    earlier = np.full(len(lead), -1, dtype=np.int64)
    # A stable sort by code alone leaves each code's rows in the order of their leads.
    order = code.argsort(kind="stable")
    here, before = order[1:], order[:-1]
    alike = (lead[here] == lead[before]) & (code[here] == code[before])
    earlier[here[alike]] = before[alike]
    return earlier


def seen(starts: Ints, at: Ints, lead: Codes, cutoff: Ints) -> Flags:
    """Say which rows at least one of the snapshots (lead, cutoff) sees."""
    latest = np.full(len(starts) - 1, NO_INSTANT, dtype=np.int64)
    np.maximum.at(latest, lead, cutoff)
    everyone = np.arange(len(latest), dtype=np.int32)
    high = first_at_or_after(starts, at, everyone, latest)
    return np.arange(len(at)) < np.repeat(high, np.diff(starts))
