"""What was known when, told slowly and obviously: plain loops over records, one lead at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from readiness.crm.records import (
    MICROSECONDS_PER_DAY,
    MICROSECONDS_PER_HOUR,
    OUTCOMES,
    Activity,
    Answer,
    Handover,
    Instant,
    Lead,
    Outcome,
)
from readiness.crm.tables import Tables
from tests import builders

DAY = MICROSECONDS_PER_DAY


@dataclass(frozen=True)
class World:
    """The records of a small CRM."""

    leads: list[Lead]
    activities: list[Activity] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    handovers: list[Handover] = field(default_factory=list)
    through: float = 400.0

    @property
    def tables(self) -> Tables:
        return builders.tables(
            self.leads, self.activities, self.answers, self.outcomes, self.handovers, through=self.through
        )

    @property
    def observed_through(self) -> Instant:
        return builders.at(self.through)


# --- snapshots, ends, labels --------------------------------------------------------------------------


def kept_until(world: World, lead: Lead) -> Instant:
    if lead.last_known_at is None:
        return world.observed_through
    return min(lead.last_known_at, world.observed_through)


def ends_of(world: World, lead: Lead) -> list[Outcome]:
    """The lead's ends, oldest first; undated ones before all others."""
    ends = [o for o in world.outcomes if o.lead_id == lead.lead_id]
    return sorted(ends, key=lambda o: (o.occurred_at is not None, o.occurred_at, OUTCOMES.index(o.outcome)))


def ended(world: World, lead: Lead, cutoff: Instant) -> list[Outcome]:
    return [o for o in ends_of(world, lead) if o.occurred_at is None or o.occurred_at < cutoff]


def take(world: World, until: Instant, at_handovers: bool = True) -> list[tuple[int, Instant]]:
    rows = set()
    for position, lead in enumerate(world.leads):
        assert lead.created_at is not None
        looks = [lead.created_at + MICROSECONDS_PER_HOUR]
        looks += [lead.created_at + age * DAY for age in (1, 3, 7, 14, 30, 60, 90, 180, 360)]
        if at_handovers:
            looks += [h.handed_over_at for h in world.handovers if h.lead_id == lead.lead_id]
        for cutoff in looks:
            late = cutoff >= until or cutoff >= kept_until(world, lead)
            if cutoff > lead.created_at and not late and not ended(world, lead, cutoff):
                rows.add((position, cutoff))
    return sorted(rows)


def open_at(world: World, when: Instant) -> list[tuple[int, Instant]]:
    return [
        (position, when)
        for position, lead in enumerate(world.leads)
        if lead.created_at is not None
        and lead.created_at < when
        and (lead.last_known_at is None or lead.last_known_at >= when)
        and not ended(world, lead, when)
    ]


def label(world: World, lead: Lead, cutoff: Instant, known_until: Instant) -> tuple[int, float]:
    until = min(kept_until(world, lead), known_until)
    for end in ends_of(world, lead):
        if end.occurred_at is not None and cutoff <= end.occurred_at < until:
            event = {"closed_won": 1, "stop_calling": 2}.get(end.outcome, 3)
            return event, (end.occurred_at - cutoff) / DAY
    return 0, (until - cutoff) / DAY


def ended_before(world: World, lead: Lead, cutoff: Instant) -> tuple[int, Instant | None]:
    past = ended(world, lead, cutoff)
    if not past:
        return -1, None
    stops = [end for end in past if end.outcome == "stop_calling"]
    last = (stops or past)[-1]
    return OUTCOMES.index(last.outcome), last.occurred_at


def cut(world: World, when: Instant) -> World:
    def before(at: Instant | None) -> bool:
        return at is None or at < when

    leads = [
        Lead(
            lead.lead_id,
            lead.created_at,
            lead.source,
            None if lead.last_known_at is not None and lead.last_known_at >= when else lead.last_known_at,
            attributes=lead.attributes,
        )
        for lead in world.leads
        if before(lead.created_at)
    ]
    there = {lead.lead_id for lead in leads}
    handovers = [
        h if before(h.decided_at) else Handover(h.lead_id, h.handed_over_at, propensity=h.propensity)
        for h in world.handovers
        if h.lead_id in there and before(h.handed_over_at)
    ]
    return World(
        leads,
        [a for a in world.activities if a.lead_id in there and before(a.occurred_at)],
        [a for a in world.answers if a.lead_id in there and before(a.answered_at)],
        [o for o in world.outcomes if o.lead_id in there and before(o.occurred_at)],
        handovers,
        min(world.through, (when - builders.DAY_0) / DAY),
    )


# --- the kernel -----------------------------------------------------------------------------------------


def rows_within(
    at: Iterable[int], lead: Iterable[int], whose: int, opens: int | None, cutoff: int
) -> list[int]:
    """The numbers of a lead's rows with opens <= at < cutoff."""
    return [
        row
        for row, (when, owner) in enumerate(zip(at, lead, strict=True))
        if owner == whose and when < cutoff and (opens is None or when >= opens)
    ]
