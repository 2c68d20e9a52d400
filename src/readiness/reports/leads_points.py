"""The figures of the section "Where are our leads?" as rows; nothing is computed here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from readiness.agreement.document import CATEGORIES
from readiness.hindsight.leads_now import LeadsNow
from readiness.judging.bootstrap import Figure
from readiness.reports.notation import category
from readiness.reports.points import CategoryPoint

NOW: Final = "now"
NOT_KNOWN: Final = Figure(None, None, None)


@dataclass(frozen=True, slots=True)
class CountPoint:
    """How many leads of one category were open on the first of a month, or are now."""

    when: str
    category: str
    ready: bool
    """Whether sales is given leads of this category by the agreement."""
    leads: int


@dataclass(frozen=True, slots=True)
class FatePoint:
    """What became within the horizon of leads that were of one category on the first of a month."""

    category: str
    looks: int
    leads: int
    won: float | None
    won_low: float | None
    won_high: float | None
    stop: float | None
    stop_low: float | None
    stop_high: float | None
    otherwise: float | None
    still_open: float | None


@dataclass(frozen=True, slots=True)
class MovePoint:
    """How many leads of one category were elsewhere a month later."""

    before: str
    after: str
    leads: int
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class GapPoint:
    """What is known of one BANT piece of the open leads of one category."""

    category: str
    ready: bool
    piece: str
    leads: int
    confirmed: int
    denied: int
    unknown: int


@dataclass(frozen=True, slots=True)
class WaitPoint:
    """How many leads of one group have waited so long for somebody of ours, or were followed up."""

    group: str
    waiting: str
    late: bool
    """Whether that is longer than sales promised."""
    leads: int


@dataclass(frozen=True, slots=True)
class OverviewPoint:
    """What sentences tell beside the rows of the other tables; shares 0 to 1, None where not known.

    ``at`` is the instant of the look, ISO 8601 in UTC.

    ``followed`` of ``leads`` were followed over ``months``, in ``looks``; ``bant_short`` of the ready leads
    have fewer confirmed pieces than ``bant_at_least``.
    """

    at: str | None
    open_leads: int
    leads: int
    followed: int
    horizon_days: float | None
    bant_at_least: int
    bant_short: int
    response_hours: float | None
    never_call: int | None
    months: int | None
    looks: int | None
    rises: float | None
    rises_low: float | None
    rises_high: float | None
    falls: float | None
    falls_low: float | None
    falls_high: float | None


FOLLOWED_UP: Final = "followed up"


def of_overview(found: LeadsNow) -> tuple[OverviewPoint, ...]:
    """Return the one row."""
    flow, ageing = found.flow, found.ageing
    rises, falls = (NOT_KNOWN, NOT_KNOWN) if flow is None else (flow.rises, flow.falls)
    return (
        OverviewPoint(
            found.at,
            found.open_leads,
            found.leads,
            found.followed,
            found.horizon_days,
            found.bant_at_least,
            bant_short(found),
            None if ageing is None else ageing.response_hours,
            None if ageing is None else ageing.never_call,
            None if flow is None else flow.months,
            None if flow is None else flow.pairs,
            *(rises.value, rises.low, rises.high),
            *(falls.value, falls.low, falls.high),
        ),
    )


def bant_short(found: LeadsNow) -> int:
    """Count the ready leads that have fewer confirmed pieces than a hand-over takes."""
    ready = (each for each in found.gaps if each.category in found.passing)
    return sum(sum(each.by_confirmed[: found.bant_at_least]) for each in ready)


def of_counts(found: LeadsNow) -> tuple[CountPoint, ...]:
    """Return a row for each category at each first of a month, and now."""
    stood = [*((each.month, each.leads) for each in found.months), (NOW, found.now)]
    return tuple(
        CountPoint(when, category(name), name in found.passing, count)
        for when, counts in stood
        for name, count in zip(CATEGORIES, counts, strict=True)
    )


def of_fates(found: LeadsNow) -> tuple[FatePoint, ...]:
    """Return a row for each category that anybody was of."""
    return tuple(
        FatePoint(
            category(each.name),
            each.looks,
            each.leads,
            *(each.won.value, each.won.low, each.won.high),
            *(each.stop.value, each.stop.low, each.stop.high),
            each.otherwise.value,
            each.still_open,
        )
        for each in found.fates
        if each.looks
    )


def drawn_of(points: tuple[FatePoint, ...]) -> tuple[CategoryPoint, ...]:
    """Return the fates as they are drawn: those of which all shares are known."""
    return tuple(
        CategoryPoint(
            each.category,
            each.looks,
            each.won,
            each.won_low,
            each.won_high,
            each.stop,
            each.otherwise,
            each.still_open,
        )
        for each in points
        if each.won is not None
        and each.stop is not None
        and each.otherwise is not None
        and each.still_open is not None
    )


def of_moves(found: LeadsNow) -> tuple[MovePoint, ...]:
    """Return a row for each move that anybody made."""
    return tuple(
        MovePoint(
            _state(each.before), _state(each.after), each.n, each.share.value, each.share.low, each.share.high
        )
        for each in (found.flow.moves if found.flow else ())
        if each.n
    )


def _state(name: str) -> str:
    return category(name) if name in CATEGORIES else name.capitalize()


def of_gaps(found: LeadsNow) -> tuple[GapPoint, ...]:
    """Return a row for each piece of each category that anybody is of."""
    return tuple(
        GapPoint(
            category(each.category),
            each.category in found.passing,
            piece.piece,
            each.leads,
            piece.confirmed,
            piece.denied,
            piece.unknown,
        )
        for each in found.gaps
        if each.leads
        for piece in each.pieces
    )


def of_waits(found: LeadsNow) -> tuple[WaitPoint, ...]:
    """Return a row for each stretch of waiting of each group."""
    ageing = found.ageing
    if ageing is None:
        return ()
    return tuple(
        point
        for each in ageing.groups
        for point in (
            *(
                WaitPoint(each.group, stretch, place > 0, count)
                for place, (stretch, count) in enumerate(zip(ageing.stretches, each.waiting, strict=True))
            ),
            WaitPoint(each.group, FOLLOWED_UP, False, each.followed_up),
        )
    )
