"""What holds in every world: no look-ahead, equal to the slow loop, the same in any partition."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.crm.selection import select
from readiness.history import cuts, events, features, outcomes, snapshots
from tests.history import checks, worlds
from tests.history.checks import History
from tests.history.worlds import generators, random_snapshots, random_world
from tests.oracles.history import World

HISTORY = History(features, snapshots, outcomes, cuts, events)


@pytest.mark.parametrize("check", checks.EVERY, ids=lambda check: check.__name__)
@settings(max_examples=100, deadline=None)
@given(rng=generators)
def test_in_every_world(check: checks.Check, rng: np.random.Generator) -> None:
    check(HISTORY, rng)


@settings(max_examples=50, deadline=None)
@given(rng=generators, parts=st.integers(1, 4))
def test_any_partition_of_the_snapshots_gives_the_same_bits(rng: np.random.Generator, parts: int) -> None:
    world = random_world(rng, 5)
    looks = worlds.snapshots(random_snapshots(rng, world, 12))
    plan = features.plan(world.tables, looks, min_leads=1)
    whole = features.build(world.tables, looks, plan)
    part_of = rng.integers(0, parts, len(looks))
    union = np.empty_like(whole)
    for part in range(parts):
        union[part_of == part] = features.build(world.tables, looks.where(part_of == part), plan)
    assert union.tobytes() == whole.tobytes()


@settings(max_examples=50, deadline=None)
@given(rng=generators)
def test_one_lead_alone_gives_the_same_bits_as_among_others(rng: np.random.Generator) -> None:
    world = random_world(rng, 5)
    rows = random_snapshots(rng, world, 12)
    plan = features.plan(world.tables, worlds.snapshots(rows), min_leads=1)
    whole = features.build(world.tables, worlds.snapshots(rows), plan)
    for lead in range(5):
        own = [(0, cutoff) for position, cutoff in rows if position == lead]
        alone = features.build(select(world.tables, np.array([lead])), worlds.snapshots(own), plan)
        among = whole[[position == lead for position, _ in rows]]
        assert alone.tobytes() == among.tobytes()


@settings(max_examples=50, deadline=None)
@given(rng=generators)
def test_open_leads_look_the_same_in_tables_cut_at_the_cutoff(rng: np.random.Generator) -> None:
    world = random_world(rng, 4)
    now = worlds.moment(rng, world)
    cut = cuts.cut(world.tables, now)
    looks = snapshots.open_at(world.tables, now)
    plan = features.plan(world.tables, looks, min_leads=1)
    then = snapshots.open_at(cut, now)
    assert features.build(cut, then, plan).tobytes() == features.build(world.tables, looks, plan).tobytes()


@settings(max_examples=50, deadline=None)
@given(rng=generators)
def test_the_order_of_the_input_changes_nothing(rng: np.random.Generator) -> None:
    world = random_world(rng, 4)
    looks = worlds.snapshots(random_snapshots(rng, world, 8))
    shuffled = shuffled_records(world, rng)
    plan = features.plan(world.tables, looks, min_leads=1)
    assert features.plan(shuffled.tables, looks, min_leads=1).to_json() == plan.to_json()
    matrix = features.build(world.tables, looks, plan)
    assert features.build(shuffled.tables, looks, plan).tobytes() == matrix.tobytes()


def shuffled_records(world: World, rng: np.random.Generator) -> World:
    def shuffled(rows: list) -> list:  # type: ignore[type-arg]
        return [rows[place] for place in rng.permutation(len(rows))]

    return World(
        world.leads,
        shuffled(world.activities),
        shuffled(world.answers),
        shuffled(world.outcomes),
        shuffled(world.handovers),
        world.through,
    )
