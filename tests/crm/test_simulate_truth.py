"""The truth of a simulated world is what its leads live, and what slow matrices say."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from readiness.crm import simulate
from readiness.crm.records import MICROSECONDS_PER_DAY, MICROSECONDS_PER_HOUR, days
from readiness.crm.simulate import World, WorldOptions
from readiness.crm.tables import Floats, Ints, Tables
from tests.oracles.simulate import continuations, truth_by_matrices

COPIES = 4_000


@pytest.fixture(scope="module", params=["ordinary", "drifting", "by lot"])
def world(request: pytest.FixtureRequest) -> World:
    options = {
        "ordinary": WorldOptions(),
        "drifting": WorldOptions(drift=True, end_early=0.3),
        "by lot": WorldOptions(random_handovers=0.01),
    }
    return simulate.world(400, 11, options=options[request.param])


def test_the_truth_equals_dense_matrices_day_by_day(world: World) -> None:
    lead, cutoff = world.snapshots()

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.integers(0, len(lead) - 1), st.integers(1, 40))
    def check(row: int, horizon: int) -> None:
        one = slice(row, row + 1)
        standing = world._standing(lead[one], cutoff[one])
        found = world.truth_at(lead[one], cutoff[one], [horizon])
        slow = truth_by_matrices(world._chain, standing, 0, horizon)
        assert (found.won[0, 0], found.stop[0, 0]) == pytest.approx(slow, rel=1e-9)

    check()


def test_the_truth_equals_dense_matrices_at_any_instant(world: World) -> None:
    random = np.random.default_rng(5)
    lead = np.flatnonzero(world.tables.leads.created_at < world.tables.observed_through - days(100))[::29]
    cutoff = world.tables.leads.created_at[lead] + random.integers(0, days(90), len(lead))
    found = world.truth(lead, cutoff)
    open_rows = np.flatnonzero(np.isfinite(found.won[:, 0]))
    standing = world._standing(lead[open_rows], cutoff[open_rows])
    for number, row in enumerate(open_rows):
        slow = truth_by_matrices(world._chain, standing, number, 180)
        assert (found.won[row, 3], found.stop[row, 3]) == pytest.approx(slow, rel=1e-9)
    assert len(open_rows) >= 5


def _varied(world: World, how_many: int) -> tuple[Ints, Ints]:
    """Pick snapshots on which sales is made most likely, stop is, and hand-overs have just happened."""
    lead, cutoff = world.snapshots()
    truth = world.truth(lead, cutoff)
    handed = np.flatnonzero((cutoff - world.tables.leads.created_at[lead]) % MICROSECONDS_PER_HOUR != 0)
    likely = [np.argsort(-column[:, 3], kind="stable")[:40:13] for column in (truth.won, truth.stop)]
    rows = np.concatenate(
        [*likely, handed[:: len(handed) // 4][:4], np.arange(0, len(lead), len(lead) // 4)[:4]]
    )
    return lead[rows][:how_many], cutoff[rows][:how_many]


@pytest.mark.slow
def test_the_truth_is_what_happens_when_leads_live_on_many_times(world: World) -> None:
    lead, cutoff = _varied(world, 12)
    truth = world.truth(lead, cutoff)
    standing = world._standing(lead, cutoff)
    distances = []
    for row in range(len(lead)):
        cause, ended_in = continuations(world._chain, standing, row, 180, COPIES, seed=row)
        for number, horizon in enumerate(truth.days):
            for which, chance in enumerate((truth.won[row, number], truth.stop[row, number])):
                share = np.mean((cause == which) & (ended_in <= horizon))
                error = np.sqrt(max(chance * (1 - chance), 1 / COPIES) / COPIES)
                distances.append((share - chance) / error)
    # 96 distances in standard errors: none far out, and as spread as chance spreads them.
    assert np.abs(distances).max() < 4.2
    assert np.sqrt(np.mean(np.square(distances))) < 1.5


def test_a_lead_that_had_ended_has_no_truth(world: World) -> None:
    outcomes = world.tables.outcomes
    lead, ended_at = outcomes.lead[:5], outcomes.occurred_at[:5]
    assert np.isfinite(world.truth(lead, ended_at).won).all()
    assert np.isnan(world.truth(lead, ended_at + 1).won).all()


def test_chances_rise_with_the_horizon_and_stay_below_one(world: World) -> None:
    truth = world.truth(*world.snapshots())
    assert (np.diff(truth.won, axis=1) >= 0).all()
    assert (np.diff(truth.stop, axis=1) >= 0).all()
    assert (truth.won + truth.stop < 1).all()


def test_the_truth_of_a_snapshot_does_not_depend_on_the_others(world: World) -> None:
    lead, cutoff = world.snapshots()
    rows = np.arange(0, len(lead), 7)[::-1]
    assert world.truth(lead[rows], cutoff[rows]).won == pytest.approx(
        world.truth(lead, cutoff).won[rows], rel=1e-12
    )


def test_no_snapshots_have_an_empty_truth(world: World) -> None:
    none = np.empty(0, dtype=np.int64)
    assert world.truth(none, none).won.shape == (0, 4)


def test_a_cutoff_outside_the_watched_time_is_refused(world: World) -> None:
    created = world.tables.leads.created_at[:1]
    with pytest.raises(ValueError, match="between its lead's creation and 2026-03-01"):
        world.truth(np.array([0]), created - 1)


@pytest.mark.parametrize("horizons", [(0,), (30, 30)], ids=["no day", "twice the same"])
def test_horizons_are_whole_days_none_twice(world: World, horizons: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="expected whole numbers of at least 1, none twice"):
        world.truth_at(np.array([0]), world.tables.leads.created_at[:1], horizons)


@pytest.mark.slow
@pytest.mark.parametrize(
    "options", [WorldOptions(), WorldOptions(end_early=0.5), WorldOptions(random_outcome=True)]
)
def test_what_happens_in_a_world_is_what_was_true(options: WorldOptions) -> None:
    world = simulate.world(12_000, 3, options=options)
    tables = world.tables
    for age in (days(1 / 24), days(30)):
        cutoff = tables.leads.created_at + age
        lead = np.flatnonzero(cutoff < tables.observed_through - days(90))
        truth = world.truth(lead, cutoff[lead])
        still = np.isfinite(truth.won[:, 2])
        lead, won, stop = lead[still], truth.won[still, 2], truth.stop[still, 2]
        for cause, chance in ((0, won), (1, stop)):
            happened = _within(tables, lead, cutoff[lead], cause, 90 * MICROSECONDS_PER_DAY)
            for part in np.array_split(np.argsort(chance, kind="stable"), 5):
                error = np.sqrt((chance[part] * (1 - chance[part])).sum())
                assert abs((happened[part] - chance[part]).sum()) < 4 * error


@pytest.mark.slow
@pytest.mark.parametrize("when", ["an hour after creation", "after 30 days", "at hand-overs"])
def test_activities_tell_nothing_that_the_state_does_not(when: str) -> None:
    world = simulate.world(12_000, 4)
    tables = world.tables
    lead, cutoff = _looks(tables, when)
    chance = world.truth(lead, cutoff).won[:, 2]
    lead, cutoff, chance = (column[np.isfinite(chance)] for column in (lead, cutoff, chance))
    surprise = _within(tables, lead, cutoff, 0, days(90)) - chance
    seen = _activities_before(tables, lead, cutoff, days(1))
    weight = np.log1p(seen) - np.log1p(seen).mean()
    assert seen.sum() > 500
    assert abs((weight * surprise).sum()) < 4 * np.sqrt((weight**2 * chance * (1 - chance)).sum())


def _looks(tables: Tables, when: str) -> tuple[Ints, Ints]:
    """Return one snapshot a lead, early enough to see 90 days."""
    if when == "at hand-overs":
        lead, first = np.unique(tables.handovers.lead, return_index=True)
        cutoff = tables.handovers.handed_over_at[first]
    else:
        lead = np.arange(len(tables.leads))
        cutoff = tables.leads.created_at + days(1 / 24 if when == "an hour after creation" else 30)
    early = cutoff < tables.observed_through - days(90)
    return lead[early].astype(np.int64), cutoff[early]


def _activities_before(tables: Tables, lead: Ints, cutoff: Ints, length: int) -> Ints:
    at = np.full(len(tables.leads), -(2**62))
    at[lead] = cutoff
    until = at[tables.activities.lead]
    recent = (tables.activities.occurred_at < until) & (tables.activities.occurred_at >= until - length)
    return np.bincount(tables.activities.lead[recent], minlength=len(tables.leads))[lead]


def _within(tables: Tables, lead: Ints, cutoff: Ints, cause: int, length: int) -> Floats:
    ended_at = np.full(len(tables.leads), 2**62)
    right = tables.outcomes.outcome == cause
    ended_at[tables.outcomes.lead[right]] = tables.outcomes.occurred_at[right]
    return (ended_at[lead] < cutoff + length).astype(float)
