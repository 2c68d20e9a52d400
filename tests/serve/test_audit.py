"""Every answer leaves a trace, or does not leave; GET /v1/audit tells what the audit keeps of one."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from readiness.errors import StoreUnreachableError
from serve.app import create_app
from serve.audit.chain import waiting
from serve.audit_schemas import AuditAnswer
from serve.auditing import verifying
from serve.database import AuditStore
from serve.examples import SCORE_REQUESTS
from serve.settings import Settings
from tests.serve.conftest import NOW, Client, MakeClient
from tests.serve.test_meters import _numbers
from tests.serve.test_seen_from_outside import Lines

_DEMO: dict[str, Any] = SCORE_REQUESTS["a lead that asked for a demo"]["value"]  # type: ignore[assignment]


@pytest.fixture
def lines() -> Iterator[list[dict[str, Any]]]:
    logger, handler = logging.getLogger("readiness.serve"), Lines()
    logger.addHandler(handler)
    yield handler.lines
    logger.removeHandler(handler)


def _audited(client: Client, assessment_id: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/v1/audit/{assessment_id}").json()
    return found


def _rows(client: Client, *requests: object, **rest: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - as httpx
    answered = client.ask("POST", "/v1/score/batch", json=list(requests), **rest)
    rows: list[dict[str, Any]] = answered.json()["rows"]
    return rows


def test_what_was_asked_and_answered_is_found_by_the_id_of_the_answer(rules: Client) -> None:
    answer = rules.score(_DEMO).json()
    found = _audited(rules, answer["assessment_id"])
    AuditAnswer.model_validate(found)
    assert (found["answered"], found["payloads"]) == (answer, "shown")
    assert (found["route"], found["caller"], found["cutoff"]) == ("/v1/score", "here", answer["cutoff"])
    assert (found["model"], found["bundle"]) == (None, None)
    assert found["agreement_sha256"] == answer["answered_by"]["agreement"]["sha256"]
    assert (found["chain"]["sequence"], found["chain"]["verifies"]) == (1, True)


def test_what_was_asked_can_be_sent_again_and_is_answered_alike(rules: Client) -> None:
    answer = rules.score(_DEMO).json()
    again = rules.score(_audited(rules, answer["assessment_id"])["asked"]["request"]).json()
    assert {**again, "assessment_id": None} == {**answer, "assessment_id": None}


def test_each_row_of_a_batch_that_was_scored_has_an_entry(rules: Client) -> None:
    undated = {"lead": {"lead_id": "L-2"}}
    rows = _rows(rules, _DEMO, {"lead": {}}, undated, _DEMO)
    ids = [row["assessment"]["assessment_id"] for row in rows if row["status"] == "scored"]
    found = [_audited(rules, each) for each in ids]
    assert [each["answered"] for each in found] == [rows[0]["assessment"], rows[2]["assessment"]]
    assert [each["asked"]["request"]["lead"]["lead_id"] for each in found] == ["L-10482", "L-2"]
    assert [(each["route"], each["chain"]["sequence"]) for each in found] == [
        ("/v1/score/batch", 1),
        ("/v1/score/batch", 2),
    ]


def test_a_batch_of_nothing_but_bad_rows_leaves_no_entry(rules: Client) -> None:
    assert [row["status"] for row in _rows(rules, {}, 7)] == ["refused", "refused"]
    audit = rules.app.state.service.audit
    audit.move()
    assert verifying.verify(audit.store).entries == 0


def test_a_refusal_and_an_answer_given_before_leave_no_entry(rules: Client) -> None:
    rules.score({"lead": {}})
    headers = {"Idempotency-Key": "one"}
    first = rules.ask("POST", "/v1/score", json=_DEMO, headers=headers)
    again = rules.ask("POST", "/v1/score", json=_DEMO, headers=headers)
    audit = rules.app.state.service.audit
    audit.move()
    assert first.content == again.content
    assert verifying.verify(audit.store).entries == 1


def test_an_answer_that_nobody_gave_is_not_found(rules: Client) -> None:
    answered = rules.get("/v1/audit/nobody")
    assert (answered.status_code, "READINESS_AUDIT_SECONDS" in answered.text) == (404, True)
    assert rules.get("/v1/audit/nobody?x=1").status_code == 422


def test_what_was_answered_stays_when_the_service_is_started_anew(serve: MakeClient, tmp_path: Path) -> None:
    settings = Settings(published=tmp_path, database_url=f"sqlite:///{tmp_path}/service.sqlite")
    with Client(create_app(settings, clock=lambda: NOW)) as first:
        answer = first.score(_DEMO).json()
    assert waiting(tmp_path / "service.audit") == ()
    assert _audited(serve(), answer["assessment_id"])["answered"] == answer


def test_an_answer_that_cannot_be_written_down_is_not_given(
    serve: MakeClient, tmp_path: Path, lines: list[dict[str, Any]]
) -> None:
    folder = tmp_path / "a file"
    folder.write_text("where the folder should be")
    client = serve(audit_folder=folder)
    answered = client.score(_DEMO)
    assert (answered.status_code, answered.headers["retry-after"]) == (503, "5")
    assert answered.json()["type"] == "urn:readiness:problem:audit-unavailable"
    assert client.ask("POST", "/v1/score/batch", json=[_DEMO]).status_code == 503
    assert client.get("/health/ready").json()["audit"] == "unwritten"
    assert _numbers(client.get("/metrics").text)["readiness_audit_refused_total", ()] == 2
    assert [line["event"] for line in lines].count("audit_unwritten") == 1
    folder.unlink()
    assert client.score(_DEMO).status_code == 200
    assert client.get("/health/ready").json()["audit"] == "on"
    assert "audit_written_again" in [line["event"] for line in lines]


def test_switched_off_it_writes_nothing_and_says_so(
    serve: MakeClient, tmp_path: Path, lines: list[dict[str, Any]]
) -> None:
    client = serve(audit=False, audit_folder=tmp_path / "audit")
    assert client.score(_DEMO).status_code == 200
    assert client.get("/health/ready").json()["audit"] == "off"
    assert not (tmp_path / "audit").exists()
    assert "audit_off" in [line["event"] for line in lines]


def test_while_the_database_is_gone_answers_leave_and_wait(
    serve: MakeClient, tmp_path: Path, lines: list[dict[str, Any]]
) -> None:
    def gone() -> AuditStore:
        raise StoreUnreachableError("the database does not answer")

    client = serve(audit_folder=tmp_path / "audit")
    audit = client.app.state.service.audit
    opens, audit._open, audit._store = audit._open, gone, None
    answer = client.score(_DEMO).json()
    audit.move()
    audit.move()
    assert len(waiting(tmp_path / "audit")) == 1
    assert [line["event"] for line in lines].count("audit_unmoved") == 1
    assert client.get(f"/v1/audit/{answer['assessment_id']}").status_code == 503
    assert _numbers(client.get("/metrics").text)["readiness_audit_waiting_bytes", ()] > 1_000
    audit._open = opens
    assert _audited(client, answer["assessment_id"])["answered"] == answer
    assert "audit_moved_again" in [line["event"] for line in lines]


def test_after_a_file_was_taken_away_a_new_chain_begins_and_the_old_one_is_told(
    serve: MakeClient, tmp_path: Path, lines: list[dict[str, Any]]
) -> None:
    rules = serve(audit_seconds=600)
    rules.score(_DEMO)
    waiting(tmp_path / "service.audit")[0].unlink()
    audit = rules.app.state.service.audit
    audit.move()
    answer = rules.score(_DEMO).json()
    assert _audited(rules, answer["assessment_id"])["chain"]["verifies"]
    assert [each.what for each in verifying.verify(audit.store).findings] == ["unmoved"]
    assert "audit_broken" in [line["event"] for line in lines]


def test_it_is_counted_what_was_written_and_moved(rules: Client) -> None:
    rules.score(_DEMO)
    rules.app.state.service.audit.move()
    numbers = _numbers(rules.get("/metrics").text)
    names = ("readiness_audit_entries_total", "readiness_audit_moved_total", "readiness_audit_waiting_bytes")
    assert [numbers[name, ()] for name in names] == [1, 1, 0]


def test_what_is_older_than_it_may_be_is_cut_off_by_itself(serve: MakeClient) -> None:
    old = serve(clock=1_700_000_000_000_000)
    answer = old.score({"lead": {"lead_id": "L-1"}}).json()
    old.app.state.service.audit.move()
    young = serve(audit_days=30)
    young.app.state.service.audit.move()
    assert young.get(f"/v1/audit/{answer['assessment_id']}").status_code == 404
    assert verifying.verify(young.app.state.service.audit.store).findings == ()


def test_an_entry_does_not_say_who_the_lead_is(serve: MakeClient, tmp_path: Path) -> None:
    serve(audit_seconds=600).score({"lead": {"lead_id": "jane@example.com", "email": "jane@example.com"}})
    (path,) = waiting(tmp_path / "service.audit")
    entry = path.read_bytes().split(b"\n")[1]
    assert json.loads(entry)["assessment_id"]
    assert b"jane" not in entry
