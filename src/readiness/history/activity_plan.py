"""Which features the activities support: how often, how lately, in which rhythm, in which dialogue."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from readiness.crm.records import DIRECTIONS
from readiness.crm.tables import Activities, Flags
from readiness.history.activity_rows import Pair, turns
from readiness.history.feature_plan import Feature
from readiness.history.levels import label_of

WINDOWS: Final = (7.0, 30.0, 90.0, None)
"""The windows in which each type is counted, in days; None: ever."""
TOTAL_WINDOWS: Final = (7.0, 14.0, 30.0, 90.0, None)
HALF_LIVES: Final = (7.0, 30.0)
VALUE_WINDOWS: Final = (30.0, None)
MONTH: Final = 30.0
FORTNIGHT: Final = 14.0
MOST_PAIRS: Final = 40
"""More types are counted in the totals only, the rarest first to go."""


def features(activities: Activities, visible: Flags, min_leads: int) -> Iterator[Feature]:
    """Name the features that these activities support.

    Parameters
    ----------
    activities : Activities
    visible : Flags, one a row
        Rows that some snapshot sees; no other row may show in a plan.
    min_leads : int
        A type in a direction is counted by itself if so many leads share it.
    """
    common = _common_pairs(activities, visible, min_leads)
    for direction in DIRECTIONS:
        held = visible & (activities.direction == DIRECTIONS.index(direction))
        if _leads(activities, held) >= min_leads:
            yield from _total(direction)
    if _leads(activities, visible & turns(activities.lead, activities.direction)) >= min_leads:
        yield from _dialogue()
    if _leads(activities, visible & (activities.channel.codes >= 0)) >= min_leads:
        for window in (MONTH, None):
            yield Feature(
                f"channels_{_span(window)}", "number", "Channels used", "channels:distinct", days=window
            )
    if common:
        for window in (MONTH, None):
            yield Feature(
                f"activity_types_{_span(window)}",
                "number",
                "Kinds of activity",
                "types:distinct",
                days=window,
            )
    for pair in common:
        yield from _pair(pair)
        if _leads(activities, visible & _of(activities, pair) & ~np.isnan(activities.value)) >= min_leads:
            yield from _valued(pair)


def _leads(activities: Activities, rows: Flags) -> int:
    return len(np.unique(activities.lead[rows]))


def _of(activities: Activities, pair: Pair) -> Flags:
    of_type: Flags = activities.type.codes == activities.type.levels.index(pair[0])
    of_direction: Flags = activities.direction == DIRECTIONS.index(pair[1])
    return of_type & of_direction


def _common_pairs(activities: Activities, visible: Flags, min_leads: int) -> list[Pair]:
    levels = activities.type.levels
    whole = visible & (activities.type.codes >= 0) & (activities.direction >= 0)
    code = activities.type.codes[whole].astype(np.int64) * len(DIRECTIONS) + activities.direction[whole]
    number = len(levels) * len(DIRECTIONS)
    sharers = np.bincount(
        np.unique(activities.lead[whole] * number + code) % max(number, 1), minlength=number
    )
    found = [
        (int(sharers[place]), (levels[place // len(DIRECTIONS)], DIRECTIONS[place % len(DIRECTIONS)]))
        for place in np.flatnonzero(sharers >= max(min_leads, 1)).tolist()
    ]
    most = sorted(found, key=lambda entry: (-entry[0], entry[1]))[:MOST_PAIRS]
    return sorted(pair for _, pair in most)


def _span(window: float | None) -> str:
    return "ever" if window is None else f"{window:g}d"


def _total(direction: str) -> Iterator[Feature]:
    group = f"{direction.capitalize()} activity"
    stem = f"{direction}_activities"
    for window in TOTAL_WINDOWS:
        yield Feature(
            f"{stem}_{_span(window)}", "number", group, "activity:count", direction=direction, days=window
        )
    yield Feature(f"days_since_{direction}_activity", "number", group, "activity:since", direction=direction)
    for half_life in HALF_LIVES:
        name = f"{stem}_decayed_{half_life:g}d"
        yield Feature(name, "number", group, "activity:decayed", direction=direction, days=half_life)
    name = f"{direction}_trend_{FORTNIGHT:g}d"
    yield Feature(name, "number", group, "activity:trend", direction=direction, days=FORTNIGHT)
    yield from _rhythm(direction)


def _rhythm(direction: str) -> Iterator[Feature]:
    group = f"Rhythm of {direction} activity"
    for what, name, window in (
        ("gap_mean", f"{direction}_gap_mean_days", None),
        ("gap_median", f"{direction}_gap_median_days", None),
        ("active_days", f"{direction}_active_days_{_span(MONTH)}", MONTH),
        ("active_days", f"{direction}_active_days_ever", None),
        ("busiest_day", f"{direction}_busiest_day_ever", None),
    ):
        yield Feature(name, "number", group, f"rhythm:{what}", direction=direction, days=window)


def _dialogue() -> Iterator[Feature]:
    for window in TOTAL_WINDOWS:
        yield Feature(f"inbound_replies_{_span(window)}", "number", "Replies", "reply:count", days=window)
    yield Feature("days_since_inbound_reply", "number", "Replies", "reply:since")
    yield Feature("reply_gap_last_hours", "number", "Replies", "reply:gap_last")
    yield Feature("reply_gap_median_hours", "number", "Replies", "reply:gap_median")
    for window in (MONTH, None):
        name = f"dialogue_turns_{_span(window)}"
        yield Feature(name, "number", "Two-way dialogue", "dialogue:count", days=window)


def _pair(pair: Pair) -> Iterator[Feature]:
    what, direction = pair
    stem = f"{direction}_{'_'.join(what.split())}"
    for window in WINDOWS:
        name = f"{stem}_{_span(window)}"
        yield Feature(name, "number", _group(pair), "activity:count", what, direction, window)
    yield Feature(f"days_since_{stem}", "number", _group(pair), "activity:since", what, direction)


def _valued(pair: Pair) -> Iterator[Feature]:
    what, direction = pair
    for window in VALUE_WINDOWS:
        name = f"{direction}_{'_'.join(what.split())}_value_{_span(window)}"
        yield Feature(name, "number", _group(pair), "activity:value", what, direction, window)


def _group(pair: Pair) -> str:
    return f"{label_of(pair[0])} ({pair[1]})"
