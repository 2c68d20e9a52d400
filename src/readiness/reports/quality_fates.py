"""What became of leads, by source and by month, and what there is too little of to learn from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from readiness.crm.quality.jumps import Series
from readiness.crm.quality.months import Months
from readiness.crm.records import MICROSECONDS_PER_DAY, NO_INSTANT
from readiness.crm.tables import Flags, Ints, Tables
from readiness.history import outcomes, splits
from readiness.history.outcomes import (
    CENSORED,
    ENDED,
    EVENT_OF_OUTCOME,
    EVENTS,
    STOP,
    WON,
    EventOfOutcome,
    Labels,
)
from readiness.history.snapshots import Schedule, Snapshots, known_until_of_leads, take
from readiness.history.splits import NoTestStart
from readiness.judging.bootstrap import Figure, draw
from readiness.judging.cohort import Cohort
from readiness.judging.incidence import observed_estimates
from readiness.learning.enough import enough
from readiness.learning.little_data import STOP_NEEDED, TooLittle

FIRST_LOOK: Final = Schedule(age_days=())
"""Each lead once, as soon as a learner looks at it: what becomes of it later is counted from there."""

ANSWERED_WITHIN_DAYS: Final = 30.0
PACE_DAYS: Final = 90.0

REPLICATES: Final = 200
"""Draws of leads behind each interval."""


@dataclass(frozen=True, slots=True)
class Share:
    """How often an end comes within the horizon (Aalen–Johansen), with the 95 % interval by leads.

    Parameters
    ----------
    count, of : int
        So many of the leads that could be followed for the horizon ended so. The share counts those that
        could be followed for a part of it as well.
    value, low, high : float, or None where nothing tells
    """

    count: int
    of: int
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class SourceFates:
    """What became of the leads of one source within the horizon."""

    source: str | None
    leads: int
    won: Share
    stop: Share


@dataclass(frozen=True, slots=True)
class Fates:
    """What became of the leads.

    Parameters
    ----------
    horizon_days : float, or None where nothing is dated
    looked_at, followed : int
        Leads that were open at a learner's first look; those of them that could be followed for the
        horizon from there. Undated: all leads, and those that ended.
    undated_ends : int
        Leads that ended on a day that nobody wrote down: they teach nothing. 0 where nothing is dated.
    sources : tuple of SourceFates
        Those with the most leads first; None is for leads without a source.
    series : tuple of Series
        By month of creation: leads that ended so within the horizon, and that answered within 30 days.
    """

    horizon_days: float | None
    looked_at: int
    followed: int
    undated_ends: int
    sources: tuple[SourceFates, ...]
    series: tuple[Series, ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """Whether there is enough to learn from, and what is missing.

    Parameters
    ----------
    little : TooLittle, or None if a score can be learned
    stop_missing : int
        So many more leads must tell us to stop before there is a stop risk.
    test : NoTestStart, or None if a score could be tested on later leads
    ended_lately, won_lately, stop_lately : int
        Dated ends in the last 90 days of the data: the pace at which more come.
    """

    little: TooLittle | None
    stop_missing: int
    test: NoTestStart | None
    ended_lately: int
    won_lately: int
    stop_lately: int


def fates(
    tables: Tables,
    months: Months,
    horizon_days: float,
    event_of_outcome: EventOfOutcome = EVENT_OF_OUTCOME,
) -> tuple[Fates, Outlook]:
    """Say what became of the leads, and whether that is enough to learn from.

    Each lead is looked at once, an hour after its creation (date-only tables: the next midnight). It
    is followed for the horizon if its record was kept that long, whether or not it ended sooner: to
    count who ended sooner, and not who was still open, would make every share too high. Whether there
    is enough is asked of all looks that a training run takes.

    Parameters
    ----------
    months : Months
        In which the leads were created.
    horizon_days : float, > 0
    event_of_outcome : one event for each of OUTCOMES
        Which end counts as what, as the agreement says.
    """
    looks = take(tables, until=tables.observed_through, schedule=FIRST_LOOK)
    labels = _labels(looks, tables, event_of_outcome)
    event = labels.event.astype(np.int64)
    if tables.dated:
        kept = (known_until_of_leads(tables)[looks.lead] - looks.cutoff) / MICROSECONDS_PER_DAY
        followed: Flags = kept >= horizon_days
        event[labels.duration >= horizon_days] = CENSORED
    else:
        followed = event != CENSORED
    lead = looks.lead[followed].astype(np.int64)
    ended = event[followed]
    found = Fates(
        horizon_days=horizon_days if tables.dated else None,
        looked_at=len(looks),
        followed=len(lead),
        undated_ends=_undated_ends(tables),
        sources=_sources(tables, looks, labels, followed, horizon_days),
        series=(*_ends_by_month(tables, months, lead, ended), *_answers_by_month(tables, months)),
    )
    return found, _outlook(tables, horizon_days, event_of_outcome)


def _labels(looks: Snapshots, tables: Tables, event_of_outcome: EventOfOutcome) -> Labels:
    known_until = tables.observed_through
    return outcomes.label(looks, tables, known_until=known_until, event_of_outcome=event_of_outcome)


def _undated_ends(tables: Tables) -> int:
    if not tables.dated:
        return 0
    return len(np.unique(tables.outcomes.lead[tables.outcomes.occurred_at == NO_INSTANT]))


def _sources(
    tables: Tables, looks: Snapshots, labels: Labels, followed: Flags, horizon_days: float
) -> tuple[SourceFates, ...]:
    column, lead = tables.leads.source, looks.lead.astype(np.int64)
    # The same draws whatever the order of the file.
    rank = np.empty(len(tables.leads), dtype=np.int64)
    rank[np.argsort(tables.leads.lead_id.astype(str), kind="stable")] = np.arange(len(rank))
    resamples = draw(rank[lead], replicates=REPLICATES, seed=0)
    cohort = Cohort(labels.event, labels.duration, rank[lead])
    code = column.codes[lead]
    leads = np.bincount(column.codes + 1, minlength=len(column.levels) + 1)
    found = []
    for place, name in enumerate((None, *column.levels)):
        if not leads[place]:
            continue
        rows = np.flatnonzero(code == place - 1)
        own, of = cohort.where(rows), followed[rows]
        horizon = horizon_days if tables.dated else None
        estimates = observed_estimates(own, horizon, resamples.where(rows))[:2] if len(rows) else ()
        ended = own.event[of & ~(own.duration >= horizon_days)]
        counts = [int((ended == end).sum()) for end in (WON, STOP)]
        figures = [each.share_figure(int(of.sum())) for each in estimates] or [Figure(None, None, None)] * 2
        won, stop = (
            Share(count, int(of.sum()), figure.value, figure.low, figure.high)
            for count, figure in zip(counts, figures, strict=True)
        )
        found.append(SourceFates(name, int(leads[place]), won, stop))
    return tuple(sorted(found, key=lambda one: (-one.leads, one.source or "")))


def _ends_by_month(tables: Tables, months: Months, lead: Ints, ended: Ints) -> list[Series]:
    if not len(months):
        return []
    place = months.places(tables.leads.created_at[lead])
    of = _counted(place, months)
    return [
        Series("outcome", EVENTS[end], _counted(place[ended == end], months), of)
        for end in (WON, STOP, ENDED)
    ]


def _answers_by_month(tables: Tables, months: Months) -> list[Series]:
    if not len(months):
        return []
    created, answers = tables.leads.created_at, tables.answers
    window = round(ANSWERED_WITHIN_DAYS * MICROSECONDS_PER_DAY)
    watched = known_until_of_leads(tables) - created >= window
    place = np.where(watched, months.places(created), -1)
    soon = answers.answered_at < created[answers.lead] + window
    of = _counted(place, months)
    fields = answers.field
    # Rows of a lead lie side by side: once sorted by field, so does each pair of field and lead.
    order = np.argsort(fields.codes[soon], kind="stable")
    field, lead = fields.codes[soon][order].astype(np.int64), answers.lead[soon][order]
    once = np.ones(len(field), dtype=np.bool_)
    once[1:] = (field[1:] != field[:-1]) | (lead[1:] != lead[:-1])
    at = place[lead]
    counted = once & (at >= 0)
    cells = np.bincount(
        field[counted] * len(months) + at[counted], minlength=len(fields.levels) * len(months)
    ).reshape(len(fields.levels), len(months))
    return [Series("answer", name, cells[code], of) for code, name in enumerate(fields.levels)]


def _counted(place: Ints, months: Months) -> Ints:
    return np.bincount(place[place >= 0], minlength=len(months)).astype(np.int64)


def _outlook(tables: Tables, horizon_days: float, event_of_outcome: EventOfOutcome) -> Outlook:
    looks = take(tables, until=tables.observed_through, schedule=Schedule())
    labels = _labels(looks, tables, event_of_outcome)
    y = np.stack([labels.event.astype(np.float64), labels.duration], axis=1)
    lead = looks.lead.astype(np.int64)
    horizon = horizon_days if tables.dated else None
    test = splits.test_start(tables, horizon_days=horizon_days)
    stopped = len(np.unique(lead[y[:, 0] == STOP]))
    ends = tables.outcomes
    recent = ends.occurred_at >= tables.observed_through - round(PACE_DAYS * MICROSECONDS_PER_DAY)
    late = np.array(event_of_outcome)[ends.outcome[recent & (ends.occurred_at != NO_INSTANT)]]
    return Outlook(
        little=enough(y, lead, horizon),
        stop_missing=max(0, STOP_NEEDED - stopped),
        test=test if tables.dated and isinstance(test, NoTestStart) else None,
        ended_lately=len(late),
        won_lately=int((late == WON).sum()),
        stop_lately=int((late == STOP).sum()),
    )
