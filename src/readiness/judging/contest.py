"""The same leads for everybody: what became of them, and what each forecast said of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from readiness.crm.tables import Floats
from readiness.judging.cohort import Cohort
from readiness.judging.gains import Weekly
from readiness.judging.parts import Part

CHALLENGER: Final = "challenger"
CHAMPION: Final = "champion"

FEWEST_LEADS: Final = 30
FEWEST_EACH: Final = 10
"""Fewer leads, or fewer of them won or not won, are too few to compare two forecasts on."""


@dataclass(frozen=True, slots=True)
class Contest:
    """n snapshots that no forecast was fitted on, what became of them, and what each forecast said.

    Parameters
    ----------
    cohort : Cohort, n rows
    horizon_days : float or None
        None for undated data.
    days : m ascending numbers, the last one the horizon
    forecasts : by name, each n × m × 3
        ``challenger`` must be there, ``champion`` where there is one, and the three baselines. NaN: not
        forecast.
    overall : Floats, n
        P(won within the horizon) by the base rate of all ages together.
    weekly : Weekly, optional
        None where there are no weeks.
    segments : tuple of Part
        How the snapshots fall into segments.
    learned : by end, how many
        Of how many leads with this end the challenger learned; an end that is not named, of none.
    """

    cohort: Cohort
    horizon_days: float | None
    days: Sequence[float]
    forecasts: Mapping[str, Floats]
    overall: Floats
    weekly: Weekly | None
    segments: tuple[Part, ...] = ()
    learned: Mapping[int, int] = field(default_factory=dict)

    def of(self, name: str, cause: int) -> Floats:
        """Return what a forecast said of one end within the horizon."""
        return np.ascontiguousarray(self.forecasts[name][:, -1, cause - 1])
