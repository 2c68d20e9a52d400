"""What was known when, told slowly and obviously: plain loops over records, one lead at a time."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median

from readiness.crm.records import (
    DIRECTIONS,
    MICROSECONDS_PER_DAY,
    MICROSECONDS_PER_HOUR,
    OUTCOMES,
    Activity,
    Answer,
    Handover,
    Instant,
    Lead,
    Outcome,
    instant,
    written,
)
from readiness.crm.tables import Tables
from readiness.history.feature_plan import Feature, FeaturePlan
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


# --- features ------------------------------------------------------------------------------------------


def build(world: World, snapshots: Iterable[tuple[int, Instant]], plan: FeaturePlan) -> list[list[float]]:
    return [
        [_value(world, world.leads[position], cutoff, feature, plan) for feature in plan.features]
        for position, cutoff in snapshots
    ]


def _value(world: World, lead: Lead, cutoff: Instant, feature: Feature, plan: FeaturePlan) -> float:
    family, _, what = feature.measure.partition(":")
    if family in ("age", "source", "attribute", "completeness"):
        return _profile(lead, cutoff, feature, plan)
    if family in ("answer", "answers"):
        return _answer(world, lead, cutoff, feature)
    past = _past(world, lead, cutoff)
    if family in ("reply", "dialogue"):
        return _dialogue(past, cutoff, feature)
    rows = [
        a for a in past if feature.direction in ("", a.direction) and feature.of in ("", a.type)
    ]  # fmt: skip
    if family == "rhythm":
        return _rhythm(rows, cutoff, feature)
    return _amount(rows, cutoff, feature, what)


def _past(world: World, lead: Lead, cutoff: Instant) -> list[Activity]:
    rows = [a for a in world.activities if a.lead_id == lead.lead_id and a.occurred_at < cutoff]
    return sorted(rows, key=lambda a: (a.occurred_at, a.type, DIRECTIONS.index(a.direction)))


def _within(at: Instant, cutoff: Instant, window: float | None) -> bool:
    return at < cutoff and (window is None or at >= cutoff - window * DAY)


def _days(at: Iterable[Instant], cutoff: Instant) -> float:
    instants = list(at)
    return (cutoff - max(instants)) / DAY if instants else math.nan


def _amount(rows: Sequence[Activity], cutoff: Instant, feature: Feature, what: str) -> float:
    recent = [a for a in rows if _within(a.occurred_at, cutoff, feature.days)]
    if feature.measure == "channels:distinct":
        return len({a.channel for a in recent if a.channel is not None})
    if feature.measure == "types:distinct":
        return len({a.type for a in recent})
    if what == "count":
        return len(recent)
    if what == "since":
        return _days((a.occurred_at for a in rows), cutoff)
    if what == "value":
        return math.fsum(a.value for a in recent if a.value is not None)
    assert feature.days is not None
    if what == "trend":
        both = [a for a in rows if _within(a.occurred_at, cutoff, 2 * feature.days)]
        return len(recent) - (len(both) - len(recent))
    assert what == "decayed"
    return math.fsum(0.5 ** ((cutoff - a.occurred_at) / DAY / feature.days) for a in rows)


def _rhythm(rows: Sequence[Activity], cutoff: Instant, feature: Feature) -> float:
    gaps = [(b.occurred_at - a.occurred_at) / DAY for a, b in itertools.pairwise(rows)]
    days_back = [math.ceil((cutoff - a.occurred_at) / DAY) for a in rows]
    match feature.measure:
        case "rhythm:gap_mean":
            return math.fsum(gaps) / len(gaps) if gaps else math.nan
        case "rhythm:gap_median":
            return median(gaps) if gaps else math.nan
        case "rhythm:active_days":
            return len({day for day in days_back if feature.days is None or day <= feature.days})
    assert feature.measure == "rhythm:busiest_day"
    return max((days_back.count(day) for day in days_back), default=0)


def _dialogue(past: Sequence[Activity], cutoff: Instant, feature: Feature) -> float:
    changes = [(a, b) for a, b in itertools.pairwise(past) if a.direction != b.direction]
    replies = [(a, b) for a, b in changes if b.direction == "inbound"]
    hours = [(b.occurred_at - a.occurred_at) / MICROSECONDS_PER_HOUR for a, b in replies]
    match feature.measure:
        case "dialogue:count":
            return len([b for _, b in changes if _within(b.occurred_at, cutoff, feature.days)])
        case "reply:count":
            return len([b for _, b in replies if _within(b.occurred_at, cutoff, feature.days)])
        case "reply:since":
            return _days((b.occurred_at for _, b in replies), cutoff)
        case "reply:gap_last":
            return hours[-1] if hours else math.nan
    assert feature.measure == "reply:gap_median"
    return median(hours) if hours else math.nan


def _code(value: str | None, feature: Feature) -> float:
    if value is None:
        return feature.missing
    return feature.levels.index(value) if value in feature.levels else feature.unseen


def _number(value: str | None) -> float:
    number = re.fullmatch(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*", value or "")
    return float(value) if value is not None and number else math.nan


def _answer(world: World, lead: Lead, cutoff: Instant, feature: Feature) -> float:
    past = [a for a in world.answers if a.lead_id == lead.lead_id and a.answered_at < cutoff]
    past.sort(key=lambda a: (a.answered_at, a.field, a.value is not None, a.value))
    own = [a for a in past if a.field == feature.of]
    match feature.measure:
        case "answers:count":
            return len([a for a in past if _within(a.answered_at, cutoff, feature.days)])
        case "answers:fields":
            return len({a.field for a in past})
        case "answers:since":
            return _days((a.answered_at for a in past), cutoff)
        case "answer:since":
            return _days((a.answered_at for a in own), cutoff)
        case "answer:changes":
            return len([1 for a, b in itertools.pairwise(own) if a.value != b.value])
        case "answer:number":
            return _number(own[-1].value) if own else math.nan
    assert feature.measure == "answer:category"
    return _code(own[-1].value if own else None, feature)


def _profile(lead: Lead, cutoff: Instant, feature: Feature, plan: FeaturePlan) -> float:
    value = written(lead.attributes.get(feature.of))
    match feature.measure:
        case "age":
            return math.nan if lead.created_at is None else (cutoff - lead.created_at) / DAY
        case "source":
            return _code(lead.source, feature)
        case "completeness":
            known = [name for name in plan.columns if written(lead.attributes.get(name)) is not None]
            return len(known) / max(len(plan.columns), 1)
        case "attribute:number":
            return _number(value)
        case "attribute:date":
            return math.nan if value is None else (cutoff - instant(value)) / DAY
    assert feature.measure == "attribute:category"
    return _code(value, feature)


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
