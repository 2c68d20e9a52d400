"""Who must not be called is never called, in every worker, and no answer or log says who it is."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from readiness.errors import StoreBusyError, StoreUnreachableError
from serve.database import SuppressionStore
from serve.examples import SCORE_REQUESTS
from serve.suppression_examples import REMOVAL_REQUESTS, SEARCH_REQUESTS, SUPPRESSION_REQUESTS
from tests.serve.conftest import Client, MakeClient

_DEMO: dict[str, Any] = SCORE_REQUESTS["a lead that asked for a demo"]["value"]  # type: ignore[typeddict-item]
_PERSON = {"email": "Ann Lee <ann.lee@mail.acme.example>", "phone": "+44 (0)20 7946 0018"}


def _demo(**lead: Any) -> dict[str, Any]:  # noqa: ANN401 - fields of any kind
    request = copy.deepcopy(_DEMO)
    request["lead"] |= lead
    return request


def _advice(client: Client, request: dict[str, Any]) -> tuple[str, str]:
    answered = client.score(request)
    assert answered.status_code == 200, answered.text
    advice = answered.json()["advice"]
    return advice["action"], advice["rule"]


def _suppress(client: Client, kind: str, value: str, **rest: object) -> Any:  # noqa: ANN401 - a response
    entry = {"kind": kind, "value": value, "source": "test", **rest}
    return client.ask("POST", "/v1/suppressions", json={"suppressions": [entry]})


def _broken(error: Exception) -> Any:  # noqa: ANN401 - as create_app has it
    def open_store() -> SuppressionStore:
        raise error

    return open_store


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("lead_id", "L-10482"),
        ("email", "ANN.LEE@mail.acme.example"),
        ("phone", "tel:+44-20-7946-0018"),
        ("company_domain", "https://www.acme.example/"),
    ],
)
def test_whoever_is_on_the_list_is_never_called(rules: Client, kind: str, value: str) -> None:
    assert _advice(rules, _demo(**_PERSON))[0] == "hand_over"
    assert _suppress(rules, kind, value).json()["suppressions"][0]["status"] == "added"
    assert _advice(rules, _demo(**_PERSON)) == ("never_call", "NC2")
    assert _advice(rules, _demo(lead_id="L-1", email="bo@other.example"))[0] == "hand_over"


@pytest.mark.parametrize(
    "spelt",
    [
        "+1 (415) 555-0100",
        "+14155550100",
        "+1.415.555.0100",
        "0014155550100",
        "tel:+1-415-555-0100",
        "+1 415 5550100",
    ],
)
def test_a_number_is_one_number_however_it_is_spelt(rules: Client, spelt: str) -> None:
    assert _suppress(rules, "phone", "+1 (415) 555-0100").status_code == 200
    assert _advice(rules, _demo(phone=spelt))[0] == "never_call"
    assert _advice(rules, _demo(phone=spelt[:-1] + "1"))[0] == "hand_over"


def test_another_worker_knows_at_once_and_so_does_one_that_starts_later(serve: MakeClient) -> None:
    first, second = serve(), serve()
    assert _advice(second, _demo(**_PERSON))[0] == "hand_over"
    number = _suppress(first, "email", "ann.lee@mail.acme.example").json()["suppressions"][0]["id"]
    assert [_advice(client, _demo(**_PERSON))[0] for client in (second, serve())] == ["never_call"] * 2
    removal = {"by": "Ann", "reason": "a mistake"}
    assert second.ask("DELETE", f"/v1/suppressions/{number}", json=removal).status_code == 200
    assert _advice(first, _demo(**_PERSON))[0] == "hand_over"


def test_a_stop_in_a_payload_bars_the_person_from_then_on(rules: Client) -> None:
    stop = _demo(**_PERSON) | {
        "outcomes": [{"occurred_at": "2026-03-13T09:00:00Z", "outcome": "stop_calling"}]
    }
    assert _advice(rules, stop) == ("never_call", "NC1")
    others = {"lead_id": "L-1"}
    for again in (
        _demo(),
        _demo(**others, email="ann.lee@mail.acme.example"),
        _demo(**others, phone="+442079460018"),
    ):
        assert _advice(rules, again) == ("never_call", "NC2")
    entries = rules.get("/v1/suppressions").json()["suppressions"]
    assert {entry["kind"] for entry in entries} == {"lead_id", "email", "phone"}
    assert {entry["since"] for entry in entries} == {"2026-03-13T09:00:00Z"}


def test_a_stop_after_the_cutoff_bars_too(rules: Client) -> None:
    stop = _demo() | {"outcomes": [{"occurred_at": "2026-03-14T09:00:00Z", "outcome": "stop_calling"}]}
    assert _advice(rules, stop | {"at": "2026-03-10T09:00:00Z"}) == ("never_call", "NC2")


@pytest.mark.parametrize(
    "error", [StoreBusyError("It is busy."), StoreUnreachableError("It does not answer.")]
)
def test_while_the_list_cannot_be_read_nobody_is_handed_over(serve: MakeClient, error: Exception) -> None:
    client = serve(open_store=_broken(error))
    answer = client.score(_DEMO).json()
    assert (answer["advice"]["action"], answer["advice"]["rule"]) == ("hold", "SU1")
    assert answer["warnings"][0].startswith("The list of who must not be called cannot be read just now.")
    assert "could not be looked up" in answer["advice"]["because"]
    assert (answer["would_change"], answer["advice"]["ask_next"], answer["advice"]["by"]) == ([], None, None)
    ready = client.get("/health/ready").json()
    assert (ready["suppressions"], ready["because"]) == ("unread", str(error))


def test_while_the_list_cannot_be_read_what_writes_to_it_is_refused(serve: MakeClient) -> None:
    client = serve(open_store=_broken(StoreBusyError("It is busy.")))
    stop = _demo() | {"outcomes": [{"occurred_at": "2026-03-13T09:00:00Z", "outcome": "stop_calling"}]}
    removal = client.ask("DELETE", "/v1/suppressions/1", json={"by": "Ann", "reason": "x"})
    refusals = [
        client.score(stop),
        _suppress(client, "lead_id", "L-1"),
        client.get("/v1/suppressions"),
        removal,
    ]
    assert [refusal.status_code for refusal in refusals] == [503] * 4
    assert {refusal.headers["retry-after"] for refusal in refusals} == {"5"}
    assert "It is busy. Nothing was changed." in refusals[0].json()["detail"]


def test_a_list_that_comes_back_is_read_again(serve: MakeClient, tmp_path: Path) -> None:
    client = serve()
    _suppress(client, "lead_id", "L-1")
    away = (tmp_path / "service.sqlite").rename(tmp_path / "away.sqlite")
    assert _advice(client, _DEMO) == ("hold", "SU1")
    away.rename(tmp_path / "service.sqlite")
    assert _advice(client, _DEMO)[0] == "hand_over"
    assert _advice(client, _demo(lead_id="L-1"))[0] == "never_call"


def test_a_wrong_secret_counts_as_a_list_that_cannot_be_read(serve: MakeClient) -> None:
    serve(suppression_secret="1" * 32)
    other = serve(suppression_secret="2" * 32)
    assert _advice(other, _DEMO) == ("hold", "SU1")
    assert "not the one" in other.get("/health/ready").json()["because"]


def test_sending_it_again_changes_nothing(rules: Client) -> None:
    first = _suppress(rules, "email", "ann@acme.example", since="2026-03-01").json()["suppressions"][0]
    again = _suppress(rules, "email", "ANN@acme.example").json()["suppressions"][0]
    assert (first.pop("status"), again.pop("status")) == ("added", "known")
    assert first == again


@pytest.mark.parametrize(
    ("kind", "value", "says"),
    [
        ("company_domain", "gmail.com", "mail provider"),
        ("phone", "020 7946 0018", "READINESS_PHONE_REGION"),
        ("email", "ann", "no e-mail address"),
    ],
)
def test_a_value_that_cannot_be_used_is_named_and_nothing_is_stored(
    rules: Client, kind: str, value: str, says: str
) -> None:
    good = {"kind": "lead_id", "value": "L-1", "source": "test"}
    bad = {"kind": kind, "value": value, "source": "test"}
    refused = rules.ask("POST", "/v1/suppressions", json={"suppressions": [good, bad]})
    assert refused.status_code == 422
    (fault,) = refused.json()["errors"]
    assert fault["field"] == "suppressions[1].value"
    assert says in fault["problem"]
    assert rules.get("/v1/suppressions").json()["suppressions"] == []


@pytest.mark.parametrize(
    "body", [{}, {"suppressions": []}, {"suppressions": [{"kind": "name", "value": "Ann"}]}]
)
def test_a_request_of_another_shape_is_refused(rules: Client, body: object) -> None:
    assert rules.ask("POST", "/v1/suppressions", json=body).status_code == 422


def test_a_thousand_at_once_are_taken_and_one_more_is_refused(rules: Client) -> None:
    entries = [{"kind": "lead_id", "value": f"L-{number}", "source": "test"} for number in range(1_001)]
    assert rules.ask("POST", "/v1/suppressions", json={"suppressions": entries}).status_code == 422
    taken = rules.ask("POST", "/v1/suppressions", json={"suppressions": entries[1:]})
    assert len(taken.json()["suppressions"]) == 1_000


def test_the_list_is_read_page_by_page(rules: Client) -> None:
    for number in range(5):
        _suppress(rules, "lead_id", f"L-{number}")
    first = rules.get("/v1/suppressions?limit=3").json()
    rest = rules.get(f"/v1/suppressions?limit=3&after={first['next']}").json()
    assert (len(first["suppressions"]), len(rest["suppressions"]), rest["next"]) == (3, 2, None)


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=1001", "after=-1", "after=x", "after=99999999999999999999"]
)
def test_a_page_that_cannot_be_is_refused(rules: Client, query: str) -> None:
    assert rules.get(f"/v1/suppressions?{query}").status_code == 422


def test_a_value_is_searched_for_with_all_that_stands_above_it(rules: Client) -> None:
    _suppress(rules, "company_domain", "acme.example")
    search = {"kind": "email", "value": "ann@mail.acme.example"}
    (found,) = rules.ask("POST", "/v1/suppressions/search", json=search).json()["suppressions"]
    assert found["kind"] == "company_domain"
    assert rules.ask("POST", "/v1/suppressions/search", json=search | {"value": "ann"}).status_code == 422


def test_a_removal_needs_who_and_why_and_is_kept(rules: Client) -> None:
    number = _suppress(rules, "email", "ann@acme.example").json()["suppressions"][0]["id"]
    address = f"/v1/suppressions/{number}"
    for body in ({}, {"by": "Ann"}, {"reason": "x"}, {"by": "", "reason": "x"}):
        assert rules.ask("DELETE", address, json=body).status_code == 422
    assert rules.ask("DELETE", address, json={"by": "Ann", "reason": "a mistake"}).status_code == 200
    (kept,) = rules.get("/v1/suppressions/removals").json()["removals"]
    assert (kept["id"], kept["removed_by"], kept["reason"]) == (number, "Ann", "a mistake")
    assert rules.ask("DELETE", "/v1/suppressions/99", json={"by": "Ann", "reason": "x"}).status_code == 404


def test_every_example_works_when_pasted(rules: Client) -> None:
    for example in SUPPRESSION_REQUESTS.values():
        assert rules.ask("POST", "/v1/suppressions", json=example["value"]).status_code == 200
    (search,) = SEARCH_REQUESTS.values()
    found = rules.ask("POST", "/v1/suppressions/search", json=search["value"]).json()["suppressions"]
    assert [entry["kind"] for entry in found] == ["email"]
    (removal,) = REMOVAL_REQUESTS.values()
    assert rules.ask("DELETE", "/v1/suppressions/1", json=removal["value"]).status_code == 200


def test_no_answer_no_log_and_no_file_of_the_list_says_who_it_is(
    serve: MakeClient, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # The audit keeps what was asked, and can be told to erase it; the list never knows.
    rules = serve(audit=False)
    who = {"email": "zebulon@acme.example", "phone": "+44 20 7946 0018"}
    told = [_suppress(rules, "email", "zebulon@acme.example").text, rules.score(_demo(**who)).text]
    told += [_suppress(rules, "company_domain", "zebulon.gmail.com").text, rules.get("/v1/suppressions").text]
    files = b"".join(path.read_bytes() for path in tmp_path.glob("service.*"))
    seen = "".join([*told, capsys.readouterr().err]).lower() + files.lower().decode("latin-1")
    assert "never_call" in seen
    assert "zebulon" not in seen
    assert "7946" not in seen


def test_a_number_that_cannot_be_read_is_warned_of(rules: Client) -> None:
    warnings = rules.score(_demo(phone="020 7946 0018")).json()["warnings"]
    assert any("phone number that cannot be dialled" in warning for warning in warnings)
