"""What became of leads by what was known of their budget, authority, need and timeframe."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np

from readiness.agreement.bant import BANT_CONFIRMED, BANT_DENIED, BANT_UNKNOWN
from readiness.agreement.bant_told import Told, told
from readiness.agreement.document import PIECES, Agreement, PieceName
from readiness.agreement.known import known
from readiness.agreement.verdicts import evaluate
from readiness.crm.tables import Flags, Tables
from readiness.hindsight.groups import Counts, counts, drawn, draws
from readiness.history.outcomes import STOP, label
from readiness.history.snapshots import Schedule, take
from readiness.judging.bootstrap import Figure, Resamples
from readiness.judging.cohort import Cohort
from readiness.judging.incidence import observed_estimates
from readiness.progress import Progress, silent

AFTER_DAYS: Final = 30.0
"""By then sales and marketing have mostly asked; most leads are still open."""

StateName: TypeAlias = Literal["confirmed", "denied", "unknown"]
STATES: Final[dict[StateName, int]] = {
    "confirmed": BANT_CONFIRMED,
    "denied": BANT_DENIED,
    "unknown": BANT_UNKNOWN,
}

_REPLICATES: Final = 500


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of some of the leads within the horizon; undated, of those whose end is known."""

    name: str
    leads: int
    counts: Counts
    won: Figure
    stop: Figure


@dataclass(frozen=True, slots=True)
class PieceFates:
    """One of the four: what the tables tell of it, and what became of the leads in each state."""

    name: PieceName
    told: Told
    confirmed: Fate
    denied: Fate
    unknown: Fate


@dataclass(frozen=True, slots=True)
class BantTable:
    """What became of leads by what was known of their BANT, one look at each lead."""

    leads: int
    """How many were looked at."""
    not_looked_at: int
    """How many were not open so many days after their creation, or not followed that long."""
    after_days: float | None
    """How old each lead was at the look; None where nothing is dated."""
    horizon_days: float | None
    stops: int
    """How many of them are known to have told us to stop, whenever."""
    pieces: tuple[PieceFates, ...]
    by_confirmed: tuple[Fate, ...]
    """By how many of the four were confirmed, none first."""
    required: int
    """How many confirmed the agreement asks for."""
    enough: Fate
    """Leads with that many or more."""
    fewer: Fate


def bant_table(
    tables: Tables,
    agreement: Agreement,
    *,
    after_days: float = AFTER_DAYS,
    seed: int = 0,
    progress: Progress = silent,
) -> BantTable:
    """Say what became of leads by what was known of budget, authority, need and timeframe.

    Each lead is looked at once, so many days after its creation if it was still open then; only what was
    known before that counts. From there on, won and stop are Aalen–Johansen incidences within the
    agreement's horizon: who is still undecided is not known yet, and never a no. Intervals come from
    drawing leads anew, or are exact where a handful of leads carry a share.

    Parameters
    ----------
    tables : Tables
        Undated: each lead as it stands, and shares of those whose end is known.
    agreement : Agreement
        Says what confirms and what denies each piece.
    after_days : float
        How old each lead is at the look; above 0. Not read in undated tables.
    seed : int
        Same data and seed, same intervals.

    Returns
    -------
    BantTable
        All figures are None where nothing is known.

    Raises
    ------
    ValueError
        If ``after_days`` is not a number above 0.
    """
    if not (math.isfinite(after_days) and after_days > 0):
        raise ValueError(f"leads are looked at some days after their creation; {after_days!r} is no such age")
    until = tables.observed_through
    looks = take(tables, until=until, schedule=Schedule(first_hours=None, age_days=(after_days,)))
    progress("Looking at budget, authority, need and timeframe", 0.0)
    verdicts = evaluate(tables, looks, agreement)
    past = known(tables, looks, agreement.unknown)
    of_pieces = told(past, agreement.bant, verdicts.bant)
    labels = label(looks, tables, known_until=until, event_of_outcome=agreement.labels.event_of_outcome)
    looked_at = np.zeros(len(tables.leads), dtype=np.bool_)
    looked_at[looks.lead] = True
    lead = looks.lead.astype(np.int64)
    progress("Counting what became of them", 0.0)
    fates = _Fates(
        Cohort(labels.event, labels.duration, lead),
        agreement.horizon_days if tables.dated else None,
        drawn(draws(tables, looked_at, replicates=_REPLICATES, seed=seed), looked_at, lead),
    )
    confirmed = verdicts.bant_confirmed
    required = max(1, agreement.handover.bant_at_least)
    return BantTable(
        leads=len(looks),
        not_looked_at=int(np.count_nonzero(~looked_at)),
        after_days=after_days if tables.dated else None,
        horizon_days=fates.horizon,
        stops=int(np.count_nonzero(labels.event == STOP)),
        pieces=tuple(
            PieceFates(name, of_pieces[column], *fates.by_state(verdicts.bant.state[:, column]))
            for column, name in enumerate(PIECES)
        ),
        by_confirmed=tuple(fates.of(str(count), confirmed == count) for count in range(len(PIECES) + 1)),
        required=required,
        enough=fates.of(f"{required} or more", confirmed >= required),
        fewer=fates.of("fewer", confirmed < required),
    )


class _Fates:
    """Incidences within the horizon, the same draw of leads for all of them."""

    def __init__(self, cohort: Cohort, horizon_days: float | None, resamples: Resamples) -> None:
        self.cohort, self.horizon, self.resamples = cohort, horizon_days, resamples

    def by_state(self, state: np.ndarray[tuple[int], np.dtype[np.int8]]) -> Iterator[Fate]:
        return (self.of(name, state == code) for name, code in STATES.items())

    def of(self, name: str, rows: Flags) -> Fate:
        chosen = np.flatnonzero(rows)
        some = self.cohort.where(chosen)
        come_to = counts(some, self.horizon)
        won, stop, _ = observed_estimates(some, self.horizon, self.resamples.where(chosen))
        followed = len(some) - come_to.too_soon
        return Fate(name, len(some), come_to, won.share_figure(followed), stop.share_figure(followed))
