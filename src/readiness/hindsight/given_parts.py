"""What became of the leads given to sales, source by source and campaign by campaign."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from readiness.crm.tables import Coded, Ints
from readiness.hindsight.at_capacity import GivenToSales, called_first
from readiness.hindsight.groups import Counts, counts, largest
from readiness.judging.bootstrap import Figure, Ratio, Resamples
from readiness.judging.gains import cry_wolf_estimates

HALF = 0.5


@dataclass(frozen=True, slots=True)
class GivenPart:
    """Some of the leads given to sales: what became of them, and how many the model would call first.

    ``called`` is which share of them is among the first half of all calls in the model's order, and
    ``called_rate`` the cry-wolf rate among those.
    """

    name: str
    hand_overs: int
    counts: Counts
    won: Figure
    stop: Figure
    rate: Figure
    called: Figure
    called_rate: Figure


def given_parts(
    given: GivenToSales, columns: Mapping[str, Coded], resamples: Resamples, *, horizon_days: float
) -> Mapping[str, tuple[GivenPart, ...]]:
    """Say what became of the leads given to sales, by each text of each column.

    Parameters
    ----------
    given : GivenToSales, n leads
    columns : by name, n rows each
    resamples : Resamples
        A row for each lead.

    Returns
    -------
    mapping
        By column: the largest parts first, what is beyond twelve together. Nothing without leads.
    """
    if not len(given):
        return {}
    first = called_first(given, HALF)

    def part(name: str, rows: Ints) -> GivenPart:
        cohort, weight, drawn = given.cohort.where(rows), given.weight[rows], resamples.where(rows)
        called = np.flatnonzero(first[rows] > 0)
        whole = cry_wolf_estimates(cohort, horizon_days=horizon_days, resamples=drawn, weight=weight)
        some = cry_wolf_estimates(
            cohort.where(called),
            horizon_days=horizon_days,
            resamples=drawn.where(called),
            weight=(weight * first[rows])[called],
        )
        figures = whole.figures()
        return GivenPart(
            name=name,
            hand_overs=len(rows),
            counts=counts(cohort, horizon_days),
            won=figures.won,
            stop=figures.stop,
            rate=figures.rate,
            called=drawn.ratio(Ratio(weight * first[rows], weight)).figure(),
            called_rate=some.rate.share_figure(some.decided),
        )

    return {
        by: tuple(part(name, rows) for name, rows in largest(column).items())
        for by, column in columns.items()
    }
