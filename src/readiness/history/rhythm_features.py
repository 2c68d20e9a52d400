"""How a lead's history is paced: gaps, busy days, replies, channels, freshness, amounts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from readiness.crm.records import DIRECTIONS, MICROSECONDS_PER_DAY, MICROSECONDS_PER_HOUR
from readiness.crm.tables import Codes, Flags, Floats, Ints
from readiness.history import events
from readiness.history.activity_rows import REPLY, View
from readiness.history.feature_plan import Feature

_WAYS: Final = len(DIRECTIONS)


@dataclass(frozen=True, slots=True)
class Seen:
    """Every activity that each of n snapshots sees, pair by pair, in the order snapshot, row."""

    view: View
    snapshot: Ints
    row: Ints
    place: Ints
    """Snapshot and direction in one number: 2 × snapshot + direction."""
    since: Ints
    """Microseconds from the activity to the cutoff, at least 1."""
    earlier: Ints
    """The row before it in the same direction; -1 if there is none."""


Measure: TypeAlias = Callable[[Seen, tuple[Feature, ...]], Floats]
"""n × k: one column for each of the features, which are all of this measure."""


def seen(view: View) -> Seen:
    """Expand what snapshots see into pairs."""
    snapshot, row = events.pairs(view.low, view.high)
    return Seen(
        view,
        snapshot,
        row,
        place=snapshot * _WAYS + view.rows.direction[row],
        since=view.cutoff[snapshot] - view.rows.at[row],
        earlier=events.previous_alike(view.rows.lead, view.rows.direction)[row],
    )


def _filled(
    n: int, features: tuple[Feature, ...], column: Callable[[Feature], int], table: Callable[[float], Floats]
) -> Floats:
    """Make a table of numbers once for each window, and take each feature's column from it."""
    result = np.empty((n, len(features)))
    tables: dict[float, Floats] = {}
    for place, feature in enumerate(features):
        window = np.inf if feature.days is None else feature.days
        if window not in tables:
            tables[window] = table(window)
        result[:, place] = tables[window][:, column(feature)]
    return result


def _way(feature: Feature) -> int:
    return DIRECTIONS.index(feature.direction)


def decayed(pairs: Seen, features: tuple[Feature, ...]) -> Floats:
    """Count activities by direction, each worth half as much for every half-life of its age."""
    n = len(pairs.view)
    age = pairs.since / MICROSECONDS_PER_DAY

    def table(half_life: float) -> Floats:
        worth = np.exp2(age * (-1.0 / half_life))
        return events.totals(worth, pairs.place, n * _WAYS).reshape(n, _WAYS)

    return _filled(n, features, _way, table)


def value_sums(pairs: Seen, features: tuple[Feature, ...]) -> Floats:
    """Add up the values of the activities of a type and direction in a window."""
    view = pairs.view
    n, kinds = len(view), len(view.kinds)
    kind = view.rows.pair[pairs.row]
    value = view.rows.value[pairs.row]
    valued = (kind >= 0) & ~np.isnan(value)

    def table(window: float) -> Floats:
        counted = valued & (pairs.row >= view.opening(window)[pairs.snapshot])
        place = pairs.snapshot[counted] * kinds + kind[counted]
        return events.totals(value[counted], place, n * kinds).reshape(n, kinds)

    return _filled(n, features, lambda feature: view.kinds.index((feature.of, feature.direction)), table)


def _gaps(pairs: Seen) -> tuple[Ints, Ints]:
    """Return the pairs that follow another of the same direction: place, and microseconds since that one."""
    follows = (pairs.earlier >= 0).nonzero()[0]
    at = pairs.view.rows.at
    return pairs.place[follows], at[pairs.row[follows]] - at[pairs.earlier[follows]]


def gap_means(pairs: Seen, features: tuple[Feature, ...]) -> Floats:
    """Average the days between one activity and the next in the same direction."""
    n = len(pairs.view)
    place, gap = _gaps(pairs)
    number = np.bincount(place, minlength=n * _WAYS)
    # Whole microseconds: their sum is exact for 285 years.
    total = events.totals(gap.astype(np.float64), place, n * _WAYS)
    mean = np.full(n * _WAYS, np.nan)
    np.divide(total, number * float(MICROSECONDS_PER_DAY), out=mean, where=number > 0)
    return _filled(n, features, _way, lambda _: mean.reshape(n, _WAYS))


def gap_medians(pairs: Seen, features: tuple[Feature, ...]) -> Floats:
    """Take the median of the days between one activity and the next in the same direction."""
    n = len(pairs.view)
    place, gap = _gaps(pairs)
    median = events.medians(gap / MICROSECONDS_PER_DAY, place, n * _WAYS).reshape(n, _WAYS)
    return _filled(n, features, _way, lambda _: median)


def _days_back(pairs: Seen) -> tuple[Ints, Flags]:
    """Return how many whole days before the cutoff each pair lies, and whether it is its day's first."""
    # An activity exactly one day old still lies in the last 24 hours, as windows are half-open.
    day = (pairs.since - 1) // MICROSECONDS_PER_DAY
    since = pairs.view.cutoff[pairs.snapshot] - pairs.view.rows.at[pairs.earlier]
    return day, (pairs.earlier < 0) | ((since - 1) // MICROSECONDS_PER_DAY != day)


def active_days(pairs: Seen, features: tuple[Feature, ...]) -> Floats:
    """Count the days, 24 hours each and counted back from the cutoff, on which something happened."""
    n = len(pairs.view)
    day, first = _days_back(pairs)

    def table(window: float) -> Floats:
        counted = pairs.place[first & (day < window)]
        return np.bincount(counted, minlength=n * _WAYS).reshape(n, _WAYS).astype(np.float64)

    return _filled(n, features, _way, table)


def busiest_days(pairs: Seen, features: tuple[Feature, ...]) -> Floats:
    """Count the activities of the busiest day, days being 24 hours counted back from the cutoff."""
    n = len(pairs.view)
    _, first = _days_back(pairs)
    order = pairs.place.argsort(kind="stable")
    begins = first[order].nonzero()[0]
    size = np.diff(np.append(begins, len(order)))
    most = np.zeros(n * _WAYS)
    np.maximum.at(most, pairs.place[order[begins]], size)
    return _filled(n, features, _way, lambda _: most.reshape(n, _WAYS))


def _hours_to_reply(view: View, row: Ints) -> Floats:
    # A reply is a row whose predecessor went the other way: the message it answers is the row before.
    return (view.rows.at[row] - view.rows.at[row - 1]) / MICROSECONDS_PER_HOUR


def newest_replies(pairs: Seen, features: tuple[Feature, ...]) -> Floats:
    """Say how many hours the newest reply took."""
    view = pairs.view
    rows, low, high = view.slice_of(REPLY)
    result = np.full((len(view), len(features)), np.nan)
    some = (high > low).nonzero()[0]
    result[some] = _hours_to_reply(view, rows[high[some] - 1])[:, None]
    return result


def reply_medians(pairs: Seen, features: tuple[Feature, ...]) -> Floats:
    """Take the median of the hours that replies took."""
    view = pairs.view
    rows, low, high = view.slice_of(REPLY)
    snapshot, place = events.pairs(low, high)
    median = events.medians(_hours_to_reply(view, rows[place]), snapshot, len(view))
    return np.repeat(median[:, None], len(features), axis=1)


def distinct_channels(pairs: Seen, features: tuple[Feature, ...]) -> Floats:
    """Count the different channels of the activities in a window."""
    return _distinct(pairs, features, pairs.view.rows.channel)


def distinct_types(pairs: Seen, features: tuple[Feature, ...]) -> Floats:
    """Count the different types of the activities in a window."""
    return _distinct(pairs, features, pairs.view.rows.type)


def _distinct(pairs: Seen, features: tuple[Feature, ...], code: Codes) -> Floats:
    view = pairs.view
    earlier = events.previous_alike(view.rows.lead, code)[pairs.row]
    known = code[pairs.row] >= 0

    def table(window: float) -> Floats:
        opens = view.opening(window)[pairs.snapshot]
        first = known & (pairs.row >= opens) & (earlier < opens)
        return np.bincount(pairs.snapshot[first], minlength=len(view)).astype(np.float64)[:, None]

    return _filled(len(view), features, lambda _: 0, table)


MEASURES: Final[dict[str, Measure]] = {
    "activity:decayed": decayed,
    "activity:value": value_sums,
    "rhythm:gap_mean": gap_means,
    "rhythm:gap_median": gap_medians,
    "rhythm:active_days": active_days,
    "rhythm:busiest_day": busiest_days,
    "reply:gap_last": newest_replies,
    "reply:gap_median": reply_medians,
    "channels:distinct": distinct_channels,
    "types:distinct": distinct_types,
}
"""What is neither a count nor a recency, by the name that plans use."""
