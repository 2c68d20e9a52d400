"""What a model does for sales, as far as leads that sales was given can tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from readiness.agreement.document import Agreement
from readiness.crm.tables import Coded, Flags, Tables
from readiness.hindsight.at_capacity import AtCapacity, GivenToSales, at_capacity
from readiness.hindsight.given_parts import GivenPart, given_parts
from readiness.hindsight.groups import draws, told_apart_by
from readiness.hindsight.kept_back import KeptBack, called, kept_back
from readiness.hindsight.replay import Adviser, replay
from readiness.hindsight.sales_lost import SaleLost, sales_lost
from readiness.judging.bootstrap import draw
from readiness.progress import Progress, silent

REPLICATES: Final = 400

MOST_LEADS: Final = 20_000
"""Of more leads handed over so many are drawn: time and memory stay bounded, and intervals are narrow."""


@dataclass(frozen=True, slots=True)
class ForSales:
    """What a model does for sales: on leads that were handed over, and on those left to chance.

    Each kind is there only if there were such hand-overs of leads that the model had not seen.
    """

    horizon_days: float
    at_capacity: tuple[AtCapacity, ...]
    by: Mapping[str, tuple[GivenPart, ...]]
    """By source and by campaign, the handed-over leads."""
    kept_back: tuple[KeptBack, ...]
    """What agreement and model together would have kept back."""
    lost: tuple[SaleLost, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return asdict(self)


def for_sales(
    tables: Tables,
    agreement: Agreement,
    given: tuple[GivenToSales, ...],
    adviser: Adviser,
    leads: Flags,
    *,
    replicates: int = REPLICATES,
    seed: int = 0,
    progress: Progress = silent,
) -> ForSales:
    """Put together what a model does for sales.

    Parameters
    ----------
    tables : Tables
        Dated.
    given : tuple of GivenToSales
        Leads that sales was given and that no forecast had seen; positions are those of the tables.
    adviser : Adviser
        The agreement with the model, asked which of the leads it would have kept back.
    leads : Flags, one a lead
        Which leads the model had not seen.

    Returns
    -------
    ForSales
    """
    horizon = agreement.horizon_days
    whole = [len(each) for each in given]
    given = tuple(_drawn(each, seed) for each in given)
    resamples = [draw(each.cohort.lead, replicates=replicates, seed=seed) for each in given]
    kept: list[KeptBack] = []
    lost: tuple[SaleLost, ...] = ()
    asked = _asked(tables, leads, seed)
    if asked.any():
        found = replay(tables, adviser, leads=asked, progress=progress)
        of = called(found, adviser, agreement)
        drawn = draws(tables, found.looked_at, replicates=replicates, seed=seed)
        kept = [kept_back(each, found.looked_at, drawn, horizon) for each in of]
        lost = sales_lost(of[0], tables, horizon_days=horizon) if of else ()
    return ForSales(
        horizon_days=horizon,
        at_capacity=tuple(
            at_capacity(each, drawn, horizon_days=horizon, of=of)
            for each, drawn, of in zip(given, resamples, whole, strict=True)
        ),
        by=given_parts(given[0], _columns(tables, given[0]), resamples[0], horizon_days=horizon)
        if given
        else {},
        kept_back=tuple(kept),
        lost=lost,
    )


def _columns(tables: Tables, given: GivenToSales) -> dict[str, Coded]:
    return {name: column.take(given.cohort.lead) for name, column in told_apart_by(tables).items()}


def _drawn(given: GivenToSales, seed: int) -> GivenToSales:
    if len(given) <= MOST_LEADS:
        return given
    chosen = np.random.default_rng((seed, 9)).choice(len(given), MOST_LEADS, replace=False)
    return given.where(np.sort(chosen))


def _asked(tables: Tables, leads: Flags, seed: int) -> Flags:
    """Return the leads that were handed over, of very many some drawn: the replay looks at each weekly."""
    asked = np.zeros(len(tables.leads), dtype=np.bool_)
    asked[tables.handovers.lead] = True
    asked &= leads
    some = np.flatnonzero(asked)
    if len(some) > MOST_LEADS:
        asked[:] = False
        asked[np.random.default_rng((seed, 8)).choice(some, MOST_LEADS, replace=False)] = True
    return asked
