"""Which instant a request is assessed at, and which of its rows that leaves out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np

from readiness.crm.records import MICROSECONDS_PER_DAY, MICROSECONDS_PER_SECOND, STOP_CALLING, Instant
from readiness.crm.tables import Ints, Tables
from readiness.history import events
from readiness.history.snapshots import Snapshots
from serve.moments import Moment
from serve.problems import invalid
from serve.schemas import Outcome, ScoreRequest

CLOCKS_DIFFER: Final = 300 * MICROSECONDS_PER_SECOND
"""How far a sender's clock may run ahead of ours: five minutes."""

_FUTURE: Final = "This lies in the future; check the clock and the zone."
_STOPPED: Final = (
    "A stop_calling at or after the cutoff did not change the score; the lead is on the list from now on."
)


def cutoff(request: ScoreRequest, received: Instant) -> tuple[Instant, tuple[str, ...]]:
    """Return the cutoff of a request and what its sender should know about it.

    With ``at``, that is the cutoff. Without, it is the instant of receipt; rows that lie ahead of it,
    because clocks differ by up to five minutes or because only today's date was given (the end of
    the day, in UTC), move it just past them.

    Parameters
    ----------
    received : Instant
        When the request arrived.

    Raises
    ------
    Problem
        422 naming every field that lies in the future, or the lead's creation if ``at`` is before it.
        With ``at``, rows after it may lie anywhere; only a stop in the future is refused all the same,
        for it would bar the person for good.
    """
    dated = list(_dated(request))
    too_late = [field for field, moment in [*dated, *_asked(request)] if _lies_ahead(moment, received)]
    created = request.lead.created_at
    if request.at is not None:
        # Rows after `at` are left out, wherever they lie; only the question itself cannot be of the future.
        if stops := [field for field in too_late if field in _stops(request)]:
            raise invalid([(field, _FUTURE) for field in stops])
        if "at" in too_late:
            raise invalid([("at", "This lies in the future, of which nothing is known.")])
        if created is None:
            raise invalid([("at", "This needs lead.created_at: a lead without dates has no cutoff.")])
        if created.instant > request.at.instant:
            raise invalid([("at", "This lies before lead.created_at, when the lead was not known yet.")])
        return request.at.instant, ()
    if too_late:
        raise invalid([(field, _FUTURE) for field in too_late])
    newest = max((moment.instant for _, moment in dated), default=None)
    if newest is None or newest < received:
        return received, ()
    return newest + 1, ("The newest row lies ahead of our clock; the cutoff was moved just past it.",)


def stops(request: ScoreRequest, received: Instant) -> tuple[Outcome, ...]:
    """Return the stop_calling outcomes of a request that do not lie in the future.

    Parameters
    ----------
    received : Instant
        When the request arrived.
    """
    told = _stops(request).values()
    return tuple(row for row in told if row.occurred_at is None or not _lies_ahead(row.occurred_at, received))


def left_out(tables: Tables, snapshots: Snapshots) -> tuple[tuple[str, ...], ...]:
    """Say for each snapshot how many of its lead's rows lie at or after the cutoff, table by table.

    A stop is told apart: it changes no score, and yet it has put the lead on the list.

    Parameters
    ----------
    tables : Tables
    snapshots : Snapshots, n rows

    Returns
    -------
    n tuples of str
        Empty where nothing was left out, and in undated tables.
    """
    warnings: list[list[str]] = [[] for _ in range(len(snapshots))]
    parts = {
        "activities": (tables.activities.starts, tables.activities.occurred_at),
        "answers": (tables.answers.starts, tables.answers.answered_at),
        "outcomes": (tables.outcomes.starts, tables.outcomes.occurred_at),
        "handovers": (tables.handovers.starts, tables.handovers.handed_over_at),
    }
    for name, (starts, at) in parts.items() if tables.dated else ():
        past = events.before(starts, at, snapshots.lead, snapshots.cutoff)
        ignored = starts[snapshots.lead + 1] - past.high
        if name == "outcomes":
            stopped = _stops_between(tables, past.high, starts[snapshots.lead + 1])
            ignored = ignored - stopped
            for row in np.flatnonzero(stopped).tolist():
                warnings[row].append(_STOPPED)
        for row in np.flatnonzero(ignored).tolist():
            rows, were = ("row", "was") if ignored[row] == 1 else ("rows", "were")
            warnings[row].append(f"{ignored[row]} {rows} of {name} at or after the cutoff {were} ignored.")
    return tuple(map(tuple, warnings))


def _stops_between(tables: Tables, low: Ints, high: Ints) -> Ints:
    before = np.concatenate([[0], np.cumsum(tables.outcomes.outcome == STOP_CALLING)])
    counts: Ints = before[high] - before[low]
    return counts


def _lies_ahead(moment: Moment, received: Instant) -> bool:
    latest = received + CLOCKS_DIFFER
    if moment.date_only:
        # Today's date means the end of today: ahead of every clock, and yet what was known.
        latest += MICROSECONDS_PER_DAY - 1 - latest % MICROSECONDS_PER_DAY
    return moment.instant > latest


def _stops(request: ScoreRequest) -> dict[str, Outcome]:
    return {
        f"outcomes[{row}].occurred_at": outcome
        for row, outcome in enumerate(request.outcomes)
        if outcome.outcome == "stop_calling"
    }


def _asked(request: ScoreRequest) -> Iterable[tuple[str, Moment]]:
    return () if request.at is None else (("at", request.at),)


def _dated(request: ScoreRequest) -> Iterator[tuple[str, Moment]]:
    if request.lead.created_at is not None:
        yield "lead.created_at", request.lead.created_at
    for row, activity in enumerate(request.activities):
        yield f"activities[{row}].occurred_at", activity.occurred_at
    for row, answer in enumerate(request.answers):
        yield f"answers[{row}].answered_at", answer.answered_at
    for row, outcome in enumerate(request.outcomes):
        if outcome.occurred_at is not None:
            yield f"outcomes[{row}].occurred_at", outcome.occurred_at
    for row, handover in enumerate(request.handovers):
        yield f"handovers[{row}].handed_over_at", handover.handed_over_at
        if handover.decided_at is not None:
            yield f"handovers[{row}].decided_at", handover.decided_at
