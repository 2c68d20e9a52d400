"""Looking into a model that was trained: what it rests on, and on which leads."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from readiness import shipped
from readiness.agreement.reading import load
from readiness.crm import simulate
from readiness.crm.selection import select
from readiness.judging.insight import Insight
from readiness.training_run import TrainingRun, TrainingSettings, looking, train

pytestmark = pytest.mark.slow

SETTINGS = TrainingSettings(
    won_needed=20,
    replicates=40,
    refit=False,
    thorough=True,
    estimator={"max_rounds": 5, "penalties": (1000.0,), "folds": 2, "intervals": 2, "leaves": (4,)},
)


@pytest.fixture(scope="module")
def insight() -> Insight:
    with pytest.MonkeyPatch.context() as fewer:
        fewer.setattr(looking, "MODELS", 2)
        # In no order of time: cut at T, leads have other positions than in the whole tables.
        tables = simulate.world(1_500, 4).tables
        shuffled = select(tables, np.random.default_rng(4).permutation(len(tables.leads)))
        run = train(shuffled, load(shipped.agreement()), settings=SETTINGS)
    assert isinstance(run, TrainingRun)
    return run.judgement.insight


def test_the_most_important_groups_have_a_shape_and_a_steadiness(insight: Insight) -> None:
    order = [each.group for each in insight.importance]
    assert [each.group for each in insight.dependence] == order[:5]
    assert [each.group for each in insight.stability] == order[:10]
    assert all(0.0 <= each.in_top <= 1.0 for each in insight.stability)


def test_the_learning_curve_ends_with_the_model_itself(insight: Insight) -> None:
    assert insight.more_leads is not None
    leads = [point.leads for point in insight.more_leads.points]
    assert leads == sorted(leads)
    assert leads[-2] == pytest.approx(leads[-1] / 2, abs=1)


def test_leads_learned_from_are_compared_with_leads_scored_and_called_ones_with_others(
    insight: Insight,
) -> None:
    found = insight.selection
    assert found is not None
    assert found.scored.auc.value is not None
    assert found.called is not None
    assert found.called.second <= found.handed_over
    assert found.called.first + found.called.second <= found.leads


def test_leads_open_when_it_learns_which_are_learned_from_too_look_like_all_others(insight: Insight) -> None:
    assert insight.selection is not None
    assert insight.selection.scored.auc.value == pytest.approx(0.5, abs=0.06)


def test_what_was_found_is_json_without_nan(insight: Insight) -> None:
    told = json.loads(json.dumps(insight.to_dict(), allow_nan=False))
    assert set(told) == {
        "importance",
        "together",
        "dependence",
        "stability",
        "more_leads",
        "selection",
        "lasting",
        "themes",
        "theme_of",
        "steps",
    }
    assert 0.0 <= told["lasting"] <= 1.0


def test_every_behaviour_and_attribute_is_of_one_kind_and_the_most_important_have_a_step(
    insight: Insight,
) -> None:
    groups = {each.group for each in insight.importance}
    assert set(insight.theme_of) == groups
    assert {group for each in insight.themes for group in each.groups} == groups
    first = [each.group for each in insight.importance[:10]]
    assert [each.group for each in insight.steps] == [group for group in first if group in _stepped(insight)]
    assert all(each.ratio > 0 for each in insight.steps)


def _stepped(insight: Insight) -> set[str]:
    return {each.group for each in insight.steps}


def test_without_looking_into_it_nothing_is_found() -> None:
    settings = replace(SETTINGS, importance=False, thorough=False)
    run = train(simulate.world(800, 4).tables, load(shipped.agreement()), settings=settings)
    assert isinstance(run, TrainingRun)
    assert run.judgement.insight == Insight()
    assert np.isfinite(run.judgement.sets[0].figures["model"]["won_auc"].value or np.nan)
