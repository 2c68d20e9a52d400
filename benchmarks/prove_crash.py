"""Proves that nothing that was acknowledged is lost, whoever is killed, and that the service is back soon.

`python -m benchmarks prove crash` kills a worker every five seconds for a minute, and then the whole service
fifty times while clients write, on SQLite and on PostgreSQL.
"""

from __future__ import annotations

import os
import random
import signal
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from benchmarks import crash_found, postgresql, services
from benchmarks.evidence import Row
from benchmarks.writers import KeysMade, Noted, writing
from readiness.clock import now
from serve.database import Database, KeyStore
from serve.security import keys
from serve.settings import Settings
from tests.serve.published import Published, publish, request_of

TITLE: Final = "Killed at any moment"
SECONDS: Final = 60.0
EVERY: Final = 5.0
KILLS: Final = 50
SOON: Final = 3.0
"""Seconds after which the service answers again."""
_WORKERS: Final = 2
_SECRET: Final = "a secret of the proof that is long enough"  # noqa: S105


def measure() -> tuple[list[Row], str]:
    """Kill on both databases, and look for what is missing."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as scratch, postgresql.running(_made(scratch, "server")) as server:
        published = publish(_made(scratch, "published"))
        published.point(0)
        for name in ("SQLite", "PostgreSQL"):
            with ExitStack() as held:
                folder = _made(scratch, name)
                url = f"sqlite:///{folder}/service.sqlite"
                if name == "PostgreSQL":
                    url = held.enter_context(postgresql.database(server))
                found, failures = killed(published, folder, url, seconds=SECONDS, every=EVERY, kills=KILLS)
            rows.append({"on": name, **found, "verdict": "; ".join(failures) or "holds"})
    return rows, (
        f"{_WORKERS} workers; suppressions (three in a request), answers (audit), jobs and keys are written "
        "without a pause. Ready again: from the start of the process until it answers that it is ready, with "
        f"its model. The machine had {os.cpu_count()} cores, a load of {os.getloadavg()[1]:.1f}."
    )


def killed(
    published: Published, folder: Path, url: str, *, seconds: float, every: float, kills: int
) -> tuple[Row, list[str]]:
    """Kill workers, then the service, again and again; return the figures, and what did not hold.

    Parameters
    ----------
    published : Published
        What the service answers from.
    folder : Path
        Where the files of the service lie.
    url : str
        Its database, which holds nothing yet.
    seconds, every : float
        For so long, and so often, a worker is killed.
    kills : int
        How often the whole service is killed.
    """
    settings = _settings(published, folder, url)
    run = _Run(settings, published)
    run.kill_workers(seconds, every)
    for number in range(kills):
        run.kill_service(random.Random(number).uniform(0.3, 1.2))
    found = crash_found.look(settings, run.noted)
    row: Row = {
        "workers killed": len(run.answered_after),
        "answered again, s": max(run.answered_after, default=0.0),
        "all workers again, s": max(run.whole_after, default=0.0),
        "service killed": len(run.ready_after),
        "ready again, median s": statistics.median(run.ready_after),
        "ready again, at most s": max(run.ready_after),
        "acknowledged": run.noted.count(),
        "lost": found.lost,
        "half there": found.halved,
        "integrity": found.integrity,
    }
    return row, [*found.wrong(), *_late(run)]


def _late(run: _Run) -> list[str]:
    late = max([*run.ready_after, *run.answered_after])
    wrong = [] if late <= SOON else [f"back after {late:.1f} s"]
    return wrong + ([f"answered with {set(run.noted.otherwise)}"] if run.noted.otherwise else [])


@dataclass(slots=True)
class _Run:
    settings: Settings
    published: Published
    noted: Noted = field(default_factory=Noted)
    answered_after: list[float] = field(default_factory=list)
    whole_after: list[float] = field(default_factory=list)
    ready_after: list[float] = field(default_factory=list)
    key: str = ""

    def __post_init__(self) -> None:
        database = Database(self.settings)
        self.key, kept = keys.make("the proof", ["admin", "read", "score"], at=now())
        KeyStore(database).add(kept)
        database.close()

    @contextmanager
    def _served(self) -> Iterator[tuple[int, int]]:
        """Run the service while clients write; yield its process and port."""
        made = KeysMade(self.settings)
        try:
            with services.running(self.settings.published, **_plain(self.settings)) as (process, port):
                lead = request_of(self.published.tables, 0)
                with writing(port, self.key, lead, self.noted):
                    yield process.pid, port
        finally:
            self.noted.keys += made.killed()

    def kill_workers(self, seconds: float, every: float) -> None:
        with self._served() as (pid, port):
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                next_at = time.monotonic() + every
                before = services.children(pid)
                os.kill(before[len(self.answered_after) % len(before)], signal.SIGKILL)
                self.answered_after.append(_seconds_until(lambda: services.ready(port)))
                self.whole_after.append(_seconds_until(lambda before=before: _replaced(pid, port, before)))  # type: ignore[misc]
                time.sleep(max(0.0, next_at - time.monotonic()))

    def kill_service(self, after: float) -> None:
        began = time.monotonic()
        with self._served() as (pid, port):
            self.ready_after.append(time.monotonic() - began + _seconds_until(lambda: services.ready(port)))
            time.sleep(after)
            os.killpg(pid, signal.SIGKILL)


def _replaced(pid: int, port: int, before: list[int]) -> bool:
    new = services.children(pid)
    return len(new) == len(before) and new != before and services.answering(port) == len(before)


def _seconds_until(true: Any) -> float:  # noqa: ANN401 - a function without arguments
    began = time.monotonic()
    while not true():
        if time.monotonic() - began > 60:
            raise TimeoutError("the service did not come back")
        time.sleep(0.02)
    return time.monotonic() - began


def _settings(published: Published, folder: Path, url: str) -> Settings:
    given: dict[str, Any] = {
        "database_url": url,
        "suppression_secret": _SECRET,
        "published": published.folder,
        "audit_folder": folder / "audit",
        "audit_seconds": 0.5,
        "jobs_folder": folder / "jobs",
        # They are worked on afterwards: here it matters whether they are still there.
        "jobs_at_once": 0,
        "workers": _WORKERS,
    }
    return Settings(**given)


def _plain(settings: Settings) -> dict[str, Any]:
    """Return settings as they are written in the environment."""
    given = settings.model_dump(include=settings.model_fields_set - {"published"})
    secrets = {"database_url": settings.database_url.get_secret_value(), "suppression_secret": _SECRET}
    return {**given, **secrets}


def _made(scratch: str, name: str) -> Path:
    folder = Path(scratch) / name
    folder.mkdir()
    return folder
