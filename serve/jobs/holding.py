"""What a worker of the service does about jobs: take one, have it worked on beside, keep the folder clean."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Protocol

from readiness.crm.records import MICROSECONDS_PER_DAY, MICROSECONDS_PER_SECOND, Instant
from readiness.errors import StoreError
from serve import logs
from serve.database import ENDED, Job, JobStore, LostJobError, State
from serve.jobs.folder import JobFolder
from serve.problems import Problem
from serve.settings import Settings

HELD: Final = 20 * MICROSECONDS_PER_SECOND
"""So long a job stays with a worker that says nothing; it says every 5 seconds that it goes on."""
MOST_ATTEMPTS: Final = 6
_AGAIN_AFTER: Final = 5 * MICROSECONDS_PER_SECOND
"""After a failure somebody tries again, later each time: 10 seconds, 20, 40, 80, 160."""
_SWEPT_EVERY: Final = 60 * MICROSECONDS_PER_SECOND
_STOP_SECONDS: Final = 5.0


class Working(Protocol):
    """Somebody who works on a job."""

    def ended(self) -> int | None:
        """Return None while it works; 0 once it is finished with the job, else another number."""

    def stop(self) -> None:
        """Have it give the job back, and wait until it is gone."""


Start = Callable[[str, str], Working]
"""Has a job worked on for a holder."""


class Process:
    """Works on a job in a process of its own, below requests; it ends when this one does.

    Parameters
    ----------
    settings : Settings
    job_id, holder : str
    """

    def __init__(self, settings: Settings, job_id: str, holder: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "serve.jobs"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
        )
        given = {"job": job_id, "holder": holder, "settings": _plain(settings)}
        if self._process.stdin is not None:
            # By this road, for what stands in a command line everybody on the machine may read.
            self._process.stdin.write(json.dumps(given).encode() + b"\n")
            self._process.stdin.flush()

    @property
    def pid(self) -> int:
        """Return the number of the process."""
        return self._process.pid

    def ended(self) -> int | None:
        """Return its exit code once it has ended."""
        return self._process.poll()

    def stop(self) -> None:
        """Close what keeps it alive; end it if it does not go."""
        if self._process.stdin is not None and not self._process.stdin.closed:
            self._process.stdin.close()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@dataclass(slots=True)
class _Current:
    job: Job
    holder: str
    working: Working
    told_at: Instant


class Holding:
    """Takes jobs that wait, one at a time, and has them worked on.

    Parameters
    ----------
    open_jobs : callable
        Opens the database of jobs, or raises StoreError; called until it succeeds.
    folder : JobFolder
    start : Start
    clock : callable
        Returns the present instant.
    new_id : callable
        Returns 32 hexadecimal digits that nobody can guess, for a job or for whoever holds one.
    tell : callable
        Told how many jobs are in each state, each time it looks.
    days : int
        So long jobs that have ended are kept.
    takes : bool
        Whether this worker takes jobs at all.
    """

    def __init__(
        self,
        open_jobs: Callable[[], JobStore],
        folder: JobFolder,
        start: Start,
        *,
        clock: Callable[[], Instant],
        new_id: Callable[[], str],
        tell: Callable[[Mapping[State, int]], None],
        days: int,
        takes: bool,
    ) -> None:
        self._open = open_jobs
        self._store: JobStore | None = None
        self._folder = folder
        self._start = start
        self._clock = clock
        self.new_id = new_id
        self._tell = tell
        self._kept = days * MICROSECONDS_PER_DAY
        self._takes = takes
        self._current: _Current | None = None
        self._swept_at: Instant | None = None
        self._failed = False
        self._stopping = False
        self._news: asyncio.Event | None = None
        self.downloads = 0
        """How many results are being fetched from this worker."""

    @property
    def store(self) -> JobStore:
        """The database of jobs, opened where it was not.

        Raises
        ------
        StoreError
            If it cannot be.
        """
        if self._store is None:
            self._store = self._open()
        return self._store

    def look(self) -> None:
        """Look once whether work has ended or waits; whatever befalls the database, try again later."""
        try:
            self._see_to_the_current()
            if self._current is None and self._takes and not self._stopping:
                self._take_next()
            self._tell(self.store.counts())
            self._sweep()
        except StoreError as error:
            if not self._failed:
                logs.failure("jobs_unread", error)
            self._failed = True
        else:
            self._failed = False

    def nudge(self) -> None:
        """Have it look soon: something has arrived, or was cancelled."""
        if self._news is not None:
            self._news.set()

    async def go_on(self, seconds: float) -> None:
        """Look every so many seconds, in a thread, until cancelled; then give back what is worked on."""
        self._stopping = False
        self._news = news = asyncio.Event()  # of the loop that runs now
        try:
            while True:
                await asyncio.to_thread(self.look)
                # Not `wait_for`, which loses the request to stop if news comes at the same moment.
                with suppress(TimeoutError):
                    async with asyncio.timeout(seconds):
                        await news.wait()
                news.clear()
        finally:
            self._give_back()

    def _take_next(self) -> None:
        now = self._clock()
        for job_id in self.store.waiting(at=now):
            if not self._folder.holds(job_id):
                continue  # it lies on another machine
            holder = self.new_id()
            job = self.store.take(job_id, holder, at=now, until=now + HELD)
            if job is None:
                continue
            if job.attempts > MOST_ATTEMPTS:
                self.store.end(job_id, holder, "failed", at=now, problem=_gave_up())
                logs.event("job_gave_up", job=job_id)
                continue
            logs.event("job_taken", job=job_id, attempt=job.attempts)
            self._current = _Current(job, holder, self._start(job_id, holder), now)
            return

    def _see_to_the_current(self) -> None:
        current = self._current
        if current is None:
            return
        now, job = self._clock(), current.job
        ended = current.working.ended()
        if ended is None:
            self._hold_on(current, now)
            return
        self._current = None
        if ended:
            self.store.let_go(job.id, current.holder, free_at=now + _AGAIN_AFTER * 2**job.attempts)

    def _hold_on(self, current: _Current, now: Instant) -> None:
        found = self.store.find(current.job.id)
        try:
            if found is None or found.state in ENDED:
                raise LostJobError("This job was cancelled or removed.")
            if now >= current.told_at + HELD // 4:
                self.store.keep_on(current.job.id, current.holder, until=now + HELD)
                current.told_at = now
        except LostJobError:
            current.working.stop()
            self._current = None

    def _give_back(self) -> None:
        self._stopping = True
        if self._current is not None:
            self._current.working.stop()
            self._current = None

    def _sweep(self) -> None:
        now = self._clock()
        if self._swept_at is not None and now < self._swept_at + _SWEPT_EVERY:
            return
        self._swept_at = now
        for job_id in self.store.ended_before(now - self._kept):
            self._folder.remove(job_id)
            self.store.remove(job_id)
        states = self.store.states()
        for job_id, state in states.items():
            if state in ENDED and self._folder.holds(job_id):
                self._folder.forget_upload(job_id, self.store.parts(job_id))
        self._folder.sweep(states, at=now)


def _plain(settings: Settings) -> dict[str, Any]:
    given = settings.model_dump(mode="json")
    for name in ("database_url", "suppression_secret"):
        secret = getattr(settings, name)
        given[name] = None if secret is None else secret.get_secret_value()
    return given


def _gave_up() -> str:
    problem = Problem(
        "job-gave-up",
        "It was begun several times and did not get on; the log says why. Mend that and send it again.",
    )
    return json.dumps(problem.document())
