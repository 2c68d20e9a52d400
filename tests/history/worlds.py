"""Small random CRMs in which instants often tie and often lie on the edge of a window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
from hypothesis import strategies as st

from readiness.crm.records import Activity, Answer, Handover, Instant, Lead, Outcome
from readiness.crm.tables import Ints
from readiness.history.snapshots import Snapshots
from tests.builders import at
from tests.oracles.history import World

Item = TypeVar("Item")

EDGES = (0.0, 0.5, 1.0, 3.0, 7.0, 14.0, 28.0, 30.0, 60.0, 90.0)
"""Ages at which some window opens or some snapshot is taken."""
SOURCES = ("web_form", "chat", None)
TYPES = ("demo_requested", "web_visit")
DIRECTIONS = ("inbound", "outbound")
CHANNELS = ("web", "phone", None)
FIELDS = ("budget", "company_size")
FINAL = ("closed_won", "stop_calling")
OUTCOMES = ("closed_won", "stop_calling", "closed_lost", "disqualified")
VALUES = (None, 0.25, 2.0, 10.0)
ANSWERS = {"budget": ("approved", "none", None), "company_size": ("3", "120", None)}
INDUSTRIES = ("software", "mining", None)
SINCE = ("2024-05-01", "2025-12-31", None)


def random_world(rng: np.random.Generator, leads: int, *, undated_ends: bool = False) -> World:
    """Return a world whose instants lie on edges relative to its leads' creation and to each other."""
    ids = [f"L-{number}" for number in range(leads)]
    created = {lead_id: float(_pick(rng, (0.0, 0.5, 2.0, 10.0))) for lead_id in ids}

    def when(lead_id: str) -> Instant:
        return at(created[lead_id] + float(_pick(rng, EDGES)) + float(_pick(rng, (0.0, 0.0, 1.0, 7.0))))

    def some(most: int) -> list[str]:
        return [lead_id for lead_id in ids for _ in range(int(rng.integers(0, most + 1)))]

    fields = [(lead_id, _pick(rng, FIELDS)) for lead_id in some(5)]
    return World(
        leads=[_lead(rng, lead_id, at(created[lead_id]), when(lead_id)) for lead_id in ids],
        activities=[_activity(rng, lead_id, when(lead_id)) for lead_id in some(12)],
        answers=[Answer(lead_id, when(lead_id), f, _pick(rng, ANSWERS[f])) for lead_id, f in fields],
        outcomes=[
            Outcome(lead_id, None if undated_ends and rng.random() < 0.2 else when(lead_id), end)
            for lead_id in ids
            for end in _ends(rng)
        ],
        handovers=[_handover(rng, lead_id, when(lead_id)) for lead_id in some(2)],
        through=float(_pick(rng, (120.0, 150.0))),
    )


def _pick(rng: np.random.Generator, items: Sequence[Item]) -> Item:
    return items[int(rng.integers(len(items)))]


def _ends(rng: np.random.Generator) -> tuple[str, ...]:
    final, neutral = _pick(rng, OUTCOMES[:2]), _pick(rng, OUTCOMES[2:])
    return _pick(rng, ((), (final,), (neutral,), (final, neutral)))


def _lead(rng: np.random.Generator, lead_id: str, created: Instant, lost: Instant) -> Lead:
    size = None if rng.random() < 0.3 else float(rng.integers(1, 500))
    attributes = {"company_size": size, "industry": _pick(rng, INDUSTRIES), "since": _pick(rng, SINCE)}
    last_known = max(lost, created + 1) if rng.random() < 0.3 else None
    return Lead(lead_id, created, _pick(rng, SOURCES), last_known, attributes=attributes)


def _activity(rng: np.random.Generator, lead_id: str, when: Instant) -> Activity:
    return Activity(
        lead_id, when, _pick(rng, TYPES), _pick(rng, DIRECTIONS), _pick(rng, CHANNELS), _pick(rng, VALUES)
    )


def _handover(rng: np.random.Generator, lead_id: str, when: Instant) -> Handover:
    if rng.random() < 0.5:
        return Handover(lead_id, when)
    return Handover(lead_id, when, when + int(rng.integers(0, 3)), "declined", "too early")


def random_snapshots(rng: np.random.Generator, world: World, number: int) -> list[tuple[int, Instant]]:
    """Return looks at edges, so that rows lie exactly on the cutoff and on the windows' openings."""
    if not world.leads:
        return []
    rows = []
    for _ in range(number):
        position = int(rng.integers(len(world.leads)))
        created = world.leads[position].created_at
        assert created is not None
        later = at(float(_pick(rng, EDGES)) + float(_pick(rng, (0.0, 1.0, 7.0)))) - at(0)
        rows.append((position, created + later + int(_pick(rng, (0, 0, 1)))))
    return rows


def moment(rng: np.random.Generator, world: World) -> Instant:
    """Return an instant at which something in the world happens, or a microsecond off it."""
    instants = [at(20.0)]
    instants += [t for lead in world.leads for t in (lead.created_at, lead.last_known_at) if t is not None]
    instants += [end.occurred_at for end in world.outcomes if end.occurred_at is not None]
    instants += [t for h in world.handovers for t in (h.handed_over_at, h.decided_at) if t is not None]
    return _pick(rng, instants) + _pick(rng, (-1, 0, 0, 1))


def other_future(world: World, other: World, now: Instant) -> World:
    """Return the world with everything from an instant on taken from another: other rows, other leads."""
    there = {lead.lead_id: lead.created_at or 0 for lead in world.leads}
    born = [replace(lead, created_at=(lead.created_at or 0) + now - at(0)) for lead in other.leads]
    fresh = [lead for lead in born if lead.lead_id not in there]

    def future(rows: list[Any], when: Callable[[Any], Instant | None]) -> list[Any]:
        instants = [(row, when(row)) for row in rows if row.lead_id in there]
        return [row for row, t in instants if t is not None and t >= max(now, there[row.lead_id])]

    def past(rows: list[Any], when: Callable[[Any], Instant | None]) -> list[Any]:
        return [row for row in rows if (t := when(row)) is None or t < now]

    def both(name: str, when: Callable[[Any], Instant | None]) -> list[Any]:
        return [*past(getattr(world, name), when), *future(getattr(other, name), when)]

    return World(
        [*world.leads, *(replace(lead, last_known_at=None) for lead in fresh)],
        both("activities", lambda row: row.occurred_at),
        both("answers", lambda row: row.answered_at),
        _one_final_end(both("outcomes", lambda row: row.occurred_at)),
        both("handovers", lambda row: row.handed_over_at),
        400.0,
    )


def _one_final_end(ends: list[Outcome]) -> list[Outcome]:
    final: set[str] = set()
    kept = []
    for end in ends:
        if end.outcome not in FINAL or end.lead_id not in final:
            kept.append(end)
        if end.outcome in FINAL:
            final.add(end.lead_id)
    return kept


def snapshots(rows: Sequence[tuple[int, Instant]]) -> Snapshots:
    """Return snapshots of these rows."""
    cutoff: Ints = np.array([cutoff for _, cutoff in rows], dtype=np.int64)
    return Snapshots(np.array([lead for lead, _ in rows], dtype=np.int32), cutoff)


generators = st.builds(np.random.default_rng, st.integers(0, 2**32 - 1))
"""A seeded generator: Hypothesis chooses the seed, the world follows from it."""
