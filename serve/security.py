"""Who may ask: this machine only, unless the operator opened the service by name."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from serve.problems import Problem
from serve.settings import is_loopback


class LoopbackOnly:
    """Refuses requests that arrive at an address which other machines can reach.

    The settings say where the service means to listen; whoever starts the server may have said
    otherwise. So the address a request really arrived at is looked at too.
    """

    def __init__(self, app: ASGIApp, *, open_access: bool) -> None:
        self._app = app
        self._open_access = open_access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] == "http" and not self._open_access and not _arrived_at_loopback(scope):
            problem = Problem(
                "beyond-loopback",
                "It listens beyond this machine without keys. Bind it to 127.0.0.1, or set "
                "READINESS_OPEN_ACCESS=true if something in front of it decides who may ask.",
            )
            await problem.response()(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _arrived_at_loopback(scope: Scope) -> bool:
    server = scope.get("server")
    # A server on a file socket states no port: only this machine reaches it.
    return server is None or server[1] is None or is_loopback(server[0])
