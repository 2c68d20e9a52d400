"""Commands that hold an agreement against the past."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from readiness import shipped
from readiness.agreement.reading import load
from readiness.artefact import Bundle
from readiness.cli import past_models
from readiness.crm import folder, simulate
from readiness.crm.records import instant
from readiness.crm.tables import handovers
from readiness.errors import ModelError
from readiness.hindsight.replay import Adviser
from readiness.history import features, snapshots
from readiness.history.outcomes import label
from readiness.learning.incidence import IncidenceModel
from readiness.learning.model import ReadinessModel
from readiness.scoring import score, suppressed
from tests import bundles

AGREEMENT = load(shipped.agreement())


@pytest.fixture(scope="module")
def past(tmp_path_factory):
    """Return a folder with 400 simulated leads, some of them handed over by lot."""
    place = tmp_path_factory.mktemp("past") / "crm"
    options = simulate.WorldOptions(random_handovers=0.005)
    simulate.write(simulate.world(400, 1, options=options), place)
    return place


def draft(tmp_path):
    """Return an agreement for which one BANT point is enough."""
    text = shipped.agreement().read_text(encoding="utf-8")
    path = tmp_path / "draft.yaml"
    path.write_text(text.replace("bant_at_least: 2", "bant_at_least: 1"), encoding="utf-8")
    return path


def test_a_backtest_says_what_would_have_been_handed_over_and_what_became_of_it(typed, past):
    done = typed("agreement", "backtest", past)
    assert done.exit_code == 0, done.output
    for said in ("The agreement would have handed over", "Cry-wolf rate:", "left to chance", "By source"):
        assert said in done.output


def test_figures_of_a_backtest_stand_whole_on_a_terminal_of_eighty_letters(typed, past, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    lines = typed("agreement", "backtest", past).output.splitlines()
    assert max(map(len, lines)) <= 80
    head = next(line for line in lines if line.split()[:1] == ["Leads"])
    assert head.split() == ["Leads", "Won", "Stop", "Lost", "Open", "Too", "soon", "Cry-wolf", "95", "%"]


def test_a_backtest_for_programs_holds_every_figure(typed, past):
    found = json.loads(typed("agreement", "backtest", past, "--json").stdout)
    assert found["handed_over"]["handed_over"] == sum(
        week["handed_over"] for week in found["weekly"]["weeks"]
    )
    assert {"source", "category", "sales"} <= set(found["by"])
    assert [each["among"] for each in found["kept_back"]] == ["handed_over_anyway", "random_slice"]
    assert found["suppression_known"] is True


def test_a_comparison_says_on_which_leads_two_agreements_differ(typed, past, tmp_path):
    done = typed("agreement", "compare", shipped.agreement(), draft(tmp_path), past)
    assert done.exit_code == 0, done.output
    assert "Only B would have handed over, for example" in done.output
    assert "Sales calls once two of these four speak for it" in done.output


def test_a_comparison_for_programs_holds_at_most_ten_examples_each_way(typed, past, tmp_path):
    found = json.loads(
        typed("agreement", "compare", shipped.agreement(), draft(tmp_path), past, "--json").stdout
    )
    assert 0 < len(found["only_b"]["examples"]) <= 10
    assert found["only_a"]["examples"] == []
    assert set(found["only_b"]["examples"][0]) == {"lead_id", "at", "a", "b", "became"}


@pytest.mark.parametrize("command", ["backtest", "compare"])
def test_a_page_is_written_where_asked_for(typed, past, tmp_path, command):
    words = [past] if command == "backtest" else [shipped.agreement(), draft(tmp_path), past]
    done = typed("agreement", command, *words, "--html", "out/page.html")
    assert "Page: out/page.html" in done.output
    assert (tmp_path / "out" / "page.html").read_text("utf-8").startswith("<!doctype html>")


def test_a_page_below_a_file_is_refused_before_anything_is_read(typed, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    refused = typed("agreement", "backtest", "nowhere", "--html", "file/page.html")
    assert "is a file, not a folder. Choose another --html." in str(refused.exception)


def test_an_agreement_that_is_wrong_is_refused_before_the_tables_are_read(typed, tmp_path):
    (tmp_path / "wrong.yaml").write_text("name: x\n", encoding="utf-8")
    refused = typed("agreement", "backtest", "nowhere", "--agreement", "wrong.yaml")
    assert type(refused.exception).__name__ == "AgreementError"


@pytest.mark.slow
def test_with_a_model_only_leads_that_it_has_not_seen_count(typed, past, models):
    done = typed("agreement", "backtest", past, "--model", "1", "--models", models, "--json")
    found = json.loads(done.stdout)
    assert found["with_model"] is True
    assert found["leads"] + found["left_out"]["other"] + found["left_out"]["undated_ends"] == 400


@pytest.fixture(scope="module")
def learned(past):
    """Return a small model that learned from these leads."""
    tables = folder.read(past)
    looks = snapshots.take(tables, until=tables.observed_through)
    plan = features.plan(tables, looks)
    matrix = features.build(tables, looks, plan)
    ends = label(looks, tables, known_until=tables.observed_through)
    fate = np.column_stack([ends.event.astype(np.float64), ends.duration])
    levels = np.array([len(one.levels) for one in plan.features])
    incidence = IncidenceModel(max_rounds=5, folds=2).fit(matrix, fate, groups=looks.lead, levels=levels)
    return ReadinessModel.around(incidence, plan, matrix, horizon_days=90.0, capacity_score=0.05)


def asked(tables, model, data_end):
    """Return an adviser that asks this model, and which leads count if it learned until then."""
    known = bundles.provenance(data_end=data_end)
    bundle = Bundle("b", model, AGREEMENT, "", known, None, np.empty((0, len(model.plan))))
    return past_models.with_model(Adviser(AGREEMENT, never_call=suppressed), bundle), past_models.unseen_by(
        bundle, tables
    )


@pytest.mark.slow
def test_a_model_says_of_each_look_what_it_says_when_it_scores(past, learned):
    tables = folder.read(past)
    adviser, unseen = asked(tables, learned, "2025-06-01T00:00:00Z")
    assert 0 < unseen.sum() < 400
    assert (tables.leads.created_at[unseen] >= instant("2025-06-01T00:00:00Z")).all()
    looks = snapshots.open_at(tables, tables.observed_through)
    said = adviser.forecaster(tables, looks)
    # A replay asks the agreement as if it had stood alone: without the hand-overs that took place.
    nothing = np.empty(0, dtype=np.int64)
    none = handovers(leads=400, lead=nothing.astype(np.int32), handed_over_at=nothing)
    tables = replace(tables, handovers=none)
    scored = score(tables, looks, agreement=AGREEMENT, model=learned, explain="none")
    assert said.score.tolist() == scored.score.tolist()
    assert said.stop_risk.tolist() == scored.stop_risk.tolist()
    assert adviser.advise(tables, looks)[1].rule.tolist() == scored.advices.rule.tolist()


def test_of_a_model_without_dates_nobody_can_say_what_it_has_not_seen(past):
    with pytest.raises(ModelError, match=r"learned from leads without dates\. Leave out --model"):
        asked(folder.read(past), bundles.model(), None)


def test_a_model_that_is_no_version_is_wrong_usage(typed, past, models):
    refused = typed("agreement", "backtest", past, "--model", "best", "--models", models)
    assert refused.exit_code == 2
    assert "give a number, or champion" in " ".join(refused.output.split())


def test_without_a_champion_none_can_be_asked(typed, past, models):
    refused = typed("agreement", "backtest", past, "--model", "champion", "--models", models)
    assert type(refused.exception).__name__ == "NoChampionError"
