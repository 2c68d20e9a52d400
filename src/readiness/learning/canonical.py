"""An order of the rows that depends on what they say and not on how they came, and folds made in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from readiness.crm.tables import Flags, Floats, Ints

_Bits = NDArray[np.uint64]

_STEP: Final = np.uint64(0x9E3779B97F4A7C15)
_FIRST: Final = np.uint64(0xBF58476D1CE4E5B9)
_SECOND: Final = np.uint64(0x94D049BB133111EB)


@dataclass(frozen=True, slots=True)
class Canonical:
    """``rows``: the canonical order; ``group``: each ordered row's lead, numbered from 0 as they appear."""

    rows: Ints
    group: Ints


def canonical(X: Floats, y: Floats, groups: Ints, when: Floats | None = None) -> Canonical:
    """Order rows by the digests of their lead and of themselves.

    Two leads share a digest only if all their rows agree, and then their order cannot show. Digest
    order is as good as random, so that leads dealt to folds in it are dealt at random, without a seed.

    Parameters
    ----------
    X, y : Floats, n × p and n × 2
    groups : Ints, n
        Any numbers; only which rows share one matters.
    when : Floats, n, optional
        Parts rows and leads that agree in all else.
    """
    row = _digest(y, X)
    dated = row if when is None else _mix(row ^ _digest(when[:, None]))
    _, number = np.unique(groups, return_inverse=True)
    by_group = np.argsort(number, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(number[by_group]) > 0]) if len(row) else np.zeros(0, np.int64)
    lead, dated_lead = (
        _mix(np.add.reduceat(each[by_group], starts)) if len(row) else row for each in (row, dated)
    )
    rows = np.lexsort((dated, row, number, dated_lead[number], lead[number]))
    changes = np.r_[False, np.diff(number[rows]) != 0][: len(rows)]
    return Canonical(rows, np.cumsum(changes, dtype=np.int64))


def deal(group: Ints, event: Ints, folds: int) -> Ints:
    """Deal whole leads to folds, those of each kind of end evenly.

    Parameters
    ----------
    group, event : Ints, n
        Rows in canonical order: which lead (numbered from 0), and how it ended (0 to 3).

    Returns
    -------
    Ints, n
        The fold of each row, 0 to ``folds`` - 1; rows of a lead share one.
    """
    leads = int(group.max()) + 1 if len(group) else 0
    kind = np.zeros(leads, dtype=np.int64)
    np.maximum.at(kind, group, event)
    fold = np.empty(leads, dtype=np.int64)
    fold[np.argsort(kind, kind="stable")] = np.arange(leads) % folds
    return fold[group]


def _digest(*tables: Floats) -> _Bits:
    """Digest each row of tables side by side to 64 bits; 0.0 and -0.0 are one value, all NaN are one."""
    digest = np.zeros(tables[0].shape[0], dtype=np.uint64)
    for table in tables:
        for column in table.T:
            same = np.where(np.isnan(column), np.nan, column) + 0.0
            digest = _mix(digest + _STEP ^ same.view(np.uint64))
    return digest


def _mix(bits: _Bits) -> _Bits:
    """Scatter 64 bits (the finaliser of SplitMix64: Steele, Lea and Flood 2014)."""
    bits = (bits ^ (bits >> np.uint64(30))) * _FIRST
    bits = (bits ^ (bits >> np.uint64(27))) * _SECOND
    return bits ^ (bits >> np.uint64(31))


def held_out(fold: Ints, number: int) -> tuple[Flags, Flags]:
    """Return which rows train and which are held out in fold ``number``."""
    out: Flags = fold == number
    return ~out, out
