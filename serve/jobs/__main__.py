"""``python -m serve.jobs``: works on one job, beside requests and after them, as long as its worker lives.

A worker of the service starts it, says on its standard input which job and with which settings, and
leaves that open: when it ends, the worker is gone, and so is whoever works for it.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
import uuid
from contextlib import suppress
from typing import Final

from readiness.errors import ReadinessError
from serve import logs
from serve.auditing.audit import Audit
from serve.database import AuditStore, Database, JobStore, SuppressionStore
from serve.database.place import audit_folder
from serve.jobs.folder import JobFolder
from serve.jobs.working import Worker
from serve.meters import Meters
from serve.settings import Settings
from serve.store import ModelStore
from serve.suppressing import Suppressing

_LOWEST: Final = 19
"""How far it steps back behind whoever answers requests."""


def main() -> int:
    """Work on the job that is named on standard input.

    Returns
    -------
    int
        0 when it ended, was lost or was given back; 1 when it could not go on.
    """
    os.nice(_LOWEST)
    logs.to_stderr()
    given = json.loads(sys.stdin.buffer.readline())
    settings, job_id, holder = Settings(**given["settings"]), given["job"], given["holder"]
    stop = threading.Event()
    threading.Thread(target=_wait_for_end, args=(stop,), daemon=True).start()
    try:
        jobs = JobStore(Database(settings, make=False, with_secret=False))
        audit = _audit(settings)
        audit.begin()
        try:
            _worker(settings, jobs, audit, stop).work(job_id, holder)
        finally:
            audit.end()
    except (ReadinessError, OSError) as error:
        logs.failure("job_interrupted", error, job=job_id)
        return 1
    return 0


def _audit(settings: Settings) -> Audit:
    folder = audit_folder(settings) if settings.audit else None
    return Audit(folder, lambda: AuditStore(Database(settings)), Meters(), _now)


def _worker(settings: Settings, jobs: JobStore, audit: Audit, stop: threading.Event) -> Worker:
    models = ModelStore(settings.published, agreement=settings.agreement)
    models.look()
    suppressing = Suppressing(lambda: SuppressionStore(Database(settings), region=settings.phone_region))
    folder = JobFolder(settings.jobs_folder)
    return Worker(
        jobs,
        folder,
        models,
        suppressing,
        audit,
        clock=_now,
        new_id=lambda: str(uuid.uuid4()),
        line_bytes=settings.max_body_bytes,
        stopped=stop.is_set,
    )


def _wait_for_end(stop: threading.Event) -> None:
    sys.stdin.buffer.read()
    stop.set()


def _now() -> int:
    return time.time_ns() // 1_000


if __name__ == "__main__":
    code = main()
    with suppress(BrokenPipeError):
        sys.stderr.flush()
    # Without waiting for the thread that reads standard input.
    os._exit(code)
