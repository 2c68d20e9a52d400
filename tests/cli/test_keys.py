"""Keys from the command line: shown once, listed, revoked."""

from __future__ import annotations

import json

import pytest


@pytest.fixture(autouse=True)
def database(monkeypatch, tmp_path):
    monkeypatch.setenv("READINESS_DATABASE_URL", f"sqlite:///{tmp_path}/service.sqlite")
    return tmp_path


def test_a_key_is_shown_once_and_never_again(typed):
    made = typed("keys", "create", "CRM", "--may", "score", "--may", "read", "--json")
    key = json.loads(made.output)
    assert key["key"].startswith("rdy_")
    assert (key["may"], key["state"], key["expires_at"]) == (["read", "score"], "opens", None)
    listed = typed("keys", "list", "--json").output
    assert [one["id"] for one in json.loads(listed)] == [key["id"]]
    assert key["key"] not in listed


def test_the_first_key_ever_says_that_it_closes_the_door_to_all_others_and_what_opens_it(typed):
    def said(name: str, *more: str) -> str:
        return " ".join(typed("keys", "create", name, "--may", "score", *more).output.split())

    first = said("CRM")
    assert "every program needs one, on this machine too, and the page at / is closed" in first
    assert "READINESS_OPEN_ACCESS=true" in first
    typed("keys", "revoke", json.loads(typed("keys", "list", "--json").output)[0]["id"])
    assert "READINESS_OPEN_ACCESS" not in said("Forms")
    assert json.loads(said("Mail", "--json"))["closes"] is None


def test_a_revoked_key_is_listed_as_such_and_cannot_be_revoked_again(typed):
    key_id = json.loads(typed("keys", "create", "CRM", "--may", "admin", "--json").output)["id"]
    assert typed("keys", "revoke", key_id).exit_code == 0
    assert "was revoked" in typed("keys", "list").output
    again = typed("keys", "revoke", key_id)
    assert (again.exit_code, "no key with this id is in force" in " ".join(again.output.split())) == (2, True)


@pytest.mark.parametrize("may", [("everything",), ("score", "write"), ("",)])
def test_a_key_may_only_what_there_is(typed, may):
    refused = typed("keys", "create", "CRM", *(part for one in may for part in ("--may", one)))
    assert (refused.exit_code, "score, read or admin" in refused.output) == (2, True)


@pytest.mark.parametrize("name", ["", "x" * 101, "two\nlines", "\x1b[31m"])
def test_a_name_is_a_line_of_letters(typed, name):
    assert typed("keys", "create", name, "--may", "score").exit_code == 2


def test_without_keys_the_list_says_how_to_make_one(typed):
    assert "readiness keys create" in typed("keys", "list").output
    assert json.loads(typed("keys", "list", "--json").output) == []


def test_with_a_key_the_service_may_listen_where_others_reach_it(typed, monkeypatch):
    from readiness.cli import serving  # noqa: PLC0415 - its module is loaded when it is called

    monkeypatch.setenv("READINESS_HOST", "0.0.0.0")  # noqa: S104 - not listened on
    typed("keys", "create", "CRM", "--may", "score")
    assert serving._settings()
