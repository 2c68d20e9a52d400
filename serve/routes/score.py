"""POST /v1/score: one lead in, its assessment out."""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import APIRouter, Body, Request, Response

from readiness.errors import StoreError
from serve import assessing
from serve.answers import AssessmentAnswer
from serve.dependencies import ServiceDep
from serve.examples import SCORE_REQUESTS
from serve.problems import responses
from serve.request_body import StrictRoute
from serve.requests_seen import FACTS
from serve.schemas import ScoreRequest
from serve.suppressing import unavailable

router = APIRouter(route_class=StrictRoute, tags=["Scoring"])


@router.post(
    "/v1/score",
    summary="Assess one lead",
    response_model=AssessmentAnswer,
    response_description="The assessment.",
    responses=responses(
        "invalid-json",
        "too-slow",
        "body-too-large",
        "unsupported-media-type",
        "invalid-request",
        "overloaded",
        "store-unavailable",
    ),
)
async def score_lead(
    lead: Annotated[ScoreRequest, Body(openapi_examples=SCORE_REQUESTS)],
    request: Request,
    service: ServiceDep,
) -> Response:
    """Send a lead with its activities and answers; get its assessment.

    It says how likely a sale is, what kind of lead it is, what is known of budget, authority, need and
    timeframe, what to do now, and why.

    Every moment is an ISO 8601 text with a zone, such as `2026-03-14T09:00:00Z`. A date without time,
    such as `2026-03-14`, means the end of that day in UTC. A row may lie up to five minutes ahead of our
    clock (today's date: until the day ends); later ones are refused.

    Somebody who must not be called is `never_call`, as soon as they are on the list (`/v1/suppressions`). If
    the list cannot be read, nobody is handed over, and `warnings` says so. An outcome `stop_calling` puts the
    lead's id, e-mail address and phone number on the list.
    """
    received, in_use = service.clock(), service.store.in_use
    asked = assessing.read(lead, in_use, received=received)
    if any(row.outcome == "stop_calling" for row in lead.outcomes):
        try:
            # On disk before the answer leaves: whoever told us to stop is asked nothing by any worker.
            await service.suppressing.suppress(
                lambda store: assessing.stopped(lead, store.hashing), at=received
            )
        except StoreError as error:
            raise unavailable(error) from None
    suppressions = await service.suppressing.listed(asked.tables)
    # Inline on purpose: an assessment takes about a millisecond, less than handing it to a thread and back.
    assessment = assessing.assess(asked, in_use, suppressions)
    service.meters.assessed(assessment)
    assessment_id = service.new_id()
    request.scope[FACTS].update(
        assessment_id=assessment_id,
        bundle=assessment.answered_by.bundle,
        action=assessment.advice["action"],
    )
    answer = {"assessment_id": assessment_id, **assessment.to_dict()}
    # Python writes the shortest decimals that read back to the same bits: equality with a batch survives.
    content = json.dumps(answer, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Response(content.encode(), media_type="application/json")
