"""What a lead did and what we did, as the numbers that a plan names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from readiness.crm.tables import Activities, Floats, Ints
from readiness.history import events
from readiness.history.activity_rows import (
    REPLIES,
    REPLY,
    TOTALS,
    TURN,
    TURNS,
    Layers,
    Pair,
    View,
    rows_of,
    view_of,
)
from readiness.history.blocks import blocks
from readiness.history.feature_plan import Feature
from readiness.history.rhythm_features import MEASURES, Measure, seen
from readiness.history.snapshots import Snapshots

_COUNTS: Final = ("activity:count", "reply:count", "dialogue:count")
_RECENCIES: Final = ("activity:since", "reply:since")
_TREND: Final = "activity:trend"


@dataclass(frozen=True, slots=True)
class Program:
    """Which of the numbers that the kernel makes go into which columns."""

    width: int
    layers: Layers
    kinds: tuple[Pair, ...]
    spans: tuple[float, ...]
    counted: tuple[Ints, Ints]
    """Columns, and places in windows × kinds."""
    trends: tuple[Ints, Ints, Ints]
    """Columns, and places of the window and of the one twice as long."""
    since: tuple[Ints, Ints]
    """Columns, and kinds."""
    measured: tuple[tuple[Measure, Ints, tuple[Feature, ...]], ...]
    """What is no count and no recency: the measure, its columns, its features."""


def program(planned: tuple[Feature, ...]) -> Program:
    """Work out once for a plan which numbers its activity features need."""
    layers = _layers(planned)
    kinds = tuple(pair for layer in layers for pair in layer)
    lengths = {f.days for f in planned if f.days is not None and f.measure != "activity:decayed"}
    lengths |= {2 * f.days for f in planned if f.days is not None and f.measure == _TREND}
    spans = tuple(sorted(lengths))

    def kind(feature: Feature) -> int:
        family = feature.measure.partition(":")[0]
        return kinds.index({"reply": REPLY, "dialogue": TURN}.get(family, (feature.of, feature.direction)))

    def place(feature: Feature, times: int = 1) -> int:
        window = len(spans) if feature.days is None else spans.index(feature.days * times)
        return window * len(kinds) + kind(feature)

    def columns(*measures: str) -> list[int]:
        return [column for column, feature in enumerate(planned) if feature.measure in measures]

    counted, trends, since = columns(*_COUNTS), columns(_TREND), columns(*_RECENCIES)
    return Program(
        width=len(planned),
        layers=layers,
        kinds=kinds,
        spans=spans,
        counted=(_ints(counted), _ints([place(planned[c]) for c in counted])),
        trends=(
            _ints(trends),
            _ints([place(planned[c]) for c in trends]),
            _ints([place(planned[c], 2) for c in trends]),
        ),
        since=(_ints(since), _ints([kind(planned[c]) for c in since])),
        measured=tuple(
            (compute, _ints(columns(name)), tuple(planned[c] for c in columns(name)))
            for name, compute in MEASURES.items()
            if columns(name)
        ),
    )


def _layers(planned: tuple[Feature, ...]) -> Layers:
    pairs = tuple(dict.fromkeys((f.of, f.direction) for f in planned if f.of))
    families = {f.measure.partition(":")[0] for f in planned}
    totals = any(f.direction and not f.of for f in planned)
    needed = ((totals, TOTALS), ("reply" in families, REPLIES), ("dialogue" in families, TURNS))
    return (pairs, *(layer for wanted, layer in needed if wanted))


def _ints(numbers: list[int]) -> Ints:
    return np.array(numbers, dtype=np.int64)


def measure(activities: Activities, snapshots: Snapshots, needed: Program, out: Floats) -> None:
    """Measure the activity features of a plan.

    Parameters
    ----------
    activities : Activities
    snapshots : Snapshots, n rows
        Ascending by lead.
    needed : Program
        For k features.
    out : Floats, n × k
        Filled: counts and sums are 0 where nothing happened; ages and gaps are NaN.
    """
    if needed.width == 0:
        return
    for block in blocks(activities.starts, snapshots.lead):
        rows = rows_of(activities, block, needed.layers)
        cutoff = snapshots.cutoff[block.first : block.last]
        view = view_of(rows, block.lead, cutoff, needed.kinds, needed.spans)
        part = out[block.first : block.last]
        _count(view, needed, part)
        if needed.measured:
            pairs = seen(view)
            for compute, columns, features in needed.measured:
                part[:, columns] = compute(pairs, features)


def _count(view: View, needed: Program, part: Floats) -> None:
    kinds = view.rows.kinds
    counts = events.counts_from(kinds, view.opens, view.high).reshape(len(view), -1)
    columns, places = needed.counted
    part[:, columns] = counts.take(places, axis=1)
    columns, once, twice = needed.trends
    part[:, columns] = 2 * counts.take(once, axis=1) - counts.take(twice, axis=1)
    columns, places = needed.since
    newest = events.newest_of(kinds, view.low, view.high).take(places, axis=1)
    part[:, columns] = events.days_before(view.rows.at, newest, view.cutoff[:, None])
