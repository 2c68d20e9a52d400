"""What a data scientist finds beside a run: the model card, curves with steps, and which data."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from readiness.artefact import Bundle, open_bundle
from readiness.registry import Registry
from readiness.registry.card import card_of
from readiness.registry.curves import Point, as_csv, points_of
from readiness.registry.promotions import ChallengeSummary, Promotion
from tests import bundles
from tests.registry.moments import LATER, NOON
from tests.reports import examples

JUDGEMENT = json.loads(json.dumps(examples.judgement("skilled").to_dict()))


@pytest.fixture(scope="module")
def judged_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bundles.write(
        tmp_path_factory.mktemp("card"), judgement=JUDGEMENT, table_fingerprints={"leads": "e" * 64}
    )


@pytest.fixture(scope="module")
def judged(judged_path: Path) -> Bundle:
    return open_bundle(judged_path, name=judged_path.name)


def _move(**changes: str) -> Promotion:
    fields = {"version": "1", "alias": "champion", "action": "promote", "at": "2026-01-02T00:00:00Z"}
    return Promotion.model_validate({**fields, "by": "Ada", "reason": "Better", **changes})


def test_the_card_tells_data_figures_with_intervals_and_limits(judged: Bundle) -> None:
    card = card_of(judged)
    own = JUDGEMENT["sets"][0]["figures"]["model"]["won_auc"]
    assert f"{own['value']:.3f} ({own['low']:.3f} to {own['high']:.3f})" in card
    assert judged.provenance.data_fingerprint in card
    assert "not effects of a call" in card
    assert "Never challenged." in card
    assert "Never promoted." in card


def test_the_card_tells_who_promoted_it_and_over_which_gates(judged: Bundle) -> None:
    summary = ChallengeSummary(
        verdict="no", champion=None, at="2026-01-01", on="refitted", outcomes={"skill": "refused"}, figures={}
    )
    overruled = _move().model_copy(update={"overruled": ("skill",)})
    card = card_of(judged, summary, [overruled, _move(action="rollback", by="")])
    assert "Promote: no; not open: skill." in card
    assert "Made the champion at 2026-01-02T00:00:00Z by Ada: Better, although skill did not pass." in card
    assert (
        "Made again, by going back, the champion at 2026-01-02T00:00:00Z by somebody who gave no name" in card
    )


def test_what_somebody_typed_cannot_pass_for_a_part_of_the_card(judged: Bundle) -> None:
    card = card_of(judged, None, [_move(reason="x\n## Good\n<script> [a](b)")])
    assert "x ## Good ‹script> (a)(b)" in card
    assert "\n## Good" not in card


def test_a_model_that_was_not_judged_says_so(tmp_path: Path) -> None:
    path = bundles.write(tmp_path)
    assert "It was not judged." in card_of(open_bundle(path, name=path.name))


def test_every_curve_has_its_points_in_order() -> None:
    points = points_of(JUDGEMENT)
    gains = [point for point in points if point.curve == "later_leads.gains/model"]
    assert [point.step for point in gains] == [
        round(100 * gain["share"]) for gain in JUDGEMENT["sets"][0]["gains"]["model"]
    ]
    assert gains[-1].value == pytest.approx(1.0)
    observed = [point.value for point in points if point.curve == "later_leads.calibration.won/observed"]
    assert len(observed) == len(JUDGEMENT["sets"][0]["calibration"]["won"])


@pytest.mark.parametrize("judgement", [{}, {"sets": []}, {"sets": [{"name": "x"}], "insight": None}])
def test_nothing_judged_has_no_curve(judgement: dict[str, object]) -> None:
    assert points_of(judgement) == ()


def test_what_is_not_known_has_no_point_and_how_many_leads_help_is_a_curve() -> None:
    learned = [{"leads": 10, "loss": {"value": 0.5}}, {"leads": 20, "loss": {"value": None}}]
    judgement = {"insight": {"more_leads": {"points": learned}}}
    assert points_of(judgement) == (Point("more_leads/loss", 10, 0.5),)


def test_curves_are_written_as_a_table() -> None:
    rows = list(csv.reader(io.StringIO(as_csv((Point("a", 1, 0.25),)))))
    assert rows == [["curve", "step", "value"], ["a", "1", "0.25"]]


@pytest.mark.slow
def test_a_run_keeps_curves_with_steps_the_card_and_which_data(registry: Registry, judged_path: Path) -> None:
    recorded = registry.record(judged_path)
    client = registry.store.client
    history = client.get_metric_history(recorded.run_id, "later_leads.gains/model")
    assert [each.step for each in history] == sorted(each.step for each in history)
    assert 20 < len(client.get_run(recorded.run_id).data.metrics) < 200  # a person can read them
    assert len(history) == len(JUDGEMENT["sets"][0]["gains"]["model"])
    run = client.get_run(recorded.run_id)
    inputs = {each.dataset.name: each.dataset.digest for each in run.inputs.dataset_inputs}
    assert inputs == {"crm": "d" * 32, "crm.leads": "e" * 32}
    assert "Never promoted." in run.data.tags["mlflow.note.content"]
    files = [entry.path for entry in client.list_artifacts(recorded.run_id)]
    assert {"model_card.md", "curves"} <= set(files)


@pytest.mark.slow
def test_the_card_follows_each_promotion(registry: Registry, judged_path: Path) -> None:
    recorded = registry.record(judged_path)
    registry.promote(recorded.version, at=NOON, by="Ada", reason="First")
    registry.promote(recorded.version, at=LATER, by="Bo", reason="Again")
    note = registry.store.client.get_run(recorded.run_id).data.tags["mlflow.note.content"]
    assert "by Ada: First." in note
    assert "by Bo: Again." in note


def test_of_two_challenges_the_later_ones_figures_are_shown(registry: Registry, first: Path) -> None:
    version = registry.record(first).version
    for at, measured in ((NOON, 0.9), (LATER, 0.1)):
        gate = {"code": "log_loss", "outcome": "passed", "measured": measured}
        told = {"verdict": "yes", "champion": None, "on": "refitted", "gates": [gate]}
        registry.keep_challenge(version, told, at=at)
    run = registry.store.client.get_run(registry.version(version).run_id)
    assert run.data.metrics["gate/log_loss"] == 0.1
