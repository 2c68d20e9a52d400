"""A refusal as a page, for whoever sits at a browser."""

from __future__ import annotations

from fastapi import Response

from serve.page.rendering import headers, refusal
from serve.problems import TITLES, Problem


def for_people(refused: Problem) -> Response:
    """Return a refusal as a small page with its own status and headers; it repeats nothing of a request."""
    page = refusal(TITLES[refused.code][1], refused.detail)
    sent = {**(refused.headers or {}), **headers()}
    return Response(page, refused.status_code, sent, "text/html; charset=utf-8")
