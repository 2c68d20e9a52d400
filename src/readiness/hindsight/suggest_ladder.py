"""Which look would have been the hand-over of each lead, for any line that interest has to reach."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from readiness.agreement.document import Agreement
from readiness.crm.tables import Flags, Floats, Ints, Tables
from readiness.hindsight.proposals import Edit, amended
from readiness.hindsight.replay import HAND_OVER, Adviser, NeverCall
from readiness.history.snapshots import Snapshots

NO_LINE: Final = 1e-9
"""A line that any interest reaches. None that is worth less can be high, so none is lost by it."""

_HALVINGS: Final = 14


@dataclass(frozen=True, slots=True)
class Looker:
    """Looks that an agreement may be tried on, and who must never be called."""

    tables: Tables
    snapshots: Snapshots
    """In the order (lead, cutoff)."""
    never_call: NeverCall | None = None

    def where(self, rows: Flags) -> Looker:
        """Return these looks only."""
        return Looker(self.tables, self.snapshots.where(rows), self.never_call)

    def lineless(self, agreement: Agreement) -> tuple[Flags, Floats]:
        """Say where the agreement would hand over if interest had no line to reach, and the interest.

        A lead passes a line at the looks where this is so and its interest reaches the line: of all rules
        only the level of interest looks at it.
        """
        edits = [Edit(("interest", name), NO_LINE) for name in ("any_from", "high_from")]
        without = amended(agreement, edits)
        if without is None:
            raise ValueError("an agreement without a line for interest is none; expected a valid agreement")
        verdicts, advices = Adviser(without, never_call=self.never_call).advise(self.tables, self.snapshots)
        return advices.action == HAND_OVER, verdicts.interest.points

    def interest(self, agreement: Agreement) -> Floats:
        """Return the points of interest at each look."""
        return Adviser(agreement).advise(self.tables, self.snapshots)[0].interest.points

    def ladder(self, agreement: Agreement) -> Ladder:
        """Return the agreement's hand-overs for any line."""
        passes, points = self.lineless(agreement)
        return Ladder.of(self.snapshots.lead.astype(np.int64), passes, points)


@dataclass(frozen=True, slots=True)
class Ladder:
    """The looks at which a lead's interest was higher than at all looks before that could have passed.

    ``row`` are positions among the looks, ascending by lead and time; the first of a lead's rows that
    reaches a line is where the lead would have been handed over: for any line above ``before``, the lead's
    interest at its row before (-inf at its first), and not above ``points``.
    """

    row: Ints
    lead: Ints
    points: Floats
    before: Floats

    @classmethod
    def of(cls, lead: Ints, passes: Flags, points: Floats) -> Ladder:
        """Keep the looks that raise a lead's highest interest.

        Parameters
        ----------
        lead, passes, points : n
            Ascending by lead; where a hand-over is only a matter of the line; interest there.
        """
        row = np.flatnonzero(passes)
        lead, points = lead[row], points[row]
        before = _highest_before(lead, points)
        rises = points > before
        return cls(row[rises], lead[rises], points[rises], before[rises])

    def handed_over(self, line: float) -> Ints:
        """Return the look at which each lead would have been handed over; leads never are left out."""
        reach = np.flatnonzero(self.points >= line)
        fresh = np.ones(len(reach), dtype=np.bool_)
        fresh[1:] = self.lead[reach[1:]] != self.lead[reach[:-1]]
        return self.row[reach[fresh]]

    def line_for(self, enough: Callable[[Ints], bool], lowest: float) -> float | None:
        """Return the highest line, to a hundredth or so, at which the hand-overs are enough.

        Parameters
        ----------
        enough : function of the looks handed over
            True on low lines; found by halving, as if it turned once.
        lowest : float
            None if they are not even enough at this line.
        """
        low, high = lowest, max(float(self.points.max(initial=lowest)), lowest) * 1.001
        if not enough(self.handed_over(low)):
            return None
        for _ in range(_HALVINGS):
            middle = float(np.sqrt(low * high))
            if enough(self.handed_over(middle)):
                low = middle
            else:
                high = middle
        return low


def _highest_before(lead: Ints, points: Floats) -> Floats:
    """Return the highest points among earlier rows of the same lead; -inf for its first."""
    before = np.full(len(lead), -np.inf)
    if not len(lead):
        return before
    # One running maximum serves all leads once each lead's points are lifted above those before it.
    _, order = np.unique(lead, return_inverse=True)
    rank = np.empty(len(points), dtype=np.int64)
    distinct, rank = np.unique(points, return_inverse=True)
    running = np.maximum.accumulate(order * len(distinct) + rank)
    same = lead[1:] == lead[:-1]
    before[1:][same] = distinct[running[:-1][same] - order[1:][same] * len(distinct)]
    return before
