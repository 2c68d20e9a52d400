"""Jobs as they run in production: beside requests, in processes that are killed in the middle."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from benchmarks.services import children, running

pytestmark = pytest.mark.slow

_ROWS = 1_600
_FILE = "lead_id,created_at,source,company_size\n" + "".join(
    f"L-{row},2026-02-20T08:15:00Z,web_form,{row % 90}\n" for row in range(_ROWS)
)


def _sent(port: int) -> str:
    answered = httpx.post(
        f"http://127.0.0.1:{port}/v1/jobs?explain=none&at=2026-03-14",
        content=_FILE,
        headers={"content-type": "text/csv"},
    )
    assert answered.status_code == 202
    job_id: str = answered.json()["id"]
    return job_id


def _once(port: int, job_id: str, told: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    until = time.monotonic() + 300
    while time.monotonic() < until:
        found: dict[str, Any] = httpx.get(f"http://127.0.0.1:{port}/v1/jobs/{job_id}").json()
        if told(found):
            return found
        time.sleep(0.1)
    raise TimeoutError(f"the job got as far as {found}")


def _rows(port: int, job_id: str) -> list[dict[str, Any]]:
    text = httpx.get(f"http://127.0.0.1:{port}/v1/jobs/{job_id}/result").text
    rows = [json.loads(line) for line in text.splitlines()[:-1]]
    return [{**row, "assessment": {**row["assessment"], "assessment_id": 0}} for row in rows]


def test_a_job_survives_whoever_is_killed_and_says_the_same(tmp_path: Path) -> None:
    settings = {"jobs_folder": tmp_path / "jobs", "jobs_at_once": 1}
    with running(tmp_path, **settings) as (service, port):
        undisturbed = _sent(port)
        _once(port, undisturbed, lambda told: told["state"] == "done")
        rows = _rows(port, undisturbed)
        disturbed = _sent(port)
        _once(port, disturbed, lambda told: told["rows"]["done"] >= 500)
        for child in children(service.pid):
            os.kill(child, signal.SIGKILL)
        _once(port, disturbed, lambda told: told["rows"]["done"] >= 1_000)
        # And now the whole service, while somebody works again.
        os.kill(service.pid, signal.SIGKILL)
        service.wait(30)
    with running(tmp_path, **settings) as (service, port):
        told = _once(port, disturbed, lambda told: told["state"] == "done")
        assert told["rows"] == {"total": _ROWS, "done": _ROWS, "scored": _ROWS, "refused": 0}
        assert _rows(port, disturbed) == rows


def test_told_to_stop_it_gives_its_job_back_and_leaves_nobody_behind(tmp_path: Path) -> None:
    with running(tmp_path, jobs_folder=tmp_path / "jobs", jobs_at_once=1) as (service, port):
        job_id = _sent(port)
        _once(port, job_id, lambda told: told["rows"]["done"] >= 500)
        working = children(service.pid)
        service.send_signal(signal.SIGTERM)
        service.wait(60)
        assert [child for child in working if Path(f"/proc/{child}").exists()] == []
