"""What an agreement comes to at each line for interest, and two agreements at equal sales."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from readiness.crm.tables import Floats
from readiness.hindsight.suggest_ladder import Ladder

NEARLY: Final = 0.98
"""This share of the sales that the lowest line brings is as good as all: the last few would cost a crowd."""

_LINES: Final = 120
_LEAST_RISE: Final = 1e-9


def lines(ladder: Ladder, line: float, lowest: float) -> Floats:
    """Return lines from above all interest down to the lowest, the written one among them."""
    points = ladder.points[ladder.points > lowest]
    shares = np.quantile(points, np.linspace(0.0, 1.0, _LINES)) if len(points) else np.empty(0)
    top = float(points.max(initial=line)) * 2.0
    found: Floats = np.unique(np.concatenate([shares, [line, min(line, lowest), top]]))[::-1]
    return found


def sums(ladder: Ladder, lines: Floats, terms: Sequence[Floats]) -> Floats:
    """Add up terms over the looks handed over, for each of several lines at once.

    Parameters
    ----------
    lines : Floats, k
        Falling.
    terms : m columns, one value a look

    Returns
    -------
    Floats, m × k
    """
    begin, end = (np.searchsorted(-lines, -points) for points in (ladder.points, ladder.before))
    found = np.empty((len(terms), len(lines)))
    for out, each in zip(found, terms, strict=True):
        taken = each[ladder.row]
        steps = np.bincount(begin, taken, len(lines) + 1) - np.bincount(end, taken, len(lines) + 1)
        out[:] = np.cumsum(steps)[:-1]
    return found


def line_for_sales(
    ladder: Ladder, won: Floats, target: float, *, written: float, lowest: float
) -> tuple[float, bool]:
    """Draw the line for interest so that so many sales are handed over, and say whether any line brings them.

    Where none does, the line stays as written, or falls until it brings `NEARLY` all that the lowest does.

    Parameters
    ----------
    won : Floats, one a look
        The sales that a hand-over at it counts for.
    """
    line = ladder.line_for(lambda rows: float(won[rows].sum()) >= target, lowest)
    if line is not None:
        return line, True
    nearly = NEARLY * float(won[ladder.handed_over(lowest)].sum())
    line = ladder.line_for(lambda rows: float(won[rows].sum()) >= nearly, lowest)
    return min(written, lowest if line is None else line), False


@dataclass(frozen=True, slots=True)
class EqualSales:
    """Two agreements where both bring equally many sales; a row for each draw of the leads.

    ``target`` is how many sales that are, ``stop_now`` and ``stop`` the stops that come with them.
    """

    target: Floats
    stop_now: Floats
    stop: Floats


def equal_sales(won_now: Floats, stop_now: Floats, written: int, won: Floats, stop: Floats) -> EqualSales:
    """Read off what comes with as many sales as the agreement in force brings, or as the other one can.

    Each stands at the highest line that brings so many: else the one whose line is drawn anew would seem
    better.

    Parameters
    ----------
    won_now, stop_now : Floats, b × k
        Sales and stops of the agreement in force at falling lines.
    written : int
        The column of the line that it writes: so many sales does it bring.
    won, stop : Floats, b × l
        Of the other, at falling lines of its own.
    """
    target = np.minimum(won_now[:, written], won[:, -1])
    return EqualSales(target, at(target, won_now, stop_now), at(target, won, stop))


def at(target: Floats, won: Floats, other: Floats) -> Floats:
    """Read off at so many sales, row by row, between the two nearest lines."""
    # A lower line may bring a lead earlier, and its sale beyond the horizon: sales then fall a little.
    rising = np.maximum.accumulate(won, axis=1) + _LEAST_RISE * np.arange(won.shape[1])
    return np.array([np.interp(t, x, y) for t, x, y in zip(target, rising, other, strict=True)])
