"""The figures of the section "What does it do for sales?" as rows; nothing is computed here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from readiness.hindsight.for_sales import ForSales
from readiness.hindsight.kept_back import Among, KeptBack
from readiness.hindsight.referrals import Referrals, Share
from readiness.hindsight.rule_words import rule_said
from readiness.hindsight.significance import Effect
from readiness.judging.judgement import MODEL, POINTS_CARD
from readiness.reports.notation import share
from readiness.reports.points import THE_CARD, THE_MODEL, GainsPoint

AS_THEY_CAME: Final = "As they came"
ALL_RULES: Final = "all rules together"
AMONG: Final[dict[Among, str]] = {
    "handed_over_anyway": "leads handed over",
    "random_slice": "hand-overs left to chance",
}
_FORECASTS: Final = {MODEL: THE_MODEL, POINTS_CARD: THE_CARD}


@dataclass(frozen=True, slots=True)
class CapacityPoint:
    """What as many calls as sales can make would meet, in the model's order, beside calls as leads came.

    ``enough``: whether sales and stops are enough to tell anything by; ``enough_stops``: also cry-wolf
    rates. ``sales`` and ``stops`` are shares of all of them; ``calls`` and ``stops_avoided`` count leads,
    those drawn by lot as many as they stand for.
    """

    among: str
    enough: bool
    enough_stops: bool
    hand_overs: int
    won: int
    stop: int
    capacity: str
    share: float
    calls: float
    rate_before: float | None
    rate_before_low: float | None
    rate_before_high: float | None
    rate: float | None
    rate_low: float | None
    rate_high: float | None
    gap: float | None
    gap_low: float | None
    gap_high: float | None
    sales_before: float | None
    sales: float | None
    sales_low: float | None
    sales_high: float | None
    stops: float | None
    stops_low: float | None
    stops_high: float | None
    stops_avoided: float | None
    stops_avoided_low: float | None
    stops_avoided_high: float | None
    of: int | None = None
    """So many hand-overs there were; of very many, ``hand_overs`` of them were drawn and looked at."""
    weekly_capacity: int | None = None
    """So many a week sales can take by the agreement; None where weeks tell nothing."""


@dataclass(frozen=True, slots=True)
class FirstCallsPoint:
    """So many first calls in a forecast's order find these shares of all sales and of all stops."""

    among: str
    enough: bool
    forecast: str
    share: float
    calls: float
    sales: float | None
    sales_low: float | None
    sales_high: float | None
    stops: float | None
    stops_low: float | None = None
    stops_high: float | None = None


@dataclass(frozen=True, slots=True)
class KeptPoint:
    """What agreement and model together would have kept back, by the rule, or by all rules together."""

    among: str
    rule: str
    hand_overs: int
    kept: int
    won: int
    stop: int
    share: float | None
    sales: float | None
    sales_low: float | None
    sales_high: float | None
    stops: float | None
    stops_low: float | None = None
    stops_high: float | None = None


@dataclass(frozen=True, slots=True)
class LostPoint:
    """A lead that was won though it would have been kept back."""

    lead_id: str
    handed_over: str | None
    rule: str
    days: float


@dataclass(frozen=True, slots=True)
class PartPoint:
    """What became of the leads given to sales from one source or campaign."""

    by: str
    name: str
    hand_overs: int
    won: int
    stop: int
    otherwise: int
    still_open: int
    rate: float | None
    rate_low: float | None
    rate_high: float | None
    called: float | None
    called_rate: float | None


@dataclass(frozen=True, slots=True)
class ReferralPoint:
    """How many referred leads were won and told us to stop, and how much oftener than leads like them."""

    name: str
    leads: int
    won: float | None
    won_low: float | None
    won_high: float | None
    stop: float | None
    adjusted: float | None
    adjusted_low: float | None
    adjusted_high: float | None


def of_capacity(found: ForSales) -> tuple[CapacityPoint, ...]:
    """Return a row for each capacity, of each kind of hand-over."""
    return tuple(
        CapacityPoint(
            AMONG[one.among],
            one.enough,
            one.enough_stops,
            one.hand_overs,
            one.counts.won,
            one.counts.stop,
            f"{share(each.share)} of the calls" if each.weekly is None else f"{each.weekly} a week",
            each.share,
            each.calls,
            *(each.before.value, each.before.low, each.before.high),
            *(each.rate.value, each.rate.low, each.rate.high),
            *(each.gap.value, each.gap.low, each.gap.high),
            each.sales_before,
            *(each.sales.value, each.sales.low, each.sales.high),
            *(each.stops.value, each.stops.low, each.stops.high),
            *(each.stops_avoided.value, each.stops_avoided.low, each.stops_avoided.high),
            one.of,
            one.weekly_capacity,
        )
        for one in found.at_capacity
        for each in one.capacities
    )


def of_first_calls(found: ForSales) -> tuple[FirstCallsPoint, ...]:
    """Return the curves of model and points card."""
    return tuple(
        FirstCallsPoint(
            AMONG[one.among],
            one.enough,
            _FORECASTS[each.forecast],
            each.share,
            each.calls,
            *(each.sales.value, each.sales.low, each.sales.high),
            *(each.stops.value, each.stops.low, each.stops.high),
        )
        for one in found.at_capacity
        for each in one.curves
    )


def drawn_of(points: Iterable[FirstCallsPoint]) -> tuple[GainsPoint, ...]:
    """Return the points as they are drawn, each curve from nothing on; none where they tell too little."""
    found: list[GainsPoint] = []
    for each in points:
        if each.enough and each.sales is not None:
            if not found or found[-1].forecast != each.forecast:
                found.append(GainsPoint(each.forecast, 0.0, 0.0, None, None))
            found.append(GainsPoint(each.forecast, each.share, each.sales, each.sales_low, each.sales_high))
    return tuple(found)


def of_kept(found: ForSales) -> tuple[KeptPoint, ...]:
    """Return a row for all rules together, then one for each; of each kind of hand-over."""
    return tuple(point for kept in found.kept_back for point in _of_kept(kept))


def _of_kept(kept: KeptBack) -> Iterator[KeptPoint]:
    by_rule = kept.by_rule
    yield KeptPoint(
        AMONG[kept.among],
        ALL_RULES,
        kept.hand_overs,
        sum(each.hand_overs for each in by_rule),
        kept.counts.won,
        kept.counts.stop,
        kept.share.value,
        *(kept.sales.value, kept.sales.low, kept.sales.high),
        *(kept.stops.value, kept.stops.low, kept.stops.high),
    )
    for each in by_rule:
        yield KeptPoint(
            AMONG[kept.among],
            rule_said(each.rule),
            kept.hand_overs,
            each.hand_overs,
            each.won,
            each.stop,
            *[None] * 5,
        )


def of_lost(found: ForSales) -> tuple[LostPoint, ...]:
    """Return the examples."""
    return tuple(
        LostPoint(each.lead_id, (each.handed_over_at or "")[:10] or None, rule_said(each.rule), each.days)
        for each in found.lost
    )


def of_parts(found: ForSales) -> tuple[PartPoint, ...]:
    """Return a row for each source and campaign."""
    return tuple(
        PartPoint(
            by,
            each.name,
            each.hand_overs,
            each.counts.won,
            each.counts.stop,
            each.counts.otherwise,
            each.counts.still_open,
            *(each.rate.value, each.rate.low, each.rate.high),
            each.called.value,
            each.called_rate.value,
        )
        for by, parts in found.by.items()
        for each in parts
    )


def of_referrals(found: Referrals) -> tuple[ReferralPoint, ...]:
    """Return those referred, all others, and those referred by each relation; nothing without referrals."""
    if found.missing is not None:
        return ()
    return (
        _referral("Referred", found.referred, found.adjusted),
        _referral("All others", found.others, None),
        *(_referral(f"Referred by a {each.name}", each.share, each.adjusted) for each in found.relations),
    )


def _referral(name: str, share: Share, effect: Effect | None) -> ReferralPoint:
    adjusted = (None, None, None) if effect is None else (effect.ratio, effect.low, effect.high)
    return ReferralPoint(
        name, share.leads, share.won.value, share.won.low, share.won.high, share.stop.value, *adjusted
    )
