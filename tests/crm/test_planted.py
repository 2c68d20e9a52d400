"""A recorded world shows what was planted in it, and nothing before its time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from readiness.crm.records import MICROSECONDS_PER_DAY
from readiness.crm.simulate.planted import REFERRAL, planted_world
from readiness.crm.simulate.planted_lives import Acts, Lives, ends
from readiness.crm.simulate.planted_options import STANDARD, PlantedBehaviour, PlantedOptions, PlantedOrder
from tests.builders import assert_same

DEMO = PlantedBehaviour("demo", per_month=1.0)


def test_the_same_seed_gives_the_same_world_and_another_seed_another() -> None:
    assert_same(planted_world(50, 1).tables, planted_world(50, 1).tables)
    assert len(planted_world(50, 1).tables.activities) != len(planted_world(50, 2).tables.activities)


@pytest.mark.parametrize("leads", [0, 1])
def test_a_world_of_hardly_anybody_has_all_its_tables(leads: int) -> None:
    world = planted_world(leads, 3)
    assert len(world.tables.leads) == leads
    assert world.won["demo_requested"] == 2.5
    assert world.referral == 1.6


def test_a_world_without_behaviours_has_no_activities() -> None:
    world = planted_world(20, 1, PlantedOptions(behaviours=()))
    assert len(world.tables.activities) == 0


def test_nothing_happens_before_a_lead_is_there_nor_after_it_ended() -> None:
    made = planted_world(300, 1).tables
    ended = np.full(len(made.leads), made.observed_through)
    ended[made.outcomes.lead] = made.outcomes.occurred_at
    when, whose = made.activities.occurred_at, made.activities.lead
    assert (when > made.leads.created_at[whose]).all()
    assert (when < ended[whose]).all()
    assert (made.outcomes.occurred_at < made.observed_through).all()


def test_no_record_tells_of_the_time_after_it_was_lost() -> None:
    made = planted_world(300, 1, replace(STANDARD, lost_records=0.7)).tables
    lost = made.leads.last_known_at > 0
    assert lost.any()
    rows = lost[made.activities.lead]
    kept = made.leads.last_known_at[made.activities.lead]
    assert (made.activities.occurred_at[rows] < kept[rows]).all()


def hazard_of_won(since: float, until: float, options: PlantedOptions, done: Acts, n: int = 40_000) -> float:
    """Sales a day among leads that are all alike, between two ages."""
    lives = Lives(np.zeros(n), np.zeros(n, dtype=np.bool_), np.full(n, np.inf))
    day, cause = ends(options, lives, done, np.random.default_rng(1))
    watched = np.clip(day, since, until) - since
    return float(((day >= since) & (day < until) & (cause == 0)).sum() / watched.sum())


def all_on(day: float, n: int = 40_000) -> Acts:
    return Acts(np.arange(n), np.zeros(n, dtype=np.int64), np.full(n, day))


NOBODY = Acts(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0))


@pytest.mark.parametrize(
    ("behaviour", "before", "fresh", "later"),
    [
        (replace(DEMO, won=4.0), 1, 4, 4),
        (replace(DEMO, won=4.0, fresh_days=20.0), 1, 4, 1),
        (replace(DEMO, stop=4.0), 1, 1, 1),
    ],
    ids=["for good", "while fresh", "on another end"],
)
def test_a_factor_holds_from_the_act_on(
    behaviour: PlantedBehaviour, before: float, fresh: float, later: float
) -> None:
    # The hazard is level from day 90 to day 200; the act is on day 120.
    options = PlantedOptions(behaviours=(behaviour,))
    for since, until, factor in ((90.0, 120.0, before), (120.0, 140.0, fresh), (140.0, 200.0, later)):
        plain = hazard_of_won(since, until, options, NOBODY)
        assert hazard_of_won(since, until, options, all_on(120.0)) / plain == pytest.approx(factor, rel=0.25)


def test_a_second_time_and_an_order_multiply_once_more() -> None:
    both = PlantedOptions(
        behaviours=(replace(DEMO, won_again=3.0), PlantedBehaviour("visit", per_month=1.0)),
        in_order=(PlantedOrder("visit", "demo", 2.0),),
    )
    n = 40_000
    lead, kind = np.tile(np.arange(n), 3), np.repeat([0, 0, 1], n)
    once = hazard_of_won(120.0, 200.0, both, all_on(100.0))
    thrice = Acts(lead, kind, np.repeat([100.0, 110.0, 105.0], n))
    assert hazard_of_won(120.0, 200.0, both, thrice) / once == pytest.approx(6.0, rel=0.2)


def test_referred_leads_are_likelier_to_buy_than_the_referral_makes_them() -> None:
    made = planted_world(8000, 1).tables
    won = np.bincount(made.outcomes.lead[made.outcomes.outcome == 0], minlength=8000)
    referred = made.leads.source.codes == made.leads.source.levels.index(REFERRAL)
    assert won[referred].mean() / won[~referred].mean() > 1.8


def test_days_are_instants() -> None:
    made = planted_world(100, 1).tables
    span = made.observed_through - made.leads.created_at.min()
    assert span / MICROSECONDS_PER_DAY == pytest.approx(540, abs=6)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: planted_world(-1, 1), "expected neither to be negative"),
        (lambda: PlantedOptions(behaviours=(DEMO, DEMO)), "expected each type once"),
        (
            lambda: PlantedOptions(behaviours=(DEMO,), in_order=(PlantedOrder("demo", "x", 2.0),)),
            "in_order names",
        ),
        (lambda: PlantedOptions(behaviours=(), lost_records=1.0), "at least 0 and below 1"),
    ],
)
def test_what_makes_no_sense_is_refused(make, message) -> None:
    with pytest.raises(ValueError, match=message):
        make()
