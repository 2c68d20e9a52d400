"""Where the leads are: what kind they are now, how that moves, what becomes of each kind, and who waits."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from readiness.agreement.conditions import Signs
from readiness.agreement.document import CATEGORIES, Agreement
from readiness.agreement.involvement import last_involved_at
from readiness.agreement.known import known
from readiness.agreement.verdicts import Verdicts, evaluate
from readiness.crm.records import NO_INSTANT, Instant, iso
from readiness.crm.selection import select
from readiness.crm.tables import Tables
from readiness.hindsight.ageing import Ageing, ageing, edges_of, groups_of, passing_kinds, stretches_of
from readiness.hindsight.bant_gaps import BantGaps, bant_gaps
from readiness.hindsight.category_flow import Flow, a_month_later, flow
from readiness.hindsight.exposures import drawn as some_leads
from readiness.hindsight.groups import Counts, counts, drawn, draws
from readiness.hindsight.replay import NeverCall
from readiness.history.cuts import cut
from readiness.history.desk import desk
from readiness.history.follow_up import waiting_days
from readiness.history.months import month_of, month_starts, open_at_each
from readiness.history.outcomes import Labels, ended_before, label
from readiness.history.snapshots import Snapshots, at, open_and_kept, open_at
from readiness.judging.bootstrap import Figure, Resamples
from readiness.judging.cohort import Cohort
from readiness.judging.incidence import observed_estimates
from readiness.progress import Progress, silent

MONTHS: Final = 13
"""So many firsts of a month are looked at: twelve months from one to the next."""

REPLICATES: Final = 200


@dataclass(frozen=True, slots=True)
class MonthStart:
    """How many leads of each kind were open on the first of a month; counts in the order of `CATEGORIES`."""

    month: str
    leads: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class KindFate:
    """What became within the horizon of leads that were of one kind on the first of a month.

    A lead counts as often as it was looked at; intervals are by lead. Undated: shares of those that ended.
    """

    name: str
    looks: int
    leads: int
    counts: Counts
    won: Figure
    stop: Figure
    otherwise: Figure
    still_open: float | None


@dataclass(frozen=True, slots=True)
class LeadsNow:
    """Where the leads are.

    ``now`` counts the open leads of each category in the order of `CATEGORIES`; ``passing`` names those that
    sales is given. ``followed`` says how many leads the months rest on: of very many, some are drawn.
    Undated: no months, no flow and no ageing.
    """

    at: str | None
    horizon_days: float | None
    agreement: str
    version: str
    open_leads: int
    now: tuple[int, ...]
    passing: tuple[str, ...]
    bant_at_least: int
    gaps: tuple[BantGaps, ...]
    leads: int
    followed: int
    months: tuple[MonthStart, ...]
    fates: tuple[KindFate, ...]
    flow: Flow | None
    ageing: Ageing | None

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return asdict(self)


def leads_now(
    tables: Tables,
    agreement: Agreement,
    *,
    until: Instant | None = None,
    never_call: NeverCall | None = None,
    seed: int = 0,
    replicates: int = REPLICATES,
    progress: Progress = silent,
) -> LeadsNow:
    """Say what kind the open leads are, how that moved over a year, what became of each kind, and who waits.

    Only the agreement is asked, no model. Open leads are looked at as they stand at the end, and on the first
    of each of the last thirteen months; at each look only what lay before it is seen.

    Parameters
    ----------
    tables : Tables
    agreement : Agreement
    until : Instant, optional
        Where one stands; default: where the watch ends.
    never_call : optional
        Says who must never be called; without it nobody is left out of those who wait.
    seed : int
        Of the intervals, and of the draw where there are more leads than are followed.

    Returns
    -------
    LeadsNow
        Without open leads, all counts are 0.
    """
    tables = tables if until is None else cut(tables, until)
    stand = tables.observed_through
    progress("Looking where the leads are", 0.0)
    looks = open_at(tables, stand)
    verdicts = evaluate(tables, looks, agreement)
    progress("Looking where the leads are", 0.4)
    followed = _followed(tables, seed)
    months, fates, moves = _over_time(followed, agreement, seed, replicates)
    progress("Looking where the leads are", 0.9)
    passing = passing_kinds(agreement)
    found = LeadsNow(
        at=iso(stand) if tables.dated else None,
        horizon_days=agreement.horizon_days if tables.dated else None,
        agreement=agreement.name,
        version=agreement.version,
        open_leads=len(looks),
        now=_counted(verdicts.category),
        passing=tuple(name for name, passes in zip(CATEGORIES, passing, strict=True) if passes),
        bant_at_least=agreement.handover.bant_at_least,
        gaps=bant_gaps(verdicts.category, verdicts.bant.state),
        leads=len(tables.leads),
        followed=len(followed.leads),
        months=months,
        fates=fates,
        flow=moves,
        ageing=_ageing(tables, looks, verdicts, agreement, never_call) if tables.dated else None,
    )
    progress("Looking where the leads are", 1.0)
    return found


def _followed(tables: Tables, seed: int) -> Tables:
    """Return the leads that are followed over the months; of very many some, whatever their order."""
    some = some_leads(len(tables.leads), seed)
    if len(some) == len(tables.leads):
        return tables
    by_name = np.argsort(tables.leads.lead_id, kind="stable").astype(np.int64)
    return select(tables, np.sort(by_name[some]))


def _counted(category: Signs) -> tuple[int, ...]:
    return tuple(np.bincount(category, minlength=len(CATEGORIES)).tolist())


def _ageing(
    tables: Tables, looks: Snapshots, verdicts: Verdicts, agreement: Agreement, never_call: NeverCall | None
) -> Ageing:
    barred = np.zeros(len(looks), dtype=np.bool_)
    if never_call is not None:
        barred = never_call(tables, looks, ended_before(tables, looks))
    touched = last_involved_at(known(tables, looks, agreement.unknown), agreement.handover.sales_activities)
    waited = waiting_days(tables, looks, touched)
    group = groups_of(desk(tables, looks).state, verdicts.category, passing_kinds(agreement))
    edges = edges_of(agreement.handover.response_hours)
    return Ageing(
        response_hours=agreement.handover.response_hours,
        stretches=stretches_of(edges),
        groups=ageing(group[~barred], waited[~barred], edges),
        never_call=int(np.count_nonzero(barred)),
    )


def _over_time(
    tables: Tables, agreement: Agreement, seed: int, replicates: int
) -> tuple[tuple[MonthStart, ...], tuple[KindFate, ...], Flow | None]:
    """Return what looks at the firsts of months tell; of undated leads, one look at each as it stands."""
    if not tables.dated:
        looks = at(tables, NO_INSTANT)
        category = evaluate(tables, looks, agreement).category
        labels = _labels(tables, looks, agreement)
        drawn_leads = _resamples(tables, looks, seed, replicates)
        return (), _fates(looks, category, labels, None, drawn_leads), None
    starts = month_starts(tables, MONTHS)
    looks, place = open_at_each(tables, starts)
    category = evaluate(tables, looks, agreement).category
    labels = _labels(tables, looks, agreement)
    resamples = _resamples(tables, looks, seed, replicates)
    months = tuple(
        MonthStart(month, _counted(category[place == number]))
        for number, month in enumerate(month_of(starts))
    )
    # After a look that stands where the watch ends nothing is known.
    seen = np.flatnonzero(open_and_kept(tables, looks))
    fates = _fates(
        looks.where(seen),
        category[seen],
        Labels(labels.event[seen], labels.duration[seen]),
        agreement.horizon_days,
        resamples.where(seen),
    )
    later = a_month_later(looks.lead, place, starts, category, labels)
    moved = flow(
        looks.lead, category, later, passing_kinds(agreement), resamples, months=max(0, len(starts) - 1)
    )
    return months, fates, moved


def _resamples(tables: Tables, looks: Snapshots, seed: int, replicates: int) -> Resamples:
    looked_at = np.zeros(len(tables.leads), dtype=np.bool_)
    looked_at[looks.lead] = True
    resamples = draws(tables, looked_at, replicates=replicates, seed=seed)
    return drawn(resamples, looked_at, looks.lead.astype(np.int64))


def _labels(tables: Tables, looks: Snapshots, agreement: Agreement) -> Labels:
    """Return what became of each lead from its look on; censored at once where nothing is known after it."""
    event = np.zeros(len(looks), dtype=np.int8)
    duration = np.zeros(len(looks))
    rows = np.flatnonzero(open_and_kept(tables, looks))
    found = label(
        looks.where(rows),
        tables,
        known_until=tables.observed_through,
        event_of_outcome=agreement.labels.event_of_outcome,
    )
    event[rows], duration[rows] = found.event, found.duration
    return Labels(event, duration)


def _fates(
    looks: Snapshots, category: Signs, labels: Labels, horizon: float | None, resamples: Resamples
) -> tuple[KindFate, ...]:
    cohort = Cohort(labels.event, labels.duration, looks.lead.astype(np.int64))
    found = []
    for kind, name in enumerate(CATEGORIES):
        rows = np.flatnonzero(category == kind)
        part = cohort.where(rows)
        come_to = counts(part, horizon)
        # Looks at one lead tell much the same: a share of a handful is as sure as its leads are many.
        leads = len(np.unique(part.lead))
        ends = observed_estimates(part, horizon, resamples.where(rows))
        won, stop, otherwise = (end.share_figure(leads) for end in ends)
        still_open = 1.0 - sum(end.value for end in ends)
        found.append(
            KindFate(
                name,
                len(part),
                leads,
                come_to,
                won,
                stop,
                otherwise,
                max(still_open, 0.0) if np.isfinite(still_open) else None,
            )
        )
    return tuple(found)
