"""A service that is killed has written down whatever it answered; who comes next finds it, once."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import httpx
import pytest

from benchmarks.services import running
from serve.auditing import verifying
from serve.auditing.moving import move_left_behind
from serve.database import AuditStore, Database
from serve.database.settings import DatabaseSettings
from serve.examples import SCORE_REQUESTS

pytestmark = pytest.mark.slow

_BODY = json.dumps(SCORE_REQUESTS["a lead that asked for a demo"]["value"]).encode()


def _answered(folder: Path, *, seconds: float) -> list[str]:
    """Start a service, ask it, and kill it; return the ids of what it answered."""
    with running(folder, audit_seconds=seconds) as (service, port), httpx.Client() as http:
        url, headers = f"http://127.0.0.1:{port}/v1/score", {"content-type": "application/json"}
        answers = [http.post(url, content=_BODY, headers=headers) for _ in range(8)]
        os.killpg(service.pid, signal.SIGKILL)
        service.wait(30)
    return [answer.json()["assessment_id"] for answer in answers]


def test_after_kills_every_answer_is_in_the_audit_once(tmp_path: Path) -> None:
    # The second one may be killed while it moves what the first one left.
    ids = [each for seconds in (600, 0.05, 600) for each in _answered(tmp_path, seconds=seconds)]
    store = AuditStore(Database(DatabaseSettings(database_url=f"sqlite:///{tmp_path}/service.sqlite")))
    for _ in move_left_behind(tmp_path / "service.audit", store, at=1):
        pass
    verified = verifying.verify(store)
    assert sorted(kept.entry.assessment_id for kept in verifying.every(store)) == sorted(ids)
    assert (verified.chains, verified.torn, verified.findings) == (3, 0, ())
    assert [*(tmp_path / "service.audit").iterdir()] == []
    store.close()
