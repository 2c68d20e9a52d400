"""From a real export to a judged model, by the commands that a data scientist types."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedShuffleSplit
from typer.testing import CliRunner

from readiness import shipped, training_run
from readiness.agreement import reading
from readiness.cli.main import app
from readiness.crm import folder
from readiness.crm.tables import Flags, Tables
from readiness.history import snapshots, splits
from readiness.history.outcomes import WON
from readiness.progress import silent
from readiness.scoring import score
from readiness.training_run import TrainingSettings
from readiness.training_run.forecasts import fit_model
from readiness.training_run.material import held_out_leads, to_learn_from

pytestmark = [pytest.mark.realdata, pytest.mark.slow]

SEEDS = range(5)
AGREEMENT = reading.load(shipped.agreement())


def _imported(name: str, source: Path, to: Path) -> Tables:
    done = CliRunner().invoke(app, ["import", "--mapping", name, "--out", str(to), str(source), "--json"])
    assert done.exit_code == 0, done.output
    return folder.read(to)


@pytest.fixture(scope="module")
def deals(bohanec, tmp_path_factory) -> Tables:
    return _imported("bohanec", bohanec, tmp_path_factory.mktemp("bohanec"))


@pytest.fixture(scope="module")
def calls(bank_marketing, tmp_path_factory) -> Tables:
    return _imported("bank_marketing", bank_marketing, tmp_path_factory.mktemp("bank"))


@pytest.fixture(scope="module")
def procurement(leadforge_world, tmp_path_factory) -> Tables:
    return _imported("leadforge", leadforge_world, tmp_path_factory.mktemp("leadforge"))


def _auc(tables: Tables, learned: Flags, seed: int) -> float:
    """Fit on some leads, with a plan made of them alone, and rank the others."""
    settings = TrainingSettings(seed=seed)
    material = to_learn_from(tables, AGREEMENT, settings, learned)
    model = fit_model(material, None, settings, silent)
    unseen = held_out_leads(tables, AGREEMENT, material.plan, ~learned)
    chance = model.predict_incidence(unseen.X, (math.inf,))[:, 0, WON - 1]
    return float(roc_auc_score(unseen.y[:, 0] == WON, chance))


def _folds_of_identical_deals(tables: Tables, seed: int) -> Iterator[Flags]:
    twins = to_learn_from(tables, AGREEMENT, TrainingSettings()).groups
    fold = splits.folds(twins, 10, seed)
    return (fold != number for number in range(10))


def _three_quarters(tables: Tables, seed: int) -> Iterator[Flags]:
    won = tables.outcomes.outcome == 0
    split = StratifiedShuffleSplit(n_splits=1, test_size=0.25, random_state=seed)
    for learned, _ in split.split(np.zeros(len(won)), won):
        rows = np.zeros(len(won), dtype=np.bool_)
        rows[learned] = True
        yield rows


def test_b2b_deals_are_ranked_with_an_auc_of_at_least_080_over_folds_of_identical_deals(deals):
    found = [_auc(deals, rows, seed) for seed in SEEDS for rows in _folds_of_identical_deals(deals, seed)]
    assert np.mean(found) >= 0.80


def test_bank_calls_are_ranked_with_an_auc_of_at_least_079_without_the_duration_of_the_call(calls):
    assert "duration" not in calls.leads.attributes
    found = [_auc(calls, rows, seed) for seed in SEEDS for rows in _three_quarters(calls, seed)]
    assert np.mean(found) >= 0.79


def _trained(tables: Tables) -> training_run.TrainingRun:
    run = training_run.train(tables, AGREEMENT, settings=TrainingSettings(replicates=50, importance=False))
    assert isinstance(run, training_run.TrainingRun)
    json.dumps(run.judgement.to_dict(), allow_nan=False)
    return run


@pytest.mark.parametrize("name", ["deals", "calls"])
def test_an_imported_export_trains_and_is_judged_with_skill(name, request):
    run = _trained(request.getfixturevalue(name))
    assert run.judgement.skill.claimed
    assert run.judgement.missing is None


def test_a_world_too_short_to_judge_by_trains_claims_nothing_and_says_what_is_missing(procurement):
    run = _trained(procurement)
    assert not run.judgement.skill.claimed
    assert run.judgement.sets == ()
    assert "needed are" in str(run.judgement.missing)


@pytest.mark.parametrize("name", ["deals", "calls", "procurement"])
def test_every_lead_of_an_imported_export_gets_one_answer_that_can_be_read(name, request):
    tables = request.getfixturevalue(name)
    looks = snapshots.at(tables, tables.observed_through)
    scored = score(tables, looks, agreement=AGREEMENT, model=None)
    for row in range(0, len(scored), max(1, len(scored) // 200)):
        answer = scored.assessment(row).to_dict()
        texts = [answer["category"]["because"], answer["advice"]["because"]]
        assert all(text[0].isupper() and text.endswith(".") and "None" not in text for text in texts)
