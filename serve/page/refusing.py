"""A refusal as a page, for whoever sits at a browser."""

from __future__ import annotations

from typing import Final

from fastapi import Response
from starlette.types import Scope

from serve.page.rendering import headers, refusal
from serve.problems import TITLES, Problem

_UNKNOWN: Final = 401


def reads_pages(scope: Scope) -> bool:
    """Say whether a browser asks for a page: JSON says nothing to most people."""
    accepted = [value for name, value in scope["headers"] if name == b"accept"]
    return scope["method"] == "GET" and any(b"text/html" in value.lower() for value in accepted)


def for_people(refused: Problem) -> Response:
    """Return a refusal as a small page with its own status and headers; it repeats nothing of a request."""
    page = refusal(TITLES[refused.code][1], refused.detail, needs_key=refused.status_code == _UNKNOWN)
    sent = {**(refused.headers or {}), **headers()}
    return Response(page, refused.status_code, sent, "text/html; charset=utf-8")
