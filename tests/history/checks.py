"""What must hold of the history package, and fails of a copy with a fault planted, in worlds from a seed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from statistics import median
from types import ModuleType
from typing import Any

import numpy as np

from readiness.crm.records import NO_INSTANT
from readiness.crm.tables import Coded, Tables, starts_of
from tests.builders import assert_same, at
from tests.history.worlds import EDGES, moment, other_future, random_snapshots, random_world, snapshots
from tests.oracles import features as features_oracle
from tests.oracles import history as oracle


@dataclass(frozen=True)
class History:
    """The modules under test."""

    features: ModuleType
    snapshots: ModuleType
    outcomes: ModuleType
    cuts: ModuleType
    events: ModuleType


Check = Callable[[History, np.random.Generator], None]


def _leads(rng: np.random.Generator) -> int:
    return int(rng.choice([0, 1, 3, 6]))


def _rows(looks: Any) -> list[tuple[int, int]]:  # noqa: ANN401 - a mutant's class is another class
    return list(zip(looks.lead.tolist(), looks.cutoff.tolist(), strict=True))


def windows_hold_what_a_loop_finds(history: History, rng: np.random.Generator) -> None:
    kernel = history.events
    leads = int(rng.integers(1, 5))
    lead = np.sort(rng.integers(0, leads, int(rng.integers(0, 25)))).astype(np.int32)
    at_ = rng.integers(0, 12, len(lead))
    at_ = at_[np.lexsort((at_, lead))]
    starts = starts_of(lead, leads)
    looks = int(rng.choice([1, 6]))  # one alone is searched for in another way than several
    whose = rng.integers(0, leads, looks).astype(np.int32)
    cutoff, lengths = rng.integers(0, 13, looks), [1, 3, 12]
    past = kernel.before(starts, at_, whose, cutoff)
    opens = kernel.windows(starts, at_, whose, past, lengths)
    both, opens_too = kernel.past_and_windows(starts, at_, whose, cutoff, lengths)
    assert (both.low.tolist(), both.high.tolist()) == (past.low.tolist(), past.high.tolist())
    assert opens_too.tolist() == opens.tolist()
    member = rng.random(len(lead)) < 0.5
    newest = kernel.newest(member, opens[:, 1], past.high)
    oldest = kernel.oldest(member, opens[:, 1], past.high)
    counted = kernel.prefix_counts(member)
    for row in range(looks):
        slow = oracle.rows_within(at_, lead, whose[row], None, cutoff[row])
        assert list(range(past.low[row], past.high[row])) == slow
        for column, length in enumerate(lengths):
            slow = oracle.rows_within(at_, lead, whose[row], cutoff[row] - length, cutoff[row])
            assert list(range(opens[row, column], past.high[row])) == slow
        chosen = [r for r in range(opens[row, 1], past.high[row]) if member[r]]
        assert (newest[row], oldest[row]) == ((chosen[-1], chosen[0]) if chosen else (-1, -1))
        assert counted[past.high[row]] - counted[opens[row, 1]] == len(chosen)


def sums_of_pairs_equal_a_loop(history: History, rng: np.random.Generator) -> None:
    kernel = history.events
    low = rng.integers(0, 10, 5)
    high = low + rng.integers(-1, 6, 5)
    value = rng.integers(0, 9, 20) / 4
    snapshot, row = kernel.pairs(low, high)
    slow = [(s, r) for s in range(5) for r in range(low[s], high[s])]
    assert list(zip(snapshot.tolist(), row.tolist(), strict=True)) == slow
    of = [[float(value[r]) for s, r in slow if s == wanted] for wanted in range(5)]
    assert kernel.sums(value[row], snapshot, 5).tolist() == [sum(values) for values in of]
    assert kernel.totals(value[row], snapshot, 5).tolist() == [sum(values) for values in of]
    medians = kernel.medians(value[row], snapshot, 5)
    np.testing.assert_array_equal(medians, [median(values) if values else np.nan for values in of])


def every_feature_equals_its_slow_loop(history: History, rng: np.random.Generator) -> None:
    world = random_world(rng, _leads(rng))
    rows = random_snapshots(rng, world, 8)
    looks = snapshots(rows)
    plan = history.features.plan(world.tables, looks, min_leads=1)
    matrix = history.features.build(world.tables, looks, plan)
    slow = np.array(features_oracle.build(world, rows, plan), dtype=np.float64).reshape(len(rows), len(plan))
    np.testing.assert_allclose(matrix, slow, rtol=1e-12, atol=0)


def no_future_changes_a_byte(history: History, rng: np.random.Generator) -> None:
    world = random_world(rng, max(1, _leads(rng)))
    now = at(float(rng.choice(EDGES)) + 10.0)
    other = other_future(world, random_world(rng, len(world.leads) + 2), now)
    rows = [(lead, min(cutoff, now)) for lead, cutoff in random_snapshots(rng, world, 8)]
    rows += [(lead, now) for lead, record in enumerate(world.leads) if (record.created_at or 0) < now]
    looks = snapshots(rows)
    plan = history.features.plan(world.tables, looks, min_leads=1)
    assert history.features.plan(other.tables, looks, min_leads=1) == plan
    matrix = history.features.build(world.tables, looks, plan)
    assert history.features.build(other.tables, looks, plan).tobytes() == matrix.tobytes()
    schedule = history.snapshots.Schedule(at_handovers=True)
    taken = history.snapshots.take(world.tables, until=now, schedule=schedule)
    assert _rows(history.snapshots.take(other.tables, until=now, schedule=schedule)) == _rows(taken)
    labels = history.outcomes.label(taken, world.tables, known_until=now)
    assert_labels(history.outcomes.label(taken, other.tables, known_until=now), labels)


def snapshots_are_taken_by_the_rules(history: History, rng: np.random.Generator) -> None:
    world = random_world(rng, _leads(rng), undated_ends=True)
    until = moment(rng, world)
    for at_handovers in (False, True):
        schedule = history.snapshots.Schedule(at_handovers=at_handovers)
        taken = history.snapshots.take(world.tables, until=until, schedule=schedule)
        assert _rows(taken) == oracle.take(world, until, at_handovers)
    assert _rows(history.snapshots.open_at(world.tables, until)) == oracle.open_at(world, until)


def labels_say_what_came_first(history: History, rng: np.random.Generator) -> None:
    world = random_world(rng, _leads(rng))
    until = moment(rng, world)
    rows = oracle.take(world, until)
    labels = history.outcomes.label(snapshots(rows), world.tables, known_until=until)
    slow = [oracle.label(world, world.leads[lead], cutoff, until) for lead, cutoff in rows]
    assert labels.event.tolist() == [event for event, _ in slow]
    assert labels.duration.tolist() == [duration for _, duration in slow]


def ends_before_a_cutoff_are_told(history: History, rng: np.random.Generator) -> None:
    world = random_world(rng, _leads(rng), undated_ends=True)
    rows = random_snapshots(rng, world, 8)
    ended = history.outcomes.ended_before(world.tables, snapshots(rows))
    slow = [oracle.ended_before(world, world.leads[lead], cutoff) for lead, cutoff in rows]
    assert ended.outcome.tolist() == [outcome for outcome, _ in slow]
    assert ended.at.tolist() == [NO_INSTANT if when is None else when for _, when in slow]


def tables_are_cut_as_they_were(history: History, rng: np.random.Generator) -> None:
    world = random_world(rng, _leads(rng), undated_ends=True)
    now = moment(rng, world)
    cut = history.cuts.cut(world.tables, now)
    then = oracle.cut(world, now)
    slow = then.tables
    assert_same(_filled(cut), _filled(slow))


def _filled(tables: Tables) -> Tables:
    """Return tables without the attributes that no lead has: records alone cannot tell of such a column."""
    columns = tables.leads.attributes
    kept = {
        name: column
        for name, column in columns.items()
        if (column.codes >= 0 if isinstance(column, Coded) else ~np.isnan(column)).any()
    }
    return replace(tables, leads=replace(tables.leads, attributes=kept))


def assert_labels(labels: Any, expected: Any) -> None:  # noqa: ANN401 - a mutant's class is another class
    """Fail unless two sets of labels are the same, bit for bit."""
    assert labels.event.tobytes() == expected.event.tobytes()
    assert labels.duration.tobytes() == expected.duration.tobytes()


EVERY: tuple[Check, ...] = (
    windows_hold_what_a_loop_finds,
    sums_of_pairs_equal_a_loop,
    every_feature_equals_its_slow_loop,
    no_future_changes_a_byte,
    snapshots_are_taken_by_the_rules,
    labels_say_what_came_first,
    ends_before_a_cutoff_are_told,
    tables_are_cut_as_they_were,
)
