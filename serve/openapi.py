"""The OpenAPI document: the framework's, with what it leaves out put in."""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from serve.examples import SCORE_ANSWER
from serve.problems import ProblemDocument, responses
from serve.security.rights import RIGHTS, Needed

_KEY: Final = {
    "type": "http",
    "scheme": "bearer",
    "description": "A key, as `readiness keys create` makes it. Where none was ever made, this machine's own "
    "programs need none.",
}
_OF_EVERY_ADDRESS: Final = ("key-in-url", "invalid-request")
_OF_THE_DOOR: Final = (
    "unknown-caller",
    "beyond-loopback",
    "foreign-host",
    "not-allowed",
    "untrusted-proxy",
    "too-many-requests",
    "store-unavailable",
)
_WHO_MAY: Final[dict[Needed, str]] = {
    "nothing": "Needs no key.",
    "read or here": "Needs a key that may `read`, or a program on the same machine.",
    "read": "Needs a key that may `read`.",
    "score": "Needs a key that may `score`.",
    "admin": "Needs a key that may `admin`.",
}


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of the application; made once, then kept.

    The framework drops every null from examples, and with it half of what an answer shows; it knows
    problem documents only as JSON; and of the door before the addresses it knows nothing. All that is
    put in here.
    """
    if not app.openapi_schema:
        document = get_openapi(
            title=app.title,
            version=app.version,
            summary=app.summary,
            description=app.description,
            routes=app.routes,
        )
        schemas = document["components"]["schemas"]
        problem = ProblemDocument.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas |= problem.pop("$defs")
        schemas["ProblemDocument"] = problem
        answered = document["paths"]["/v1/score"]["post"]["responses"]["200"]
        answered["content"]["application/json"]["example"] = SCORE_ANSWER
        document["components"]["securitySchemes"] = {"key": _KEY}
        for path, verbs in document["paths"].items():
            for verb, operation in verbs.items():
                _say_who_may(operation, RIGHTS[verb.upper(), path])
        app.openapi_schema = document
    return app.openapi_schema


def _say_who_may(operation: dict[str, Any], needed: Needed) -> None:
    """Put in what the table of rights says of an address, and how the door refuses."""
    operation["description"] += f"\n\n{_WHO_MAY[needed]}"
    operation["security"] = {"nothing": [], "read or here": [{"key": []}, {}]}.get(needed, [{"key": []}])
    codes = _OF_EVERY_ADDRESS if needed == "nothing" else (*_OF_EVERY_ADDRESS, *_OF_THE_DOOR)
    told = operation["responses"]
    for code in codes:
        for status, said in responses(code).items():
            known = told.setdefault(str(status), said)
            if said["description"] not in known["description"]:
                known["description"] += f"; {said['description']}"
    operation["responses"] = {status: told[status] for status in sorted(told)}
