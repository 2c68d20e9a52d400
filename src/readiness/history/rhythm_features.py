"""How a lead's history is paced: gaps, busy days, replies, channels, freshness, amounts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

import numpy as np

from readiness.crm.records import DIRECTIONS, MICROSECONDS_PER_DAY, MICROSECONDS_PER_HOUR
from readiness.crm.tables import Codes, Flags, Floats, Ints
from readiness.history import events
from readiness.history.activity_rows import REPLY, View
from readiness.history.feature_plan import Feature

Measure: TypeAlias = Callable[[View, tuple[Feature, ...]], Floats]
"""n × k: one column for each of the features, which are all of this measure."""


def decayed(view: View, features: tuple[Feature, ...]) -> Floats:
    """Count activities by direction, each worth half as much for every half-life of its age."""
    snapshot, row = events.pairs(view.low, view.high)
    age = (view.cutoff[snapshot] - view.rows.at[row]) / MICROSECONDS_PER_DAY
    place = snapshot * len(DIRECTIONS) + view.rows.table.direction[view.rows.number[row]]
    result = np.empty((len(view), len(features)))
    for half_life in {feature.days for feature in features if feature.days is not None}:
        worth = np.exp2(age * (-1.0 / half_life))
        sums = events.totals(worth, place, len(view) * len(DIRECTIONS)).reshape(-1, len(DIRECTIONS))
        for column, feature in enumerate(features):
            if feature.days == half_life:
                result[:, column] = sums[:, DIRECTIONS.index(feature.direction)]
    return result


def value_sums(view: View, features: tuple[Feature, ...]) -> Floats:
    """Add up the values of the activities of a type and direction in a window."""
    result = np.empty((len(view), len(features)))
    for column, feature in enumerate(features):
        rows, low, high = view.slice_of((feature.of, feature.direction))
        snapshot, place = events.pairs(low, high)
        row = rows[place]
        value = view.rows.table.value[view.rows.number[row]]
        counted = (row >= view.opening(feature.days)[snapshot]) & ~np.isnan(value)
        result[:, column] = events.totals(value[counted], snapshot[counted], len(view))
    return result


def gap_means(view: View, features: tuple[Feature, ...]) -> Floats:
    """Average the days between one activity and the next in the same direction."""
    result = np.full((len(view), len(features)), np.nan)
    for column, feature in enumerate(features):
        rows, low, high = view.slice_of(("", feature.direction))
        some = np.flatnonzero(high - low >= 2)
        span = view.rows.at[rows[high[some] - 1]] - view.rows.at[rows[low[some]]]
        result[some, column] = span / (high - low - 1)[some] / MICROSECONDS_PER_DAY
    return result


def gap_medians(view: View, features: tuple[Feature, ...]) -> Floats:
    """Take the median of the days between one activity and the next in the same direction."""
    result = np.empty((len(view), len(features)))
    for column, feature in enumerate(features):
        rows, low, high = view.slice_of(("", feature.direction))
        snapshot, place = events.pairs(low + 1, high)
        gap = (view.rows.at[rows[place]] - view.rows.at[rows[place - 1]]) / MICROSECONDS_PER_DAY
        result[:, column] = events.medians(gap, snapshot, len(view))
    return result


def active_days(view: View, features: tuple[Feature, ...]) -> Floats:
    """Count the days, 24 hours each and counted back from the cutoff, on which something happened."""
    result = np.empty((len(view), len(features)))
    for column, feature in enumerate(features):
        snapshot, day, fresh = _days_back(view, feature.direction)
        within = fresh if feature.days is None else fresh & (day < feature.days)
        result[:, column] = np.bincount(snapshot[within], minlength=len(view))
    return result


def busiest_days(view: View, features: tuple[Feature, ...]) -> Floats:
    """Count the activities of the busiest day, days being 24 hours counted back from the cutoff."""
    result = np.zeros((len(view), len(features)))
    for column, feature in enumerate(features):
        snapshot, day, fresh = _days_back(view, feature.direction)
        first = np.flatnonzero(fresh)
        size = np.diff(np.append(first, len(day)))
        np.maximum.at(result[:, column], snapshot[first], size)
    return result


def _days_back(view: View, direction: str) -> tuple[Ints, Ints, Flags]:
    rows, low, high = view.slice_of(("", direction))
    snapshot, place = events.pairs(low, high)
    # An activity exactly one day old still lies in the last 24 hours, as windows are half-open.
    day = (view.cutoff[snapshot] - view.rows.at[rows[place]] - 1) // MICROSECONDS_PER_DAY
    fresh = np.ones(len(day), dtype=np.bool_)
    fresh[1:] = (snapshot[1:] != snapshot[:-1]) | (day[1:] != day[:-1])
    return snapshot, day, fresh


def reply_ages(view: View, features: tuple[Feature, ...]) -> Floats:
    """Say how many hours the newest reply took."""
    rows, low, high = view.slice_of(REPLY)
    result = np.full((len(view), len(features)), np.nan)
    some = np.flatnonzero(high > low)
    result[some] = _hours_to_reply(view, rows[high[some] - 1])[:, None]
    return result


def reply_medians(view: View, features: tuple[Feature, ...]) -> Floats:
    """Take the median of the hours that replies took."""
    rows, low, high = view.slice_of(REPLY)
    snapshot, place = events.pairs(low, high)
    median = events.medians(_hours_to_reply(view, rows[place]), snapshot, len(view))
    return np.repeat(median[:, None], len(features), axis=1)


def _hours_to_reply(view: View, row: Ints) -> Floats:
    # A reply is a row whose predecessor went the other way: the message it answers is the row before.
    return (view.rows.at[row] - view.rows.at[row - 1]) / MICROSECONDS_PER_HOUR


def distinct_channels(view: View, features: tuple[Feature, ...]) -> Floats:
    """Count the different channels of the activities in a window."""
    return _distinct(view, features, view.rows.table.channel.codes[view.rows.number])


def distinct_types(view: View, features: tuple[Feature, ...]) -> Floats:
    """Count the different types of the activities in a window."""
    return _distinct(view, features, view.rows.table.type.codes[view.rows.number])


def _distinct(view: View, features: tuple[Feature, ...], code: Codes) -> Floats:
    earlier = events.previous_alike(view.rows.lead, code)
    result = np.empty((len(view), len(features)))
    for column, feature in enumerate(features):
        opens = view.opening(feature.days)
        snapshot, row = events.pairs(opens, view.high)
        first = (earlier[row] < opens[snapshot]) & (code[row] >= 0)
        result[:, column] = np.bincount(snapshot[first], minlength=len(view))
    return result


MEASURES: Final[dict[str, Measure]] = {
    "activity:decayed": decayed,
    "activity:value": value_sums,
    "rhythm:gap_mean": gap_means,
    "rhythm:gap_median": gap_medians,
    "rhythm:active_days": active_days,
    "rhythm:busiest_day": busiest_days,
    "reply:gap_last": reply_ages,
    "reply:gap_median": reply_medians,
    "channels:distinct": distinct_channels,
    "types:distinct": distinct_types,
}
"""What is neither a count nor a recency, by the name that plans use."""
