"""Commands about kept models: promote, roll back, look at them, publish."""

from __future__ import annotations

import json

import pytest

from readiness.errors import NoChampionError, StoreError
from readiness.registry import Registry


@pytest.mark.parametrize("command", [["promote", "1"], ["rollback"], ["report"], ["pull"]])
def test_before_any_training_a_command_says_so_and_makes_no_store(typed, tmp_path, command):
    refused = typed(*command)
    assert isinstance(refused.exception, NoChampionError)
    assert "No model has been trained yet under models/. Next: readiness train" in str(refused.exception)
    assert not (tmp_path / "models").exists()


def test_the_history_of_nothing_is_no_error(typed):
    done = typed("history")
    assert done.exit_code == 0
    assert "No model has been trained yet" in done.output
    assert json.loads(typed("history", "--json").stdout) == {"versions": [], "promotions": []}


def test_a_store_that_is_a_file_is_refused(typed, tmp_path):
    (tmp_path / "models").write_text("", encoding="utf-8")
    refused = typed("history")
    assert refused.exit_code == 2
    assert "'models' is a file" in refused.output


def test_a_version_that_does_not_exist_is_answered_with_those_that_do(typed, models):
    refused = typed("promote", "99")
    assert isinstance(refused.exception, StoreError)
    assert "There is no version 99; there are 2, 1." in str(refused.exception)


def test_a_champion_is_promoted_taken_back_and_remembered(typed, models):
    assert "Version 1 is the champion" in typed("promote", "1", "--by", "Ada", "--reason", "First").output
    assert "Next: readiness pull" in typed("promote", "2", "--by", "Ada", "--reason", "Better").output
    assert "Version 1 is the champion again" in typed("rollback", "--by", "Bo", "--reason", "Stops").output
    told = json.loads(typed("history", "--json").stdout)
    assert [(move["action"], move["version"], move["by"]) for move in told["promotions"]] == [
        ("promote", "1", "Ada"),
        ("promote", "2", "Ada"),
        ("rollback", "1", "Bo"),
    ]
    assert [one["aliases"] for one in told["versions"]] == [[], ["champion"]]
    assert "Stops" in typed("history").output


def test_a_new_champion_is_told_with_the_data_it_learned_from(typed, models):
    data = "data until 2026-06-01 (fingerprint dddddddddddd…)"
    assert f"It learned from {data}; its report says the same." in _line(typed("promote", "1").output)
    typed("promote", "2")
    assert f"It learned from {data}" in _line(typed("rollback").output)
    assert [one["learned"] for one in json.loads(typed("history", "--json").stdout)["versions"]] == [
        {"fingerprint": "d" * 64, "data_end": "2026-06-01T00:00:00Z"}
    ] * 2


def test_a_version_of_an_earlier_readiness_says_nothing_of_its_data(typed, models, monkeypatch):
    client = Registry.open(models=models).store.client
    for tag in ("readiness.data_fingerprint", "readiness.data_end"):
        client.delete_model_version_tag("readiness", "1", tag)
    monkeypatch.setenv("COLUMNS", "160")
    assert "It learned from" not in typed("promote", "1").output
    assert "not kept" in typed("history").output


def test_data_without_dates_have_no_end(typed, models, monkeypatch):
    client = Registry.open(models=models).store.client
    client.set_model_version_tag("readiness", "1", "readiness.data_end", "")
    assert "It learned from data without dates (fingerprint dddd" in _line(typed("promote", "1").output)


def _line(told):
    return " ".join(told.split())


def test_the_first_champion_has_none_to_go_back_to(typed, models):
    typed("promote", "1")
    refused = typed("rollback")
    assert isinstance(refused.exception, NoChampionError)
    assert "there is none to go back to" in str(refused.exception)


def test_a_champion_is_published_for_the_service(typed, models):
    typed("promote", "1")
    done = typed("pull")
    assert done.exit_code == 0, done.output
    assert (models / "published" / "champion.json").exists()


def test_while_mlflow_is_down_what_was_published_stays(typed, models, monkeypatch):
    typed("promote", "1")
    typed("pull")
    before = (models / "published" / "champion.json").read_bytes()
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    refused = typed("pull")
    assert isinstance(refused.exception, StoreError)
    assert "The model store http://127.0.0.1:9 could not be opened" in str(refused.exception)
    assert (models / "published" / "champion.json").read_bytes() == before
