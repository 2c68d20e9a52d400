"""Work on one job: part by part, each on disk before the next begins, so that it can be taken up anywhere."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from readiness.crm.records import Instant
from readiness.errors import ReadinessError, StoreError
from serve import assessing, batch_reading, logs
from serve.answered import answered
from serve.assessing import Lasting
from serve.auditing.audit import Audit
from serve.auditing.leaving import enter
from serve.batch_reading import LONGEST_LINE, Raw, Row
from serve.database import Job, JobStore, LostJobError
from serve.jobs import part_lines, repeats
from serve.jobs.files import LeadFile
from serve.jobs.folder import JobFolder
from serve.jobs.repeats import Scan
from serve.problems import Problem
from serve.schemas import ScoreRequest
from serve.store import InUse, ModelStore
from serve.suppressing import UNREAD, Suppressing

ROWS_AT_ONCE: Final = 500
BYTES_AT_ONCE: Final = 8_000_000
"""A part ends with whichever comes first: so much is lost when a worker dies, and held in memory."""


_ROUTE: Final = "/v1/jobs"


class StoppedError(Exception):
    """Whoever gave the work wants it back."""


class Worker:
    """Assesses files of leads by the road that requests take.

    Parameters
    ----------
    jobs : JobStore
    folder : JobFolder
    models : ModelStore
        What is in use when a job begins answers all of it.
    suppressing : Suppressing
        Asked for every part.
    audit : Audit
        Where answers are written down before they can leave.
    clock : callable
        Returns the present instant.
    new_id : callable
        Returns a new assessment id.
    line_bytes : int
        As `LeadFile` takes it.
    stopped : callable
        Whether to stop at the next row.
    """

    def __init__(
        self,
        jobs: JobStore,
        folder: JobFolder,
        models: ModelStore,
        suppressing: Suppressing,
        audit: Audit,
        *,
        clock: Callable[[], Instant],
        new_id: Callable[[], str],
        line_bytes: int = LONGEST_LINE,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        self._jobs = jobs
        self._folder = folder
        self._models = models
        self._suppressing = suppressing
        self._audit = audit
        self._new_id = new_id
        self._clock = clock
        self._longest = line_bytes
        self._stopped = stopped

    def work(self, job_id: str, holder: str) -> None:
        """Work on a job that is held, from where it was left to its end.

        Raises
        ------
        StoreError
            If the database, the list of who must not be called or the disk cannot be used. Nothing that
            was finished is lost.
        """
        job = self._jobs.find(job_id)
        if job is None:
            return
        try:
            self._assess(job, holder)
            self._jobs.end(job_id, holder, "done", at=self._clock())
        except LostJobError:
            logs.event("job_lost", job=job_id)
            return
        except StoppedError:
            self._jobs.let_go(job_id, holder, free_at=self._clock())
            logs.event("job_stopped", job=job_id)
            return
        except Problem as problem:
            said = json.dumps(problem.document(), ensure_ascii=False)
            self._jobs.end(job_id, holder, "failed", at=self._clock(), problem=said)
        self._folder.forget_upload(job_id, self._jobs.parts(job_id))
        logs.event("job_ended", job=job_id)

    def _assess(self, job: Job, holder: str) -> None:
        defaults = batch_reading.defaults(job.at, job.explain)

        def opened() -> LeadFile:
            return LeadFile(self._folder.upload(job.id), job.media_type, line_bytes=self._longest)

        scan = repeats.scan(opened, job.media_type, defaults, self._alive)
        in_use = self._goes_on(job)
        if in_use is None:
            in_use = self._models.in_use
            self._jobs.begin(job.id, holder, in_use.answered_by, rows=scan.rows)
            job = self._jobs.find(job.id) or job
        number = len(self._jobs.parts(job.id))
        scored, refused = job.rows_scored, job.rows_refused
        with asyncio.Runner() as runner:
            for first, raws in self._parts(opened(), job.rows_done):
                rows = [batch_reading.request(raw, defaults, job.media_type) for raw in raws]
                lines, good = runner.run(self._lines(job, rows, first, scan, in_use))
                part = self._folder.keep(job.id, number, holder, b"".join(lines))
                scored, refused, number = scored + good, refused + len(rows) - good, number + 1
                self._jobs.finish(job.id, holder, part, scored=scored, refused=refused)
                # A job may take hours: whoever is told an assessment's id finds it in the audit meanwhile.
                self._audit.move()

    def _goes_on(self, job: Job) -> InUse | None:
        """Return what answers a job that was begun; None if it begins, anew where that is gone."""
        if job.answered_by is None:
            return None
        try:
            return self._models.holding(job.answered_by)
        except ReadinessError:
            logs.event("job_begins_anew", job=job.id, bundle=job.bundle)
            return None

    def _parts(self, file: LeadFile, done: int) -> Iterator[tuple[int, list[Raw]]]:
        """Return where each part begins, and its rows, without those that are done."""
        first, part, read = done, list[Raw](), 0
        for place, raw in enumerate(file.rows()):
            self._alive()
            if place < done:
                read = file.read
                continue
            part.append(raw)
            if len(part) == ROWS_AT_ONCE or file.read - read >= BYTES_AT_ONCE:
                yield first, part
                first, part, read = place + 1, [], file.read
        if part:
            yield first, part

    async def _lines(
        self, job: Job, rows: Sequence[Row], first: int, scan: Scan, in_use: InUse
    ) -> tuple[list[bytes], int]:
        """Return what is said of each row of a part, and how many of them were scored."""
        verdicts: dict[int, Problem] = {}
        asked: dict[int, ScoreRequest] = {}
        for place, row in enumerate(rows, start=first):
            if isinstance(row, Problem):
                verdicts[place] = row
            elif place in scan.refused:
                verdicts[place] = scan.refused[place]
            else:
                asked[place] = row
        ready = await self._ready([*asked.values()], rows, job.received_at)
        hashing = await self._suppressing.do(lambda store: store.hashing)
        assessed = assessing.assess_to_last(ready, in_use, hashing)
        lasting: dict[int, Lasting] = {}
        for place, each in zip(asked, assessed, strict=True):
            if isinstance(each, Problem):
                verdicts[place] = each
            else:
                lasting[place] = each
        told = {place: answered(each.assessment, self._new_id()) for place, each in lasting.items()}
        # Before it can leave, as every answer is.
        entries = [(read, told[place]) for read, place in enumerate(asked) if place in told]
        try:
            enter(self._audit, ready, entries, in_use, route=_ROUTE, caller=job.caller)
        except Problem as problem:
            raise StoreError(problem.detail) from None
        lines = [
            part_lines.written(place + 1, told.get(place) or verdicts[place], lasting.get(place))
            for place in range(first, first + len(rows))
        ]
        return lines, len(told)

    async def _ready(
        self, asked: Sequence[ScoreRequest], rows: Sequence[Row], received: Instant
    ) -> assessing.Ready:
        read = assessing.read(asked, received=received)
        told = [row for row in rows if isinstance(row, ScoreRequest)]
        try:
            ready = await assessing.listed(read, told, self._suppressing, received=received)
        except Problem:  # somebody told us to stop, and that could not be stored
            raise StoreError(UNREAD) from None
        if any(listed.unread for listed in ready.suppressions):
            # A job can wait until it can be read; nobody waits for its answer.
            raise StoreError(UNREAD)
        return ready

    def _alive(self) -> None:
        if self._stopped():
            raise StoppedError
