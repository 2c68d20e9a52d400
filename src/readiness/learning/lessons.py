"""What the members learn from: snapshots, their person-periods, and who is held out from whom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from readiness.crm.tables import Floats, Ints
from readiness.learning.curves import Ends
from readiness.learning.person_periods import NOTHING, PersonPeriods


@dataclass(frozen=True, slots=True)
class Lessons:
    """What the members learn from: snapshots in canonical order, and their person-periods.

    ``thinned`` are the rows that teach the trees and on which choices are made; ``fold`` and ``leads`` are
    the fold and the lead of each snapshot; ``card`` is the column of the points, which no member reads;
    columns with more than ``statistics_above`` values are read by what ended at each (`target_statistics`).
    """

    X: Floats
    levels: Ints
    rows: PersonPeriods
    thinned: PersonPeriods
    ends: Ends
    intervals: int
    fold: Ints
    leads: Ints
    stratified_by: int | None = None
    card: int | None = None
    statistics_above: int | None = None

    @property
    def timed(self) -> bool:
        """Whether time is known: with a single interval it is not."""
        return self.ends.reference == NOTHING

    @property
    def snapshots_per_lead(self) -> float:
        """How often a lead stands among the snapshots."""
        return len(self.X) / (int(self.leads.max()) + 1)

    def ended(self) -> Floats:
        """Return how many leads ended by each cause."""
        rows, of = self.rows, self.leads[self.rows.snapshot]
        counts = [np.unique(of[rows.event == cause]).size for cause in self.ends.causes]
        return np.array(counts, dtype=np.float64)
