"""One line of JSON a request, without a word of what it held."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from serve.examples import SCORE_REQUESTS
from tests.serve.conftest import Client, MakeClient

_DEMO: dict[str, Any] = SCORE_REQUESTS["a lead that asked for a demo"]["value"]  # type: ignore[assignment]


class Lines(logging.Handler):
    """Keeps what the service logs."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[dict[str, Any]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(json.loads(record.getMessage()))


@pytest.fixture
def lines() -> Iterator[list[dict[str, Any]]]:
    logger, handler = logging.getLogger("readiness.serve"), Lines()
    logger.addHandler(handler)
    yield handler.lines
    logger.removeHandler(handler)


def test_a_request_is_one_line_with_route_status_and_duration(
    rules: Client, lines: list[dict[str, Any]]
) -> None:
    answer = rules.score(_DEMO).json()
    (line,) = lines
    assert line.pop("ms") > 0
    assert line == {
        "event": "request",
        "method": "POST",
        "route": "/v1/score",
        "status": 200,
        "assessment_id": answer["assessment_id"],
        "bundle": None,
        "action": answer["advice"]["action"],
    }


@pytest.mark.parametrize("status", [200, 400, 422])
def test_what_a_request_held_is_not_logged(rules: Client, lines: list[dict[str, Any]], status: int) -> None:
    lead = {
        **_DEMO["lead"],
        "lead_id": "jane@example.com",
        "email": "jane@example.com",
        "phone": "+14155550100",
    }
    body = json.dumps({**_DEMO, "lead": lead, **({"at": "jane"} if status == 422 else {})}).encode()
    answered = rules.send(body[:-1] if status == 400 else body)
    assert answered.status_code == status
    assert "jane" not in json.dumps(lines)
    assert "4155550100" not in json.dumps(lines)


def test_an_address_that_does_not_exist_is_logged_without_its_path(
    rules: Client, lines: list[dict[str, Any]]
) -> None:
    rules.ask("GET", "/v1/leads/jane@example.com?phone=555")
    assert [(line["route"], line["status"]) for line in lines] == [(None, 404)]


def test_a_fault_of_ours_is_a_problem_and_its_message_is_not_logged(
    serve: MakeClient, lines: list[dict[str, Any]]
) -> None:
    def broken() -> str:
        raise RuntimeError("could not read Jane Doe")

    answered = serve(new_id=broken).score(_DEMO)
    assert (answered.status_code, answered.headers["content-type"]) == (500, "application/problem+json")
    (failed,) = [line for line in lines if line["event"] == "request_failed"]
    assert (failed["error"], "broken" in failed["where"][-1]) == ("RuntimeError", True)
    assert "Jane" not in json.dumps(lines) + answered.text


def test_no_answer_is_kept_by_a_cache(rules: Client) -> None:
    for answered in (rules.score(_DEMO), rules.get("/v1/model"), rules.get("/nowhere")):
        assert answered.headers["cache-control"] == "no-store"
        assert answered.headers["x-content-type-options"] == "nosniff"
