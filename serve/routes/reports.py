"""GET /reports and /v1/reports: the published reports, for people and for programs."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request, Response

from readiness.artefact.published_reports import NUMBERS, PAGE, file_of
from readiness.errors import ArtefactError
from serve.dependencies import Service, ServiceDep
from serve.page.refusing import for_people, reads_pages
from serve.page.rendering import headers_of_reports, reports
from serve.page.reports_shown import shown
from serve.problems import Problem, responses
from serve.report_answers import CSV_EXAMPLE, NUMBERS_EXAMPLE, TABLE_EXAMPLE, ReportList, answer
from serve.request_body import StrictRoute
from serve.shelf import File

router = APIRouter(route_class=StrictRoute, tags=["Reports"])

POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "sandbox allow-downloads",
    )
)
"""Of a report's own page: its style stands in it, it has no script, and it reaches nothing."""

Name = Annotated[
    str, Path(description="The name of the report, as `GET /v1/reports` lists it.", examples=["version-3"])
]
Table = Annotated[
    str, Path(description="The name of the table, as `GET /v1/reports` lists it.", examples=[TABLE_EXAMPLE])
]

_NUMBERS: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "Everything the report says, section by section, unrounded.",
        "content": {"application/json": {"schema": {"type": "object"}, "example": NUMBERS_EXAMPLE}},
    }
}
_CSV: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "A header line, then a line a row; an empty cell where a value is not known.",
        "content": {"text/csv": {"schema": {"type": "string"}, "example": CSV_EXAMPLE}},
    }
}


@router.get("/reports", include_in_schema=False)
async def listed_for_people(service: ServiceDep) -> Response:
    """Show the published reports, the champion's on top."""
    page = reports({"reports": [shown(each) for each in service.shelf.reports]})
    return Response(page, 200, dict(headers_of_reports()), "text/html; charset=utf-8")


@router.get("/reports/{name}", include_in_schema=False)
async def page(name: Name, request: Request, service: ServiceDep) -> Response:
    """Show a report as it was written."""
    try:
        found = await _found(service, name, PAGE)
    except Problem as refused:
        if reads_pages(request.scope):
            return for_people(refused)
        raise
    return Response(found.content, 200, {"Content-Security-Policy": POLICY}, "text/html; charset=utf-8")


@router.get(
    "/v1/reports", summary="The published reports", responses=responses("invalid-request", "overloaded")
)
async def listed(service: ServiceDep) -> ReportList:
    """List the reports that `readiness pull` published: the champion's first, then the newest models'.

    `page` is the report that people read; `numbers` and `tables` are what it was drawn from.
    """
    return ReportList(reports=[answer(each) for each in service.shelf.reports])


@router.get(
    "/v1/reports/{name}/numbers",
    summary="All numbers of a report",
    response_class=Response,
    responses={**_NUMBERS, **responses("not-found", "invalid-request", "overloaded", "report-damaged")},
)
async def numbers(name: Name, service: ServiceDep) -> Response:
    """Return everything that a report says, as JSON; `format` changes when its fields do."""
    found = await _found(service, name, NUMBERS)
    return Response(found.content, 200, _called(f"{name}.json", "inline"), "application/json")


@router.get(
    "/v1/reports/{name}/numbers/{table}.csv",
    summary="The numbers of a chart",
    response_class=Response,
    responses={**_CSV, **responses("not-found", "invalid-request", "overloaded", "report-damaged")},
)
async def table(name: Name, table: Table, service: ServiceDep) -> Response:
    """Return the numbers behind one chart or table of a report, as CSV.

    A text that a spreadsheet would run as a formula begins with an apostrophe.
    """
    found = await _found(service, name, file_of(table))
    return Response(
        found.content, 200, _called(f"{name}-{table}.csv", "attachment"), "text/csv; charset=utf-8"
    )


async def _found(service: Service, name: str, file: str) -> File:
    try:
        found = await asyncio.to_thread(service.shelf.read, name, file)
    except ArtefactError:
        raise Problem(
            "report-damaged",
            "Its files were changed or removed after they were published; the log says which. "
            "`readiness pull` publishes it anew.",
        ) from None
    if found is None:
        raise Problem(
            "not-found",
            "No such report or table is published. /reports lists those that are; GET /v1/reports, for "
            "programs.",
        )
    return found


def _called(file: str, how: str) -> dict[str, str]:
    # Both parts of the name are listed ones by now: letters, digits and hyphens.
    return {"Content-Disposition": f'{how}; filename="{file}"'}
