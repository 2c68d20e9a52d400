"""POST /v1/score: one lead in, its assessment out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Request, Response

from serve import assessing
from serve.answered import answered
from serve.answers import AssessmentAnswer
from serve.assessing import Ready
from serve.auditing.leaving import write_down
from serve.dependencies import ServiceDep
from serve.examples import SCORE_REQUESTS
from serve.idempotency_parameter import IdempotencyKey
from serve.problems import Problem, responses
from serve.request_body import StraightRoute
from serve.requests_seen import FACTS
from serve.schemas import ScoreRequest

router = APIRouter(route_class=StraightRoute, tags=["Scoring"])


@router.post(
    "/v1/score",
    summary="Assess one lead",
    response_model=AssessmentAnswer,
    response_description="The assessment.",
    responses=responses(
        "invalid-json",
        "too-slow",
        "still-answering",
        "body-too-large",
        "unsupported-media-type",
        "invalid-request",
        "idempotency-key-reused",
        "overloaded",
        "store-unavailable",
        "audit-unavailable",
    ),
)
async def score_lead(
    lead: Annotated[ScoreRequest, Body(openapi_examples=SCORE_REQUESTS)],
    request: Request,
    service: ServiceDep,
    idempotency_key: IdempotencyKey = None,  # noqa: ARG001 - read from the request, twice given or not
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
    in_use = service.store.in_use

    async def prepare() -> Ready:
        received = service.clock()
        read = assessing.read([lead], received=received)
        return await assessing.listed(read, [lead], service.suppressing, received=received)

    async def finish(ready: Ready) -> Response:
        # Inline on purpose: it takes about a millisecond, less than handing it to a thread and back.
        (assessment,) = assessing.assess(ready, in_use)
        if isinstance(assessment, Problem):
            raise assessment
        answer = answered(assessment, service.new_id())
        write_down(service.audit, request, ready, [(0, answer)], in_use)
        service.meters.assessed(assessment)
        request.scope[FACTS].update(
            assessment_id=answer.assessment_id,
            bundle=assessment.answered_by.bundle,
            action=assessment.advice["action"],
        )
        return Response(answer.content, media_type="application/json")

    return await service.once_per_key.answer(request, await request.body(), prepare, finish)
