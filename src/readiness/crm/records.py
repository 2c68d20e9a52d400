"""The five kinds of row that a CRM gives us, and the words they may hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

Instant: TypeAlias = int
"""Microseconds since 1970-01-01T00:00Z. Every instant in the product is one of these."""

EXACT_INTEGERS: Final = 2**53
"""Up to here a float64 holds every whole number."""

NO_INSTANT: Final[Instant] = -(2**63)
"""Stands for "no date" in a column of instants: an undated table, an end that nobody dated."""

MICROSECONDS_PER_SECOND: Final = 1_000_000
MICROSECONDS_PER_HOUR: Final = 3_600 * MICROSECONDS_PER_SECOND
MICROSECONDS_PER_DAY: Final = 24 * MICROSECONDS_PER_HOUR

DIRECTIONS: Final = ("inbound", "outbound")
OUTCOMES: Final = ("closed_won", "stop_calling", "closed_lost", "disqualified")
DECISIONS: Final = ("accepted", "declined", "handed_back")
"""Codes in columns are positions in these tuples; -1 is missing."""

INBOUND: Final = 0
OUTBOUND: Final = 1
CLOSED_WON: Final = 0
STOP_CALLING: Final = 1

_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND: Final = dt.timedelta(microseconds=1)

SUPPRESSION_FLAGS: Final = frozenset(
    {
        "do_not_call",
        "do_not_contact",
        "do_not_email",
        "donotcall",
        "dont_call",
        "has_opted_out_of_calls",
        "has_opted_out_of_email",
        "is_do_not_call",
        "is_do_not_contact",
        "is_do_not_email",
        "no_call",
        "opt_out",
        "opted_out",
        "stop_calling",
        "unsubscribed",
    }
)
"""Attributes and answer fields, in lower case, that say "never call this lead" when they say yes."""

YES_WORDS: Final = frozenset({"1", "1.0", "true", "yes", "y", "t", "on", "x"})
"""How CRMs write that a flag is set, in lower case; anything else, and nothing at all, is no yes."""

AttributeValue: TypeAlias = str | float | bool | None


@dataclass(frozen=True, slots=True)
class Lead:
    """One lead: who it is, when and how it reached us, and what was known of it then."""

    lead_id: str
    created_at: Instant | None = None
    source: str | None = None
    last_known_at: Instant | None = None
    email: str | None = None
    phone: str | None = None
    company_domain: str | None = None
    attributes: Mapping[str, AttributeValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Activity:
    """Something the lead did (inbound) or we did (outbound)."""

    lead_id: str
    occurred_at: Instant
    type: str
    direction: str
    channel: str | None = None
    value: float | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A qualification answer or a dated change of an attribute; the newest before a cutoff counts."""

    lead_id: str
    answered_at: Instant
    field: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a lead ended; the date is None where the CRM kept none."""

    lead_id: str
    occurred_at: Instant | None
    outcome: str


@dataclass(frozen=True, slots=True)
class Handover:
    """Marketing handed the lead to sales, and what sales decided."""

    lead_id: str
    handed_over_at: Instant
    decided_at: Instant | None = None
    decision: str | None = None
    reason: str | None = None
    propensity: float | None = None


def instant(when: dt.datetime | str) -> Instant:
    """Turn a moment into an Instant; a date without time is read as the end of that day.

    >>> instant("2026-03-14T09:00:00Z")
    1773478800000000
    >>> instant("2026-03-14") == instant("2026-03-14T23:59:59.999999Z")
    True

    Raises
    ------
    ValueError
        If the moment has a time but no zone: a guess would shift it by hours.
    """
    if isinstance(when, str):
        if len(when) == len("2026-03-14"):
            end = dt.datetime.combine(dt.date.fromisoformat(when), dt.time.max, dt.UTC)
            return (end - _EPOCH) // _MICROSECOND
        when = dt.datetime.fromisoformat(when)
    if when.tzinfo is None:
        raise ValueError(f"{when.isoformat()} has no time zone; write it as {when.isoformat()}Z if it is UTC")
    return (when - _EPOCH) // _MICROSECOND


def iso(when: Instant) -> str | None:
    """Write an Instant as ISO 8601 in UTC, or None where there is none.

    >>> iso(1773478800000000)
    '2026-03-14T09:00:00Z'
    """
    if when == NO_INSTANT:
        return None
    return (_EPOCH + when * _MICROSECOND).isoformat().replace("+00:00", "Z")


def days(count: float) -> int:
    """Turn a number of days into microseconds, to the nearest one."""
    return round(count * MICROSECONDS_PER_DAY)


def written(value: AttributeValue) -> str | None:
    """Write an attribute's value as text: numbers as short as they read back, booleans as yes or no.

    >>> written(3.0), written(0.1), written(True), written("")
    ('3', '0.1', 'yes', None)
    """
    if isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or value != value:
        return None
    number = float(value)
    return str(int(number)) if number.is_integer() and abs(number) < EXACT_INTEGERS else repr(number)
