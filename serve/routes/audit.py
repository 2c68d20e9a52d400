"""GET /v1/audit/{assessment_id}: what was asked and answered, by what, and whether the chain verifies."""

from __future__ import annotations

import asyncio
import json
from typing import Annotated

from fastapi import APIRouter, Path, Request

from readiness.crm.records import iso
from readiness.errors import StoreError
from serve.audit_schemas import AuditAnswer, Chain
from serve.auditing import asked
from serve.auditing.audit import Audit
from serve.auditing.verifying import Finding, around
from serve.database.audit_rows import Kept
from serve.dependencies import ServiceDep
from serve.problems import Problem, responses
from serve.request_body import StrictRoute
from serve.security.access import CALLER, Caller
from serve.security.rights import PAYLOADS, suffices
from serve.suppressing import unavailable

router = APIRouter(route_class=StrictRoute, tags=["What answers"])

_NOT_THERE = (
    "No answer with this id is in the audit. One that another process gave comes in within "
    "READINESS_AUDIT_SECONDS; the audit may be off, or cut off by age."
)


@router.get(
    "/v1/audit/{assessment_id}",
    summary="What was answered, and why it can be believed",
    responses=responses("not-found", "invalid-request", "overloaded", "store-unavailable"),
)
async def audited(
    assessment_id: Annotated[
        str, Path(min_length=1, max_length=64, description="The `assessment_id` of an answer.")
    ],
    request: Request,
    service: ServiceDep,
) -> AuditAnswer:
    """Return what the audit keeps of an answer: when it left, who asked, which model and agreement answered.

    What was asked and answered is shown to who may `admin`, until it is erased. `chain` says whether the
    entry, its neighbours and the sealed end of its chain are as they were written;
    `readiness audit verify` walks all of it.
    """
    try:
        kept, wrong = await asyncio.to_thread(_found, service.audit, assessment_id)
    except StoreError as error:
        raise unavailable(error) from None
    caller: Caller = request.scope[CALLER]
    return _answer(kept, wrong, with_payloads=suffices(caller.may, PAYLOADS))


def _found(audit: Audit, assessment_id: str) -> tuple[Kept, Finding | None]:
    kept = audit.store.find(assessment_id)
    if kept is None:
        # It may have left a moment ago.
        audit.move()
        kept = audit.store.find(assessment_id)
    if kept is None:
        raise Problem("not-found", _NOT_THERE)
    return kept, around(audit.store, kept)


def _answer(kept: Kept, wrong: Finding | None, *, with_payloads: bool) -> AuditAnswer:
    entry = kept.entry
    erased = kept.asked is None or kept.answered is None
    shown = with_payloads and not erased and (wrong is None or wrong.what != "payload_changed")
    return AuditAnswer(
        assessment_id=entry.assessment_id,
        at=iso(entry.at) or "",
        route=entry.route,
        caller=entry.caller,
        model=entry.model,
        bundle=entry.bundle,
        agreement_sha256=entry.agreement,
        cutoff=None if entry.cutoff is None else iso(entry.cutoff),
        payloads="erased" if erased else "shown" if shown else "withheld",
        asked=asked.shown(kept.asked.content) if shown and kept.asked else None,
        answered=json.loads(kept.answered.content) if shown and kept.answered else None,
        chain=Chain(
            name=entry.chain,
            sequence=entry.sequence,
            link=entry.link.hex(),
            verifies=wrong is None,
            because=None if wrong is None else str(wrong),
        ),
    )
