"""Calendar months in UTC: in which one an instant lies, and the row of months that data covers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from readiness.crm.records import NO_INSTANT
from readiness.crm.tables import Ints

NO_MONTH: Final = -1
"""Stands for "in none of these months"."""

MOST_MONTHS: Final = 120
"""Who looks for a change looks at the last ten years."""


@dataclass(frozen=True, slots=True)
class Months:
    """Consecutive calendar months.

    Parameters
    ----------
    first : int
        Months between January 1970 and the first one.
    count : int, ≥ 0
    """

    first: int
    count: int

    def __len__(self) -> int:
        return self.count

    @property
    def names(self) -> tuple[str, ...]:
        """The months as ISO 8601 writes them: 2026-03."""
        return tuple(self.name(place) for place in range(self.count))

    def name(self, place: int) -> str:
        """Return one month as ISO 8601 writes it."""
        return str(np.datetime64(self.first + place, "M"))

    def places(self, at: Ints) -> Ints:
        """Say in which of these months each instant lies, counted from 0.

        Parameters
        ----------
        at : Ints, n

        Returns
        -------
        Ints, n
            NO_MONTH where there is no instant, or it lies before or after all of them.
        """
        # NO_INSTANT lies before every month.
        place = np.searchsorted(self.edges, at, side="right").astype(np.int64) - 1
        return np.where(place < self.count, place, NO_MONTH)

    @property
    def edges(self) -> Ints:
        """The instants at which the months start, and the one at which the last is over."""
        starts = np.arange(self.first, self.first + self.count + 1).astype("datetime64[M]")
        instants: Ints = starts.astype("datetime64[us]").astype(np.int64)
        return instants


def covering(at: Ints, most: int = MOST_MONTHS) -> Months:
    """Return the months from the first to the last of these instants, of more than ``most`` the last.

    None where there is no instant.
    """
    known = at[at != NO_INSTANT]
    if not len(known):
        return Months(0, 0)
    ends = np.array([known.min(), known.max()]).astype("datetime64[us]")
    first, last = ends.astype("datetime64[M]").astype(np.int64).tolist()
    count = min(last - first + 1, most)
    return Months(last - count + 1, count)
