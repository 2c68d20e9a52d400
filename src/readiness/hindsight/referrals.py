"""What a referral is worth: how many more of those referred are won, raw and among leads like each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from readiness.agreement.document import Agreement
from readiness.agreement.vocabulary import RELATIONS, RelationName
from readiness.crm.records import Instant
from readiness.crm.tables import Flags, Tables
from readiness.hindsight.referral_comparison import NOT_REFERRED, adjusted, relations_of
from readiness.hindsight.significance import Effect
from readiness.history.cuts import cut
from readiness.history.outcomes import label
from readiness.history.snapshots import Schedule, take
from readiness.judging.bootstrap import Estimate, Figure, draw
from readiness.judging.cohort import Cohort
from readiness.judging.incidence import observed_estimates
from readiness.progress import Progress, silent

_FIRST_LOOK: Final = Schedule(age_days=())
_REPLICATES: Final = 500


NO_REFERRALS: Final = "By this agreement no lead that was watched is a referral."
ONLY_REFERRALS: Final = (
    "By this agreement every lead that was watched is a referral: there is nothing to compare with."
)


@dataclass(frozen=True, slots=True)
class Share:
    """How many of some leads came to each end within the horizon, of those looked at from the beginning."""

    leads: int
    won: Figure
    stop: Figure


@dataclass(frozen=True, slots=True)
class Relation:
    """Referrals of one kind: how the referrer stands to us."""

    name: RelationName
    share: Share
    adjusted: Effect


@dataclass(frozen=True, slots=True)
class Referrals:
    """What a referral is worth, raw and with like leads.

    ``difference`` and ``ratio`` are raw: won among the referred against won among all others, within the
    horizon. ``adjusted`` multiplies the hazard of won at every moment within the horizon.
    """

    referred: Share
    others: Share
    difference: Figure
    ratio: Figure
    adjusted: Effect
    relations: tuple[Relation, ...]
    horizon_days: float | None
    """None where nothing is dated: then shares are of the leads that ended."""
    missing: str | None
    """Why there is nothing to compare; None where there is."""


def referrals(
    tables: Tables,
    agreement: Agreement,
    *,
    until: Instant | None = None,
    exclude: Sequence[str] = (),
    seed: int = 0,
    progress: Progress = silent,
) -> Referrals:
    """Say how much oftener referred leads are won than others, raw and among leads like each other.

    A lead is a referral if its source is listed or the evidence of a relation held an hour after its
    creation (date-only tables: at the next midnight). Raw: Aalen–Johansen incidences from there on,
    resampled by lead. Adjusted: at every moment within the horizon, leads of the same age are compared, fit,
    interest, stage, attributes, newest answers and what they and we had done so far held alike.

    Parameters
    ----------
    tables : Tables
        All five are read. Undated: whatever ended is compared, with nothing but what stands there.
    agreement : Agreement
        Says what a referral is, and how far ahead the horizon lies.
    until : Instant, optional
        Where the learner stands; default: where the watch ends.
    exclude : sequence of str
        Lead columns or answer fields that are not held alike.
    seed : int
        Of the resampling, and of the draw where there are more leads than are compared.

    Returns
    -------
    Referrals
    """
    tables = tables if until is None else cut(tables, until)
    stand = tables.observed_through
    looks = take(tables, until=stand, schedule=_FIRST_LOOK)
    progress("Finding referrals", 0.0)
    relation = relations_of(tables, looks, agreement)
    of_lead = np.full(len(tables.leads), NOT_REFERRED, dtype=np.int8)
    of_lead[looks.lead] = relation
    fate = label(looks, tables, known_until=stand, event_of_outcome=agreement.labels.event_of_outcome)
    cohort = Cohort(fate.event, fate.duration, looks.lead.astype(np.int64))
    horizon = agreement.horizon_days if tables.dated else None
    progress("Counting sales among referrals and others", 0.0)
    raw = _Raw(cohort, horizon, seed)
    referred = relation != NOT_REFERRED
    one, other = raw.won(referred), raw.won(~referred)
    missing = NO_REFERRALS if not referred.any() else ONLY_REFERRALS if referred.all() else None
    whole, named = adjusted(
        tables, agreement, of_lead, until=stand, exclude=exclude, seed=seed, progress=progress
    )
    return Referrals(
        referred=raw.share(referred),
        others=raw.share(~referred),
        difference=(one - other).figure(),
        ratio=_ratio(one, other).figure(),
        adjusted=whole,
        relations=tuple(
            Relation(RELATIONS[code], raw.share(relation == code), effect) for code, effect in named
        ),
        horizon_days=horizon,
        missing=missing,
    )


class _Raw:
    """Incidences within the horizon, the same draw of leads for all of them."""

    def __init__(self, cohort: Cohort, horizon_days: float | None, seed: int) -> None:
        self.cohort, self.horizon = cohort, horizon_days
        self.resamples = draw(cohort.lead, replicates=_REPLICATES, seed=seed)

    def won(self, rows: Flags) -> Estimate:
        return self._ends(rows)[0]

    def share(self, rows: Flags) -> Share:
        won, stop = self._ends(rows)
        return Share(int(rows.sum()), won.figure(), stop.figure())

    def _ends(self, rows: Flags) -> tuple[Estimate, Estimate]:
        chosen = np.flatnonzero(rows)
        won, stop, _ = observed_estimates(
            self.cohort.where(chosen), self.horizon, self.resamples.where(chosen)
        )
        return won, stop


def _ratio(one: Estimate, other: Estimate) -> Estimate:
    replicates = np.full(len(one.replicates), np.nan)
    np.divide(one.replicates, other.replicates, out=replicates, where=other.replicates > 0)
    return Estimate(one.value / other.value if other.value > 0 else float("nan"), replicates)
