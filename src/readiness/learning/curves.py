"""From log-hazards per interval to the chance of each end within any number of days.

Everything is computed value by value, sums over ends and intervals in a written order: so one row
alone gives the same bits as a million.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from readiness.crm.tables import Floats
from readiness.errors import ModelError
from readiness.history.outcomes import ENDED, EVENTS, STOP, WON
from readiness.learning.person_periods import NOTHING

_ALMOST_ALL = 1.0 - 2.0**-53


@dataclass(frozen=True, slots=True)
class Ends:
    """Which ends were ever seen: log-hazards are those of ``causes`` against ``reference``.

    The reference is "nothing" where time is known. Undated leads that count have all ended: there it
    is "otherwise ended", or what else there is.
    """

    reference: int
    causes: tuple[int, ...]


def ends_of(events: Sequence[int]) -> Ends:
    """Choose the reference among the events seen; the others are the causes.

    Raises
    ------
    ModelError
        If no event was seen at all: there is no row to learn from.
    """
    if not events:
        raise ModelError("no row says what became of a lead; ask `learnable` before fitting")
    reference = next(event for event in (NOTHING, ENDED, STOP, WON) if event in events)
    return Ends(
        reference, tuple(event for event in range(len(EVENTS)) if event in events and event != reference)
    )


def probabilities(eta: Floats, ends: Ends) -> Floats:
    """Turn log-hazards against the reference into the chance of each event in each interval.

    Parameters
    ----------
    eta : Floats, causes × any shape

    Returns
    -------
    Floats, 4 × that shape
        Nothing, won, stop, otherwise ended; exactly 0 for an end that was never seen.
    """
    top = np.zeros(eta.shape[1:])
    for each in eta:
        top = np.maximum(top, each)
    shares = np.zeros((len(EVENTS), *eta.shape[1:]))
    shares[ends.reference] = np.exp(-top)
    total = shares[ends.reference].copy()
    for cause, each in zip(ends.causes, eta, strict=True):
        shares[cause] = np.exp(each - top)
        total += shares[cause]
    shares /= total
    return shares


def incidence(shares: Floats, edges: Floats, days: Sequence[float]) -> Floats:
    """Return the chance of won, of stop and of ending otherwise within each number of days.

    Inside an interval the hazards are constant, so that curves are smooth and never fall.

    Parameters
    ----------
    shares : Floats, 4 × intervals × n
        What `probabilities` returns.
    edges : Floats, intervals + 1
    days : d numbers
        "Within d days" leaves out what happens exactly d days on. Undated: only ``math.inf``.

    Returns
    -------
    Floats, n × d × 3
        NaN for days beyond the last edge, and for days that are not a number.
    """
    rows = shares.shape[2]
    survival = np.ones(rows)
    within = np.zeros((3, rows))
    at_edge = [(survival, within)]
    for interval in range(shares.shape[1]):
        within = within + survival * shares[1:, interval]
        survival = survival * shares[NOTHING, interval]
        at_edge.append((survival, within))
    result = np.full((rows, len(days), 3), np.nan)
    for position, count in enumerate(days):
        place = locate(edges, count)
        if place is None:
            continue
        interval, fraction = place
        survival, within = at_edge[interval]
        part = survival * part_ended(shares[:, interval], fraction)
        result[:, position] = (within + part * shares[1:, interval]).T
    return result


def locate(edges: Floats, days: float) -> tuple[int, float] | None:
    """Return the interval in which ``days`` lies and the share of it that is over; None beyond reach.

    The last edge belongs to the last interval, wholly over. Undated, only infinity lies within reach.
    """
    if math.isinf(float(edges[-1])):
        return (0, 1.0) if days == math.inf else None
    if not 0.0 <= days <= edges[-1]:
        return None
    interval = min(int(edges.searchsorted(days, side="right")) - 1, len(edges) - 2)
    return interval, float((days - edges[interval]) / (edges[interval + 1] - edges[interval]))


def part_ended(shares: Floats, fraction: float) -> Floats:
    """Return which share of an interval's ends falls into its first ``fraction``, at constant hazards.

    ``shares`` is 4 × any shape: (1 - p0**fraction) / (1 - p0), with p0 the chance of nothing.
    """
    if fraction >= 1.0:
        return np.ones(shares.shape[1:])
    any_end = np.minimum(shares[1] + shares[2] + shares[3], _ALMOST_ALL)
    safe = np.where(any_end > 0.0, any_end, 0.5)
    part: np.ndarray[Any, np.dtype[np.float64]] = -np.expm1(fraction * np.log1p(-safe)) / safe
    return np.where(any_end > 0.0, np.minimum(part, 1.0), fraction)
