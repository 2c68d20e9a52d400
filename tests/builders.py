"""Short ways to write tables down in a test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from readiness.crm.assembly import from_records
from readiness.crm.records import (
    MICROSECONDS_PER_DAY,
    Activity,
    Answer,
    AttributeValue,
    Handover,
    Instant,
    Lead,
    Outcome,
    instant,
)
from readiness.crm.tables import Coded, Tables

DAY_0: Instant = instant("2026-01-01T00:00:00Z")
"""Day 0 of the tests' calendar: `at(3.5)` is noon of 4 January 2026."""


def at(day: float) -> Instant:
    """Return the instant so many days after day 0."""
    return DAY_0 + round(day * MICROSECONDS_PER_DAY)


def lead(
    lead_id: str = "L-1",
    created: float | None = 0,
    source: str | None = "web_form",
    **attributes: AttributeValue,
) -> Lead:
    """Return a lead created on a day; further keywords are its attributes."""
    return Lead(lead_id, None if created is None else at(created), source, attributes=attributes)


def activity(
    day: float,
    type: str = "web_visit",  # noqa: A002 - the contract's own word
    direction: str = "inbound",
    *,
    lead_id: str = "L-1",
    channel: str | None = None,
    value: float | None = None,
    detail: str | None = None,
) -> Activity:
    """Return an activity of a lead on a day."""
    return Activity(lead_id, at(day), type, direction, channel, value, detail)


def answer(
    day: float, field: str = "budget", value: str | None = "approved", *, lead_id: str = "L-1"
) -> Answer:
    """Return an answer given on a day."""
    return Answer(lead_id, at(day), field, value)


def outcome(day: float | None, outcome: str = "closed_won", *, lead_id: str = "L-1") -> Outcome:
    """Return how a lead ended on a day; None: nobody dated it."""
    return Outcome(lead_id, None if day is None else at(day), outcome)


def handover(
    day: float,
    decided: float | None = None,
    decision: str | None = None,
    reason: str | None = None,
    *,
    lead_id: str = "L-1",
    propensity: float | None = None,
) -> Handover:
    """Return a hand-over on a day."""
    return Handover(lead_id, at(day), None if decided is None else at(decided), decision, reason, propensity)


def tables(
    leads: Sequence[Lead] | None = None,
    activities: Sequence[Activity] = (),
    answers: Sequence[Answer] = (),
    outcomes: Sequence[Outcome] = (),
    handovers: Sequence[Handover] = (),
    *,
    through: float | None = 400,
    date_only: bool | None = None,
) -> Tables:
    """Return checked tables; by default one lead, watched until day 400."""
    return from_records(
        [lead()] if leads is None else leads,
        activities,
        answers,
        outcomes,
        handovers,
        observed_through=None if through is None else at(through),
        date_only=date_only,
    )


def assert_same(one: Any, other: Any, where: str = "tables") -> None:  # noqa: ANN401
    """Fail unless two values of the tables are the same, bit for bit, NaN equal to NaN."""
    assert type(one) is type(other), where
    if isinstance(one, Coded):
        assert one.texts().tolist() == other.texts().tolist(), where
    elif is_dataclass(one) and not isinstance(one, type):
        for entry in fields(one):
            assert_same(getattr(one, entry.name), getattr(other, entry.name), f"{where}.{entry.name}")
    elif isinstance(one, np.ndarray):
        assert one.dtype == other.dtype, where
        assert one.tolist() == other.tolist() or one.tobytes() == other.tobytes(), where
    elif isinstance(one, dict):
        assert list(one) == list(other), where
        for key in one:
            assert_same(one[key], other[key], f"{where}.{key}")
    else:
        assert one == other, where
