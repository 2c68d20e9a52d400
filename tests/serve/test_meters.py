"""What is counted and timed, and that nothing of a request stands in it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from serve.examples import SCORE_REQUESTS
from serve.meters import Meters
from serve.settings import SHARED_FOLDER
from tests.serve.conftest import Client

_DEMO: dict[str, Any] = SCORE_REQUESTS["a lead that asked for a demo"]["value"]  # type: ignore[assignment]


def _numbers(page: str) -> dict[tuple[str, tuple[str, ...]], float]:
    return {
        (sample.name, tuple(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }


def test_an_assessment_is_counted_by_route_category_and_advice(client: Client) -> None:
    answer = client.score(_DEMO).json()
    numbers = _numbers(client.get("/metrics").text)
    assert numbers["readiness_request_seconds_count", ("POST", "/v1/score", "200")] == 1
    assert numbers["readiness_category_total", (answer["category"]["name"],)] == 1
    assert numbers["readiness_advice_total", (answer["advice"]["action"],)] == 1
    assert numbers["readiness_score_sum", ()] == answer["score"]
    by = answer["answered_by"]
    agreement = by["agreement"]
    labels = (f"{agreement['name']} {agreement['version']}", agreement["sha256"], by["bundle"], by["model"])
    assert numbers["readiness_workers_answering", labels] == 1


def test_without_a_score_none_is_counted(rules: Client) -> None:
    rules.score(_DEMO)
    numbers = _numbers(rules.get("/metrics").text)
    assert (
        numbers["readiness_score_count", ()],
        sum(n for (k, _), n in numbers.items() if "advice_t" in k),
    ) == (
        0,
        1,
    )


def test_addresses_that_do_not_exist_make_no_numbers_of_their_own(rules: Client) -> None:
    for number in range(3):
        rules.get(f"/v1/leads/jane-{number}@example.com")
    page = rules.get("/metrics").text
    assert "jane" not in page
    assert _numbers(page)["readiness_request_seconds_count", ("GET", "none", "404")] == 3


@pytest.mark.slow
def test_the_numbers_of_workers_add_up_and_outlive_them(tmp_path: Path) -> None:
    """Of a process that ended its counts stay; what was true of it only in the moment does not."""
    code = (
        "from serve.meters import Meters; from serve.turns import Turns; m = Meters(); m.shed(); "
        "m.answered('GET', '/x', 200, 0.1); t = Turns(at_work=1, waiting=1); "
        "m.queues(short=t, large=t, receiving=5); {}"
    )
    environment = {**os.environ, SHARED_FOLDER: str(tmp_path)}
    pages = [
        subprocess.run(
            [sys.executable, "-c", code.format("print(m.page().decode())")],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for _ in range(2)
    ]
    numbers = [_numbers(page) for page in pages]
    assert [each["readiness_requests_shed_total", ()] for each in numbers] == [1, 2]
    assert [each["readiness_request_seconds_count", ("GET", "/x", "200")] for each in numbers] == [1, 2]
    assert [each["readiness_requests_receiving", ()] for each in numbers] == [5, 5]


def test_a_new_worker_has_counted_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SHARED_FOLDER, raising=False)
    assert _numbers(Meters().page().decode())["readiness_requests_shed_total", ()] == 0
