"""The OpenAPI document: the framework's, with what it leaves out put in."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from serve.examples import SCORE_ANSWER
from serve.problems import ProblemDocument


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of the application; made once, then kept.

    The framework drops every null from examples, and with it half of what an answer shows; and it
    knows problem documents only as JSON. Both are put in here.
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
        app.openapi_schema = document
    return app.openapi_schema
