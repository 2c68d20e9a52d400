"""GET and POST /: one lead typed in, its assessment read; no script, nothing stored."""

from __future__ import annotations

import json
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response

from readiness.crm.records import Instant, iso
from readiness.scoring import Assessment
from serve import assessing
from serve.dependencies import ServiceDep
from serve.page import form
from serve.page.examples import example
from serve.page.questions import Questions, questions
from serve.page.rendering import headers, rendered
from serve.page.shown import Shown, shown
from serve.problems import Problem
from serve.request_body import StrictRoute, bounded, media_type
from serve.requests_seen import FACTS
from serve.store import InUse

router = APIRouter(route_class=StrictRoute)

MOST_BYTES: Final = 200_000
"""Of a posted form: it is typed by hand."""


@router.get("/", include_in_schema=False)
async def empty(
    service: ServiceDep, example_: Annotated[str | None, Query(alias="example")] = None
) -> Response:
    """Show the page, empty or (``?example=1``) filled in with a lead that asked for a demo."""
    in_use, received = service.store.in_use, service.clock()
    asked = questions(in_use)
    values = {}
    if example_ is not None:
        values = example(asked, received)
    return _page(in_use, asked, form.Typed(values, {}, None), received)


@router.post("/", include_in_schema=False)
async def answered(request: Request, service: ServiceDep) -> Response:
    """Show the page with the assessment of the lead typed in, or what is wrong beside the fields."""
    media_type(request, ("application/x-www-form-urlencoded",))
    values = form.values_in(await bounded(request, MOST_BYTES))
    in_use, received = service.store.in_use, service.clock()
    asked = questions(in_use)
    typed = form.typed(values, asked, received=received)
    if typed.request is None:
        return _page(in_use, asked, typed, received, status=422)
    read = assessing.read([typed.request], received=received)
    ready = await assessing.listed(read, [typed.request], service.suppressing, received=received)
    (verdict,) = assessing.assess(ready, in_use)
    if isinstance(verdict, Problem):
        faults = form.faults(verdict.errors, values, asked)
        refused = form.Typed(values, typed.raw, None, faults)
        return _page(in_use, asked, refused, received, status=422)
    _note(request, verdict)
    return _page(in_use, asked, typed, received, found=shown(verdict))


def _note(request: Request, assessment: Assessment) -> None:
    request.scope[FACTS].update(bundle=assessment.answered_by.bundle, action=assessment.advice["action"])


def _page(
    in_use: InUse,
    asked: Questions,
    typed: form.Typed,
    received: Instant,
    *,
    found: Shown | None = None,
    status: int = 200,
) -> Response:
    filled = {name for name, value in typed.values.items() if value.strip()} | typed.faults.keys()
    page: dict[str, Any] = {
        "asked": asked,
        "values": typed.values,
        "faults": typed.faults,
        "shown": found,
        "sent": json.dumps(typed.raw, ensure_ascii=False, indent=2),
        "model": in_use.answered_by.model,
        "today": (iso(received) or "")[:10],
        "more_open": any(f"attribute.{each.name}" in filled for each in asked.more),
        "who_open": any(name in filled for name in asked.identities),
    }
    return Response(rendered(page), status, dict(headers()), "text/html; charset=utf-8")
