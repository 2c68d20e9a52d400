"""Several workers on one port, started and stopped as in production."""

from __future__ import annotations

import json
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from benchmarks.services import answering, children, running
from serve.examples import SCORE_REQUESTS

_BODY = json.dumps(SCORE_REQUESTS["a lead that asked for a demo"]["value"]).encode()
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with running(tmp_path_factory.mktemp("published"), workers=2) as (_, found):
        _both_are_up(found)
        yield found


def _metrics(port: int) -> dict[str, float]:
    page = httpx.get(f"http://127.0.0.1:{port}/metrics").text
    lines = [line.rsplit(" ", 1) for line in page.splitlines() if not line.startswith("#")]
    return {
        name.split("{")[0]: float(value) for name, value in lines if "score" in name or "answering" in name
    }


def _both_are_up(port: int) -> None:
    for _ in range(600):
        if _metrics(port).get("readiness_workers_answering") == 2:
            return
        time.sleep(0.1)
    raise TimeoutError("the second worker did not start")


def test_what_each_worker_counted_adds_up_whoever_is_asked(port: int) -> None:
    for _ in range(20):
        # A connection of its own each: any worker may take it.
        answered = httpx.post(
            f"http://127.0.0.1:{port}/v1/score", content=_BODY, headers={"content-type": "application/json"}
        )
        assert answered.status_code == 200
    pages = [httpx.get(f"http://127.0.0.1:{port}/metrics").text for _ in range(8)]
    counted = [
        line.rsplit(" ", 1)[1]
        for page in pages
        for line in page.splitlines()
        if line.startswith('readiness_request_seconds_count{method="POST",route="/v1/score",status="200"}')
    ]
    assert counted == ["20.0"] * 8


def _once(true: Callable[[], bool]) -> None:
    for _ in range(600):
        if true():
            return
        time.sleep(0.1)
    raise TimeoutError("it did not come about")


def test_a_worker_that_is_killed_is_replaced_while_the_other_answers(tmp_path: Path) -> None:
    with running(tmp_path, workers=2) as (service, port):
        before = children(service.pid)
        os.kill(before[0], signal.SIGKILL)
        url, headers = f"http://127.0.0.1:{port}/v1/score", {"content-type": "application/json"}
        assert httpx.post(url, content=_BODY, headers=headers).status_code == 200
        _once(lambda: len(children(service.pid)) == 2 and before[0] not in children(service.pid))
        _once(lambda: answering(port) == 2)


def test_workers_whose_supervisor_is_killed_leave_the_port_to_the_next(tmp_path: Path) -> None:
    with running(tmp_path, workers=2) as (service, _):
        workers = children(service.pid)
        os.kill(service.pid, signal.SIGKILL)
        service.wait(30)
        _once(lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers))


def test_told_to_stop_it_answers_what_is_in_flight(tmp_path: str) -> None:
    with running(tmp_path) as (service, port), socket.create_connection(("127.0.0.1", port), 30) as caller:
        head = (
            b"POST /v1/score HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b"Content-Length: %d\r\n\r\n" % len(_BODY)
        )
        caller.sendall(head + _BODY[:100])
        time.sleep(0.5)
        os.kill(service.pid, signal.SIGTERM)
        time.sleep(0.5)
        caller.sendall(_BODY[100:])
        assert caller.recv(65_536).startswith(b"HTTP/1.1 200")
        assert service.wait(30) in {0, -signal.SIGTERM}
