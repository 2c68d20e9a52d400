"""Inputs that break services, each sent to a real server, each with its expected answer.

Elsewhere, by what is sent:

- bodies too large or without length, clients that leave or close their half: `test_real_server`
- content types, verbs, personal data: `test_refusals`; moments: `test_moments`
- bad row 501, 10,001 rows, columns reordered, the same lead twice: `test_batch`
- unseen categories, bundles with a wrong hash, an extra `.pkl` or a link: `test_with_model`
- disk full, read-only or newer database, a log taken away: `test_hostile_store`; disk full under the audit
  and a job: `audit/test_chain`, `jobs/test_jobs`; a writer that holds the database: `database/test_database`
- MLflow down: `cli/test_models`
- spellings of a number: `test_suppressions`; formulas in a CSV result: `jobs/test_jobs`
- scripts and templates on the page: `test_page`
- keys revoked or in the address, forged X-Forwarded-User: `security/test_access`
- whatever else there may be: `test_any_request`, `test_fuzzed`
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from serve.app import create_app
from serve.examples import SCORE_REQUESTS
from serve.settings import Settings
from tests.serve.conftest import NOW, listening

_DEMO: dict[str, Any] = SCORE_REQUESTS["a lead that asked for a demo"]["value"]  # type: ignore[assignment]
_GOOD = json.dumps(_DEMO)
_JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def http(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder = tmp_path_factory.mktemp("served")
    settings = Settings(published=folder / "none", database_url=f"sqlite:///{folder}/service.sqlite")
    app = create_app(settings, clock=lambda: NOW)
    with listening(app) as port, httpx.Client(headers=_JSON, timeout=30) as client:
        client.base_url = httpx.URL(f"http://127.0.0.1:{port}")
        yield client


def _with(old: str, new: str) -> bytes:
    assert _GOOD.count(old) == 1
    return _GOOD.replace(old, new).encode()


def _named(name: str) -> bytes:
    return _with('"L-10482"', json.dumps(name))


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        (_with("40,", "NaN,"), 400, None),
        (_with("40,", "-Infinity,"), 400, None),
        (_with("40,", "1e999,"), 400, None),
        (_with("40,", "9" * 5_000 + ","), 400, None),
        (_with('"seniority": "head"', '"seniority": "head", "seniority": "c_level"'), 400, None),
        (_with('"L-10482"', '"\\ud83d"'), 400, None),
        (b"[" * 100_000 + b"]" * 100_000, 400, None),
        (_with('"at":', '"score": 0.99, "at":'), 422, "score"),
        (_with('"lead_id":', '"role": "admin", "lead_id":'), 422, "lead.role"),
        (
            _with('"direction": "outbound",', '"direction": "outbound", "value": "12",'),
            422,
            "activities[1].value",
        ),
        (
            _with('"direction": "outbound",', '"direction": "outbound", "value": "yes",'),
            422,
            "activities[1].value",
        ),
        (
            _with('"direction": "outbound",', '"direction": "outbound", "value": true,'),
            422,
            "activities[1].value",
        ),
        (_named("L\0"), 422, "lead.lead_id"),
        (_named("L\r\nSet-Cookie: a=b"), 422, "lead.lead_id"),
        (_named("\x1b[2J\x1b[31mL"), 422, "lead.lead_id"),
        (_named("L\u202e2401-L"), 422, "lead.lead_id"),
        (_named("L\u2066"), 422, "lead.lead_id"),
        (_named("x" * 1_000_000), 422, "lead.lead_id"),
        (_with('"country": "DE"', '"coun\\u202etry": "DE"'), 422, None),
        (_with('"2026-03-14T09:00:00Z"', '"2026-03-29T02:30:00"'), 422, "at"),
        (_with('"2026-03-14T09:00:00Z"', '"9999-12-31T23:59:59Z"'), 422, "at"),
        (_with('"2026-03-14T09:00:00Z"', "1773478800"), 422, "at"),
    ],
)
def test_it_is_refused_by_name(http: httpx.Client, body: bytes, status: int, field: str | None) -> None:
    answered = http.post("/v1/score", content=body)
    assert answered.status_code == status
    assert answered.headers["content-type"] == "application/problem+json"
    if field is not None:
        assert [error["field"] for error in answered.json()["errors"]] == [field]


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "..\\..\\x", "L-1; DROP TABLE leads", "%00", "{{7*7}}", "שלום", "日本", "=1+1"],
)
def test_an_odd_name_is_a_name_and_comes_back_as_it_was(http: httpx.Client, name: str) -> None:
    answered = http.post("/v1/score", content=_named(name))
    assert (answered.status_code, answered.json()["lead_id"]) == (200, name)


def test_a_row_exactly_at_the_cutoff_is_not_seen(http: httpx.Client) -> None:
    at = _with('"2026-03-02T10:12:00Z", "type"', '"2026-03-14T09:00:00Z", "type"')
    just_before = _with('"2026-03-02T10:12:00Z", "type"', '"2026-03-14T08:59:59.999999Z", "type"')
    ignored = "1 row of activities at or after the cutoff was ignored."
    assert ignored in http.post("/v1/score", content=at).json()["warnings"]
    assert ignored not in http.post("/v1/score", content=just_before).json()["warnings"]


def test_a_gzip_bomb_is_refused_unopened(http: httpx.Client) -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    for path in ("/v1/score", "/v1/score/batch"):
        assert http.post(path, content=bomb, headers={"content-encoding": "gzip"}).status_code == 415


def test_after_all_that_it_still_answers(http: httpx.Client) -> None:
    assert http.post("/v1/score", content=_GOOD.encode()).status_code == 200
