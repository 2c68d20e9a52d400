"""Bad requests get a clear 4xx that names the field and repeats nothing."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

from serve import problems
from serve.examples import SCORE_REQUESTS
from serve.problems import ProblemDocument
from tests.serve.conftest import Client, MakeClient

_DEMO: dict[str, Any] = SCORE_REQUESTS["a lead that asked for a demo"]["value"]  # type: ignore[assignment]
_GOOD = json.dumps(_DEMO).encode()


def _with(old: bytes, new: bytes) -> bytes:
    assert _GOOD.count(old) == 1
    return _GOOD.replace(old, new)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"not json", 400),
        (_GOOD[:-1], 400),
        (_with(b"40,", b"NaN,"), 400),
        (_with(b"40,", b"Infinity,"), 400),
        (_with(b"40,", b"1e999,"), 400),
        (_with(b"40,", b"9" * 5_000 + b","), 400),
        (_with(b'"country": "DE"', b'"country": "DE", "country": "FR"'), 400),
        (_with(b'"L-10482"', b'"\\ud800"'), 400),
        (b"[" * 100_000 + b"]" * 100_000, 400),
        (b'{"lead":' * 50_000, 400),
        (_GOOD.decode().encode("utf-16"), 400),
        (_with(b'"at":', b'"x": ' + b"[" * 500 + b"]" * 500 + b', "at":'), 422),
        (_with(b"40,", b'{"a":' * 500 + b"1" + b"}" * 500 + b","), 422),
        (b"null", 422),
        (b"[]", 422),
        (b"17", 422),
        (b'"L-1"', 422),
        (b"{}", 422),
        (_with(b'"L-10482"', b'"L\\u0000"'), 422),
        (_with(b'"L-10482"', json.dumps("x" * 1_000_000).encode()), 422),
        (_with(b"40,", b"[40],"), 422),
        (_with(b'"at": "2026-03-14T09:00:00Z"', b'"at": "2026-03-14T09:00:00"'), 422),
        (_with(b'"at": "2026-03-14T09:00:00Z"', b'"at": "9999-12-31T23:59:59Z"'), 422),
        (_with(b'"at": "2026-03-14T09:00:00Z"', b'"at": 0'), 422),
        (_with(b'"at": "2026-03-14T09:00:00Z"', b'"score": 1'), 422),
        (b"{" + b" " * 2_000_000 + b"}", 413),
    ],
)
def test_a_bad_body_is_refused_clearly(rules: Client, body: bytes, status: int) -> None:
    answered = rules.send(body)
    assert answered.status_code == status
    assert answered.headers["content-type"] == "application/problem+json"
    assert ProblemDocument.model_validate_json(answered.content).status == status


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json", 200),
        ("application/json; charset=utf-8", 200),
        ('Application/JSON; charset="UTF-8"', 200),
        ("application/json; version=1; charset=utf-8", 200),
        ("application/json; charset=latin-1", 415),
        ("application/json; charset=utf-8; charset=latin-1", 415),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("application/jsonp", 415),
        ("", 415),
    ],
)
def test_only_json_in_utf_8_is_read(rules: Client, content_type: str, status: int) -> None:
    assert rules.send(_GOOD, content_type).status_code == status


def test_a_compressed_body_is_refused_before_it_is_unpacked(rules: Client) -> None:
    headers = {"content-type": "application/json", "content-encoding": "gzip"}
    answered = rules.ask("POST", "/v1/score", content=gzip.compress(b" " * 10_000_000), headers=headers)
    assert answered.status_code == 415


def test_the_limit_is_on_what_arrives_whatever_length_was_said(serve: MakeClient) -> None:
    client = serve(max_body_bytes=1_000)
    exactly = _lead_of(1_000)
    assert client.send(exactly).status_code == 200
    assert client.send(exactly + b" ").status_code == 413
    for said in ("10", "99999999999999999999", "x"):
        headers = {"content-type": "application/json", "content-length": said}
        assert client.ask("POST", "/v1/score", content=exactly + b" ", headers=headers).status_code == 413


def test_every_wrong_field_is_named_at_once(rules: Client) -> None:
    bad = {"lead": {"lead_id": 1, "role": "admin"}, "activities": [{"type": "chat"}], "explain": "all"}
    problem = rules.score(bad).json()
    assert {error["field"] for error in problem["errors"]} == {
        "lead.lead_id",
        "lead.role",
        "activities[0].occurred_at",
        "activities[0].direction",
        "explain",
    }
    assert problem["detail"] == "5 fields are wrong."


def test_many_wrong_fields_are_counted_and_the_first_listed(rules: Client) -> None:
    problem = rules.score({"lead": {"lead_id": "L-1"}, "activities": [{}] * 100}).json()
    assert (len(problem["errors"]), problem["detail"]) == (
        50,
        "300 fields are wrong. The first 50 are listed.",
    )


@pytest.mark.parametrize(
    ("field", "hint"),
    [
        ("crated_at", "did you mean created_at?"),
        ("Source", "did you mean source?"),
        ("company_size", "goes inside lead.attributes"),
    ],
)
def test_an_unknown_field_comes_with_a_hint(rules: Client, field: str, hint: str) -> None:
    problem = rules.score({"lead": {"lead_id": "L-1", field: 1}}).json()
    assert (problem["errors"][0]["field"], hint in problem["errors"][0]["problem"]) == (f"lead.{field}", True)


@pytest.mark.parametrize(
    ("request_", "hint"),
    [
        ({"lead": {"lead_id": "L-1"}, "email": "a"}, "it goes inside lead."),
        ({"lead": {"lead_id": "L-1"}, "occurred_at": "a"}, "it goes inside activities or inside outcomes."),
        ({"lead": {"lead_id": "L-1", "at": "a"}}, "it goes at the top level."),
        (
            {"lead": {"lead_id": "L-1", "type": "a"}},
            "it goes inside activities; a column of your own goes inside lead.attributes.",
        ),
        ({"lead": {"lead_id": "L-1"}, "crated_at": "a"}, "did you mean created_at, which goes inside lead?"),
        ({"lead": {"lead_id": "L-1", "closed_won": 1}}, 'send "outcome": "closed_won" inside outcomes.'),
        ({"lead": {"lead_id": "L-1"}, "": 1}, "a column of your own goes inside lead.attributes."),
    ],
)
def test_a_field_in_the_wrong_place_is_told_where_it_goes(rules: Client, request_: object, hint: str) -> None:
    problem = rules.score(request_).json()["errors"][0]["problem"]
    assert problem == f"This field is not known here; {hint}"


@pytest.mark.parametrize(
    ("body", "hint"),
    [
        ({"email": "ann@example.com"}, 'send "kind": "email" inside suppressions.'),
        ({"value": "ann@example.com"}, "it goes inside suppressions."),
        ({"budget": "ann@example.com"}, "known here: suppressions."),
    ],
)
def test_a_hint_speaks_of_the_address_that_was_asked(rules: Client, body: object, hint: str) -> None:
    errors = rules.ask("POST", "/v1/suppressions", json=body).json()["errors"]
    assert f"This field is not known here; {hint}" in [error["problem"] for error in errors]


def test_only_the_faults_that_are_listed_are_worded(monkeypatch: pytest.MonkeyPatch) -> None:
    worded: list[object] = []
    monkeypatch.setattr(problems, "_wording", lambda *told: worded.append(told) or "wrong")
    errors = [{"type": "extra_forbidden", "loc": ("body", f"f{n}")} for n in range(10_000)]
    refused = problems.of_errors(errors, skip=1)
    assert (len(worded), refused.detail) == (50, "10000 fields are wrong. The first 50 are listed.")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/suppressions?limit=1&afer=1"),
        ("GET", "/v1/suppressions?limit=1&limit=2"),
        ("GET", "/v1/suppressions/removals?page=2"),
        ("POST", "/v1/suppressions?dryrun=true"),
        ("POST", "/v1/suppressions/search?x"),
        ("DELETE", "/v1/suppressions/1?force=true"),
        ("GET", "/v1/model?version=3"),
        ("GET", "/v1/importance?top=3"),
        ("GET", "/v1/agreement?x=1"),
        ("GET", "/health/ready?x=1"),
        ("GET", "/metrics?name=x"),
        ("GET", "/?exmaple=1"),
        ("POST", "/?x=1"),
        ("POST", "/v1/score?explain=none"),
        ("POST", "/v1/score/batch?explian=none"),
    ],
)
def test_a_parameter_that_an_address_does_not_know_is_refused(rules: Client, method: str, path: str) -> None:
    barring = {"suppressions": [{"kind": "lead_id", "value": "L-1", "source": "x"}]}
    answered = rules.ask(method, path, json=None if method == "GET" else barring)
    name = path.partition("?")[2].rpartition("&")[2].partition("=")[0]
    assert (answered.status_code, answered.json()["errors"][0]["field"]) == (422, name)
    assert rules.get("/v1/suppressions").json()["suppressions"] == []


_SECRETS = ("jane@example.com", "Jane Doe", "+1 415 555 0100", "secret.example.com")


@pytest.mark.parametrize(
    "request_",
    [
        {"lead": {"lead_id": "L-1", "created_at": _SECRETS[0], "email": 5, "phone": [_SECRETS[2]]}},
        {"lead": {"lead_id": "L-1", _SECRETS[0]: 1}},
        {"lead": {"lead_id": "L-1", "attributes": {_SECRETS[0]: {"a": _SECRETS[1]}}}},
        {"lead": {"lead_id": "L-1", "attributes": {"name": [_SECRETS[1]]}}},
        {"lead": {"lead_id": _SECRETS[0] * 20, "company_domain": _SECRETS[3] * 50}},
        {"lead": {"lead_id": _SECRETS[0], "created_at": "2026-03-01"}, "activities": [{"type": _SECRETS[1]}]},
        {"lead": {"lead_id": "L-1", "created_at": "2026-03-01"}, "explain": _SECRETS[1]},
        {
            "lead": {"lead_id": _SECRETS[0], "created_at": "2026-03-01", "email": _SECRETS[0]},
            "outcomes": [{"occurred_at": "2026-01-01", "outcome": "closed_won"}],
        },
    ],
)
def test_a_refusal_repeats_nothing_of_a_person(rules: Client, request_: object) -> None:
    answered = rules.score(request_)
    assert answered.status_code == 422
    assert not [secret for secret in _SECRETS if secret in answered.text]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/score", 405),
        ("PUT", "/v1/score", 405),
        ("POST", "/v1/model", 405),
        ("DELETE", "/health/live", 405),
        ("GET", "/v1/leads/jane@example.com", 404),
        ("GET", "/docs", 404),
        ("GET", "/../../etc/passwd", 404),
    ],
)
def test_a_wrong_address_or_verb_is_a_problem_too(rules: Client, method: str, path: str, status: int) -> None:
    answered = rules.ask(method, path)
    assert answered.status_code == status
    assert ProblemDocument.model_validate_json(answered.content).status == status
    assert "jane" not in answered.text
    assert status != 405 or answered.headers["allow"]


def test_a_service_reached_beyond_this_machine_answers_nobody_unless_opened_by_name(
    serve: MakeClient,
) -> None:
    elsewhere = "http://10.0.0.5:8000"
    refused = serve(base_url=elsewhere).score(_DEMO)
    assert (refused.status_code, "READINESS_OPEN_ACCESS" in refused.text) == (403, True)
    assert serve(base_url=elsewhere, open_access=True).score(_DEMO).status_code == 200


def _lead_of(size: int) -> bytes:
    body = json.dumps({"lead": {"lead_id": "L-1", "created_at": "2026-03-01"}}).encode()
    return body + b" " * (size - len(body))
