"""Where the past ends and the test begins, and which rows must stay together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from readiness.crm.records import CLOSED_WON, MICROSECONDS_PER_DAY, Instant, days
from readiness.crm.tables import Flags, Floats, Ints, Tables
from readiness.history.snapshots import known_until_of_leads

WON_NEEDED: Final = 100
"""Fewer sales than this after the cut make every figure about the model too wide to act on."""


@dataclass(frozen=True, slots=True)
class TestStart:
    """Where the test begins, how many leads were won from then on, and how many days of data follow."""

    at: Instant
    won: int
    days: float


@dataclass(frozen=True, slots=True)
class NoTestStart:
    """There is no instant with enough data before and after it; what there is, and what it takes."""

    won: int
    won_needed: int
    days: float
    days_needed: float

    @property
    def missing(self) -> str:
        """Say how much is missing, in one sentence."""
        parts = []
        if self.won < self.won_needed:
            parts.append(f"{self.won_needed - self.won} more closed sales (there are {self.won})")
        if self.days <= self.days_needed:
            more = self.days_needed - self.days
            parts.append(f"more than {more:.0f} more days of history (there are {self.days:.0f})")
        if not parts:
            parts.append(f"leads created before the last {self.won_needed} closed sales")
        return f"Testing on later leads takes {' and '.join(parts)}."


def test_start(
    tables: Tables,
    *,
    horizon_days: float,
    won_needed: int = WON_NEEDED,  # noqa: PT028 - the start of a test, not a test
) -> TestStart | NoTestStart:
    """Find the latest instant with at least one horizon of data and enough closed sales after it.

    So every lead created at the instant can be followed for a full horizon, and the sales at or after
    it are enough to judge by. Something must lie before it as well: a lead to learn from.

    Parameters
    ----------
    tables : Tables
        Leads and outcomes are read; sales count that are dated and lie where the record was kept.
    horizon_days : float, > 0
        How far ahead the score looks.
    won_needed : int, ≥ 1

    Returns
    -------
    TestStart or NoTestStart
        In undated tables always NoTestStart, with zero days and zero sales.
    """
    if not tables.dated or len(tables.leads) == 0:
        return NoTestStart(0, won_needed, 0.0, horizon_days)
    ends = tables.outcomes
    known = (ends.occurred_at >= tables.leads.created_at[ends.lead]) & (
        ends.occurred_at < known_until_of_leads(tables)[ends.lead]
    )
    won = np.sort(ends.occurred_at[known & (ends.outcome == CLOSED_WON)])
    created = int(tables.leads.created_at.min())
    history = (tables.observed_through - created) / MICROSECONDS_PER_DAY
    if len(won) < won_needed:
        return NoTestStart(len(won), won_needed, history, horizon_days)
    at = min(tables.observed_through - days(horizon_days), int(won[-won_needed]))
    if at <= created:
        return NoTestStart(len(won), won_needed, history, horizon_days)
    after = int((won >= at).sum())
    return TestStart(at, after, (tables.observed_through - at) / MICROSECONDS_PER_DAY)


def later_leads(tables: Tables, instant: Instant) -> Flags:
    """Say which leads were created at or after an instant; none in undated tables."""
    if not tables.dated:
        return np.zeros(len(tables.leads), dtype=np.bool_)
    return tables.leads.created_at >= instant


def created_between(tables: Tables, start: Instant, end: Instant) -> Flags:
    """Say which leads were created at or after one instant and before another; none in undated tables."""
    return later_leads(tables, start) & ~later_leads(tables, end)


def rehearsal_starts(tables: Tables, shares: Sequence[float]) -> tuple[Instant, ...]:
    """Return the instants before which such shares of the leads were created, each once, ascending.

    At these a learner can be asked what it would have said of leads that were still to come.

    Parameters
    ----------
    tables : Tables
        Undated, or without leads: there are no such instants.
    shares : sequence of float, each above 0 and below 1
    """
    if not tables.dated or len(tables.leads) == 0:
        return ()
    created = np.sort(tables.leads.created_at)
    places = {int(share * len(created)) for share in shares}
    starts = {int(created[place]) for place in places}
    return tuple(sorted(start for start in starts if start > created[0]))


def folds(groups: Ints, k: int, seed: int) -> Ints:
    """Deal groups of rows into folds at random, so that no group is split.

    Each fold holds as many groups as any other, plus or minus one. A group's fold depends on which
    groups there are and on the seed, not on the order or number of its rows.

    Parameters
    ----------
    groups : Ints, n
        The group of each row: its lead, or what `identical_groups` found.
    k : int, ≥ 2
        How many folds. With fewer groups than folds, some folds are empty.
    seed : int

    Returns
    -------
    Ints, n
        A fold number per row, 0 to k - 1.

    Raises
    ------
    ValueError
        If ``k`` is below 2: there would be nothing left to learn from.
    """
    if k < 2:
        raise ValueError(f"{k} folds leave nothing to learn from; ask for at least 2")
    distinct, group = np.unique(groups, return_inverse=True)
    dealt = np.random.default_rng(seed).permutation(len(distinct)) % k
    return dealt[group.reshape(-1)].astype(np.int64)


def identical_groups(matrix: Floats) -> Ints:
    """Give identical rows one number: they are leads that a model could not tell apart.

    Missing values are identical to each other, and so are zero and minus zero.

    Parameters
    ----------
    matrix : Floats, n × p

    Returns
    -------
    Ints, n
        A group number per row, from 0. Which rows share one does not depend on the row order, nor
        does the number itself.
    """
    n = len(matrix)
    if matrix.shape[1] == 0:
        return np.zeros(n, dtype=np.int64)
    # Bytes compare faster than floats and settle NaN; adding zero makes -0.0 into 0.0.
    rows = np.ascontiguousarray(np.where(np.isnan(matrix), np.nan, matrix + 0.0), dtype=np.float64)
    keys = rows.view(np.dtype((np.void, rows.dtype.itemsize * rows.shape[1]))).reshape(n)
    return np.unique(keys, return_inverse=True)[1].reshape(-1).astype(np.int64)
