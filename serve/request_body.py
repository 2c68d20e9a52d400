"""How a request's body comes in: bounded while it streams, only as JSON, read strictly."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from serve import strict_json
from serve.problems import Problem


class StrictRequest(Request):
    """A request whose body is counted as it arrives and parsed without guessing."""

    async def body(self) -> bytes:
        """Return the body; refuse it as soon as it is known to be too large or not JSON.

        The bytes are counted, because a sender may give no length or a wrong one.

        Raises
        ------
        Problem
            415 for another content type or a compressed body, 413 beyond the limit, 400 when empty.
        """
        if not hasattr(self, "_body"):
            self._refuse_other_types()
            limit: int = self.app.state.settings.max_body_bytes
            declared = self.headers.get("content-length", "")
            if declared.isdecimal() and len(declared) < 19 and int(declared) > limit:
                raise _too_large(limit)
            body = bytearray()
            async for chunk in self.stream():
                body += chunk
                if len(body) > limit:
                    raise _too_large(limit)
            if not body:
                raise Problem("invalid-json", "The body is empty; send a JSON object.")
            self._body = bytes(body)
        return self._body

    async def json(self) -> object:
        """Return the body as parsed JSON.

        Raises
        ------
        Problem
            400 when it is not JSON, or JSON that readers disagree on.
        """
        if not hasattr(self, "_json"):
            try:
                self._json = strict_json.parse(await self.body())
            except strict_json.JsonRefusedError as error:
                raise Problem("invalid-json", str(error)) from None
        return self._json

    def _refuse_other_types(self) -> None:
        media, *parameters = (
            part.strip().lower() for part in self.headers.get("content-type", "").split(";")
        )
        charsets = {part[8:].strip('"') for part in parameters if part.startswith("charset=")}
        if media != "application/json" or not charsets <= {"utf-8", "utf8"}:
            raise Problem("unsupported-media-type", "Send Content-Type: application/json, in UTF-8.")
        if self.headers.get("content-encoding", "identity").strip().lower() != "identity":
            raise Problem("unsupported-media-type", "Send the body uncompressed.")


class StrictRoute(APIRoute):
    """A route that reads its body through `StrictRequest`."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the framework's handler, given a strict request."""
        answer = super().get_route_handler()

        async def strict(request: Request) -> Response:
            return await answer(StrictRequest(request.scope, request.receive))

        return strict


def _too_large(limit: int) -> Problem:
    # The rest of the body is not read: the connection cannot carry another request.
    return Problem(
        "body-too-large", f"A body may hold at most {limit} bytes.", headers={"Connection": "close"}
    )
