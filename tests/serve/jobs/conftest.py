"""Jobs worked on where a test wants them, by what works on them in production, without its process."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from typing import Any

import httpx

from serve.jobs.working import Worker
from tests.serve.conftest import NOW, Client

CSV, LINES, PARQUET = "text/csv", "application/x-ndjson", "application/vnd.apache.parquet"


def send(
    client: Client, body: bytes | str, media: str = CSV, query: str = "", **headers: str
) -> httpx.Response:
    """Send a file as a job."""
    content = body.encode() if isinstance(body, str) else body
    return client.ask("POST", f"/v1/jobs{query}", content=content, headers={"content-type": media, **headers})


def send_lines(client: Client, rows: list[Any], query: str = "") -> str:
    """Send requests as JSON lines; return the id of the job."""
    answered = send(client, "".join(json.dumps(row) + "\n" for row in rows), LINES, query)
    assert answered.status_code == 202, answered.text
    job_id: str = answered.json()["id"]
    return job_id


def worker(client: Client, stopped: Callable[[], bool] = lambda: False) -> Worker:
    """Return who works on the jobs of a service."""
    service = client.app.state.service
    return Worker(
        service.jobs.store,
        service.job_folder,
        service.store,
        service.suppressing,
        service.audit,
        clock=lambda: NOW,
        new_id=service.new_id,
        stopped=stopped,
    )


def work(client: Client, stopped: Callable[[], bool] = lambda: False) -> None:
    """Work on every job that waits, one after the other, until it ends or is stopped."""
    store = client.app.state.service.jobs.store
    for number, job_id in enumerate(store.waiting(at=NOW)):
        assert store.take(job_id, f"holder-{number}", at=NOW, until=NOW + 1) is not None
        worker(client, stopped).work(job_id, f"holder-{number}")


def after(rows: int) -> Callable[[], bool]:
    """Return what stops work after so many rows were looked at; looking a file through counts too."""
    looks = itertools.count(1)
    return lambda: next(looks) > rows


def job(client: Client, job_id: str) -> dict[str, Any]:
    """Return what is said of a job."""
    found: dict[str, Any] = client.get(f"/v1/jobs/{job_id}").json()
    return found


def result(client: Client, job_id: str, accept: str = LINES) -> str:
    """Return its result."""
    answered = client.ask("GET", f"/v1/jobs/{job_id}/result", headers={"accept": accept})
    assert answered.status_code == 200, answered.text
    return answered.text


def verdicts(client: Client, job_id: str) -> list[dict[str, Any]]:
    """Return the verdicts of its result, without the ids of the assessments."""
    *rows, _ = map(json.loads, result(client, job_id).splitlines())
    return [without_id(row) for row in rows]


def without_id(row: dict[str, Any]) -> dict[str, Any]:
    """Return a verdict without the id of its assessment: each answer has its own."""
    return {**row, "assessment": {**row["assessment"], "assessment_id": 0}} if "assessment" in row else row
