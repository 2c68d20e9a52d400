"""Dated rows that are there and rows of a later export, laid together: each that both have is kept once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from readiness.crm.records import NO_INSTANT
from readiness.crm.tables import (
    Coded,
    Codes,
    Flags,
    Handovers,
    Ints,
    row_order,
)

Column: TypeAlias = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Clash:
    """Two rows that contradict each other: neither export has the other's row."""

    lead: int
    at: int
    there: int
    """The row that was there, as its position in the table there."""
    given: int
    """The row of the later export, as its position in its table."""


@dataclass(frozen=True, slots=True)
class Union:
    """Which rows of two tables, one behind the other, belong to both together, and what clashes."""

    rows: Ints
    """Ascending within what they were: positions in the rows there, then the rows given."""
    clashes: tuple[Clash, ...] = ()


@dataclass(frozen=True, slots=True)
class _Together:
    """Rows there and rows given, sorted as one table."""

    order: Ints
    given: Flags
    run: Ints
    """Rows that say the same in every column share a number."""
    there_count: Ints
    given_count: Ints
    rank: Ints
    """How many rows of its run lie before a row."""

    @property
    def surplus(self) -> tuple[Flags, Flags]:
        """Say of each run whether the rows there have more of it, and whether the rows given have."""
        return self.there_count > self.given_count, self.given_count > self.there_count


def union(
    lead: Codes, at: Ints, content: Sequence[Column], given: Flags, *, key: int | None, prefer_new: bool
) -> Union:
    """Return which rows to keep: of equal rows as many as the side that has more of them.

    So the same rows twice change nothing, and the order in which exports come does not matter, unless
    they contradict each other.

    Parameters
    ----------
    lead, at, content : columns of n rows
        Those there first, then those given.
    given : n flags
        Whether a row is one of those given.
    key : int, optional
        Rows with the same lead, instant and first ``key`` columns of content answer one question. If
        each side has an answer there that the other lacks, they contradict each other: one side's rows
        are kept. None: no row contradicts another.
    prefer_new : bool
        Whether the rows given win.
    """
    if not len(lead):
        return Union(np.empty(0, dtype=np.int64))
    order = row_order(lead, at, content)
    order = np.arange(len(lead), dtype=np.int64) if isinstance(order, slice) else order
    both = _together(lead, at, content, given, order)
    limit = np.maximum(both.there_count, both.given_count)
    clashes: tuple[Clash, ...] = ()
    if key is not None:
        question = _numbered([lead[order], at[order], *(each[order] for each in content[:key])])
        clashing = _clashing(both, question)
        if clashing.any():
            one_side = both.given_count if prefer_new else both.there_count
            of_run = np.zeros(len(limit), dtype=bool)
            of_run[both.run] = clashing[question]
            limit = np.where(of_run, one_side, limit)
            clashes = _clashes(both, question, clashing, lead, at)
    return Union(np.sort(order[both.rank < limit[both.run]]), clashes)


def superseded(handovers: Handovers, given: Flags) -> Flags:
    """Say which hand-overs were still undecided on one side and are only decided on the other."""
    undecided = (handovers.decided_at == NO_INSTANT) & (handovers.decision < 0)
    order = np.lexsort((handovers.handed_over_at, handovers.lead))
    question = np.empty(len(order), dtype=np.int64)
    question[order] = _numbered([handovers.lead[order], handovers.handed_over_at[order]])
    settled = [
        _any(question, ~undecided & side) & ~_any(question, undecided & side) for side in (~given, given)
    ]
    old: Flags = undecided & np.where(given, settled[0][question], settled[1][question])
    return old


def stacked(there: Coded, given: Coded) -> Coded:
    """Put one column of texts below another, their levels sorted together."""
    levels = tuple(sorted({*there.levels, *given.levels}))
    code = {level: number for number, level in enumerate(levels)}
    parts = []
    for column in (there, given):
        new = np.array([*(code[level] for level in column.levels), -1], dtype=np.int32)
        parts.append(new[column.codes])
    return Coded(np.concatenate(parts), levels)


def _together(lead: Codes, at: Ints, content: Sequence[Column], given: Flags, order: Ints) -> _Together:
    run = _numbered([lead[order], at[order], *(column[order] for column in content)])
    side = given[order]
    runs = int(run[-1]) + 1
    first = np.flatnonzero(np.r_[True, run[1:] != run[:-1]])
    return _Together(
        order=order,
        given=side,
        run=run,
        there_count=np.bincount(run[~side], minlength=runs),
        given_count=np.bincount(run[side], minlength=runs),
        rank=np.arange(len(run)) - first[run],
    )


def _numbered(columns: Sequence[Column]) -> Ints:
    """Give sorted rows numbers so that neighbours that say the same in all columns share a number."""
    new = np.zeros(len(columns[0]), dtype=bool)
    for column in columns:
        differs = column[1:] != column[:-1]
        if column.dtype.kind == "f":
            differs &= ~(np.isnan(column[1:]) & np.isnan(column[:-1]))
        new[1:] |= differs
    number: Ints = np.cumsum(new, dtype=np.int64)
    return number


def _any(number: Ints, flags: Flags) -> Flags:
    found: Flags = np.zeros(int(number.max(initial=-1)) + 1, dtype=bool)
    found[number[flags]] = True
    return found


def _clashing(both: _Together, question: Ints) -> Flags:
    there, given = both.surplus
    found: Flags = _any(question, there[both.run]) & _any(question, given[both.run])
    return found


def _clashes(both: _Together, question: Ints, clashing: Flags, lead: Codes, at: Ints) -> tuple[Clash, ...]:
    there, given = both.surplus
    ours = np.flatnonzero(clashing[question] & there[both.run] & ~both.given)
    theirs = np.flatnonzero(clashing[question] & given[both.run] & both.given)
    _, one = np.unique(question[ours], return_index=True)
    _, other = np.unique(question[theirs], return_index=True)
    old_rows, new_rows = both.order[ours[one]], both.order[theirs[other]]
    start = int((~both.given).sum())
    return tuple(
        Clash(int(lead[old]), int(at[old]), old, new - start)
        for old, new in zip(old_rows.tolist(), new_rows.tolist(), strict=True)
    )
