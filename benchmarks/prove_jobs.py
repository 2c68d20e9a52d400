"""Proves that a job gives way to requests, and that whoever is killed at it changes nothing of its result.

`python -m benchmarks prove jobs` times single requests without and beside a job, kills whoever works on one
again and again, and compares what comes out with a job that nobody disturbed.
"""

from __future__ import annotations

import datetime as dt
import http.client
import json
import os
import signal
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from benchmarks import services
from benchmarks.evidence import Row
from benchmarks.service_world import World, bodies, trained

TITLE: Final = "Jobs beside requests, and killed"
LEADS: Final = 3_000
ROWS: Final = 10_000
REQUESTS: Final = 300
KILLS: Final = 5
SLOWER: Final = 1.5
"""Beside a job the median request may take so many times as long."""
_PATIENCE: Final = 900.0


def measure() -> tuple[list[Row], str]:
    """Time requests beside a job, then kill whoever works on one."""
    rows, failures = worked_on(trained(LEADS), rows=ROWS, requests=REQUESTS, kills=KILLS)
    rows.append({"what": "verdict", "found": "holds" if not failures else "; ".join(failures)})
    return rows, (
        f"One worker, single requests one after the other, a job of {ROWS:,} leads as JSON lines with "
        "`explain=none`. The results are compared without the ids of the assessments."
    )


def worked_on(world: World, *, rows: int, requests: int, kills: int) -> tuple[list[Row], list[str]]:
    """Return what was measured, and what did not hold.

    Parameters
    ----------
    world : World
    rows : int
        Leads in the job.
    requests : int
        Single requests, timed without and beside it.
    kills : int
        How often whoever works on the second job is killed; the last time it is the service.
    """
    file, asked = _file(world, rows), bodies(world, 50, explain="none")
    with tempfile.TemporaryDirectory() as folder:
        settings = {"jobs_folder": Path(folder) / "jobs", "jobs_at_once": 1}
        settings |= {"database_url": f"sqlite:///{folder}/service.sqlite"}
        with services.running(world.folder, **settings) as (service, port):
            service_ = _Service(port)
            alone = _times(service_, asked, requests)
            job_id = service_.send(file)
            service_.once(job_id, lambda told: told["rows"]["done"] > 0)
            beside = _times(service_, asked, requests)
            still = service_.told(job_id)["state"] == "running"
            whole = service_.result(job_id)
            took = service_.told(job_id)
            disturbed = service_.send(file)
            killed = _kill(service_, service.pid, disturbed, rows, kills - 1)
            os.kill(service.pid, signal.SIGKILL)
            service.wait(30)
        with services.running(world.folder, **settings) as (_, port):
            same = _Service(port).result(disturbed) == whole
    found: list[Row] = [
        {"what": "median of a single request alone", "found": f"{alone * 1e3:.2f} ms"},
        {"what": "beside a job", "found": f"{beside * 1e3:.2f} ms ({beside / alone:.2f} ×)"},
        {"what": "rows a second of the job", "found": f"{rows / _seconds(took):.0f}"},
        {"what": "killed at it: who worked, the service", "found": f"{killed}, 1"},
        {"what": "result as if undisturbed", "found": "yes" if same else "no"},
    ]
    failures = [] if same else ["another result"]
    failures += [] if still else ["the job ended before the requests did: too short to tell"]
    failures += [] if beside <= SLOWER * alone else [f"requests took {beside / alone:.2f} × as long"]
    return found, failures + ([] if killed == kills - 1 else ["too few were killed: the job is too short"])


class _Service:
    """Asks the service over one connection, as a program does."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, verb: str, path: str, body: bytes | None = None, media: str = "application/json") -> bytes:
        self._connection.request(verb, path, body, {"Content-Type": media} if body else {})
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{verb} {path} was answered with {answer.status}")
        return content

    def send(self, file: bytes) -> str:
        told = json.loads(self.ask("POST", "/v1/jobs?explain=none", file, "application/x-ndjson"))
        return str(told["id"])

    def told(self, job_id: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.ask("GET", f"/v1/jobs/{job_id}"))
        return found

    def once(self, job_id: str, enough: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            if enough(found := self.told(job_id)):
                return found
            time.sleep(0.2)
        raise TimeoutError("the job did not get on")

    def result(self, job_id: str) -> list[dict[str, Any]]:
        self.once(job_id, lambda told: told["state"] == "done")
        rows = [json.loads(line) for line in self.ask("GET", f"/v1/jobs/{job_id}/result").splitlines()]
        for row in rows:
            row.get("assessment", {}).pop("assessment_id", None)
        return rows


def _file(world: World, rows: int) -> bytes:
    """Return so many leads as JSON lines, those of the world again and again under ids of their own."""
    some = [json.loads(body) for body in bodies(world, min(rows, 500), explain="none")]
    lines = []
    for row in range(rows):
        request = some[row % len(some)]
        lines.append(json.dumps({**request, "lead": {**request["lead"], "lead_id": f"L-{row}"}}))
    return "\n".join(lines).encode()


def _times(service: _Service, asked: list[bytes], requests: int) -> float:
    """Return the median time of a request, in seconds."""
    times = []
    for number in range(requests):
        began = time.perf_counter()
        service.ask("POST", "/v1/score", asked[number % len(asked)])
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def _kill(service: _Service, pid: int, job_id: str, rows: int, kills: int) -> int:
    """Kill whoever works on a job, each time after it got on; return how many there were."""
    killed = 0
    for kill in range(kills):
        service.once(job_id, lambda told, kill=kill: told["rows"]["done"] > kill * rows // (2 * kills))  # type: ignore[misc]
        for child in services.children(pid):
            os.kill(child, signal.SIGKILL)
            killed += 1
    service.once(job_id, lambda told: told["rows"]["done"] > rows // 2)
    return killed


def _seconds(told: dict[str, Any]) -> float:
    began, ended = (dt.datetime.fromisoformat(told[name]) for name in ("began_at", "ended_at"))
    return (ended - began).total_seconds()
