"""What the routes work with, as one named type."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, TypeAlias

from fastapi import Depends, Request

from readiness.crm.records import Instant
from serve.answers_kept import OncePerKey
from serve.auditing.audit import Audit
from serve.jobs.folder import JobFolder
from serve.jobs.holding import Holding
from serve.meters import Meters
from serve.shelf import ReportShelf
from serve.store import ModelStore
from serve.suppressing import Suppressing
from serve.upkeep import Upkeep


@dataclass(frozen=True, slots=True)
class Service:
    """The parts of a running service: what answers, what is shown and audited, who must not be called."""

    store: ModelStore
    shelf: ReportShelf
    suppressing: Suppressing
    meters: Meters
    upkeep: Upkeep
    clock: Callable[[], Instant]
    new_id: Callable[[], str]
    once_per_key: OncePerKey
    audit: Audit
    jobs: Holding
    job_folder: JobFolder


async def _service(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


ServiceDep: TypeAlias = Annotated[Service, Depends(_service)]
