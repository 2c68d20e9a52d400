"""Which leads are fair to champion and challenger, and what a spoilt challenger is refused by."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks import challengers
from benchmarks.challengers import World
from readiness import shipped
from readiness.agreement.document import Agreement
from readiness.agreement.reading import load
from readiness.crm.records import NO_INSTANT, days
from readiness.crm.selection import select
from readiness.history.snapshots import Schedule, take
from readiness.judging.gates import ASKED, Challenge, Gate
from readiness.progress import silent
from readiness.training_run import TrainingSettings
from readiness.training_run.challenge import challenge
from readiness.training_run.contender import Contender
from readiness.training_run.fitness import MOST_LEAVES, fit_for_use, within_budget
from readiness.training_run.segments import segments
from readiness.training_run.settings import Standing, settings_from
from tests.undated_leads import won_where_large_in_the_north

QUICK = TrainingSettings(
    won_needed=10,
    replicates=20,
    folds=2,
    estimator={"max_rounds": 10, "logistic": False, "folds": 2, "intervals": 3, "quiet_rows": 3000},
)


@pytest.fixture(scope="module")
def agreement() -> Agreement:
    return load(shipped.agreement())


@pytest.fixture(scope="module")
def small(agreement: Agreement) -> World:
    return challengers.world(1200, 3, agreement, QUICK)


@pytest.fixture(scope="module")
def champion(small: World) -> Contender:
    return challengers.sound(small, "champion")


@pytest.fixture(scope="module")
def unseen(small: World, champion: Contender) -> Challenge:
    return challenge(small.tables, replace(champion, name="challenger"), champion)


def outcome(of: Challenge, code: str) -> Gate:
    return next(gate for gate in of.gates if gate.code == code)


def test_enough_leads_since_the_data_of_both_end_judge_the_models_as_they_are(
    unseen: Challenge, small: World
) -> None:
    assert (unseen.on, unseen.since) == ("as_they_are", small.at)
    assert [gate.code for gate in unseen.gates] == list(ASKED)
    # The same model under another name: nothing is lost, to the last digit.
    assert outcome(unseen, "log_loss").measured == 0.0


def test_the_order_of_the_leads_changes_nothing(unseen: Challenge, small: World, champion: Contender) -> None:
    turned = select(small.tables, np.arange(len(small.tables.leads))[::-1])
    assert challenge(turned, replace(champion, name="challenger"), champion) == unseen


def test_one_sale_too_few_since_then_and_recipes_are_compared_instead(
    unseen: Challenge, small: World, champion: Contender
) -> None:
    won = int(outcome(unseen, "enough_leads").sentence.split("known, ")[1].split()[0])
    as_many, one_more = (
        replace(champion, settings=replace(champion.settings, won_needed=needed)) for needed in (won, won + 1)
    )
    standing = Standing(0, champion.model)
    assert challenge(small.tables, as_many, champion, standing=standing).on == "as_they_are"
    assert challenge(small.tables, one_more, champion, standing=standing).on != "as_they_are"


def test_what_was_trained_on_all_the_data_is_compared_by_recipe_and_a_shared_one_ties(
    small: World, champion: Contender
) -> None:
    of_today = replace(champion, name="challenger", data_end=small.tables.observed_through)
    found = challenge(small.tables, of_today, champion)
    assert (found.on, found.recipe_shared) == ("refitted", True)
    assert {outcome(found, code).measured for code in ("log_loss", "integrated_brier")} == {0.0}
    assert outcome(found, "newer_data").outcome == "passed"


def test_another_recipe_is_refitted_beside_it_on_the_same_leads(small: World, champion: Contender) -> None:
    settings = replace(champion.settings, exclude=(challengers.LEAK, "company_size"))
    other = replace(champion, name="challenger", settings=settings, data_end=small.tables.observed_through)
    found = challenge(small.tables, other, champion)
    assert (found.on, found.recipe_shared) == ("refitted", False)
    assert outcome(found, "log_loss").measured != 0.0


def test_without_leads_to_judge_on_nothing_promotes(small: World, champion: Contender) -> None:
    short = challengers.cut(small.tables, int(small.tables.leads.created_at.min()) + days(100))
    found = challenge(short, champion)
    assert (found.on, found.verdict, found.leads) == ("nothing", "too_few", 0)


def test_undated_leads_are_compared_by_one_fold(agreement: Agreement) -> None:
    tables = won_where_large_in_the_north()
    world = World(tables, tables, NO_INSTANT, agreement, QUICK)
    model = challengers.sound(world)
    found = challenge(tables, replace(model, name="challenger"), model)
    assert (found.on, found.since) == ("refitted", NO_INSTANT)
    assert outcome(found, "newer_data").outcome == "not_asked"
    assert outcome(found, "weekly_precision").outcome == "not_asked"


@pytest.mark.parametrize(
    ("later", "expected"), [(-1, "refused"), (0, "passed"), (1, "passed")], ids=["before", "same", "after"]
)
def test_data_that_end_before_the_champions_are_stale(
    later: int, expected: str, small: World, champion: Contender
) -> None:
    found = fit_for_use(small.tables, replace(champion, data_end=champion.data_end + later), champion, silent)
    assert {gate.code: gate.outcome for gate in found}["newer_data"] == expected


@pytest.mark.parametrize(
    ("own", "theirs", "expected"),
    [
        (MOST_LEAVES, None, "passed"),
        (MOST_LEAVES + 1, None, "refused"),
        (MOST_LEAVES + 1, 1, "refused"),
        (60_000, 30_000, "passed"),
        (60_001, 30_000, "refused"),
    ],
)
def test_a_model_may_grow_to_the_recommended_size_or_twice_the_champion(
    own: int, theirs: int | None, expected: str
) -> None:
    assert within_budget(own, theirs).outcome == expected


def test_a_leak_is_refused_where_the_challenger_reads_it_and_nobody_waived_it(
    small: World, champion: Contender
) -> None:
    reading = challengers.leaky(small)
    waived = replace(reading, settings=replace(reading.settings, waive=(challengers.LEAK,)))
    found = [fit_for_use(small.tables, each, None, silent)[0] for each in (reading, waived, champion)]
    assert [gate.outcome for gate in found] == ["refused", "passed", "passed"]
    assert challengers.LEAK in found[0].sentence


def test_segments_are_the_source_and_the_profile_with_numbers_by_thirds(small: World) -> None:
    looks = take(small.tables, until=small.tables.observed_through)
    found = {part.by: part for part in segments(small.tables, looks)}
    assert {"source", "region", "company_size"} <= set(found)
    assert len(found["company_size"].names) == 3
    sizes = np.bincount(found["company_size"].code[found["company_size"].code >= 0])
    assert sizes.min() > 0.2 * sizes.sum()
    assert all(len(part.code) == len(looks) for part in found.values())


def test_no_look_falls_into_no_segment(small: World) -> None:
    looks = take(small.tables, until=small.tables.observed_through)
    assert segments(small.tables, looks.where(np.zeros(len(looks), dtype=np.bool_))) == ()


@pytest.mark.parametrize(
    "settings",
    [
        TrainingSettings(),
        TrainingSettings(
            seed=4,
            exclude=("a",),
            waive=("b",),
            schedule=Schedule(None, (2.0, 5.0), at_handovers=True),
            estimator={"leaves": (4, 8), "learning_rate": 0.1},
        ),
    ],
    ids=["the defaults", "others"],
)
def test_settings_come_back_as_they_were_kept(settings: TrainingSettings) -> None:
    assert settings_from({**settings.to_dict(), "tuning": {"tried": 3}}) == settings
    assert settings_from({}) == TrainingSettings()


def test_how_a_model_is_judged_is_no_part_of_its_recipe(champion: Contender) -> None:
    judged = replace(champion.settings, replicates=7, won_needed=5, waive=("x",), importance=False)
    assert champion.shares_recipe(replace(champion, settings=judged))
    assert not champion.shares_recipe(replace(champion, settings=replace(champion.settings, seed=9)))


@pytest.fixture(scope="module")
def large(agreement: Agreement) -> tuple[World, Contender]:
    world = challengers.world(5000, 1, agreement, replace(QUICK, won_needed=30))
    return world, challengers.sound(world, "champion")


@pytest.mark.slow
@pytest.mark.parametrize("kind", list(challengers.SPOILT))
def test_each_spoilt_challenger_is_refused_by_the_gate_that_names_it(
    kind: str, large: tuple[World, Contender]
) -> None:
    world, champion = large
    make, gate = challengers.SPOILT[kind]
    found = challenge(world.tables, make(world), champion)
    assert found.verdict == "no"
    assert outcome(found, gate).outcome == "refused", outcome(found, gate).sentence


@pytest.mark.slow
def test_a_sound_challenger_is_not_refused(large: tuple[World, Contender]) -> None:
    world, champion = large
    again = challengers.learned(world, "sound", world.known, world.at, replace(world.settings, seed=99))
    assert challenge(world.tables, again, champion).verdict != "no"
