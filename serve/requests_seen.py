"""What happens around every request: its log line, its headers, and an answer even when we fail."""

from __future__ import annotations

import time
from typing import Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serve import logs
from serve.meters import Meters
from serve.problems import Problem

FACTS: Final = "readiness.facts"
"""Where a route leaves what its log line should say, in the request's scope."""

ROUTE: Final = "readiness.route"
"""Where the door leaves which address was asked for, as a template, in the request's scope."""

SHED: Final = "readiness.shed"
"""The fact of a request for which there was no room: it gets no line of its own."""

_HEADERS: Final = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
"""An answer about a person is kept by no cache, taken for no page, and shown inside no other one."""

_POLICY: Final = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'")
"""A browser runs and loads nothing, unless a page says which of our own files it needs."""


class RequestsSeen:
    """Logs one line a request: route, status, duration and what the route adds; no path, no values.

    The path itself is not logged, nor the address it came from: either may say who somebody is.
    """

    def __init__(self, app: ASGIApp, *, meters: Meters) -> None:
        self._app = app
        self._meters = meters

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whatever happens on the way."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        facts: dict[str, Any] = {}
        scope[FACTS] = facts
        status = 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = [*message.get("headers", ()), *_HEADERS]
                if not any(name == _POLICY[0] for name, _ in headers):
                    headers.append(_POLICY)
                message["headers"] = headers
            await send(message)

        try:
            await self._app(scope, receive, answer)
        except Exception as error:  # noqa: BLE001 - past here the server would log the message, values and all
            logs.failure("request_failed", error, route=_route(scope))
            if not status:
                problem = Problem(
                    "internal-error", "The fault is ours and is in the log. Nothing was changed."
                )
                await problem.response()(scope, receive, answer)
        finally:
            seconds = time.perf_counter() - started
            method = scope["method"] if scope["method"] in _METHODS else "other"
            route = _route(scope)
            self._meters.answered(method, route, status, seconds)
            if SHED not in facts:
                ms = round(seconds * 1e3, 3)
                logs.event("request", method=method, route=route, status=status, ms=ms, **facts)


_METHODS: Final = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})


def _route(scope: Scope) -> str | None:
    route: str | None = scope.get(ROUTE)
    return route
