"""What the service says of a job, field by field."""

from __future__ import annotations

import json
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from readiness.crm.records import MICROSECONDS_PER_DAY, iso
from serve.answers import AgreementReference, AnsweredBy
from serve.database import Job
from serve.problems import ProblemDocument


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class JobRows(_Part):
    """How many rows have a verdict; `done` is `scored` plus `refused`."""

    total: int | None = Field(description="How many rows the file holds; null until it was looked through.")
    done: int = Field(description="How many have a verdict.", ge=0)
    scored: int = Field(description="How many of them were scored.", ge=0)
    refused: int = Field(description="How many were refused, each with its reason in the result.", ge=0)


class JobAnswer(_Part):
    """A file of leads and how far its assessment is."""

    id: str = Field(description="Its id, part of its address: `/v1/jobs/{id}`.")
    state: Literal["queued", "running", "done", "failed", "cancelled", "removed"] = Field(
        description="`queued`: it waits; `running`: it is worked on; `done`: every row has a verdict; "
        "`failed`: the file cannot be read, see `problem`; `cancelled`: somebody cancelled it, and what was "
        "done until then stays; `removed`: nothing of it is left."
    )
    bytes: int = Field(description="How large the file is.", ge=1)
    received_at: str = Field(
        description="When it was received: the cutoff of every row that states none, whenever it is assessed."
    )
    began_at: str | None = Field(description="When somebody began to work on it.")
    ended_at: str | None = Field(description="When it ended.")
    kept_until: str | None = Field(description="When its result is removed; null before it ended.")
    rows: JobRows = Field(description="How far it is.")
    answered_by: AnsweredBy | None = Field(
        description="The one model and agreement that answer all its rows, whatever is published meanwhile; "
        "null before it began."
    )
    problem: ProblemDocument | None = Field(description="Why it failed.")


class JobList(_Part):
    """Jobs, the newest first."""

    jobs: list[JobAnswer] = Field(description="Your jobs; whoever may administer sees everybody's.")


def answer(job: Job, *, days: int, removed: bool = False) -> JobAnswer:
    """Say how a job stands."""
    ended = job.ended_at
    return JobAnswer(
        id=job.id,
        state="removed" if removed else job.state,
        bytes=job.bytes,
        received_at=iso(job.received_at) or "",
        began_at=None if job.began_at is None else iso(job.began_at),
        ended_at=None if ended is None else iso(ended),
        kept_until=None if ended is None else iso(ended + days * MICROSECONDS_PER_DAY),
        rows=JobRows(
            total=job.rows_total, done=job.rows_done, scored=job.rows_scored, refused=job.rows_refused
        ),
        answered_by=_answered_by(job),
        problem=None if job.problem is None else ProblemDocument(**_document(job.problem)),
    )


def _answered_by(job: Job) -> AnsweredBy | None:
    by = job.answered_by
    if by is None:
        return None
    agreement = AgreementReference(
        name=by.agreement.name, version=by.agreement.version, sha256=by.agreement.sha256
    )
    return AnsweredBy(model=by.model, bundle=by.bundle, agreement=agreement)


def _document(written: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(written)
    return document
