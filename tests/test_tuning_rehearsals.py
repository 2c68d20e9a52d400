"""Settings are tried on leads that a learner had still to meet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from readiness import shipped
from readiness.agreement.document import Agreement
from readiness.agreement.reading import load
from readiness.crm import simulate
from readiness.crm.selection import select
from readiness.crm.tables import Tables
from readiness.history import splits
from readiness.history.cuts import cut
from readiness.learning.incidence import IncidenceModel
from readiness.progress import Progress, silent
from readiness.training_run import TrainingRun, TrainingSettings, train
from readiness.training_run.forecasts import unfitted
from readiness.training_run.judged import outside_first_fold
from readiness.training_run.material import to_learn_from
from readiness.training_run.tuning.found import Found
from readiness.training_run.tuning.knobs import Choice, Knob, Range, in_words, knobs_of, turned
from readiness.training_run.tuning.losses import Losses
from readiness.training_run.tuning.rehearsals import rehearsals, rehearse
from readiness.training_run.tuning.tuner import tune
from tests.undated_leads import won_where_large_in_the_north

QUICK = TrainingSettings(
    seed=3,
    won_needed=20,
    replicates=20,
    folds=3,
    importance=False,
    refit=False,
    estimator={"max_rounds": 4, "penalties": (1000.0,), "folds": 2, "intervals": 3},
)


@pytest.fixture(scope="module")
def agreement() -> Agreement:
    return load(shipped.agreement())


@pytest.fixture(scope="module")
def crm() -> Tables:
    return simulate.world(600, 4).tables


class Noting:
    """A tuner that tries the defaults alone, if that, takes what it is told, and notes what it was given."""

    def __init__(self, *, trying: bool = True, **taken: object) -> None:
        self.trying, self.taken = trying, taken
        self.keys: list[str] = []
        self.losses: list[Losses] = []

    def __call__(
        self,
        lose: Callable[[Mapping[str, Any]], Losses],
        knobs: Sequence[Knob],
        *,
        key: str,
        seed: int,
        progress: Progress,
    ) -> Found:
        assert knobs
        assert seed >= 0
        progress("noting", 0.0)
        self.keys.append(key)
        self.losses += [lose({})] * self.trying
        return Found(estimator=self.taken, tried=1, leads=1, best=self.taken)


def test_a_rehearsal_learns_from_nothing_later_than_it_stands_and_meets_only_leads_created_since(
    crm: Tables, agreement: Agreement
) -> None:
    made = rehearsals(crm, agreement, QUICK)
    assert len(made) == 3
    met: list[int] = []
    for each in made:
        stands = each.learned_from.tables.observed_through
        assert each.learned_from.snapshots.cutoff.max() < stands
        created = crm.leads.created_at[each.met.snapshots.lead]
        assert created.min() >= stands
        met += np.unique(each.met.snapshots.lead).tolist()
    assert len(met) == len(set(met))
    assert set(met) == set(
        np.flatnonzero(crm.leads.created_at >= made[0].learned_from.tables.observed_through)
    )


def test_two_models_are_compared_in_the_same_intervals_whatever_their_own(
    crm: Tables, agreement: Agreement
) -> None:
    made = rehearsals(crm, agreement, QUICK)[:1]
    coarse, fine = (
        rehearse(made, {"intervals": intervals}, agreement.horizon_days, QUICK) for intervals in (2, 12)
    )
    assert coarse.snapshots.tolist() == fine.snapshots.tolist()
    assert coarse.mean == pytest.approx(fine.mean, rel=0.05)
    assert made[0].edges[-1] == agreement.horizon_days


def test_identical_undated_leads_stay_together_and_those_outside_are_not_looked_at(
    agreement: Agreement,
) -> None:
    tables = won_where_large_in_the_north()
    rows = np.arange(len(tables.leads)) % 5 != 0
    made = rehearsals(tables, agreement, QUICK, rows)
    assert len(made) == 3
    for each in made:
        learned, met = (set(part.snapshots.lead.tolist()) for part in (each.learned_from, each.met))
        assert not learned & met
        assert rows[sorted(learned | met)].all()
        rows_of = [{row.tobytes() for row in part.X} for part in (each.learned_from, each.met)]
        assert not rows_of[0] & rows_of[1]


@pytest.mark.parametrize("leads", [0, 1, 40])
def test_too_few_leads_leave_nothing_to_try_settings_on(leads: int, agreement: Agreement) -> None:
    few = simulate.world(leads, 0).tables
    tuner = Noting(leaves=(4,))
    found = tune(tuner, few, agreement, QUICK, silent)
    assert found.estimator == {}
    assert tuner.keys == []
    assert "too few leads to try them on" in found.sentence


@pytest.mark.slow
def test_what_is_found_before_the_test_start_is_judged_after_it(crm: Tables, agreement: Agreement) -> None:
    tuner = Noting(leaves=(4,), learning_rate=0.2)
    run = train(crm, agreement, settings=QUICK, tuner=tuner)
    assert isinstance(run, TrainingRun)
    before = cut(crm, run.test_start)
    assert len(tuner.losses[0]) < len(before.leads)
    later = Noting(trying=False)
    tune(later, cut(crm, run.test_start), agreement, QUICK, silent)
    assert tuner.keys == later.keys
    assert run.model.incidence.leaves == (4,)
    assert run.model.incidence.to_parts()[0]["parameters"]["learning_rate"] == 0.2
    assert run.provenance.settings["estimator"]["leaves"] == [4]
    assert run.provenance.settings["tuning"]["chosen"] == {"leaves": [4], "learning_rate": 0.2}


def test_undated_leads_that_settings_were_tried_on_are_not_judged_on(agreement: Agreement) -> None:
    tables, tuner = won_where_large_in_the_north(), Noting()
    run = train(tables, agreement, settings=QUICK, tuner=tuner)
    assert isinstance(run, TrainingRun)
    judged = run.judgement.sets[0].snapshots
    ended = len(tables.outcomes)
    assert 0 < judged < ended / 2
    assert len(tuner.losses[0]) + judged <= len(tables.leads)
    whole = to_learn_from(tables, agreement, QUICK)
    looked_at = outside_first_fold(whole, QUICK)
    first = splits.folds(whole.groups, QUICK.folds, QUICK.seed) == 0
    assert judged == (first & (whole.y[:, 0] > 0)).sum()
    assert not (looked_at & first).any()


def test_the_key_names_the_data_and_the_settings(agreement: Agreement) -> None:
    tuner, leads = Noting(trying=False), won_where_large_in_the_north()
    fewer = select(leads, np.arange(290))
    for tables, settings in ((leads, QUICK), (leads, QUICK), (fewer, QUICK), (leads, replace(QUICK, seed=4))):
        tune(tuner, tables, agreement, settings, silent)
    first, again, other_data, other_seed = tuner.keys
    assert first == again
    assert len({first, other_data, other_seed}) == 3


def test_the_recipes_own_settings_are_the_defaults_and_within_range() -> None:
    recipe = IncidenceModel(learning_rate=0.5, leaves=(3,))
    knobs = {knob.name: knob for knob in knobs_of(recipe, dated=True)}
    rate, leaves = knobs["learning_rate"], knobs["leaves"]
    assert isinstance(rate, Range)
    assert isinstance(leaves, Choice)
    assert rate.high == rate.default == 0.5
    assert leaves.default in leaves.options
    undated = {knob.name: knob.default for knob in knobs_of(unfitted(None, TrainingSettings()), dated=False)}
    assert (undated["leaves"], undated["learning_rate"]) == (None, 0.04)
    assert "intervals" not in undated


def test_the_defaults_named_are_what_the_estimator_does_without_being_told(
    crm: Tables, agreement: Agreement
) -> None:
    made = rehearsals(crm, agreement, QUICK)[:1]
    knobs = knobs_of(unfitted(agreement.horizon_days, QUICK), dated=True)
    named = {knob.name: knob.default for knob in knobs}
    assert turned(knobs, named) == {}
    by_name, untold = (rehearse(made, each, agreement.horizon_days, QUICK) for each in (named, {}))
    assert by_name.total.tolist() == untold.total.tolist()


def test_settings_are_said_in_words() -> None:
    said = in_words({"quiet_rows": 100_000, "leaves": (16, 31), "ridge": 2.34567})
    assert said == "quiet rows 100,000, leaves of a tree 16 and 31, ridge on leaves 2.35"
    assert in_words({}) == ""
