"""One simulated world: its tables, what is true of its leads, and both written as files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from readiness.crm import folder as folders
from readiness.crm.folder import Format
from readiness.crm.records import MICROSECONDS_PER_DAY, MICROSECONDS_PER_HOUR, NO_INSTANT, iso
from readiness.crm.simulate.buyers import Buyers, draw
from readiness.crm.simulate.calendar import END
from readiness.crm.simulate.chain import Chain, chain
from readiness.crm.simulate.days import MOST_DAYS, Course, run
from readiness.crm.simulate.options import Streams, WorldOptions
from readiness.crm.simulate.tables import tables_of
from readiness.crm.simulate.truth import STAYS, Standing, Truth
from readiness.crm.simulate.truth import truth as truth_given
from readiness.crm.tables import Codes, Flags, Ints, Tables
from readiness.errors import StoreError
from readiness.progress import Progress, silent

TRUTH_DAYS: Final = (30, 60, 90, 180)

TRUTH_FILE: Final = Path("truth") / "snapshots.parquet"

_AGES: Final = (
    MICROSECONDS_PER_HOUR,
    *(number * MICROSECONDS_PER_DAY for number in (1, 3, 7, 14, 30, 60, 90)),
)

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
        known = truth_given(self._chain, self._standing(lead[rows], cutoff[rows]), days)
        won[rows], stop[rows] = known.won, known.stop
        return Truth(tuple(days), won, stop)

    def snapshots(self) -> tuple[Ints, Ints]:
        """Return the snapshots whose truth is written: lead and cutoff, in that order.

        They stand an hour and 1, 3, 7, 14, 30, 60 and 90 days after creation and at each hand-over
        that the tables show, while the lead is open and its record kept.
        """
        handovers, created_at = self.tables.handovers, self._buyers.created_at
        n = len(created_at)
        lead = np.concatenate([np.repeat(np.arange(n), len(_AGES)), handovers.lead.astype(np.int64)])
        by_age = (created_at[:, None] + np.array(_AGES, dtype=np.int64)).ravel()
        cutoff = np.concatenate([by_age, handovers.handed_over_at])
        kept = self.tables.leads.last_known_at[lead]
        known = (cutoff < END) & ((kept == NO_INSTANT) | (cutoff < kept)) & self._open(lead, cutoff)
        pairs = np.unique(np.stack([lead[known], cutoff[known]]), axis=1)
        return pairs[0], pairs[1]

    def _open(self, lead: Ints, cutoff: Ints) -> Flags:
        ended_at = self._course.ended_at[lead]
        still_open: Flags = (ended_at == NO_INSTANT) | (ended_at >= cutoff)
        return still_open

    def _standing(self, lead: Ints, cutoff: Ints) -> Standing:
        created_at, moves = self._buyers.created_at[lead], self._course.moves
        age = (cutoff - created_at) // MICROSECONDS_PER_DAY
        state = self._course.state(self._buyers, lead, age)
        key = moves.lead * MOST_DAYS + moves.age
        row = np.searchsorted(key, lead * MOST_DAYS + age)
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
    buyers = draw(leads, options, streams("arrivals"), streams("latents"))
    lives = chain(buyers, options)
    course = run(buyers, lives, course=streams("course"), seeds=streams("seeds"), progress=progress)
    return World(tables_of(buyers, lives, course, options, streams), options, buyers, lives, course)


def write(world: World, folder: Path, *, format: Format = "csv") -> None:  # noqa: A002 - what it is
    """Write the tables into a folder, and the truth apart from them, where no reader of tables looks.

    ``truth/snapshots.parquet`` holds one row for each of `World.snapshots`: ``lead_id``, ``cutoff``,
    and ``won_30`` to ``stop_180``.

    Raises
    ------
    StoreError
        If the folder cannot be written.
    """
    folders.write(world.tables, folder, format=format)
    lead, cutoff = world.snapshots()
    truth = world.truth(lead, cutoff)
    columns: dict[str, pa.Array] = {
        "lead_id": pa.array(world.tables.leads.lead_id[lead], type=pa.string()),
        "cutoff": pa.array(cutoff, type=pa.timestamp("us", tz="UTC")),
    }
    for number, day in enumerate(truth.days):
        columns[f"won_{day}"] = pa.array(truth.won[:, number].astype(np.float32))
        columns[f"stop_{day}"] = pa.array(truth.stop[:, number].astype(np.float32))
    path = folder / TRUTH_FILE
    try:
        path.parent.mkdir(exist_ok=True)
        pq.write_table(pa.table(columns), path, compression="zstd")
    except OSError as error:
        raise StoreError(f"The truth cannot be written to {path.name}: {error.strerror}.") from error
