"""`readiness suppress`, and what `readiness score` makes of the list."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from readiness.crm import folder, simulate
from readiness.errors import DataError, StoreError, StoreMissingError

_OPTIONS = ("score", "--data", "crm", "--rules-only", "--out", "s.csv")


@pytest.fixture
def leads(typed, tmp_path: Path) -> Path:
    folder.write(simulate.world(300, 1).tables, tmp_path / "crm")
    return tmp_path


def _actions(typed, *more: object) -> dict[str, int]:
    done = typed(*_OPTIONS, "--json", *more)
    assert done.exit_code == 0, done.output
    found: dict[str, int] = json.loads(done.stdout)["actions"]
    return found


def _handed_over(typed) -> pd.DataFrame:
    typed(*_OPTIONS, "--no-suppressions")
    scored = pd.read_csv("s.csv")
    people = pd.read_csv("crm/leads.csv")
    return people[people.lead_id.isin(scored.lead_id[scored.action == "hand_over"])]


def test_without_a_list_nobody_is_handed_over_and_the_file_says_why(typed, leads):
    done = typed(*_OPTIONS)
    rows = pd.read_csv("s.csv")
    assert not {"hand_over", "sell_interest"} & set(rows.action)
    assert rows.warnings.str.startswith("No list of who must not be called was given. So nobody is").all()
    assert rows.would_change.isna().all()
    assert "say --no-suppressions" in " ".join(done.output.split())


def test_without_a_list_that_is_said_by_name_leads_are_handed_over(typed, leads):
    assert _actions(typed, "--no-suppressions")["hand_over"] > 0
    assert "hand_over" not in _actions(typed)


@pytest.mark.parametrize("column", ["lead_id", "email", "phone", "company_domain"])
def test_a_file_s_people_are_never_called_and_the_others_are_handed_over(typed, leads, column):
    ready = _handed_over(typed)
    first, before = ready[column].iloc[0], len(ready)
    Path("list.csv").write_text(f"{column},remark\n{first},asked\n,\n", encoding="utf-8")
    assert _actions(typed, "--suppressions", "list.csv")["hand_over"] == before - 1
    Path("list.csv").write_text(f"kind,value\n{column.upper()}, {first}\n", encoding="utf-8")
    assert _actions(typed, "--suppressions", "list.csv")["hand_over"] == before - 1


def test_the_service_s_own_list_is_read_without_being_named(typed, leads):
    ready = _handed_over(typed)
    added = typed("suppress", "add", "--email", ready.email.iloc[0], "--json")
    assert json.loads(added.stdout) == {"added": 1, "known": 0, "ids": [1]}
    assert _actions(typed)["hand_over"] == len(ready) - 1
    typed("suppress", "remove", 1, "--by", "Ann", "--reason", "a mistake")
    assert _actions(typed)["hand_over"] == len(ready)


def test_a_store_is_named_by_its_address_or_by_the_environment(typed, leads, monkeypatch):
    place = f"sqlite:///{leads}/elsewhere.sqlite"
    typed("suppress", "add", "--store", place, "--lead-id", "L-1")
    assert _actions(typed, "--store", place)["hand_over"] > 0
    assert "hand_over" not in _actions(typed)
    monkeypatch.setenv("READINESS_DATABASE_URL", place)
    assert _actions(typed)["hand_over"] > 0


def test_a_store_that_is_not_there_is_refused_and_not_made(typed, leads):
    refused = typed(*_OPTIONS, "--store", f"sqlite:///{leads}/none.sqlite")
    assert isinstance(refused.exception, StoreMissingError)
    assert not (leads / "none.sqlite").exists()


def test_two_lists_at_once_are_wrong_usage(typed, leads):
    assert typed(*_OPTIONS, "--no-suppressions", "--suppressions", "list.csv").exit_code == 2


@pytest.mark.parametrize(
    ("text", "error", "says"),
    [
        ("", StoreError, "is empty"),
        ("name\nAnn\n", StoreError, "kind and value"),
        ("kind,value\nname,Zebulon\n", DataError, "row 2, column kind"),
        ("email\nann@acme.example\nzebulon\n", DataError, "row 3, column email"),
        ("company_domain\ngmail.com\n", DataError, "mail provider"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_by_line_and_without_its_values(
    typed, leads, text, error, says
):
    Path("list.csv").write_text(text, encoding="utf-8")
    refused = typed(*_OPTIONS, "--suppressions", "list.csv")
    assert isinstance(refused.exception, error)
    assert says in str(refused.exception)
    assert "ebulon" not in str(refused.exception)


def test_a_file_is_put_on_the_list_whole_and_again_changes_nothing(typed):
    Path("list.csv").write_text(
        "email,phone\nann@acme.example,+44 20 7946 0018\nbo@acme.example,\n", encoding="utf-8"
    )
    first = json.loads(typed("suppress", "add", "list.csv", "--source", "old CRM", "--json").stdout)
    again = json.loads(typed("suppress", "add", "list.csv", "--json").stdout)
    assert ((first["added"], first["known"]), (again["added"], again["known"])) == ((3, 0), (0, 3))
    told = json.loads(typed("suppress", "list", "--json").stdout)["suppressions"]
    assert [row["id"] for row in told] == [1, 2, 3]
    assert sorted((row["kind"], row["source"]) for row in told) == [
        *[("email", "old CRM")] * 2,
        ("phone", "old CRM"),
    ]
    assert "old CRM" in typed("suppress", "list").output


def test_what_was_removed_is_listed_with_who_and_why(typed):
    typed("suppress", "add", "--lead-id", "L-1")
    assert typed("suppress", "remove", 1, "--by", " ", "--reason", "x").exit_code == 2
    assert typed("suppress", "remove", 1, "--by", "Ann", "--reason", "a mistake").exit_code == 0
    assert typed("suppress", "remove", 2, "--by", "Ann", "--reason", "a mistake").exit_code == 2
    assert "The list is empty." in typed("suppress", "list").output
    assert "a mistake" in typed("suppress", "list", "--removed").output
    (kept,) = json.loads(typed("suppress", "list", "--removed", "--json").stdout)["removals"]
    assert (kept["id"], kept["removed_by"]) == (1, "Ann")


def test_who_is_not_said_is_wrong_usage(typed):
    assert typed("suppress", "add").exit_code == 2
    assert typed("suppress", "add", "--company-domain", "gmail.com").exit_code == 2


def test_a_list_that_is_not_there_is_told_with_what_to_do(typed):
    refused = typed("suppress", "list")
    assert isinstance(refused.exception, StoreError)
    assert "Next: readiness suppress add" in str(refused.exception)


@pytest.mark.parametrize("option", ["--suppressions", "--store"])
@pytest.mark.parametrize(("region", "code"), [(" gb ", 0), ("UK", 2)])
def test_a_country_is_read_and_refused_alike_for_a_file_and_a_database(
    typed, leads, monkeypatch, option, region, code
):
    Path("list.csv").write_text("phone\n020 7946 0018\n", encoding="utf-8")
    place = f"sqlite:///{leads}/store.sqlite"
    typed("suppress", "add", "--store", place, "--lead-id", "L-1")
    monkeypatch.setenv("READINESS_PHONE_REGION", region)
    done = typed(*_OPTIONS, option, "list.csv" if option == "--suppressions" else place)
    assert (done.exit_code, "no such country" in " ".join(done.output.split())) == (code, code == 2)


def test_a_number_beyond_every_list_and_words_too_long_to_keep_are_wrong_usage(typed):
    assert typed("suppress", "add", "--lead-id", "L-1", "--source", "x" * 200).exit_code == 0
    assert typed("suppress", "add", "--lead-id", "L-2", "--source", "x" * 201).exit_code == 2
    for number in (2**53 + 1, 10**20):
        assert typed("suppress", "remove", number, "--by", "Ann", "--reason", "x").exit_code == 2
    for by, reason in (("x" * 201, "x"), ("Ann", "x" * 2_001)):
        assert typed("suppress", "remove", 1, "--by", by, "--reason", reason).exit_code == 2
    assert typed("suppress", "remove", 1, "--by", "x" * 200, "--reason", "x" * 2_000).exit_code == 0
