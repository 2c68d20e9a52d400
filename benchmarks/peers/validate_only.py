"""A peer: the same body on the same server, read and checked as the framework does it, and not answered."""

from __future__ import annotations

from fastapi import FastAPI

from serve.schemas import ScoreRequest

app = FastAPI()


@app.get("/health/started")
async def started() -> dict[str, str]:
    """Say that it runs."""
    return {"status": "started"}


@app.post("/v1/score")
async def score(lead: ScoreRequest) -> dict[str, str]:
    """Check the request and say so."""
    return {"lead_id": lead.lead.lead_id}
