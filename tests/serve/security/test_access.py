"""Every address with every kind of caller, as the table of rights says."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from readiness.crm.records import MICROSECONDS_PER_DAY
from readiness.errors import StoreError, StoreUnreachableError
from serve.app import create_app
from serve.examples import SCORE_REQUESTS
from serve.problems import ProblemDocument
from serve.security import rights
from serve.security.keys import make
from serve.security.rights import PAYLOADS, RIGHTS, Right
from serve.settings import Settings
from tests.serve.conftest import NOW, Client, MakeClient
from tests.serve.security.kept import InMemory

_DEMO: Final = SCORE_REQUESTS["a lead that asked for a demo"]["value"]
_PROXY, _ELSEWHERE = "10.0.0.5", "10.0.0.66"


class Door:
    """A service beyond loopback that has one key of every kind."""

    def __init__(self, folder: Path, **rest: Any) -> None:  # noqa: ANN401 - as the settings have them
        kept = InMemory()
        self.keys: dict[str, str] = {}
        for may in ("read", "score", "admin"):
            self._cut(kept, may, (may,))
        self._cut(kept, "read and score", ("read", "score"))
        self._cut(kept, "expired", ("admin",), expires_at=NOW)
        self._cut(kept, "revoked", ("admin",), revoked_at=NOW)
        self.keys["unknown"] = make("?", ["admin"], at=NOW)[0]
        settings = Settings(published=folder, host="10.0.0.1", trusted_proxy=_PROXY, **rest)
        self.app = create_app(settings, clock=lambda: NOW, open_keys=lambda: kept)

    def _cut(self, kept: InMemory, kind: str, may: tuple[Right, ...], **rest: int) -> None:
        self.keys[kind], key = make(kind, may, at=NOW - MICROSECONDS_PER_DAY)
        kept.add(replace(key, **rest))

    def ask(self, verb: str, path: str, caller: str | None = None, **rest: Any) -> httpx.Response:  # noqa: ANN401
        """Ask as a kind of caller: a key's, ``person``, ``forged`` or nobody."""
        headers = {**rest.pop("headers", {})}
        if caller in {"person", "forged"}:
            headers["x-forwarded-user"] = "Jane Doe"
        elif caller is not None:
            headers["authorization"] = f"Bearer {self.keys[caller]}"
        source = _PROXY if caller == "person" else _ELSEWHERE

        async def once() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, client=(source, 5))
            async with (
                self.app.router.lifespan_context(self.app),
                httpx.AsyncClient(transport=transport, base_url="http://10.0.0.1:8000") as http,
            ):
                return await http.request(verb, path, headers=headers, **rest)

        return asyncio.run(once())


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Door:
    return Door(tmp_path_factory.mktemp("published"))


_MAY: Final[dict[str | None, set[str]]] = {
    None: set(),
    "unknown": set(),
    "expired": set(),
    "revoked": set(),
    "forged": set(),
    "read": {"read", "read or here"},
    "score": {"score"},
    "read and score": {"read", "read or here", "score"},
    "person": {"read", "read or here", "score"},
    "admin": {"read", "read or here", "score", "admin"},
}


@pytest.mark.parametrize("caller", _MAY, ids=str)
def test_every_address_lets_in_whom_the_table_says_and_nobody_else(door: Door, caller: str | None) -> None:
    nobody = 403 if caller == "forged" else 401
    for (verb, template), needed in RIGHTS.items():
        path = template.replace("{", "").replace("}", "")
        answered = door.ask(verb, path, caller, json=_DEMO if verb == "POST" else None)
        if needed == "nothing" or needed in _MAY[caller]:
            assert answered.status_code not in {401, 403}, (verb, template, caller)
        else:
            assert answered.status_code == (403 if _MAY[caller] else nobody), (verb, template, caller)
            assert ProblemDocument.model_validate_json(answered.content).status == answered.status_code


@pytest.mark.parametrize("path", ["/", "/v1/model"])
def test_somebody_at_a_browser_reads_a_page_that_says_what_opens_the_door(door: Door, path: str) -> None:
    answered = door.ask("GET", path, headers={"accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"})
    assert (answered.status_code, answered.headers["www-authenticate"]) == (401, "Bearer")
    assert answered.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answered.headers["content-security-policy"]
    assert "READINESS_OPEN_ACCESS=true" in answered.text


def test_a_program_reads_the_same_as_a_problem_document(door: Door) -> None:
    for headers in ({}, {"accept": "*/*"}, {"accept": "application/json"}):
        told = ProblemDocument.model_validate_json(door.ask("GET", "/", headers=headers).content)
        assert "READINESS_OPEN_ACCESS=true" in told.detail
    assert door.ask("POST", "/v1/score", headers={"accept": "text/html"}, json=_DEMO).json()["status"] == 401


@pytest.mark.parametrize(
    ("caller", "payloads"), [("admin", "shown"), ("read", "withheld"), ("person", "withheld")]
)
def test_what_was_asked_and_answered_is_shown_to_whom_the_table_says(
    door: Door, caller: str, payloads: str
) -> None:
    assert PAYLOADS == "admin"
    answer = door.ask("POST", "/v1/score", "score", json=_DEMO).json()
    found = door.ask("GET", f"/v1/audit/{answer['assessment_id']}", caller).json()
    assert (found["payloads"], found["caller"][:4]) == (payloads, "key ")
    assert (found["asked"] is None, found["answered"] is None) == (payloads != "shown",) * 2
    assert found["chain"]["verifies"]


def test_of_a_job_only_its_sender_and_who_may_administer_see_or_change_anything(door: Door) -> None:
    sent = {"content": b"lead_id,source\nL-1,web\n", "headers": {"content-type": "text/csv"}}
    path = f"/v1/jobs/{door.ask('POST', '/v1/jobs', 'score', **sent).json()['id']}"
    for other in ("read and score", "person"):
        assert door.ask("GET", "/v1/jobs", other).json() == {"jobs": []}
        asked = [door.ask(verb, f"{path}{end}", other) for verb, end in _OF_A_JOB]
        assert [answered.status_code for answered in asked] == [404] * 3
    for may in ("score", "admin"):
        assert len(door.ask("GET", "/v1/jobs", may).json()["jobs"]) == 1
        assert door.ask("GET", path, may).json()["state"] == "queued"
    assert door.ask("DELETE", path, "admin").json()["state"] == "cancelled"
    assert door.ask("DELETE", path, "score").json()["state"] == "removed"


def test_the_same_key_of_two_senders_names_two_jobs(door: Door) -> None:
    headers = {"content-type": "text/csv", "idempotency-key": "k"}
    sent = {"content": b"lead_id,source\nL-1,web\n", "headers": headers}
    ids = {door.ask("POST", "/v1/jobs", who, **sent).json()["id"] for who in ("score", "person", "score")}
    assert len(ids) == 2


_OF_A_JOB: Final = (("GET", ""), ("GET", "/result"), ("DELETE", ""))
_UNDOCUMENTED: Final = {
    ("GET", "/openapi.json"),
    ("GET", "/"),
    ("POST", "/"),
    ("GET", "/reports"),
    ("GET", "/reports/{name}"),
}


def test_the_table_holds_every_address_of_the_openapi_document_and_no_other(door: Door) -> None:
    documented = {
        (verb.upper(), path) for path, verbs in door.app.openapi()["paths"].items() for verb in verbs
    }
    assert documented | _UNDOCUMENTED == set(RIGHTS)


def test_a_service_with_an_address_that_is_not_in_the_table_does_not_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delitem(rights.RIGHTS, ("GET", "/v1/model"))  # type: ignore[arg-type]
    with pytest.raises(RuntimeError, match="GET /v1/model"):
        create_app(Settings(published=tmp_path))


@pytest.mark.parametrize(
    ("verb", "path", "caller", "status"),
    [
        ("GET", "/nowhere", None, 401),
        ("GET", "/nowhere", "read", 404),
        ("PUT", "/v1/score", "admin", 405),
        ("HEAD", "/v1/model", "read", 405),
        ("POST", "/v1/score/", "read", 404),
        ("POST", "/v1/score%0A", "read", 404),
        ("POST", "//v1/score", "read", 404),
        ("POST", "/v1/../v1/score", "read", 403),
        ("POST", "/V1/score", "read", 404),
    ],
)
def test_no_spelling_of_an_address_leads_around_the_table(
    door: Door, verb: str, path: str, caller: str | None, status: int
) -> None:
    assert door.ask(verb, path, caller, json=_DEMO).status_code == status


@pytest.mark.parametrize("query", ["key={}", "api_key={}", "x=1&access_token={}", "q={}", "TOKEN={}"])
def test_a_key_in_the_address_is_refused_even_where_it_would_open(door: Door, query: str) -> None:
    answered = door.ask("GET", "/v1/model?" + query.format(door.keys["admin"]), "admin")
    assert (answered.status_code, "Revoke it" in answered.text) == (400, True)
    assert door.keys["admin"] not in answered.text


@pytest.mark.parametrize("scheme", ["Basic {}", "{}", "bearer  {}x", "Bearer", "Bearer \xe9", ""])
def test_another_way_of_writing_a_key_is_401_and_says_which_is_right(door: Door, scheme: str) -> None:
    written = scheme.format(door.keys["admin"]).encode("latin-1")
    answered = door.ask("GET", "/v1/model", headers={"authorization": written})
    assert (answered.status_code, answered.headers["www-authenticate"]) == (401, "Bearer")


def test_a_person_is_believed_from_the_proxy_alone_and_never_named_in_a_log(
    door: Door, capfd: pytest.CaptureFixture[str]
) -> None:
    assert door.ask("GET", "/v1/model", "person").status_code == 200
    assert door.ask("GET", "/v1/model", "forged").status_code == 403
    logged = capfd.readouterr().err
    assert '"caller": "person"' in logged
    assert "Jane" not in logged


def test_without_a_key_the_laptops_own_programs_may_everything(rules: Client) -> None:
    assert rules.score(_DEMO).status_code == 200
    assert rules.get("/metrics").status_code == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8000", 200),
        ("localhost", 200),
        ("[::1]:8000", 200),
        ("evil.example.org", 403),
        ("127.0.0.1.example.org:8000", 403),
        ("localhost.example.org", 403),
        ("", 403),
    ],
)
def test_a_page_elsewhere_cannot_ask_the_laptops_service_under_its_own_name(
    rules: Client, host: str, status: int
) -> None:
    assert rules.ask("GET", "/v1/model", headers={"host": host}).status_code == status


def test_from_the_first_key_on_this_machine_needs_one_too_but_for_the_numbers(tmp_path: Path) -> None:
    kept = InMemory(make("CRM", ["score"], at=NOW)[1])
    with Client(
        create_app(Settings(published=tmp_path), clock=lambda: NOW, open_keys=lambda: kept)
    ) as client:
        assert client.score(_DEMO).status_code == 401
        assert client.get("/metrics").status_code == 200
        forwarded = {"x-forwarded-for": "203.0.113.9"}
        assert client.ask("GET", "/metrics", headers=forwarded).status_code == 401


def test_an_open_service_lets_anyone_score_and_nobody_administer(serve: MakeClient) -> None:
    client = serve(base_url="http://10.0.0.5:8000", host="10.0.0.5", open_access=True)
    assert client.score(_DEMO).status_code == 200
    assert not rights.suffices(frozenset({"read", "score"}), "admin")


def test_a_key_that_asks_too_often_is_told_when_to_come_back(tmp_path: Path) -> None:
    written, key = make("CRM", ["score"], at=NOW)
    settings = Settings(published=tmp_path, requests_per_second=0.01, requests_burst=2)
    with Client(create_app(settings, clock=lambda: NOW, open_keys=lambda: InMemory(key))) as client:
        headers = {"authorization": f"Bearer {written}"}
        answers = [client.ask("POST", "/v1/score", json=_DEMO, headers=headers) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 1 <= int(answers[2].headers["retry-after"]) <= 100


def test_beyond_this_machine_it_does_not_start_with_nobody_to_let_in(tmp_path: Path) -> None:
    dead = replace(make("CRM", ["score"], at=NOW)[1], revoked_at=NOW)
    for keys in ((), (dead,)):
        with pytest.raises(StoreError, match="READINESS_OPEN_ACCESS=true"):
            create_app(
                Settings(published=tmp_path, host="10.0.0.5"),
                clock=lambda: NOW,
                open_keys=partial(InMemory, *keys),
            )


def test_while_nobody_could_read_the_keys_nobody_is_let_in_but_to_see_how_it_stands(tmp_path: Path) -> None:
    """Also on this machine: nobody knows whether there are keys that were to keep somebody out."""

    def gone() -> InMemory:
        raise StoreUnreachableError("the database does not answer")

    with Client(create_app(Settings(published=tmp_path), clock=lambda: NOW, open_keys=gone)) as client:
        bearer = {"authorization": f"Bearer {make('CRM', ['admin'], at=NOW)[0]}"}
        asked = [client.score(_DEMO), client.ask("GET", "/v1/model", headers=bearer)]
        assert [(one.status_code, one.headers["retry-after"]) for one in asked] == [(503, "5")] * 2
        assert client.get("/health/live").status_code == 200


def test_every_answer_tells_browsers_to_keep_run_and_frame_nothing(door: Door) -> None:
    for answered in (door.ask("GET", "/v1/model", "read"), door.ask("GET", "/nowhere")):
        assert answered.headers["content-security-policy"].startswith("default-src 'none'")
        assert answered.headers["referrer-policy"] == "no-referrer"
        assert answered.headers["x-frame-options"] == "DENY"
        assert answered.headers["x-content-type-options"] == "nosniff"
        assert answered.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("header", ["forwarded", "via", "x-real-ip", "x-forwarded-for", "x-forwarded-proto"])
def test_what_a_proxy_on_this_machine_sends_on_is_not_this_machine_s_own(rules: Client, header: str) -> None:
    for path in ("/v1/model", "/metrics"):
        refused = rules.ask("GET", path, headers={header: "203.0.113.9"})
        assert (refused.status_code, refused.json()["type"]) == (403, "urn:readiness:problem:beyond-loopback")
        assert "READINESS_TRUSTED_PROXY" in refused.json()["detail"]
