"""A whole service to be asked anything: its own store, a key of each kind, and something to find in it."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, get_args

from fastapi import FastAPI
from schemathesis.python import asgi

from readiness.clock import now
from serve.app import create_app
from serve.database import Database, KeyStore
from serve.examples import BATCH_CSV, SCORE_REQUESTS
from serve.security import keys
from serve.security.rights import Right
from serve.settings import Settings

ADDRESS: Final = "http://127.0.0.1:8000"
NOBODY: Final = "nobody"
ROLES: Final[tuple[str, ...]] = (*get_args(Right), NOBODY)

_FOUND: Final = 24
_PATIENCE: Final = 120.0


@dataclass(frozen=True, slots=True)
class Fuzzed:
    """A service, its document, a key of each kind, and what can be found at which address."""

    app: FastAPI
    document: Mapping[str, Any]
    keys: Mapping[str, str]
    known: Mapping[str, Sequence[object]]


@contextmanager
def served(published: Path, role: str, *, jobs: bool) -> Iterator[Fuzzed]:
    """Put a service together over a fresh database; what can be found in it belongs to ``role`` if it may.

    Parameters
    ----------
    published : Path
        A published bundle, or a folder without one: then the rules alone answer.
    role : str
        One of ``ROLES``.
    jobs : bool
        Whether jobs are worked on, in a process beside; some have ended before this yields.
    """
    # In memory where the machine has such a place: each write waits for the disk, and nothing is killed here.
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own in it
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        settings = Settings(
            published=published,
            database_url=f"sqlite:///{folder}/service.sqlite",  # type: ignore[arg-type]
            jobs_folder=Path(folder) / "jobs",
            jobs_at_once=int(jobs),
        )
        store = KeyStore(Database(settings, with_secret=False))
        written = {}
        for right in get_args(Right):
            written[right], key = keys.make(right, [right], at=now())
            store.add(key)
        app = create_app(settings)
        try:
            known = _fill(app, written[role if role == "score" else "admin"], ended=jobs)
            yield Fuzzed(app, app.openapi(), written, known)
        finally:
            asgi.shutdown_lifespans()
            # A service that stops ends the threads of its loop; the next one is given a loop of its own.
            asgi._shutdown()  # noqa: SLF001 - it offers no other way


def _fill(app: FastAPI, key: str, *, ended: bool) -> dict[str, list[object]]:
    """Have answers, jobs and suppressions made; return their names by address."""
    with asgi.get_client(app) as client:
        client.headers["Authorization"] = f"Bearer {key}"

        def said(verb: str, path: str, **body: Any) -> Any:  # noqa: ANN401 - any JSON
            answered = client.request(verb, ADDRESS + path, **body)
            answered.raise_for_status()
            return answered.json()

        demo = next(iter(SCORE_REQUESTS.values()))["value"]  # type: ignore[index]
        csv = {"data": BATCH_CSV.encode(), "headers": {"content-type": "text/csv"}}
        listed = [{"kind": "lead_id", "value": f"N-{row}", "source": "a form"} for row in range(_FOUND)]
        jobs = [said("POST", "/v1/jobs", **csv)["id"] for _ in range(_FOUND)]
        for cancelled in jobs[2 : _FOUND // 2]:
            said("DELETE", f"/v1/jobs/{cancelled}")
        until = time.monotonic() + _PATIENCE
        while ended and said("GET", f"/v1/jobs/{jobs[0]}")["state"] != "done":
            if time.monotonic() > until:
                raise TimeoutError("the job did not end")
            time.sleep(0.1)
        barred = said("POST", "/v1/suppressions", json={"suppressions": listed})["suppressions"]
        return {
            "/v1/audit/{assessment_id}": [
                said("POST", "/v1/score", json=demo)["assessment_id"] for _ in range(_FOUND)
            ],
            "/v1/jobs/{id}": jobs,
            "/v1/suppressions/{id}": [each["id"] for each in barred],
        }
