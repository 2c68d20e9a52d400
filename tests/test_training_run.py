"""From tables to a judged model for use."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from readiness import shipped
from readiness.agreement.document import Agreement
from readiness.agreement.reading import load
from readiness.crm import simulate
from readiness.crm.fingerprint import fingerprint
from readiness.crm.records import NO_INSTANT, Lead, Outcome, days
from readiness.crm.tables import Tables
from readiness.history.cuts import cut
from readiness.judging.judgement import FORECASTS, HANDED_OVER, HELD_OUT_LEADS, LATER_LEADS, OPEN_LEADS
from readiness.learning.baselines import logistic
from readiness.learning.little_data import TooLittle
from readiness.progress import silent
from readiness.training_run import TrainingRun, TrainingSettings, train
from readiness.training_run.forecasts import Rivals, fit_rivals, logistic_alone
from readiness.training_run.material import (
    Material,
    handovers_of_later_leads,
    later_leads,
    leads_handed_over,
    to_learn_from,
)
from readiness.training_run.sales import given_to_sales
from readiness.training_run.scales import capacity_score
from tests import builders
from tests.undated_leads import won_where_large_in_the_north

QUICK = TrainingSettings(
    seed=3,
    won_needed=20,
    replicates=40,
    folds=2,
    estimator={"max_rounds": 10, "penalties": (1000.0,), "folds": 2, "intervals": 3},
)
JUDGED_ONLY = replace(QUICK, refit=False, importance=False)


@pytest.fixture(scope="module")
def agreement() -> Agreement:
    return load(shipped.agreement())


@pytest.fixture(scope="module")
def crm() -> Tables:
    return simulate.world(800, 4).tables


@pytest.fixture(scope="module")
def run(crm: Tables, agreement: Agreement) -> TrainingRun:
    return trained(crm, agreement, QUICK)


@pytest.fixture(scope="module")
def judged_only(crm: Tables, agreement: Agreement) -> TrainingRun:
    return trained(crm, agreement, JUDGED_ONLY)


@pytest.fixture(scope="module")
def rivals(run: TrainingRun, crm: Tables, agreement: Agreement) -> tuple[Rivals, Material]:
    """The model and its baselines, fitted on what was known at T."""
    known = to_learn_from(cut(crm, run.test_start), agreement, QUICK)
    return fit_rivals(known, agreement.horizon_days, QUICK, silent), known


@pytest.fixture(scope="module")
def undated() -> Tables:
    return won_where_large_in_the_north()


def trained(tables: Tables, agreement: Agreement, settings: TrainingSettings = QUICK) -> TrainingRun:
    run = train(tables, agreement, settings=settings)
    assert isinstance(run, TrainingRun)
    return run


def test_all_sets_are_judged_beside_all_baselines(run: TrainingRun) -> None:
    assert [found.name for found in run.judgement.sets] == [LATER_LEADS, OPEN_LEADS, HANDED_OVER]
    assert all(set(found.figures) == set(FORECASTS) for found in run.judgement.sets)
    assert run.importance


def test_later_leads_are_judged_at_fixed_days_after_creation_and_by_source_and_segment(
    run: TrainingRun,
) -> None:
    parts = run.judgement.sets[0].parts
    ages = [part.name for part in parts if part.by == "age"]
    assert ages[:3] == ["1 hour after creation", "1 day after creation", "3 days after creation"]
    assert {"category", "age", "source"} < {part.by for part in parts}
    assert sum(part.n for part in parts if part.by == "age") == run.judgement.sets[0].snapshots


def test_leads_at_their_hand_over_are_later_leads(
    run: TrainingRun, crm: Tables, agreement: Agreement
) -> None:
    plan = run.model.plan
    found = leads_handed_over(crm, agreement, plan, run.test_start)
    assert (crm.leads.created_at[found.snapshots.lead] >= run.test_start).all()
    assert (found.snapshots.cutoff <= run.data_end - days(agreement.horizon_days)).all()
    assert set(found.snapshots.cutoff.tolist()) <= set(crm.handovers.handed_over_at.tolist())
    assert len(found) == run.judgement.sets[2].snapshots > 0


@pytest.mark.parametrize(
    ("handed_over", "created", "judged"),
    [(310.0, 100.0, 1), (310.0 + 2e-11, 100.0, 0), (300.0, 100.0 - 2e-11, 0)],
    ids=["a whole horizon", "microseconds too late", "created microseconds before"],
)
def test_a_lead_at_hand_over_is_judged_if_created_later_and_watched_for_a_whole_horizon(
    handed_over: float, created: float, judged: int, agreement: Agreement
) -> None:
    tables = builders.tables(
        [builders.lead(created=created)], handovers=[builders.handover(handed_over)], through=400
    )
    plan = to_learn_from(tables, agreement, QUICK).plan
    assert len(leads_handed_over(tables, agreement, plan, builders.at(100))) == judged


def test_hand_overs_are_weighted_by_the_inverse_of_their_recorded_chance_where_asked(
    crm: Tables, agreement: Agreement
) -> None:
    chance = np.resize([0.25, np.nan, 0.0, 1.0], len(crm.handovers))
    recorded = replace(crm, handovers=replace(crm.handovers, propensity=chance))
    start = int(crm.leads.created_at.min())
    plain = handovers_of_later_leads(recorded, agreement, start)
    asked = handovers_of_later_leads(recorded, agreement, start, by_propensity=True)
    assert plain.weight is None
    assert asked.weight is not None
    assert set(asked.weight.tolist()) == {4.0, 0.0, 1.0}


def test_the_judgement_names_both_instants(run: TrainingRun, crm: Tables) -> None:
    assert run.test_start == run.judgement.test_start < run.data_end == run.judgement.data_end
    assert run.data_end == crm.observed_through
    assert run.provenance.judged_at is not None
    assert run.provenance.judged_at < (run.provenance.data_end or "")


def test_later_leads_can_be_followed_for_a_whole_horizon_where_the_history_allows(
    run: TrainingRun, agreement: Agreement
) -> None:
    assert run.data_end - run.test_start >= days(3 * agreement.horizon_days)
    assert run.judgement.sets[0].events["open_at_horizon"] > 100


def test_as_much_history_lies_after_the_test_start_as_before_it(crm: Tables, agreement: Agreement) -> None:
    began = int(crm.leads.created_at.min())
    year = cut(crm, began + days(400))
    start = trained(year, agreement, JUDGED_ONLY).test_start
    assert (start - began) / days(1) == pytest.approx(200, abs=1e-6)


def test_no_snapshot_is_judged_on_that_could_not_be_followed_for_a_whole_horizon(
    run: TrainingRun, crm: Tables, agreement: Agreement
) -> None:
    plan = to_learn_from(cut(crm, run.test_start), agreement, QUICK).plan
    later = later_leads(crm, agreement, plan, run.test_start, QUICK)
    assert later.snapshots.cutoff.max() <= run.data_end - days(agreement.horizon_days)
    assert run.judgement.sets[0].snapshots == len(later)
    assert run.judgement.sets[0].events["not_known_yet"] == 0


def test_where_the_history_is_short_leads_open_at_the_test_start_are_judged_alone(
    agreement: Agreement,
) -> None:
    whole = simulate.world(4_000, 0).tables
    short = cut(whole, int(whole.leads.created_at.min()) + days(200))
    run = trained(short, agreement, JUDGED_ONLY)
    later, open_then = run.judgement.sets
    assert short.observed_through - run.test_start == days(agreement.horizon_days)
    assert (later.leads, open_then.leads > 100) == (0, True)
    assert not run.judgement.skill.claimed
    assert "takes about 45 more days of history" in (run.judgement.missing or "")


def test_the_judged_model_learns_from_nothing_after_its_instant(
    judged_only: TrainingRun, rivals: tuple[Rivals, Material]
) -> None:
    fitted, known = rivals
    assert judged_only.model.incidence.to_parts() == fitted.model.to_parts()
    assert judged_only.model.plan == known.plan


def test_without_the_refit_the_judgement_says_where_the_data_end(judged_only: TrainingRun) -> None:
    assert judged_only.data_end == judged_only.judgement.data_end == judged_only.test_start
    assert judged_only.importance == ()


def test_the_model_for_use_learns_from_all_that_is_known(
    run: TrainingRun, crm: Tables, agreement: Agreement
) -> None:
    whole = to_learn_from(crm, agreement, QUICK)
    assert run.model.plan == whole.plan
    assert run.model.horizon_days == agreement.horizon_days
    assert run.model.percentiles[0] == run.model.predict(whole.X).score.min()


def test_the_same_data_give_the_same_bytes(run: TrainingRun, judged_only: TrainingRun) -> None:
    first, again = (json.dumps([each.to_dict() for each in one.judgement.sets]) for one in (run, judged_only))
    assert first == again
    assert run.fingerprint == judged_only.fingerprint


def test_a_run_says_what_it_was_made_of(run: TrainingRun, crm: Tables, agreement: Agreement) -> None:
    assert run.fingerprint == fingerprint(crm)
    assert run.provenance.agreement.sha256 == agreement.fingerprint
    assert run.provenance.seed == 3
    assert run.provenance.settings["won_needed"] == 20


@pytest.mark.slow
def test_without_enough_sales_to_judge_by_it_trains_and_says_what_is_missing(
    crm: Tables, agreement: Agreement
) -> None:
    run = trained(crm, agreement, replace(QUICK, won_needed=5_000))
    assert run.judgement.sets == ()
    assert not run.judgement.skill.claimed
    assert "more closed sales" in (run.judgement.missing or "")
    assert run.test_start == NO_INSTANT
    assert run.data_end == crm.observed_through


@pytest.mark.parametrize("leads", [0, 1, 40])
def test_too_little_to_learn_from_is_a_result(leads: int, agreement: Agreement) -> None:
    found = train(simulate.world(leads, 0).tables, agreement, settings=QUICK)
    assert isinstance(found, TooLittle)
    assert found.sentence.startswith("Too little to learn from")


def test_leads_followed_for_less_than_the_horizon_teach_no_score(agreement: Agreement) -> None:
    leads = [builders.lead(f"L-{number}", created=0) for number in range(200)]
    ends = [
        builders.outcome(
            1 + number % 30, "closed_won" if number % 3 else "stop_calling", lead_id=f"L-{number}"
        )
        for number in range(120)
    ]
    found = train(builders.tables(leads, outcomes=ends, through=60), agreement, settings=QUICK)
    assert isinstance(found, TooLittle)
    assert "followed for 60 days" in found.sentence
    assert found.missing == {"days followed": 31}


def test_undated_leads_are_judged_by_folds_and_all_of_them_learned_from(
    undated: Tables, agreement: Agreement
) -> None:
    run = trained(undated, agreement)
    (held_out,) = run.judgement.sets
    assert held_out.name == HELD_OUT_LEADS
    assert held_out.snapshots == 270
    assert (run.judgement.horizon_days, run.model.horizon_days, run.model.capacity_score) == (
        None,
        None,
        None,
    )
    assert (run.provenance.data_end, run.provenance.judged_at) == (None, None)
    auc = held_out.figures["model"]["won_auc"].value
    assert auc is not None
    assert auc > 0.6


def test_many_undated_leads_are_judged_by_one_fold(undated: Tables, agreement: Agreement) -> None:
    run = trained(undated, agreement, replace(QUICK, one_fold_above=100))
    assert 100 < run.judgement.sets[0].snapshots < 170


def test_leads_that_no_model_can_tell_apart_share_a_fold(agreement: Agreement) -> None:
    # Twins by attributes, with chance outcomes: a fold that saw the twin would look skilled.
    rng = np.random.default_rng(1)
    leads, ends = [], []
    for number in range(400):
        twin = number // 2
        won = np.random.default_rng(twin).random() < 0.5
        leads.append(builders.lead(f"L-{number}", created=None, a=float(twin), b=float(rng.random() < 2)))
        ends.append(builders.outcome(None, "closed_won" if won else "closed_lost", lead_id=f"L-{number}"))
    run = trained(builders.tables(leads, outcomes=ends, through=None), agreement)
    auc = run.judgement.sets[0].figures["model"]["won_auc"]
    assert auc.value is not None
    assert auc.value < 0.6
    # Each is a lead still; that it has a twin only keeps both in one fold.
    assert run.judgement.sets[0].leads == 400


def test_the_logistic_baseline_is_the_member_of_the_model(rivals: tuple[Rivals, Material]) -> None:
    fitted, known = rivals
    alone = logistic(seed=QUICK.seed).set_params(**QUICK.estimator)
    names = known.plan.names
    alone.set_params(stratified_by=names.index("lead_age_days"), card_column=names.index("points_card"))
    alone.fit(known.X, known.y, groups=known.groups, levels=known.levels)
    rivals_own = (fitted.logistic, logistic_alone(alone))
    own, other = (each.predict_incidence(known.X, (30.0, 90.0)) for each in rivals_own)
    assert (own == other).all()


def test_a_recipe_without_a_logistic_member_is_judged_beside_logistic_regression_all_the_same(
    rivals: tuple[Rivals, Material],
) -> None:
    fitted, known = rivals
    trees_alone = replace(QUICK, estimator={**QUICK.estimator, "logistic": False})
    found = fit_rivals(known, 90.0, trees_alone, silent)
    own, other = (each.logistic.predict_incidence(known.X, (30.0, 90.0)) for each in (found, fitted))
    assert (own == other).all()
    assert found.model.ensemble_.logistic is None


def test_above_the_capacity_score_lie_as_many_leads_as_sales_can_take(
    run: TrainingRun, crm: Tables, agreement: Agreement
) -> None:
    whole = to_learn_from(crm, agreement, QUICK)
    line = capacity_score(run.model.incidence, whole, 90.0, weekly_capacity=3)
    assert line is not None
    assert leads_above(run, whole, line) == 3 * 13


def test_with_more_capacity_than_leads_every_score_is_above_the_line(
    run: TrainingRun, crm: Tables, agreement: Agreement
) -> None:
    whole = to_learn_from(crm, agreement, QUICK)
    assert capacity_score(run.model.incidence, whole, 90.0, weekly_capacity=10_000) == 0.0


def test_progress_ends_whatever_it_begins(undated: Tables, agreement: Agreement) -> None:
    told: dict[str, float] = {}
    train(undated, agreement, settings=QUICK, progress=lambda what, done: told.update({what: done}))
    assert {"taking snapshots", "judging", "importance"} <= set(told)
    assert told["judging"] == told["importance"] == 1.0


def leads_above(run: TrainingRun, whole: Material, line: float) -> int:
    recent = whole.snapshots.cutoff >= run.data_end - 13 * 7 * 86_400_000_000
    high = run.model.predict(whole.X).score >= line
    return len(np.unique(whole.groups[recent & high]))


def test_a_lead_and_an_outcome_without_dates_are_not_told_apart_by_order(agreement: Agreement) -> None:
    leads = [Lead(f"L-{number}", attributes={"size": float(number % 7)}) for number in range(90)]
    ends = [
        Outcome(f"L-{number}", None, "closed_won" if number % 7 > 3 else "closed_lost")
        for number in range(90)
    ]
    sure = replace(QUICK, waive=("size",))
    first = train(builders.tables(leads, outcomes=ends, through=None), agreement, settings=sure)
    turned = train(builders.tables(leads[::-1], outcomes=ends[::-1], through=None), agreement, settings=sure)
    assert isinstance(first, TrainingRun)
    assert isinstance(turned, TrainingRun)
    assert first.model.incidence.to_parts() == turned.model.incidence.to_parts()
    assert first.fingerprint == turned.fingerprint


def test_what_the_model_does_for_sales_is_asked_of_later_leads_that_sales_was_given(
    run: TrainingRun, crm: Tables, agreement: Agreement
) -> None:
    assert run.sales is not None
    (found,) = run.sales.at_capacity
    known = to_learn_from(cut(crm, run.test_start), agreement, QUICK)
    given = leads_handed_over(crm, agreement, known.plan, run.test_start)
    assert found.hand_overs == len(np.unique(given.snapshots.lead)) > 0
    later = crm.leads.created_at[np.unique(crm.handovers.lead)] >= run.test_start
    assert run.sales.kept_back[0].hand_overs == int(later.sum())


def test_what_the_model_does_for_sales_is_not_asked_unless_it_is_looked_into(
    judged_only: TrainingRun,
) -> None:
    assert judged_only.sales is None


@pytest.mark.slow
def test_hand_overs_left_to_chance_stand_for_all_that_could_be_drawn(
    rivals: tuple[Rivals, Material], run: TrainingRun, crm: Tables, agreement: Agreement
) -> None:
    one, known = rivals
    material = leads_handed_over(crm, agreement, known.plan, run.test_start)
    (first,) = given_to_sales(one.model, material, agreement)
    assert len(first) == len(np.unique(material.snapshots.lead))
    by_lot = replace(crm, handovers=replace(crm.handovers, propensity=np.full(len(crm.handovers), 0.1)))
    material = leads_handed_over(by_lot, agreement, known.plan, run.test_start)
    _, drawn = given_to_sales(one.model, material, agreement)
    assert len(drawn) == len(material)
    assert drawn.weight == pytest.approx(10.0)
