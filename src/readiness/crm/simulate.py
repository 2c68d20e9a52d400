"""A B2B seller's CRM over 18 months, simulated: its tables, and the truth that no CRM shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from readiness.crm import simulate_buyers, simulate_days, simulate_truth
from readiness.crm.records import MICROSECONDS_PER_DAY, NO_INSTANT, iso
from readiness.crm.simulate_buyers import Buyers
from readiness.crm.simulate_calendar import END
from readiness.crm.simulate_chain import Chain, chain
from readiness.crm.simulate_days import Course
from readiness.crm.simulate_options import Streams, WorldOptions
from readiness.crm.simulate_tables import tables_of
from readiness.crm.simulate_truth import STAYS, Standing, Truth
from readiness.crm.tables import Codes, Flags, Ints, Tables
from readiness.progress import Progress, silent

__all__ = ["TRUTH_DAYS", "Truth", "World", "WorldOptions", "world"]

TRUTH_DAYS: Final = (30, 60, 90, 180)

ORDINARY: Final = WorldOptions()
"""A world without traps."""


@dataclass(frozen=True, slots=True)
class World:
    """A simulated world: what its CRM shows, and what is true."""

    tables: Tables
    options: WorldOptions
    _buyers: Buyers
    _chain: Chain
    _course: Course

    def truth(self, lead: Ints | Codes, cutoff: Ints) -> Truth:
        """Return the true P(won) and P(stop) within 30, 60, 90 and 180 days of n snapshots."""
        return self.truth_at(lead, cutoff, TRUTH_DAYS)

    def truth_at(self, lead: Ints | Codes, cutoff: Ints, days: Sequence[int]) -> Truth:
        """Return the true P(won) and P(stop) of n snapshots within other numbers of days.

        The truth is given the lead's full state at the cutoff: all that never changes of it, how
        engaged it is, in whose hands, and that it is open. It is integrated over the future exactly,
        beyond the end of the watch too, and whatever the CRM has lost.

        Parameters
        ----------
        lead, cutoff : n
            Positions in the tables' leads; instants from the lead's creation to the end of the watch.
        days : m whole numbers, each at least 1, none twice

        Returns
        -------
        Truth, n × m
            NaN where the lead had ended before the cutoff.

        Raises
        ------
        ValueError
            If a cutoff lies outside the lead's watched time, or the days are not as said.
        """
        lead = np.asarray(lead, dtype=np.int64)
        cutoff = np.asarray(cutoff, dtype=np.int64)
        if any(day < 1 for day in days) or len(set(days)) != len(days):
            raise ValueError(f"days are {list(days)}; expected whole numbers of at least 1, none twice")
        wrong = np.flatnonzero((cutoff < self._buyers.created_at[lead]) | (cutoff > END))
        if len(wrong):
            seen = f"snapshot {wrong[0]} stands at {iso(int(cutoff[wrong[0]]))}"
            raise ValueError(
                f"{seen}; expected between its lead's creation and {iso(END)} ({len(wrong)} such)"
            )
        rows = np.flatnonzero(self._open(lead, cutoff))
        won, stop = np.full((2, len(lead), len(days)), np.nan)
        known = simulate_truth.truth(self._chain, self._standing(lead[rows], cutoff[rows]), days)
        won[rows], stop[rows] = known.won, known.stop
        return Truth(tuple(days), won, stop)

    def _open(self, lead: Ints, cutoff: Ints) -> Flags:
        ended_at = self._course.ended_at[lead]
        still_open: Flags = (ended_at == NO_INSTANT) | (ended_at >= cutoff)
        return still_open

    def _standing(self, lead: Ints, cutoff: Ints) -> Standing:
        created_at, moves = self._buyers.created_at[lead], self._course.moves
        age = (cutoff - created_at) // MICROSECONDS_PER_DAY
        state = self._course.state(self._buyers, lead, age)
        key = moves.lead * simulate_days.MOST_DAYS + moves.age
        row = np.searchsorted(key, lead * simulate_days.MOST_DAYS + age)
        place = np.minimum(row, max(len(key) - 1, 0))
        changed = np.full(len(lead), STAYS, dtype=np.int64)
        if len(key):
            same = (moves.lead[place] == lead) & (moves.age[place] == age) & (moves.at[place] < cutoff)
            changed = np.where(same, moves.hands[place], STAYS)
        return Standing(lead, created_at, cutoff, state, changed)


def world(
    leads: int,
    seed: int,
    *,
    options: WorldOptions = ORDINARY,
    progress: Progress = silent,
) -> World:
    """Simulate a CRM; the same arguments give the same bytes.

    Parameters
    ----------
    leads : int, at least 0
        How many leads come within the 18 months; their rows stand in the order of creation.
    seed : int, at least 0
        The only source of chance.

    Raises
    ------
    ValueError
        If leads or seed is negative.
    """
    if leads < 0 or seed < 0:
        raise ValueError(f"leads is {leads} and seed is {seed}; expected neither to be negative")
    streams = Streams(seed)
    buyers = simulate_buyers.draw(leads, options, streams("arrivals"), streams("latents"))
    lives = chain(buyers, options)
    course = simulate_days.run(
        buyers, lives, course=streams("course"), seeds=streams("seeds"), progress=progress
    )
    return World(tables_of(buyers, lives, course, options, streams), options, buyers, lives, course)
