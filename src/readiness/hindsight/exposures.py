"""Which acts of leads are compared, and the time that leads spent before and after them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from readiness.crm.records import DECISIONS, NO_INSTANT, Instant, days
from readiness.crm.tables import Codes, Floats, Ints, Tables
from readiness.hindsight import confounders
from readiness.hindsight.hazard_fit import AtRisk
from readiness.history import events
from readiness.history.occurrences import Occurrences, earliest, happened, occurrences, sharers
from readiness.history.outcomes import EVENT_OF_OUTCOME, EventOfOutcome
from readiness.history.snapshots import Snapshots
from readiness.history.spans import spans

When: TypeAlias = Literal["after", "lately", "earlier", "again", "in order"]
"""After the first time, on the whole; within `LATELY_DAYS` of the newest time; later than that; after the
second time, beside what the first does; after a type that followed another, beside what each does."""

LATELY_DAYS: Final = 30.0
MIN_LEADS: Final = 20
"""What fewer leads did is not compared."""
MOST_LEADS: Final = 50_000
"""Of more leads so many are drawn: time and memory stay bounded, and with as many intervals are narrow."""
MOST_TYPES: Final = 40
MOST_IN_ORDER: Final = 150
"""So many of the sequences that most leads went through are compared."""
EDGES: Final = (1.0, 3.0, 7.0, 14.0, 21.0, 30.0, 45.0, 60.0, 90.0, 120.0, 180.0, 270.0, 365.0, 545.0, 730.0)
"""Ages in days at which the hazard of leads like each other may change by itself."""

_ACCEPTED: Final = DECISIONS.index("accepted")


@dataclass(frozen=True, slots=True)
class Act:
    """Something a lead did of its own accord, and when a moment counts as after it."""

    type: str
    when: When
    follows: str | None = None
    """Of two types in order, the one that came first."""


@dataclass(frozen=True, slots=True)
class Acts:
    """What n leads did, of t inbound types, and when; and what else happened that is held alike."""

    types: tuple[str, ...]
    found: Occurrences
    """Its first t kinds are the types."""
    first: Ints
    """n × t; NO_INSTANT: never."""
    again: Ints
    """n × t"""
    orders: tuple[Act, ...]
    in_order: Ints
    """n × orders: when the second type first followed the first."""
    held: Ints
    """n × h: when we first did each thing of ours, and when sales first had the lead and accepted it."""
    rare: int
    """How many inbound types were left out, as fewer than `MIN_LEADS` leads did them."""


def acts_of(tables: Tables) -> Acts:
    """Find what leads did: each inbound type, its repeat, and the commonest sequences of two types.

    Which sequences are looked at depends on how many leads went through them, never on how they ended.
    """
    counts = sharers(tables.activities)
    enough = sorted((-number, pair) for pair, number in counts.items() if number >= MIN_LEADS)
    inbound = sorted([pair for _, pair in enough if pair[1] == "inbound"][:MOST_TYPES])
    ours = sorted([pair for _, pair in enough if pair[1] == "outbound"][:MOST_TYPES])
    found = occurrences(tables.activities, [*inbound, *ours])
    types, n = tuple(name for name, _ in inbound), len(tables.leads)
    first = [found.first(number) for number in range(len(inbound) + len(ours))]
    own, ours_at = first[: len(types)], first[len(types) :]
    orders = _in_order(types, own, found)
    return Acts(
        types=types,
        found=found,
        first=_columns(own, n),
        again=_columns([found.following(number, at) for number, at in enumerate(own)], n),
        orders=tuple(act for act, _ in orders),
        in_order=_columns([at for _, at in orders], n),
        held=_columns([*ours_at, *_with_sales(tables)], n),
        rare=sum(number < MIN_LEADS for (_, direction), number in counts.items() if direction == "inbound"),
    )


def _in_order(types: Sequence[str], first: Sequence[Ints], found: Occurrences) -> list[tuple[Act, Ints]]:
    # Counted first, and the chosen ones found again: all sequences of many types at once would be large.
    went = [
        (-int((found.following(then, first[before]) != NO_INSTANT).sum()), before, then)
        for before, then in itertools.permutations(range(len(types)), 2)
    ]
    chosen = [each for each in sorted(went)[:MOST_IN_ORDER] if -each[0] >= MIN_LEADS]
    return [
        (Act(types[then], "in order", follows=types[before]), found.following(then, first[before]))
        for _, before, then in chosen
    ]


def _with_sales(tables: Tables) -> list[Ints]:
    given, leads = tables.handovers, len(tables.leads)
    accepted = given.decision == _ACCEPTED
    return [
        earliest(leads, given.lead, given.handed_over_at),
        earliest(leads, given.lead[accepted], given.decided_at[accepted]),
    ]


def _columns(columns: Sequence[Ints], leads: int) -> Ints:
    return np.stack(columns, axis=1) if columns else np.zeros((leads, 0), dtype=np.int64)


def drawn(leads: int, seed: int) -> Ints:
    """Return the positions of the leads that are compared, ascending: all of them, or `MOST_LEADS` drawn.

    >>> drawn(3, 0)
    array([0, 1, 2])
    """
    if leads <= MOST_LEADS:
        return np.arange(leads)
    return np.sort(np.random.default_rng(seed).choice(leads, MOST_LEADS, replace=False))


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the flags of `at_risk_of` stand, for t types, o orders and h things held alike."""

    types: int
    orders: int
    held: int

    def __len__(self) -> int:
        return 3 * self.types + self.held + self.orders

    @property
    def first(self) -> slice:
        """The type was done before."""
        return slice(0, self.types)

    @property
    def lately(self) -> slice:
        """It was done within `LATELY_DAYS`."""
        return slice(self.types, 2 * self.types)

    @property
    def again(self) -> slice:
        """It was done twice or more."""
        return slice(2 * self.types, 3 * self.types)

    @property
    def alike(self) -> slice:
        """What is held alike."""
        return slice(3 * self.types, 3 * self.types + self.held)

    @property
    def in_order(self) -> slice:
        """Two types were done in order."""
        return slice(3 * self.types + self.held, len(self))


def columns_of(acts: Acts) -> Columns:
    """Say where the flags of these acts stand."""
    return Columns(len(acts.types), len(acts.orders), acts.held.shape[1])


@dataclass(frozen=True, slots=True)
class Watched:
    """The pieces of watched time, what was known as each began, and what ended it."""

    snapshots: Snapshots
    closes: Ints
    """Where each piece ends."""
    at_risk: AtRisk
    event: NDArray[np.int8]
    """A position in `outcomes.EVENTS`, as in `spans.Spans`."""


def watched(
    tables: Tables,
    acts: Acts,
    *,
    until: Instant,
    exclude: Sequence[str] = (),
    event_of_outcome: EventOfOutcome = EVENT_OF_OUTCOME,
    horizon_days: float | None = None,
) -> Watched:
    """Cut the time that leads were watched at their acts, at their answers and at certain ages.

    Parameters
    ----------
    tables : Tables
        Dated.
    acts : Acts
    until : Instant
        Where the learner stands.
    exclude : sequence of str
        Lead columns or answer fields that are not held alike.
    event_of_outcome : one event for each of OUTCOMES
        Which end counts as what, as the agreement says.
    horizon_days : float, optional
        Time beyond this age is left out; default: none is.
    """
    everyone: Codes = np.arange(len(tables.leads), dtype=np.int32)
    milestones = np.concatenate([acts.first, acts.again, acts.in_order, acts.held], axis=1)
    known = [
        (tables.answers.lead, tables.answers.answered_at),
        *((everyone, at) for at in milestones.T),
        *(acts.found.turns(kind, days(LATELY_DAYS)) for kind in range(len(acts.types))),
    ]
    edges = (
        EDGES if horizon_days is None else (*(edge for edge in EDGES if edge < horizon_days), horizon_days)
    )
    pieces = spans(tables, until=until, known=known, edges=edges, event_of_outcome=event_of_outcome)
    if horizon_days is not None:
        pieces = pieces.where(pieces.age < len(edges))
    at_risk = at_risk_of(tables, pieces.snapshots, acts, pieces.days, pieces.age, exclude)
    return Watched(pieces.snapshots, pieces.closes, at_risk, pieces.event)


def at_risk_of(
    tables: Tables,
    snapshots: Snapshots,
    acts: Acts,
    exposure: Floats,
    stratum: Ints,
    exclude: Sequence[str] = (),
) -> AtRisk:
    """Say what had happened and what was known at snapshots that lie by (lead, cutoff)."""
    lead, cutoff = snapshots.lead, snapshots.cutoff
    told = events.before(tables.answers.starts, tables.answers.answered_at, lead, cutoff).high
    renewed = np.ones(len(lead), dtype=np.bool_)
    renewed[1:] = (lead[1:] != lead[:-1]) | (told[1:] != told[:-1])
    plan = confounders.plan_of(tables, snapshots, exclude)
    known = confounders.measure(tables, snapshots, plan, renewed)
    place = columns_of(acts)
    flags = np.empty((len(lead), len(place)), dtype=np.int8)
    for at, where in (
        (acts.first, place.first),
        (acts.again, place.again),
        (acts.held, place.alike),
        (acts.in_order, place.in_order),
    ):
        for column, milestone in zip(range(where.start, where.stop), at.T, strict=True):
            flags[:, column] = happened(milestone, lead, cutoff)
    for kind in range(place.types):
        flags[:, place.lately.start + kind] = acts.found.lately(kind, lead, cutoff, days(LATELY_DAYS))
    return AtRisk(lead, exposure, stratum, flags, known.columns, known.state)
