"""A route that calls its endpoint at once refuses what the framework refuses, in the same words."""

from __future__ import annotations

import json
from typing import Annotated

import httpx
import pytest
from fastapi import APIRouter, Body, FastAPI, Request, Response

from serve import problems
from serve.request_body import StraightRoute, StrictRoute
from serve.schemas import ScoreRequest
from serve.settings import Settings

_BODIES = {
    "a lead": b'{"lead": {"lead_id": "L-1"}}',
    "nothing": b"",
    "null": b"null",
    "a list": b"[]",
    "a text": b'"L-1"',
    "no lead": b"{}",
    "a lead that is a list": b'{"lead": []}',
    "an unknown field": b'{"lead": {"lead_id": "L-1"}, "score": 1}',
    "two faults": b'{"lead": {"lead_id": 1, "attributes": {"": 1}}, "activities": [{"type": "x"}]}',
    "no JSON": b"{",
    "a key twice": b'{"lead": {}, "lead": {}}',
}


def _app(route: type[StrictRoute]) -> FastAPI:
    router = APIRouter(route_class=route)

    @router.post("/score")
    async def score(lead: Annotated[ScoreRequest, Body()], request: Request, service: str = "") -> Response:
        return Response(lead.model_dump_json(), media_type="application/json")

    app = FastAPI()
    app.include_router(router)
    app.state.settings, app.state.service = Settings(), ""
    problems.install(app)
    return app


async def _answer(route: type[StrictRoute], body: bytes, query: str = "") -> tuple[int, object]:
    transport = httpx.ASGITransport(_app(route))
    async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
        headers = {"content-type": "application/json"}
        answer = await client.post(f"/score{query}", content=body, headers=headers)
    return answer.status_code, json.loads(answer.content)


@pytest.mark.parametrize("body", _BODIES.values(), ids=_BODIES)
@pytest.mark.anyio
async def test_a_body_is_answered_or_refused_as_by_the_framework(body):
    assert await _answer(StraightRoute, body) == await _answer(StrictRoute, body)


@pytest.mark.anyio
async def test_an_unknown_parameter_is_refused_as_by_the_framework():
    given = (_BODIES["a lead"], "?explain=full")
    status, problem = await _answer(StraightRoute, *given)
    assert status == 422
    assert (status, problem) == await _answer(StrictRoute, *given)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
