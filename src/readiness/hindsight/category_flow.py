"""How leads flow from month to month: from kind to kind, and out of the funnel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from readiness.agreement.conditions import Signs
from readiness.agreement.document import CATEGORIES
from readiness.crm.records import MICROSECONDS_PER_DAY
from readiness.crm.tables import Codes, Flags, Ints
from readiness.history.outcomes import CENSORED, Labels
from readiness.judging.bootstrap import Figure, Ratio, Resamples

ENDS: Final = ("won", "told us to stop", "ended otherwise")
STATES: Final = (*CATEGORIES, *ENDS)
"""Where a lead may be a month later."""
NOT_FOLLOWED: Final = -1
"""Nobody knows where it is a month later: its record was kept no longer, or the month is not over."""


@dataclass(frozen=True, slots=True)
class Move:
    """How many of the leads of one kind were of another kind a month later, or had ended."""

    before: str
    after: str
    n: int
    share: Figure
    """Of those of which it is known where they are a month later."""


@dataclass(frozen=True, slots=True)
class Flow:
    """Where leads of each kind are a month later, over all months looked at.

    ``pairs`` counts leads looked at on the first of a month and known a month later, each as often as it
    was looked at. ``rises`` is the share of those that sales would not be given by their kind and that
    came to be of a kind that it is; ``falls`` the share of those of such a kind that fell out of it.
    """

    months: int
    pairs: int
    moves: tuple[Move, ...]
    rises: Figure
    risen_from: int
    falls: Figure
    fallen_from: int


def a_month_later(lead: Codes, place: Codes, starts: Ints, category: Signs, fates: Labels) -> Signs:
    """Say of each look where its lead is at the next month's start: a position in `STATES`, or NOT_FOLLOWED.

    Parameters
    ----------
    lead, place : Codes, n looks
        Sorted by (lead, place); ``place`` is a position in ``starts``.
    starts : Ints, m
        First instants of m months in a row.
    category : Signs, n
        Positions in `CATEGORIES`.
    fates : Labels, n
        What became of each lead from the look on. Censored where nothing is known.

    Returns
    -------
    Signs, n
        Whoever ended within the month has ended, whatever else was noted later.
    """
    state = np.full(len(lead), NOT_FOLLOWED, dtype=np.int8)
    if not len(lead):
        return state
    again = np.flatnonzero((lead[1:] == lead[:-1]) & (place[1:] == place[:-1] + 1))
    state[again] = category[again + 1]
    whole = np.flatnonzero(place < len(starts) - 1)
    month = (starts[place[whole] + 1] - starts[place[whole]]) / MICROSECONDS_PER_DAY
    ended = whole[(fates.event[whole] != CENSORED) & (fates.duration[whole] < month)]
    state[ended] = len(CATEGORIES) - 1 + fates.event[ended]
    return state


def flow(
    lead: Codes, category: Signs, later: Signs, passing: Flags, resamples: Resamples, *, months: int
) -> Flow:
    """Count the moves from each kind of lead to where it is a month later.

    Parameters
    ----------
    lead : Codes, n looks
    category : Signs, n
        Positions in `CATEGORIES`.
    later : Signs, n
        From `a_month_later`; looks of which it is not known count for nothing.
    passing : Flags, categories
        Which kinds sales is given by the agreement.
    resamples : Resamples
        A row for each look; whole leads are drawn.
    months : int
        From how many firsts of a month to the next.

    Returns
    -------
    Flow
        Moves that nobody made are there with 0, of kinds that somebody was of.
    """
    known = np.flatnonzero(later != NOT_FOLLOWED)
    lead, category, later, resamples = lead[known], category[known], later[known], resamples.where(known)
    cells = category.astype(np.int64) * len(STATES) + later
    shape = len(CATEGORIES), len(STATES)
    table = np.bincount(cells, minlength=len(CATEGORIES) * len(STATES)).reshape(shape)
    here = [np.flatnonzero(category == kind) for kind in range(len(CATEGORIES))]
    moves = [
        Move(
            CATEGORIES[one],
            STATES[other],
            int(table[one, other]),
            _share(lead, rows, later[rows] == other, resamples),
        )
        for one, rows in enumerate(here)
        for other in range(len(STATES))
        if len(rows)
    ]
    passes = np.append(passing, [False] * len(ENDS))[later]
    fell = ~passes & (later < len(CATEGORIES))
    below, above = (np.flatnonzero(passing[category] == side) for side in (False, True))
    return Flow(
        months=months,
        pairs=len(known),
        moves=tuple(moves),
        rises=_share(lead, below, passes[below], resamples),
        risen_from=len(below),
        falls=_share(lead, above, fell[above], resamples),
        fallen_from=len(above),
    )


def _share(lead: Codes, rows: Ints, happened: Flags, resamples: Resamples) -> Figure:
    """Return the share of some looks after which it happened, with its interval by lead."""
    if not len(rows):
        return Figure(None, None, None)
    share = resamples.where(rows).ratio(Ratio(happened.astype(np.float64), np.ones(len(rows))))
    # Looks at one lead tell much the same: of a handful, a share is as sure as its leads are many.
    return share.share_figure(len(np.unique(lead[rows])))
