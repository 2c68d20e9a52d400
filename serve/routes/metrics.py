"""GET /metrics: what the service counts and times, for Prometheus."""

from __future__ import annotations

from fastapi import APIRouter, Response

from serve import meters
from serve.dependencies import ServiceDep
from serve.request_body import StrictRoute

router = APIRouter(route_class=StrictRoute, tags=["Health"])


@router.get(
    "/metrics",
    summary="What is counted and timed",
    response_class=Response,
    response_description="Prometheus' text format.",
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
async def metrics(service: ServiceDep) -> Response:
    """Return the numbers of all workers, in Prometheus' text format.

    How long requests took by route and status, the scores given, assessments by category and advice, how
    many workers answer with which model and agreement, models refused, requests at work, waiting, arriving
    and turned away.
    """
    service.upkeep.write_down()
    return Response(service.meters.page(), media_type=meters.MEDIA_TYPE)
