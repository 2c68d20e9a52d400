"""Features by slow, obvious loops over the records of one lead at a time."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Sequence
from statistics import median

from readiness.crm.records import (
    DIRECTIONS,
    MICROSECONDS_PER_HOUR,
    Activity,
    Instant,
    Lead,
    instant,
    written,
)
from readiness.history.feature_plan import Feature, FeaturePlan
from tests.oracles.history import DAY, World


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
