"""POST /v1/score/batch: many leads in, a verdict on each out."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from serve import assessing, batch_answers, batch_reading
from serve.answered import Answered
from serve.answers import BatchAnswer
from serve.assessing import Ready, Verdict
from serve.auditing.leaving import write_down
from serve.batch_reading import CSV, JSON, JSON_LINES
from serve.dependencies import Service, ServiceDep
from serve.examples import BATCH_CSV, BATCH_JSON, BATCH_JSON_LINES
from serve.idempotency_parameter import IdempotencyKey
from serve.problems import Problem, responses
from serve.request_body import StrictRoute, bounded, media_type
from serve.requests_seen import FACTS
from serve.row_defaults import RowsAt, RowsExplain
from serve.schemas import ScoreRequest

router = APIRouter(route_class=StrictRoute, tags=["Scoring"])

_LINES: Final = {"schema": {"type": "string"}, "example": BATCH_JSON_LINES}
_BODY: Final[dict[str, Any]] = {
    "required": True,
    "description": "At most 10,000 leads, each once.",
    "content": {
        JSON: {
            "schema": {
                "type": "array",
                "maxItems": batch_reading.MOST_LEADS,
                "items": {"$ref": "#/components/schemas/ScoreRequest"},
            },
            "example": BATCH_JSON,
        },
        JSON_LINES[0]: _LINES,
        CSV: {"schema": {"type": "string"}, "example": BATCH_CSV},
    },
}


@router.post(
    "/v1/score/batch",
    summary="Assess many leads",
    response_model=BatchAnswer,
    response_description="The verdicts, in the order of the rows.",
    openapi_extra={"requestBody": _BODY},
    responses=responses(
        "invalid-json",
        "not-acceptable",
        "too-slow",
        "still-answering",
        "body-too-large",
        "too-many-leads",
        "unsupported-media-type",
        "invalid-request",
        "idempotency-key-reused",
        "overloaded",
        "store-unavailable",
        "audit-unavailable",
    ),
)
async def score_batch(
    request: Request,
    service: ServiceDep,
    at: RowsAt = None,
    explain: RowsExplain = None,
    idempotency_key: IdempotencyKey = None,  # noqa: ARG001 - read from the request, twice given or not
) -> Response:
    """Send up to 10,000 leads; get a verdict on each: its assessment, or why it was refused.

    Each row is answered as `POST /v1/score` would answer it alone, to the last digit. A bad row fails itself
    only, and `received` is `scored` plus `refused`.

    Three forms are read, told by `Content-Type`:

    - `application/json`: a list of the objects that `POST /v1/score` reads
    - `application/x-ndjson`: the same objects, one a line
    - `text/csv`: one row a lead, under a header. `lead_id`, `created_at`, `source`, `last_known_at`,
      `email`, `phone` and `company_domain` are what they are above; every other column is an attribute. An
      empty cell is a missing value. Activities and answers do not fit into CSV: send JSON for them.

    With `Accept: application/x-ndjson` the verdicts come one a line, and the counts as the last line.

    A lead that stands twice is scored once if its rows are the same; if they differ, all of them are refused.
    """
    media = media_type(request, (JSON, *JSON_LINES, CSV))
    accepted = batch_answers.form(request)
    defaults = batch_reading.defaults(at, explain)
    body = await bounded(request, request.app.state.settings.max_batch_bytes)

    in_use = service.store.in_use

    # In threads, so that single leads are answered meanwhile; the door lets one batch in at a time.
    async def prepare() -> _ReadyBatch:
        rows = await asyncio.to_thread(
            batch_reading.read, body, media, defaults, line_bytes=request.app.state.settings.max_body_bytes
        )
        asked, refused = batch_answers.told_apart(rows)
        received = service.clock()
        read = await asyncio.to_thread(assessing.read, [*asked.values()], received=received)
        # Of all rows that could be read: one may be refused, and yet its lead told us to stop.
        told = [row for row in rows if isinstance(row, ScoreRequest)]
        ready = await assessing.listed(read, told, service.suppressing, received=received)
        return _ReadyBatch(ready, (*asked,), refused)

    async def finish(batch: _ReadyBatch) -> Response:
        verdicts: dict[int, Verdict] = dict(batch.refused)
        assessed = await asyncio.to_thread(assessing.assess, batch.ready, in_use)
        verdicts |= zip(batch.places, assessed, strict=True)
        told = [verdicts[place] for place in range(len(verdicts))]
        answers = await asyncio.to_thread(batch_answers.answers, told, service.new_id)
        leaving = [
            (read, answer)
            for read, place in enumerate(batch.places)
            if isinstance(answer := answers[place], Answered)
        ]
        await asyncio.to_thread(write_down, service.audit, request, batch.ready, leaving, in_use)
        await asyncio.to_thread(_count, service, leaving)
        request.scope[FACTS].update(batch_answers.counts(answers), bundle=in_use.answered_by.bundle)
        content = await asyncio.to_thread(batch_answers.written, answers, accepted)
        return Response(content, media_type=accepted)

    return await service.once_per_key.answer(request, body, prepare, finish)


def _count(service: Service, leaving: Sequence[tuple[int, Answered]]) -> None:
    for _, answer in leaving:
        service.meters.assessed(answer.assessment)


@dataclass(frozen=True, slots=True)
class _ReadyBatch:
    """The rows that can be assessed, where each stood, and why the others were refused."""

    ready: Ready
    places: tuple[int, ...]
    refused: Mapping[int, Problem]

    @property
    def barred(self) -> bytes:
        return self.ready.barred
