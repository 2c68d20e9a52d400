"""What is there after a service was killed, beside what it had acknowledged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from benchmarks.writers import Noted
from readiness.clock import now
from readiness.scoring import suppression_keys
from serve.auditing import verifying
from serve.auditing.audit import Audit
from serve.database import AuditStore, Database, JobStore, KeyStore, SuppressionStore
from serve.database.place import audit_folder
from serve.jobs import part_lines
from serve.jobs.folder import JobFolder
from serve.jobs.working import Worker
from serve.meters import Meters
from serve.settings import Settings
from serve.store import ModelStore
from serve.suppressing import Suppressing


@dataclass(frozen=True, slots=True)
class Found:
    """What is missing of what was acknowledged, and what is there by half.

    Parameters
    ----------
    lost : int
        Writes that were acknowledged and are not there, or an answer that is in the audit twice.
    halved : int
        Requests of which some rows are there and some are not.
    integrity : str
        "ok", or what the database's own check and the audit's say.
    """

    lost: int
    halved: int
    integrity: str

    def wrong(self) -> list[str]:
        """Say what of it must not be."""
        wrong = {f"{self.lost} lost": self.lost, f"{self.halved} half there": self.halved}
        return [*(said for said, count in wrong.items() if count)] + (
            [] if self.integrity == "ok" else [self.integrity]
        )


def look(settings: Settings, noted: Noted) -> Found:
    """Work on the jobs that wait, move the audit, and compare with what was acknowledged."""
    database = Database(settings, make=False)
    audit = Audit(audit_folder(settings), lambda: AuditStore(database), Meters(), now)
    audit.begin()
    lost = _jobs_lost(settings, database, audit, noted.jobs)
    audit.end()
    kept = AuditStore(database)
    verified = verifying.verify(kept)
    ids = Counter(each.entry.assessment_id for each in verifying.every(kept))
    lost += sum(ids[each] != 1 for each in noted.answers)
    there = {key.id for key in KeyStore(database).all()}
    lost += sum(each not in there for each in noted.keys)
    store = SuppressionStore(database)
    lost += sum(count < len(leads) for count, leads in _listed(store, noted.suppressed))
    halved = sum(0 < count < len(leads) for count, leads in _listed(store, noted.unsure))
    said = [] if not verified.findings else [f"audit: {len(verified.findings)} findings"]
    integrity = "; ".join([*said, *_checked(database)]) or "ok"
    database.close()
    return Found(lost, halved, integrity)


def _jobs_lost(settings: Settings, database: Database, audit: Audit, jobs: Iterable[str]) -> int:
    store, folder, models = (
        JobStore(database),
        JobFolder(settings.jobs_folder),
        ModelStore(settings.published),
    )
    models.look()
    suppressing = Suppressing(lambda: SuppressionStore(database))
    numbers = iter(range(1_000_000))
    worker = Worker(
        store, folder, models, suppressing, audit, clock=now, new_id=lambda: f"of a job {next(numbers)}"
    )
    return sum(not _finished(store, folder, worker, job_id) for job_id in jobs)


def _finished(store: JobStore, folder: JobFolder, worker: Worker, job_id: str) -> bool:
    """Say whether a job that was acknowledged is there, and comes to its end."""
    at = now()
    if store.take(job_id, "holder", at=at, until=at + 60_000_000) is None:
        return False
    worker.work(job_id, "holder")
    job = store.find(job_id)
    if job is None or job.state != "done":
        return False
    lines = [line for part in store.parts(job_id) for line in part_lines.read(folder.part(job_id, part))]
    return len(lines) == job.rows_done == job.rows_total


def _listed(
    store: SuppressionStore, requests: Iterable[tuple[str, ...]]
) -> Iterable[tuple[int, tuple[str, ...]]]:
    """Return how many leads of each request are on the list."""
    listed = store.every_key()
    for leads in requests:
        made = suppression_keys("lead_id", list(leads), store.hashing)
        yield sum(each.key in listed for each in made), leads


def _checked(database: Database) -> list[str]:
    """Return what the database's own check finds; PostgreSQL checks what it reads."""
    if database.place.file is None:
        return []
    said = database.read(lambda connection: connection.scalars(sa.text("PRAGMA integrity_check")).all())
    broken = database.read(lambda connection: connection.execute(sa.text("PRAGMA foreign_key_check")).all())
    return [str(each) for each in [*said, *broken] if each != "ok"]
