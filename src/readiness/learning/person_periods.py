"""Time cut into intervals, and each snapshot turned into one row per interval it lived through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from readiness.crm.tables import Flags, Floats, Ints
from readiness.errors import ModelError
from readiness.history.outcomes import CENSORED, EVENTS
from readiness.learning.aalen_johansen import aalen_johansen
from readiness.learning.little_data import lead_numbers, undated

NOTHING: Final = CENSORED
"""As what happened in an interval: no end."""

_PSEUDO_ROWS: Final = 10.0


@dataclass(frozen=True, slots=True)
class PersonPeriods:
    """m rows of (snapshot, interval): what happened there, and which share of it was seen.

    ``event`` is 0 nothing, 1 won, 2 stop, 3 otherwise ended. ``weight`` is 1, or for an interval cut
    by censoring the share of it that was seen.
    """

    snapshot: Ints
    interval: Ints
    event: Ints
    weight: Floats

    def __len__(self) -> int:
        return len(self.snapshot)

    def where(self, keep: Flags) -> PersonPeriods:
        """Return some of the rows, in their order."""
        return PersonPeriods(self.snapshot[keep], self.interval[keep], self.event[keep], self.weight[keep])


def reach_of(y: Floats, groups: Ints, *, longest: float, at_risk: int) -> float:
    """Return how many days the data allow the curve to go: the last with ``at_risk`` leads at risk.

    Leads are counted, not snapshots: a lead is at risk on a day if any of its snapshots has not ended
    or been censored before it. Infinite where nothing is dated; 0 with fewer than ``at_risk`` leads.
    """
    if undated(y):
        return float("inf")
    lead, number = np.unique(lead_numbers(y, groups), return_inverse=True)
    if len(lead) < at_risk:
        return 0.0
    followed = np.zeros(len(lead))
    np.maximum.at(followed, number, y[:, 1])
    return float(min(longest, np.partition(followed, -at_risk)[-at_risk]))


def edges_of(y: Floats, reach: float, *, intervals: int) -> Floats:
    """Cut ``[0, reach)`` at quantiles of the event times, every snapshot weighing one.

    Quantiles of the times that all ends would have if none were hidden by censoring (Aalen–Johansen): those
    of the ends seen would crowd at the start and leave wide, badly resolved intervals at the end.

    Returns
    -------
    Floats, intervals + 1 or fewer
        Ascending, from 0 to ``reach``; fewer where event times tie. An interval is half-open: what
        happens on its right edge belongs to the next, as an event ``reach`` days on is not within reach.

    Raises
    ------
    ModelError
        If the reach is 0: no day has enough leads at risk.
    """
    if np.isinf(reach):
        return np.array([0.0, np.inf])
    if reach <= 0.0:
        raise ModelError("no day has enough leads at risk; ask `learnable` before fitting")
    times = np.unique(y[(y[:, 0] != CENSORED) & (y[:, 1] < reach), 1])
    if len(times) == 0:
        return np.array([0.0, reach])
    ended = aalen_johansen(y[:, 0].astype(np.int64), y[:, 1], [*times.tolist(), reach]).sum(axis=1)
    shares = np.arange(1, intervals) / intervals * ended[-1]
    # Event times themselves, not points between them: an edge then never depends on rounding.
    inner = np.unique(times[np.minimum(np.searchsorted(ended[:-1], shares), len(times) - 1)])
    edges: Floats = np.concatenate(([0.0], inner[inner > 0.0], [reach]))
    return edges


def expand(y: Floats, edges: Floats) -> PersonPeriods:
    """Turn each snapshot into one row per interval it lived through.

    The interval in which the snapshot ended says how; the interval in which it was censored says that
    nothing happened, weighted by the share that was seen. Dropping the latter would forget time
    at risk and so inflate every hazard. No other weight exists: every snapshot weighs one.

    Parameters
    ----------
    y : Floats, n × 2
        Event and days; undated (``edges`` is 0, inf): one row for each that ended, none for the others.
    edges : Floats, k + 1

    Returns
    -------
    PersonPeriods
        In the order snapshot, interval.
    """
    event = y[:, 0].astype(np.int64)
    if np.isinf(edges[-1]):
        ended = np.flatnonzero(event > 0)
        return PersonPeriods(ended, np.zeros_like(ended), event[ended], np.ones(len(ended)))
    intervals = len(edges) - 1
    last = np.searchsorted(edges, y[:, 1], side="right") - 1
    inside = last < intervals
    started = np.minimum(last, intervals - 1)
    seen = np.where(inside, (y[:, 1] - edges[started]) / np.diff(edges)[started], 1.0)
    # A snapshot censored exactly on an edge saw nothing of the interval that starts there.
    rows = started + np.where(inside & (event == NOTHING) & (seen <= 0.0), 0, 1)
    snapshot = np.repeat(np.arange(len(y), dtype=np.int64), rows)
    first = np.cumsum(rows) - rows
    interval = np.arange(len(snapshot), dtype=np.int64) - np.repeat(first, rows)
    final = inside[snapshot] & (interval == last[snapshot])
    ends = final & (event[snapshot] > 0)
    return PersonPeriods(
        snapshot,
        interval,
        np.where(ends, event[snapshot], NOTHING),
        np.where(final & ~ends, seen[snapshot], 1.0),
    )


def base_log_hazards(rows: PersonPeriods, reference: int, causes: Sequence[int], intervals: int) -> Floats:
    """Return the log-hazard of each cause against the reference in each interval, causes × intervals.

    Shares are drawn to the cause's share over all intervals as if by ten more rows, so that an interval
    without an event of a cause still has a finite one.
    """
    by_event = np.stack(
        [
            np.bincount(rows.interval, rows.weight * (rows.event == event), intervals)
            for event in range(len(EVENTS))
        ]
    )
    overall = by_event.sum(axis=1) / by_event.sum()
    # Exact zeros only for events never seen: the reference may be absent from some intervals, never from all.
    shares = by_event + _PSEUDO_ROWS * overall[:, None]
    log_hazards: Floats = np.log(shares[list(causes)]) - np.log(shares[reference])
    return log_hazards


def thin(rows: PersonPeriods, quiet: int, seed: int) -> PersonPeriods:
    """Draw at most ``quiet`` of the rows in which nothing happened, weighted up in return.

    Every row with an end stays, so that sums over rows keep their expectation. Rows keep their order.
    """
    silent = np.flatnonzero(rows.event == NOTHING)
    if len(silent) <= quiet:
        return rows
    drawn = np.random.default_rng(seed).choice(silent, size=quiet, replace=False)
    keep = rows.event != NOTHING
    keep[drawn] = True
    thinned = rows.where(keep)
    inverse = len(silent) / quiet
    return replace(
        thinned, weight=np.where(thinned.event == NOTHING, thinned.weight * inverse, thinned.weight)
    )
