"""Jobs in the database: which there are, who works on them, how far they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Final, Literal, TypeAlias, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from readiness.crm.records import Instant
from readiness.scoring import AgreementReference, AnsweredBy
from serve.database.opened import Database
from serve.database.tables import job_parts, jobs

State: TypeAlias = Literal["queued", "running", "done", "failed", "cancelled"]
STATES: Final[tuple[State, ...]] = ("queued", "running", "done", "failed", "cancelled")
ENDED: Final[tuple[State, ...]] = ("done", "failed", "cancelled")


class LostJobError(Exception):
    """The job is not ours any more: it was cancelled, removed, or somebody else took it over."""


@dataclass(frozen=True, slots=True)
class Job:
    """A file of leads and how far its assessment is; nothing in it says who a lead is.

    Parameters
    ----------
    owner : str
        A digest of who sent it.
    caller : str
        The same as the audit says it: a key's id, or a kind of caller; never a person's name.
    idempotency_key : str, optional
        The sender's own key; with the owner it names one job.
    asked : 32 bytes
        A digest of what was sent.
    at, explain : str, optional
        What holds for rows that say nothing else.
    attempts : int
        How often somebody has begun to work on it without finishing a part since.
    problem : str, optional
        Why it failed, as JSON.
    """

    id: str
    owner: str
    caller: str
    idempotency_key: str | None
    asked: bytes
    media_type: str
    at: str | None
    explain: str | None
    bytes: int
    received_at: Instant
    state: State = "queued"
    began_at: Instant | None = None
    ended_at: Instant | None = None
    rows_total: int | None = None
    rows_scored: int = 0
    rows_refused: int = 0
    model: str | None = None
    bundle: str | None = None
    agreement_name: str | None = None
    agreement_version: str | None = None
    agreement_sha256: str | None = None
    problem: str | None = None
    attempts: int = 0

    @property
    def rows_done(self) -> int:
        """How many rows have a verdict: scored or refused."""
        return self.rows_scored + self.rows_refused

    @property
    def answered_by(self) -> AnsweredBy | None:
        """Which model and agreement answer all of it; None before it began."""
        if self.agreement_sha256 is None:
            return None
        agreement = AgreementReference(
            self.agreement_name or "", self.agreement_version or "", self.agreement_sha256
        )
        return AnsweredBy(self.model, self.bundle, agreement)


@dataclass(frozen=True, slots=True)
class Part:
    """A finished part of a job: which file of its folder holds it, and the SHA-256 of that."""

    number: int
    file: str
    sha256: bytes


_COLUMNS: Final = tuple(jobs.c[field.name] for field in fields(Job))


class JobStore:
    """Keeps jobs in the database. Who works on one holds it by a token, and loses it by saying nothing.

    Every method raises StoreError if the database cannot be used.

    Parameters
    ----------
    database : Database
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, job: Job) -> Job:
        """Keep a new job, on disk before this returns; or return the one with the same owner and key."""

        def put(connection: sa.Connection) -> Job:
            same = jobs.c.id == job.id
            if job.idempotency_key is not None:
                same |= (jobs.c.owner == job.owner) & (jobs.c.idempotency_key == job.idempotency_key)
            dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
            row = {**asdict(job), "holder": None, "free_at": job.received_at}
            connection.execute(dialect.insert(jobs).values(row).on_conflict_do_nothing())
            return _job(connection.execute(sa.select(*_COLUMNS).where(same)).one())

        return self._database.write(put)

    def find(self, job_id: str, *, owner: str | None = None) -> Job | None:
        """Return a job, if there is one and it is this owner's (None: anybody's)."""
        asked = sa.select(*_COLUMNS).where(jobs.c.id == job_id, _owned(owner))
        found = self._database.read(lambda connection: connection.execute(asked).one_or_none())
        return None if found is None else _job(found)

    def under(self, owner: str, key: str | None) -> Job | None:
        """Return the job that an owner sent under a key of its own, if there is one."""
        if key is None:
            return None
        asked = sa.select(*_COLUMNS).where(jobs.c.owner == owner, jobs.c.idempotency_key == key)
        found = self._database.read(lambda connection: connection.execute(asked).one_or_none())
        return None if found is None else _job(found)

    def newest(self, *, owner: str | None, limit: int) -> Sequence[Job]:
        """Return an owner's jobs (None: everybody's), newest first."""
        asked = (
            sa.select(*_COLUMNS).where(_owned(owner)).order_by(jobs.c.received_at.desc(), jobs.c.id)
        ).limit(limit)
        return self._database.read(lambda connection: [_job(row) for row in connection.execute(asked)])

    def counts(self) -> Mapping[State, int]:
        """Return how many jobs are in each state."""
        asked = sa.select(jobs.c.state, sa.func.count()).group_by(jobs.c.state)
        found = dict(self._database.read(lambda connection: [tuple(r) for r in connection.execute(asked)]))
        return {state: found.get(state, 0) for state in STATES}

    def states(self) -> Mapping[str, State]:
        """Return the state of every job, by its id."""
        asked = sa.select(jobs.c.id, jobs.c.state)
        return dict(self._database.read(lambda connection: [tuple(r) for r in connection.execute(asked)]))

    def waiting(self, *, at: Instant) -> Sequence[str]:
        """Return the jobs that somebody may take now, those first that came first."""
        asked = sa.select(jobs.c.id).where(_free(at)).order_by(jobs.c.received_at, jobs.c.id)
        return self._database.read(lambda connection: list(connection.scalars(asked)))

    def take(self, job_id: str, holder: str, *, at: Instant, until: Instant) -> Job | None:
        """Hold a job until an instant, if nobody else does; None if somebody was quicker."""
        mine = (
            sa.update(jobs)
            .where(jobs.c.id == job_id, _free(at))
            .values(
                state="running",
                holder=holder,
                free_at=until,
                attempts=jobs.c.attempts + 1,
                began_at=sa.func.coalesce(jobs.c.began_at, at),
            )
        )
        asked = sa.select(*_COLUMNS).where(jobs.c.id == job_id, jobs.c.holder == holder)

        def taken(connection: sa.Connection) -> Job | None:
            # Done twice after a lost connection, the second time finds it held by this same holder.
            connection.execute(mine)
            found = connection.execute(asked).one_or_none()
            return None if found is None else _job(found)

        return self._database.write(taken)

    def keep_on(self, job_id: str, holder: str, *, until: Instant) -> None:
        """Go on holding a job until a later instant.

        Raises
        ------
        LostJobError
            If it is not held by this holder any more.
        """
        self._held(job_id, holder, {"free_at": until})

    def let_go(self, job_id: str, holder: str, *, free_at: Instant) -> bool:
        """Let somebody else take a job from an instant on; False if it was not held by this holder."""
        try:
            self._held(job_id, holder, {"free_at": free_at, "holder": None})
        except LostJobError:
            return False
        return True

    def begin(self, job_id: str, holder: str, by: AnsweredBy, *, rows: int) -> None:
        """Write down who answers and how many rows there are; what was finished before is forgotten.

        Raises
        ------
        LostJobError
            If it is not held by this holder any more.
        """
        values = {
            "rows_total": rows,
            "rows_scored": 0,
            "rows_refused": 0,
            "model": by.model,
            "bundle": by.bundle,
            "agreement_name": by.agreement.name,
            "agreement_version": by.agreement.version,
            "agreement_sha256": by.agreement.sha256,
        }
        forget = sa.delete(job_parts).where(job_parts.c.job_id == job_id)
        self._held(job_id, holder, values, forget)

    def finish(self, job_id: str, holder: str, part: Part, *, scored: int, refused: int) -> None:
        """Add a finished part; ``scored`` and ``refused`` count all rows up to its end.

        Raises
        ------
        LostJobError
            If it is not held by this holder any more.
        """
        # The same part, put there before the connection was lost, goes first.
        twice = sa.delete(job_parts).where(job_parts.c.job_id == job_id, job_parts.c.number == part.number)
        put = sa.insert(job_parts).values(job_id=job_id, **asdict(part))
        values = {"rows_scored": scored, "rows_refused": refused, "attempts": 0}
        self._held(job_id, holder, values, twice, put)

    def end(self, job_id: str, holder: str, state: State, *, at: Instant, problem: str | None = None) -> None:
        """Write down that a job is done or has failed, and why.

        Raises
        ------
        LostJobError
            If it is not held by this holder any more.
        """
        self._held(job_id, holder, {"state": state, "ended_at": at, "problem": problem, "holder": None})

    def cancel(self, job_id: str, *, at: Instant) -> bool:
        """Cancel a job that waits or is worked on; False if it had ended."""
        statement = (
            sa.update(jobs)
            .where(jobs.c.id == job_id, jobs.c.state.not_in(ENDED))
            .values(state="cancelled", ended_at=at, holder=None)
        )
        return bool(self._database.write(lambda connection: connection.execute(statement).rowcount))

    def remove(self, job_id: str) -> None:
        """Remove a job that has ended."""

        def gone(connection: sa.Connection) -> None:
            ended = sa.select(jobs.c.id).where(jobs.c.id == job_id, jobs.c.state.in_(ENDED))
            if connection.scalar(ended.with_for_update()) is not None:
                connection.execute(sa.delete(job_parts).where(job_parts.c.job_id == job_id))
                connection.execute(sa.delete(jobs).where(jobs.c.id == job_id))

        self._database.write(gone)

    def ended_before(self, at: Instant) -> Sequence[str]:
        """Return the jobs that ended before an instant."""
        asked = sa.select(jobs.c.id).where(jobs.c.state.in_(ENDED), jobs.c.ended_at < at)
        return self._database.read(lambda connection: list(connection.scalars(asked)))

    def parts(self, job_id: str) -> Sequence[Part]:
        """Return the finished parts of a job, in the order of its rows."""
        asked = sa.select(job_parts.c.number, job_parts.c.file, job_parts.c.sha256).where(
            job_parts.c.job_id == job_id
        )
        ordered = asked.order_by(job_parts.c.number)
        return self._database.read(lambda connection: [Part(*row) for row in connection.execute(ordered)])

    def _held(self, job_id: str, holder: str, values: Mapping[str, Any], *first: sa.Executable) -> None:
        mine = (jobs.c.id == job_id) & (jobs.c.holder == holder) & (jobs.c.state == "running")

        def write(connection: sa.Connection) -> None:
            # First of all, so that PostgreSQL locks the row against whoever cancels or takes it.
            if not connection.execute(sa.update(jobs).where(mine).values(**values)).rowcount:
                raise LostJobError("This job is held by somebody else, was cancelled or has ended.")
            for statement in first:
                connection.execute(statement)

        self._database.write(write)


def _free(at: Instant) -> sa.ColumnElement[bool]:
    """Say which jobs somebody may take: those that nobody holds, or whose holder has fallen silent."""
    return jobs.c.state.in_(("queued", "running")) & (jobs.c.free_at <= at)


def _owned(owner: str | None) -> sa.ColumnElement[bool]:
    return sa.true() if owner is None else jobs.c.owner == owner


def _job(row: sa.Row[Any]) -> Job:
    return Job(**cast("dict[str, Any]", dict(row._mapping)))  # noqa: SLF001 - the library's public name of it
