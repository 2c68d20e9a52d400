"""GET /health/live, /started and /ready: whether the process runs, has looked, and what answers."""

from __future__ import annotations

from dataclasses import asdict

from fastapi import APIRouter

from serve.answers import AgreementReference, Live, Ready, Refused, Started
from serve.dependencies import ServiceDep
from serve.problems import Problem, responses
from serve.request_body import StrictRoute

router = APIRouter(route_class=StrictRoute, prefix="/health", tags=["Health"])


@router.get("/live", summary="Does the process run?")
async def live() -> Live:
    """Answer as long as the process runs; it says nothing about the model."""
    return Live(status="live")


@router.get("/started", summary="Does it know what answers?", responses=responses("not-ready"))
async def started(service: ServiceDep) -> Started:
    """Answer once what is published was looked at; until then 503, or no answer at all."""
    if not service.upkeep.looked:
        raise Problem("not-ready", "What is published is still being opened.", headers={"Retry-After": "1"})
    return Started(status="started")


@router.get("/ready", summary="What answers right now?")
async def ready(service: ServiceDep) -> Ready:
    """Say which model and agreement answer, or that the rules alone do, and whether a model was refused."""
    in_use, refused = service.store.in_use, service.store.refused
    await service.suppressing.try_out()
    unread = service.suppressing.failed
    return Ready(
        status="ready" if in_use.bundle else "rules_only",
        model=in_use.answered_by.model,
        bundle=in_use.answered_by.bundle,
        agreement=AgreementReference(**asdict(in_use.answered_by.agreement)),
        refused=None if refused is None else Refused(bundle=refused.bundle or "unknown"),
        suppressions="read" if unread is None else "unread",
        because=None if unread is None else str(unread),
        audit=service.audit.state,
    )
