"""The command that watches a model in use."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from readiness import artefact, shipped
from readiness.cli import watching
from readiness.crm import folder
from readiness.registry import Registry
from tests import bundles
from tests.watching.plain import END, HALF, later, plain, quiet, used

HALF_WAY = "2026-07-20T00:00:00Z"


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Path:
    """Return a store whose only version is the model of the first half, and the tables it is watched with."""
    place = tmp_path_factory.mktemp("watch")
    bundle = artefact.write(
        used().model,
        agreement_text=shipped.agreement().read_text(encoding="utf-8"),
        provenance=bundles.provenance(data_end=HALF_WAY),
        folder=place / "made",
    )
    Registry.open(models=place / "models").record(bundle)
    folder.write(quiet(), place / "crm")

    def respelt(drawn, day):
        drawn["country"] = drawn["country"].lower() if later(day) else drawn["country"]

    folder.write(plain(change=respelt), place / "changed")
    return place


def watched(typed, store, *words: str, data: str = "crm"):
    return typed("watch", "--data", store / data, "--models", store / "models", "--model", "1", *words)


def test_a_quiet_watch_ends_with_nothing_to_say_and_exit_code_0(typed, store):
    done = watched(typed, store)
    assert done.exit_code == 0, done.output
    assert "Quiet: nothing changed beyond chance that would matter." in done.output
    assert "How leads ended" in done.output


def test_a_changed_crm_is_told_with_the_column_and_exit_code_20(typed, store):
    done = watched(typed, store, data="changed")
    assert done.exit_code == 20, done.output
    assert "The CRM changed: look at `country`" in done.output
    assert "The CRM changed: look at the column country and its mapping" in done.output


def test_what_is_to_be_done_about_several_findings_is_said_once(typed, store):
    out = " ".join(watched(typed, store, data="changed").output.split())
    assert out.count("look at the column country and its mapping") == 1
    assert out.count("Nothing yet: other leads come.") <= 1


def test_a_program_gets_every_finding(typed, store):
    done = watched(typed, store, "--json", data="changed")
    found = json.loads(done.stdout)
    assert (done.exit_code, found["verdict"]) == (20, "crm")
    assert {"code", "of", "status", "action", "measured", "required", "p", "sentence", "to_do"} == set(
        found["findings"][0]
    )
    assert found["sentence"].startswith("The CRM changed")


def test_page_and_figures_are_written_where_asked_for(typed, store, tmp_path):
    done = watched(typed, store, "--html", "out/watch.html", "--prometheus", "out/watch.prom")
    assert "Page: out/watch.html" in done.output
    assert (tmp_path / "out" / "watch.html").read_text("utf-8").startswith("<!doctype html>")
    assert "readiness_watch_findings" in (tmp_path / "out" / "watch.prom").read_text("utf-8")


def test_whoever_stands_earlier_sees_nothing_that_came_later(typed, store):
    done = watched(typed, store, "--at", "2026-08-01", "--json")
    found = json.loads(done.stdout)
    assert found["at"] == "2026-08-01T00:00:00Z"
    assert found["new_leads"]["stated"]["leads_now"] < 200


def test_where_no_lead_came_since_the_exit_code_is_9(typed, store):
    assert watched(typed, store, "--at", HALF_WAY).exit_code == 9


@pytest.mark.parametrize(
    ("at", "says"), [("soon", "is no day and no instant"), ("2030-01-01", "nothing is known of")]
)
def test_an_instant_that_is_none_or_not_yet_is_wrong_usage(typed, store, at, says):
    refused = watched(typed, store, "--at", at)
    assert refused.exit_code == 2
    assert says in " ".join(refused.output.replace("│", " ").split())


def test_every_verdict_has_an_exit_code_of_its_own():
    assert len(set(watching.EXIT_CODES.values())) == len(watching.EXIT_CODES) == 5


def test_figures_stand_whole_on_a_terminal_of_eighty_letters(typed, store, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    assert max(map(len, watched(typed, store).output.splitlines())) <= 80


def test_the_calendar_of_the_tests_is_that_of_the_store():
    assert (END, HALF) == (400.0, 200.0)
