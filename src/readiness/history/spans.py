"""The time that leads were watched while open, cut wherever something about them became known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from readiness.crm.records import MICROSECONDS_PER_DAY, MICROSECONDS_PER_HOUR, NO_INSTANT, Instant, days
from readiness.crm.tables import Codes, Flags, Floats, Ints, Tables
from readiness.history.outcomes import CENSORED, EVENT_OF_OUTCOME, EventOfOutcome, label
from readiness.history.snapshots import Schedule, Snapshots, take

_AT_ONCE: Final = Schedule(first_hours=1.0 / MICROSECONDS_PER_HOUR, age_days=())
"""A look at each lead just after its creation."""


@dataclass(frozen=True, slots=True)
class Spans:
    """m pieces ``[opens, closes)`` of leads' watched time; what was known as one opened holds in it."""

    lead: Codes
    opens: Ints
    closes: Ints
    event: NDArray[np.int8]
    """What ended the lead at ``closes``, a position in `outcomes.EVENTS`; 0: it went on, or nobody knows."""
    age: Ints
    """Which stretch of the lead's age the piece lies in: the number of edges it has passed."""

    def __len__(self) -> int:
        return len(self.lead)

    def where(self, rows: Flags) -> Spans:
        """Return these pieces."""
        return Spans(self.lead[rows], self.opens[rows], self.closes[rows], self.event[rows], self.age[rows])

    @property
    def snapshots(self) -> Snapshots:
        """The lead as each piece opens: what is known then holds to its end."""
        return Snapshots(self.lead, self.opens)

    @property
    def days(self) -> Floats:
        """How long each piece is."""
        return (self.closes - self.opens) / MICROSECONDS_PER_DAY


def spans(
    tables: Tables,
    *,
    until: Instant,
    known: Sequence[tuple[Codes, Ints]] = (),
    edges: Sequence[float] = (),
    event_of_outcome: EventOfOutcome = EVENT_OF_OUTCOME,
) -> Spans:
    """Cut the watched time of leads, so that nothing about them changes within a piece.

    A lead is watched from just after its creation until its end, until its record was kept, or until
    ``until``. What happens at an instant is known from just after it: a piece opens there, and an
    outcome at the same instant still belongs to the piece before.

    Parameters
    ----------
    tables : Tables
        Dated. Leads and outcomes are read.
    until : Instant
        Where the learner stands.
    known : (lead, instant) columns
        When something became known; NO_INSTANT where it never did.
    edges : ascending days
        Ages at which the time is cut as well.
    event_of_outcome : one event for each of OUTCOMES
        Which end counts as what, as the agreement says.

    Returns
    -------
    Spans, m rows
        By (lead, opens). None where nobody was watched.
    """
    entry = take(tables, until=until, schedule=_AT_ONCE)
    fate = label(entry, tables, known_until=until, event_of_outcome=event_of_outcome)
    n = len(tables.leads)
    begins, ends = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    begins[entry.lead] = entry.cutoff
    # Days are instants divided by a day: multiplied and rounded they are the instants again, exactly.
    watched = np.round(fate.duration * MICROSECONDS_PER_DAY).astype(np.int64)
    ends[entry.lead] = entry.cutoff + np.maximum(watched, 1)
    lead, opens = _cuts(begins, ends, entry, known, edges)
    last = np.ones(len(lead), dtype=np.bool_)
    last[:-1] = lead[1:] != lead[:-1]
    event = np.full(n, CENSORED, dtype=np.int8)
    event[entry.lead] = fate.event
    return Spans(
        lead=lead,
        opens=opens,
        closes=np.where(last, ends[lead], np.append(opens[1:], 0)),
        event=np.where(last, event[lead], np.int8(CENSORED)),
        age=_stretch(opens - begins[lead], edges),
    )


def _cuts(
    begins: Ints, ends: Ints, entry: Snapshots, known: Sequence[tuple[Codes, Ints]], edges: Sequence[float]
) -> tuple[Codes, Ints]:
    """Return where pieces open, by (lead, instant), none twice."""
    leads, instants = [entry.lead], [entry.cutoff]
    for edge in edges:
        leads.append(entry.lead)
        instants.append(entry.cutoff + days(edge))
    for whose, at in known:
        there = at != NO_INSTANT
        leads.append(whose[there])
        instants.append(at[there] + 1)
    lead, opens = np.concatenate(leads), np.concatenate(instants)
    inside = (opens >= begins[lead]) & (opens < ends[lead])
    lead, opens = lead[inside], opens[inside]
    order = np.lexsort((opens, lead))
    lead, opens = lead[order], opens[order]
    fresh = np.ones(len(lead), dtype=np.bool_)
    fresh[1:] = (lead[1:] != lead[:-1]) | (opens[1:] != opens[:-1])
    return lead[fresh], opens[fresh]


def _stretch(age: Ints, edges: Sequence[float]) -> Ints:
    return np.searchsorted(np.array([days(edge) for edge in edges], dtype=np.int64), age, side="right")
