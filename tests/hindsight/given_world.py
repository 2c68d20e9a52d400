"""A small CRM whose leads were all given to sales, and a model that knows which of them buy."""

from __future__ import annotations

import functools

import numpy as np

from readiness.crm.tables import Tables
from readiness.hindsight.at_capacity import GivenToSales
from readiness.hindsight.for_sales import ForSales, for_sales
from readiness.hindsight.kept_back import Among
from readiness.hindsight.replay import Adviser
from readiness.history.handed_over import at_handovers, propensities
from readiness.history.outcomes import label
from readiness.history.snapshots import week_of
from readiness.judging.cohort import Cohort
from readiness.judging.gains import Weekly
from readiness.judging.judgement import MODEL, POINTS_CARD
from tests.hindsight.small import SMALL, Crm

HORIZON = SMALL.horizon_days
SOURCES = ("web_form", "partner")


@functools.cache
def world(leads: int, *, by_lot: bool = False, through: float = 400) -> Tables:
    """Return leads given to sales on day 30; of three one buys, one tells us to stop, one stays open.

    Half of those that buy ask for a demo first, so that the agreement lets them pass. Whoever came by the
    fair tells us to stop, and most who do came by it.
    """
    crm = Crm()
    for number in range(leads):
        end = {0: (50.0, "closed_won"), 1: (60.0, "stop_calling")}.get(number % 3)
        crm.lead(
            6 if number % 6 == 0 else None,
            end,
            given=(30, None),
            propensity=0.1 + 0.1 * (number % 2) if by_lot else None,
            source=SOURCES[number % 2],
            campaign="fair" if number % 3 == 1 and number % 5 else "shop",
        )
    return crm.tables(through)


def given(tables: Tables) -> tuple[GivenToSales, ...]:
    """Return its hand-overs; the model's score is high for most that buy, and low for most that stop."""
    looks, _ = at_handovers(tables)
    if not len(looks):
        return ()
    fate = label(looks, tables, known_until=tables.observed_through)
    cohort = Cohort(fate.event, fate.duration, looks.lead.astype(np.int64))
    random = np.random.default_rng(1)
    forecasts = {
        MODEL: np.select([fate.event == 1, fate.event == 2], [0.7, 0.3], 0.5)
        + random.normal(0, 0.2, len(looks)),
        POINTS_CARD: random.random(len(looks)),
    }
    chance = propensities(tables, looks)
    kinds: list[tuple[Among, np.ndarray[tuple[int], np.dtype[np.float64]]]] = [
        ("handed_over_anyway", np.ones(len(looks)))
    ]
    if np.isfinite(chance).all():
        kinds.append(("random_slice", 1.0 / chance))
    weeks = Weekly(SMALL.handover.weekly_capacity, week_of(looks.cutoff))
    return tuple(
        GivenToSales(among, cohort, weight, forecasts, weeks if among == "handed_over_anyway" else None)
        for among, weight in kinds
    )


@functools.cache
def found(leads: int, *, by_lot: bool = False, through: float = 400) -> ForSales:
    """Return what the model does for sales there."""
    tables = world(leads, by_lot=by_lot, through=through)
    everyone = np.ones(len(tables.leads), dtype=np.bool_)
    return for_sales(tables, SMALL, given(tables), Adviser(SMALL), everyone, replicates=60)
