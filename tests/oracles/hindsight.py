"""What became of leads after a hand-over, told slowly: one lead, one row, one week after the other."""

from __future__ import annotations

import datetime as dt

import numpy as np

from readiness.crm.records import MICROSECONDS_PER_DAY, NO_INSTANT, OUTCOMES, Instant
from readiness.crm.tables import Tables
from readiness.judging.cohort import Cohort
from tests.oracles.judging import incidence

_EVENTS = {"closed_won": 1, "stop_calling": 2}


def fate(tables: Tables, lead: int, at: Instant) -> tuple[int, float]:
    """Event and days from an instant to a lead's first end, or to where it is lost sight of."""
    kept = int(tables.leads.last_known_at[lead])
    until = tables.observed_through if kept == NO_INSTANT else min(kept, tables.observed_through)
    ends = [
        (when, OUTCOMES[code])
        for row, (when, code) in enumerate(
            zip(tables.outcomes.occurred_at.tolist(), tables.outcomes.outcome.tolist(), strict=True)
        )
        if tables.outcomes.lead[row] == lead and at <= when < until
    ]
    if not ends:
        return 0, (until - at) / MICROSECONDS_PER_DAY
    when, name = min(ends)
    return _EVENTS.get(name, 3), (when - at) / MICROSECONDS_PER_DAY


def cohort(tables: Tables, handed: dict[int, Instant]) -> Cohort:
    fates = [fate(tables, lead, at) for lead, at in handed.items()]
    return Cohort(
        np.array([event for event, _ in fates], dtype=np.int8),
        np.array([days for _, days in fates]),
        np.array(list(handed), dtype=np.int64),
    )


def counts(found: Cohort, horizon: float) -> dict[str, int]:
    names = ("won", "stop", "otherwise")
    told = dict.fromkeys((*names, "still_open", "too_soon"), 0)
    for event, days in zip(found.event.tolist(), found.duration.tolist(), strict=True):
        if event and days < horizon:
            told[names[event - 1]] += 1
        else:
            told["still_open" if days >= horizon else "too_soon"] += 1
    return told


def cry_wolf(found: Cohort, horizon: float) -> float:
    won, stop, _ = incidence(found, horizon)
    return stop / (won + stop)


def weekly(handed: dict[int, Instant]) -> dict[str, int]:
    """How many in the week that begins on each Monday."""
    told: dict[str, int] = {}
    for at in handed.values():
        day = (dt.datetime(1970, 1, 1) + dt.timedelta(microseconds=at)).date()  # noqa: DTZ001 - all is UTC
        monday = day - dt.timedelta(days=day.weekday())
        told[monday.isoformat()] = told.get(monday.isoformat(), 0) + 1
    return told


def declined(tables: Tables, handed: dict[int, Instant], horizon: float) -> float:
    """Of those really handed over within the horizon, the share whose first such hand-over was declined."""
    table = tables.handovers
    decisions = []
    for lead, at in handed.items():
        rows = [
            row
            for row in range(len(table))
            if table.lead[row] == lead
            and at <= table.handed_over_at[row] < at + horizon * MICROSECONDS_PER_DAY
        ]
        if rows:
            decisions.append(int(table.decision[rows[0]]) == 1)
    return sum(decisions) / len(decisions)


def kept_back(
    tables: Tables, handed: dict[int, Instant], would: dict[int, bool], horizon: float
) -> tuple[int, float]:
    """How many first hand-overs would have been kept back, and which share of their sales.

    ``would`` says of each lead whether the agreement hands it over at its first real hand-over.
    """
    first: dict[int, Instant] = {}
    for row in range(len(tables.handovers)):
        first.setdefault(int(tables.handovers.lead[row]), int(tables.handovers.handed_over_at[row]))
    kept = {
        lead: at
        for lead, at in first.items()
        if not would[lead] and not (lead in handed and handed[lead] <= at)
    }
    passed = {lead: at for lead, at in first.items() if lead not in kept}
    sales = [len(some) * incidence(cohort(tables, some), horizon)[0] for some in (kept, passed)]
    return len(kept), sales[0] / sum(sales)
