"""How a request's body comes in: bounded while it streams, in a known form, read strictly."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError
from starlette.requests import ClientDisconnect

from serve import strict_json
from serve.problems import Problem, invalid, of_errors, path
from serve.schemas import ScoreRequest


class StrictRequest(Request):
    """A request whose body is counted as it arrives and parsed without guessing."""

    async def body(self) -> bytes:
        """Return the body; refuse it as soon as it is known to be too large or not JSON.

        Raises
        ------
        Problem
            415 for another content type or a compressed body, 413 beyond the limit, 400 when empty.
        """
        if not hasattr(self, "_body"):
            media_type(self, ("application/json",))
            self._body = await bounded(self, self.app.state.settings.max_body_bytes)
        return self._body

    async def json(self) -> object:
        """Return the body as parsed JSON.

        Raises
        ------
        Problem
            400 when it is not JSON, or JSON that readers disagree on.
        """
        if not hasattr(self, "_json"):
            self._json = parsed(await self.body())
        return self._json


class StrictRoute(APIRoute):
    """A route that knows its parameters, reads its body through `StrictRequest` and refuses in our words."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the framework's handler, given a strict request."""
        answer = super().get_route_handler()
        known, schema = self._known(), self._schema()

        async def strict(request: Request) -> Response:
            _only_these_parameters(request, known)
            try:
                return await answer(StrictRequest(request.scope, request.receive))
            except RequestValidationError as error:
                # The first step of a place says body, query or path.
                raise of_errors(error.errors(), schema=schema, skip=1) from None

        return strict

    def _known(self) -> list[str]:
        return [field.alias for field in self.dependant.query_params]

    def _schema(self) -> type[BaseModel]:
        body = self.body_field.field_info.annotation if self.body_field else None
        return body if isinstance(body, type) and issubclass(body, BaseModel) else ScoreRequest


class StraightRoute(StrictRoute):
    """A strict route whose endpoint takes its body, the request and the service, and nothing else.

    So the endpoint is called at once: to find out at each request what else it might take, as the framework
    does for any, takes as long as to check the body.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return a handler that reads the body, checks it and calls the endpoint."""
        known, schema = self._known(), self._schema()

        async def straight(request: Request) -> Response:
            _only_these_parameters(request, known)
            strict = StrictRequest(request.scope, request.receive)
            try:
                body = schema.model_validate(await strict.json())
            except ValidationError as error:
                found = error.errors(include_url=False, include_input=False)
                raise of_errors(found, schema=schema) from None
            except ClientDisconnect:
                raise Problem("bad-request", "The request cannot be read.") from None
            response: Response = await self.endpoint(body, strict, request.app.state.service)
            return response

        return straight


async def bounded(request: Request, limit: int) -> bytes:
    """Return the body; refuse it as soon as it is known to be too large.

    The bytes are counted, because a sender may give no length or a wrong one.

    Raises
    ------
    Problem
        413 beyond the limit, 400 when empty.
    """
    within(request, limit)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise too_large(limit)
    if not body:
        raise Problem("bad-request", "The body is empty.")
    return bytes(body)


def first_accepted(request: Request, forms: Mapping[str, str]) -> str | None:
    """Return the form of the first name in ``Accept`` that stands among these; None if none does.

    ``forms`` gives a form for each name; the empty name is that of a request without ``Accept``.
    """
    for part in request.headers.get("accept", "").split(","):
        form = forms.get(part.partition(";")[0].strip().lower())
        if form is not None:
            return form
    return None


def media_type(request: Request, known: Sequence[str]) -> str:
    """Return which of the known media types the body has.

    Raises
    ------
    Problem
        415 if it is another, is not in UTF-8, or is compressed: what it unpacks to could not be bounded.
    """
    media, *parameters = (part.strip().lower() for part in request.headers.get("content-type", "").split(";"))
    charsets = {part[8:].strip('"') for part in parameters if part.startswith("charset=")}
    if media not in known or not charsets <= {"utf-8", "utf8"}:
        raise Problem("unsupported-media-type", f"Send Content-Type: {' or '.join(known)}, in UTF-8.")
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise Problem("unsupported-media-type", "Send the body uncompressed.")
    return media


def parsed(body: bytes) -> object:
    """Return one JSON document.

    Raises
    ------
    Problem
        400 when it is not JSON, or JSON that readers disagree on.
    """
    try:
        return strict_json.parse(body)
    except strict_json.JsonRefusedError as error:
        raise Problem("invalid-json", str(error)) from None


def _only_these_parameters(request: Request, known: Sequence[str]) -> None:
    """Refuse parameters of the address that nobody reads: one misspelt would change nothing in silence."""
    if not request.scope["query_string"]:
        return
    given = [name for name, _ in request.query_params.multi_items()]
    faults = [(name, "This parameter is not known here.") for name in given if name not in known]
    twice = [name for name in known if given.count(name) > 1]
    faults += [(name, "Send this parameter once.") for name in twice]
    if faults:
        raise invalid([(path((name,)), fault) for name, fault in faults])


def within(request: Request, limit: int) -> None:
    """Refuse a body that says itself that it is too large, before it is sent.

    Raises
    ------
    Problem
        413 if it does.
    """
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and len(declared) < 19 and int(declared) > limit:
        raise too_large(limit)


def too_large(limit: int) -> Problem:
    """Return the refusal of a body that is larger than it may be."""
    # The rest of the body is not read: the connection cannot carry another request.
    return Problem(
        "body-too-large", f"A body may hold at most {limit} bytes.", headers={"Connection": "close"}
    )
