"""Refusals as RFC 9457 problem documents: they name the field and say what to do, and repeat no value."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from serve.hints import Schema, hint
from serve.schemas import ScoreRequest

MEDIA_TYPE: Final = "application/problem+json"
_SHOWN: Final = 50
_A_PLAIN_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_ -]{0,63}")

TITLES: Final[Mapping[str, tuple[int, str]]] = {
    "bad-request": (400, "The request cannot be read"),
    "invalid-json": (400, "The body cannot be read as JSON"),
    "invalid-csv": (400, "The body cannot be read as CSV"),
    "invalid-parquet": (400, "The body cannot be read as Parquet"),
    "key-in-url": (400, "A key was sent in the address"),
    "unknown-caller": (401, "The service does not know who asks"),
    "beyond-loopback": (403, "The service answers on this machine only"),
    "foreign-host": (403, "The service was asked under another machine's name"),
    "not-allowed": (403, "The caller may not do this"),
    "untrusted-proxy": (403, "The service does not believe who says who asks"),
    "not-found": (404, "There is nothing at this address"),
    "method-not-allowed": (405, "This address does not know that verb"),
    "not-acceptable": (406, "The service does not answer in that form"),
    "too-slow": (408, "The body came too slowly"),
    "job-not-ended": (409, "The job has not ended yet"),
    "still-answering": (409, "The same request is being answered already"),
    "body-too-large": (413, "The body is too large"),
    "too-many-leads": (413, "The batch holds too many leads"),
    "unsupported-media-type": (415, "The body is not in a form that this address reads"),
    "invalid-request": (422, "The request breaks the rules of this address"),
    "idempotency-key-reused": (422, "This Idempotency-Key stands for another request"),
    "too-many-requests": (429, "The key has asked as much as it may for now"),
    "internal-error": (500, "The service failed"),
    "overloaded": (503, "The service has no room for more requests"),
    "store-unavailable": (503, "The database cannot be used just now"),
    "audit-unavailable": (503, "The answer could not be written down"),
    "report-damaged": (503, "The report is not as it was published"),
    "job-gave-up": (503, "The job did not get on"),
    "not-ready": (503, "The service cannot answer yet"),
}
"""Every problem the service can answer with: its code, status and title."""


class FieldProblem(BaseModel):
    """One field and what is wrong with it."""

    model_config = ConfigDict(extra="forbid")

    field: str = Field(
        description="Where it is in the request, such as `activities[2].occurred_at`.",
        examples=["activities[2].occurred_at"],
    )
    problem: str = Field(
        description="What is wrong and what to do, in one sentence.", examples=["This field is required."]
    )


class ProblemDocument(BaseModel):
    """Why the service refused, in the form of RFC 9457; the values sent are never repeated."""

    model_config = ConfigDict(extra="forbid")

    type: str = Field(
        description="A stable code for programs.", examples=["urn:readiness:problem:invalid-request"]
    )
    title: str = Field(description="The same for every refusal of this type.")
    status: int = Field(description="The HTTP status.", examples=[422])
    detail: str = Field(description="What is wrong this time, and what to do.")
    errors: list[FieldProblem] = Field(
        default=[], description="Each field that is wrong. At most 50 are listed."
    )


class Problem(HTTPException):
    """A refusal on its way out.

    Parameters
    ----------
    code : a key of ``TITLES``
    detail : one or two sentences that hold no value of the request
    errors : (field, what is wrong with it) pairs
    headers : sent along, such as ``Connection: close``
    """

    def __init__(
        self,
        code: str,
        detail: str,
        errors: Sequence[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.code = code
        self.errors = tuple(errors)
        super().__init__(TITLES[code][0], detail, headers)

    def document(self) -> dict[str, Any]:
        """Return the refusal as a problem document."""
        document: dict[str, Any] = {
            "type": f"urn:readiness:problem:{self.code}",
            "title": TITLES[self.code][1],
            "status": self.status_code,
            "detail": self.detail,
        }
        if self.errors:
            document["errors"] = self._listed()
        return document

    def response(self) -> Response:
        """Return the refusal as an HTTP response."""
        content = json.dumps(self.document(), ensure_ascii=False).encode()
        return Response(content, self.status_code, self.headers, MEDIA_TYPE)

    def told(self) -> dict[str, Any]:
        """Return what is wrong this time, for a place that says what was refused by itself."""
        return {"detail": self.detail, "errors": self._listed()}

    def _listed(self) -> list[dict[str, str]]:
        return [{"field": field, "problem": problem} for field, problem in self.errors[:_SHOWN]]


def invalid(errors: Sequence[tuple[str, str]], found: int | None = None) -> Problem:
    """Return the 422 refusal of a request whose fields break rules.

    Parameters
    ----------
    errors : (field, what is wrong with it) pairs
    found : int, optional
        How many there are in all, where only the first are told.
    """
    count = len(errors) if found is None else found
    fields = "One field is wrong." if count == 1 else f"{count} fields are wrong."
    return Problem(
        "invalid-request", fields + (f" The first {_SHOWN} are listed." if count > _SHOWN else ""), errors
    )


def of_errors(
    errors: Sequence[Mapping[str, Any]],
    *,
    schema: Schema = ScoreRequest,
    named: Callable[[str], str] = str,
    skip: int = 0,
) -> Problem:
    """Return the 422 refusal for what a schema found wrong, each told in our own sentence.

    Only those that are listed are worded: a body may hold a hundred thousand faults.

    Parameters
    ----------
    errors : as pydantic lists them
    schema : what the body was read as
    named : callable
        Calls a field as its sender does.
    skip : int
        So many first steps of each place lie outside the body.
    """
    worded = []
    for one in errors[:_SHOWN]:
        place = tuple(one["loc"])[skip:]
        worded.append((named(path(place)), _wording(one, place, schema)))
    return invalid(worded, len(errors))


def install(app: FastAPI) -> None:
    """Make the application answer every refusal as a problem document."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(HTTPException, _http)


def responses(*codes: str) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI entries of these refusals."""
    titles: dict[int, list[str]] = {}
    for code in codes:
        titles.setdefault(TITLES[code][0], []).append(TITLES[code][1])
    return {
        status: {
            "description": "; ".join(said),
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}},
        }
        for status, said in titles.items()
    }


async def _problem(request: Request, error: Exception) -> Response:  # noqa: ARG001 - the framework's signature
    if not isinstance(error, Problem):
        raise error
    return error.response()


async def _http(request: Request, error: Exception) -> Response:  # noqa: ARG001 - the framework's signature
    if not isinstance(error, HTTPException):
        raise error
    code = {404: "not-found", 405: "method-not-allowed"}.get(error.status_code, "bad-request")
    detail = {
        "not-found": "GET /openapi.json lists the addresses.",
        "method-not-allowed": "The Allow header lists the verbs of this address.",
    }.get(code, "The request cannot be read.")
    return Problem(code, detail, headers=error.headers).response()


def path(location: Iterable[str | int]) -> str:
    """Write a place in the request as people do: ``activities[2].occurred_at``.

    A name that is not a plain one may be anything a sender put there; it is not repeated.
    """
    written = ""
    for part in location:
        if part == "[key]":
            continue  # the name itself stands just before it
        if isinstance(part, int):
            written += f"[{part}]"
        else:
            name = part if _A_PLAIN_NAME.fullmatch(part) else "(a name that is not repeated here)"
            written += f".{name}" if written else name
    return written or "(the body)"


_WORDINGS: Final[Mapping[str, str]] = {
    "missing": "This field is required.",
    "extra_forbidden": "This field is not known here{hint}",
    "string_type": "This must be text.",
    "float_type": "This must be a number.",
    "finite_number": "This must be a finite number.",
    "list_type": "This must be a list.",
    "dict_type": "This must be an object.",
    "model_type": "This must be an object.",
    "model_attributes_type": "This must be an object.",
    "string_too_short": "This must not be empty.",
    "string_too_long": "This text is longer than {max_length} characters.",
    "string_pattern_mismatch": "This holds characters that are not allowed here.",
    "too_long": "This holds more than {max_length} entries.",
    "literal_error": "This must be {expected}.",
    "greater_than_equal": "This must be at least {ge}.",
    "less_than_equal": "This must be at most {le}.",
}
"""Our own sentences: a library's may repeat what was sent."""


def _wording(error: Mapping[str, Any], place: Sequence[str | int], schema: Schema) -> str:
    kind = str(error["type"])
    if kind.startswith("readiness_"):
        return str(error["msg"])
    facts = dict(error.get("ctx", {}))
    if kind == "extra_forbidden":
        said = hint(place, schema)
        facts["hint"] = f"; {said}" if said.endswith("?") else f"; {said}." if said else "."
    return _WORDINGS.get(kind, "This is not valid here.").format_map(facts)
