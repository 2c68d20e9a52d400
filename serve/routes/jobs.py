"""/v1/jobs: files of leads in, how far they are, and a verdict on every row out."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any, Final, TypeVar

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import StreamingResponse

from readiness.errors import StoreError
from serve import batch_reading
from serve.admission import STREAMS
from serve.answers_kept import REPLAYED, reused, sent_key
from serve.auditing.leaving import named
from serve.batch_reading import CSV, JSON_LINES
from serve.database import ENDED, Job, JobStore
from serve.dependencies import Service, ServiceDep
from serve.examples import BATCH_CSV, BATCH_JSON_LINES
from serve.idempotency_parameter import IdempotencyKey
from serve.job_answers import JobAnswer, JobList, answer
from serve.jobs import receiving, results
from serve.jobs.files import FORMS, PARQUET, LeadFile
from serve.jobs.folder import Arriving
from serve.problems import Problem, responses
from serve.request_body import StrictRoute, first_accepted, media_type
from serve.requests_seen import FACTS
from serve.row_defaults import RowsAt, RowsExplain
from serve.security.access import CALLER, Caller
from serve.suppressing import unavailable

router = APIRouter(route_class=StrictRoute, tags=["Jobs"])

_Found = TypeVar("_Found")

_MOST_DOWNLOADS: Final = 4
_BODY: Final[dict[str, Any]] = {
    "required": True,
    "description": "One row a lead, each lead once.",
    "content": {
        CSV: {"schema": {"type": "string"}, "example": BATCH_CSV},
        JSON_LINES[0]: {"schema": {"type": "string"}, "example": BATCH_JSON_LINES},
        PARQUET: {"schema": {"type": "string", "format": "binary"}},
    },
}
_RESULT: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "A verdict on each row, in the order of the rows.",
        "content": {
            JSON_LINES[0]: {"schema": {"type": "string"}},
            CSV: {"schema": {"type": "string"}},
        },
    }
}

JobId = Annotated[str, Path(alias="id", max_length=64, description="The id of the job.")]


@router.post(
    "/v1/jobs",
    status_code=202,
    summary="Assess a file of leads",
    response_model=JobAnswer,
    response_description="The job; `Location` is its address.",
    openapi_extra={"requestBody": _BODY},
    responses=responses(
        "bad-request",
        "too-slow",
        "body-too-large",
        "unsupported-media-type",
        "invalid-request",
        "idempotency-key-reused",
        "overloaded",
        "store-unavailable",
    ),
)
async def make(
    request: Request,
    service: ServiceDep,
    at: RowsAt = None,
    explain: RowsExplain = None,
    idempotency_key: IdempotencyKey = None,  # noqa: ARG001 - read from the request, twice given or not
) -> Response:
    """Send a file of any number of leads; it is assessed beside other requests, and never before them.

    The answer comes as soon as the file is on disk, and from then on the job survives a restart of the
    service. Ask `GET /v1/jobs/{id}` how far it is, and fetch `GET /v1/jobs/{id}/result` when it has ended.

    Three forms are read, told by `Content-Type`: `text/csv` and `application/x-ndjson` as `POST
    /v1/score/batch` reads them, and `application/vnd.apache.parquet` with the columns of the CSV.

    Every row is answered as `POST /v1/score` would have answered it alone at the moment the file was
    received, to the last digit, by one model and one agreement for the whole job. A bad row fails itself
    only.

    Under the same `Idempotency-Key` the same file is one job, as long as the job is kept.
    """
    media = media_type(request, FORMS)
    batch_reading.defaults(at, explain)
    key = sent_key(request)
    settings = request.app.state.settings
    job_id = service.jobs.new_id()
    try:
        async with receiving.arrived(request, service.job_folder, job_id, settings.max_job_bytes) as upload:
            await asyncio.to_thread(
                LeadFile(upload.path, media, line_bytes=settings.max_body_bytes).refuse_at_sight
            )
            job = Job(
                id=job_id,
                owner=_owner(request),
                caller=named(request.scope.get(CALLER)),
                idempotency_key=key,
                asked=_asked(media, at, explain, upload),
                media_type=media,
                at=at,
                explain=explain,
                bytes=upload.bytes,
                received_at=service.clock(),
            )
            kept = await asyncio.to_thread(_keep, service, job, upload)
    except StoreError as error:
        raise unavailable(error) from None
    if kept.asked != job.asked:
        raise reused()
    service.jobs.nudge()
    request.scope[FACTS]["job"] = kept.id
    headers = {"Location": f"/v1/jobs/{kept.id}"} | ({} if kept.id == job_id else {REPLAYED: "true"})
    content = answer(kept, days=settings.job_days).model_dump_json()
    return Response(content, 202, headers, "application/json")


@router.get(
    "/v1/jobs",
    summary="Your jobs",
    responses=responses("invalid-request", "overloaded", "store-unavailable"),
)
async def jobs(
    request: Request,
    service: ServiceDep,
    limit: Annotated[int, Query(ge=1, le=1_000, description="So many at most.")] = 100,
) -> JobList:
    """List your jobs, the newest first; whoever may administer sees everybody's."""
    owner = _asker(request)
    found = await _done(service, lambda store: store.newest(owner=owner, limit=limit))
    return JobList(jobs=[_answer(request, each) for each in found])


@router.get(
    "/v1/jobs/{id}",
    summary="How far is it?",
    responses=responses("not-found", "invalid-request", "overloaded", "store-unavailable"),
)
async def job(job_id: JobId, request: Request, service: ServiceDep) -> JobAnswer:
    """Say how far a job is, and which model and agreement answer it."""
    return _answer(request, await _found(request, service, job_id))


@router.get(
    "/v1/jobs/{id}/result",
    summary="The verdict on each row",
    response_class=StreamingResponse,
    responses={
        **_RESULT,
        **responses(
            "not-found",
            "not-acceptable",
            "job-not-ended",
            "invalid-request",
            "overloaded",
            "store-unavailable",
        ),
    },
)
async def result(job_id: JobId, request: Request, service: ServiceDep) -> Response:
    """Fetch the verdicts of a job that has ended; of one that was cancelled or failed, those that are done.

    As JSON lines each row is what `POST /v1/score/batch` says of it, and the last line is the counts: without
    it, the answer was cut off. With `Accept: text/csv` it is a table with the most important columns; a text
    that a spreadsheet would run as a formula begins with an apostrophe there.

    The list of who must not be called is asked once more: whoever was put on it since is `never_call` here.
    """
    media = _form(request)
    found = await _found(request, service, job_id)
    if found.state not in ENDED:
        raise Problem("job-not-ended", "Ask GET /v1/jobs/{id} how far it is, and again when it has ended.")
    if service.jobs.downloads >= _MOST_DOWNLOADS:
        raise Problem(
            "overloaded", "Enough results are being fetched. Try again soon.", headers={"Retry-After": "5"}
        )
    service.jobs.downloads += 1
    pieces = _pieces(service, found, media)
    try:
        first = await anext(pieces)
    except StoreError as error:
        raise unavailable(error) from None
    # Whoever reads slowly holds up nobody's turn.
    request.scope[STREAMS] = True
    disposition = f"attachment; filename=job-{found.id}.{'csv' if media == CSV else 'jsonl'}"
    return StreamingResponse(
        _together(first, pieces), headers={"Content-Disposition": disposition}, media_type=media
    )


@router.delete(
    "/v1/jobs/{id}",
    summary="Cancel it, then remove it",
    responses=responses("not-found", "invalid-request", "overloaded", "store-unavailable"),
)
async def remove(job_id: JobId, request: Request, service: ServiceDep) -> JobAnswer:
    """Cancel a job that waits or is worked on; remove one that has ended, its file and its result with it.

    So a first call cancels, and a second one removes what was done until then.
    """
    found = await _found(request, service, job_id)
    if found.state in ENDED:
        await _done(service, lambda store: _removed(service, store, found.id))
        return _answer(request, found, removed=True)
    await _done(service, lambda store: store.cancel(found.id, at=service.clock()))
    service.jobs.nudge()
    return _answer(request, await _found(request, service, job_id))


def _keep(service: Service, job: Job, upload: Arriving) -> Job:
    """Put a job on disk: its file first, and then in the database; or return the one under the same key."""
    store = service.jobs.store
    before = store.under(job.owner, job.idempotency_key)
    if before is not None:
        return before
    upload.keep()
    kept = store.add(job)
    if kept.id != job.id:
        service.job_folder.remove(job.id)
    return kept


def _removed(service: Service, store: JobStore, job_id: str) -> None:
    service.job_folder.remove(job_id)
    store.remove(job_id)


async def _pieces(service: Service, job: Job, media: str) -> AsyncIterator[bytes]:
    """Return the result piece by piece; each is looked up in the list just before it leaves."""
    try:
        parts = await _done(service, lambda store: store.parts(job.id))
        head = results.csv_head() if media == CSV else b""
        written = results.csv_lines if media == CSV else results.json_lines
        for part in parts:
            yield head + await service.suppressing.do(
                lambda store, part=part: written(results.part_rows(service.job_folder, job, part, store))  # type: ignore[misc]
            )
            head = b""
        yield head if media == CSV else results.json_lines_end(job)
    finally:
        service.jobs.downloads -= 1


async def _together(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in rest:
        yield piece


def _answer(request: Request, found: Job, *, removed: bool = False) -> JobAnswer:
    return answer(found, days=request.app.state.settings.job_days, removed=removed)


async def _found(request: Request, service: Service, job_id: str) -> Job:
    owner = _asker(request)
    found = await _done(service, lambda store: store.find(job_id, owner=owner))
    if found is None:
        raise Problem("not-found", "There is no job of yours with this id; it may have been removed.")
    return found


async def _done(service: Service, work: Callable[[JobStore], _Found]) -> _Found:
    try:
        return await asyncio.to_thread(lambda: work(service.jobs.store))
    except StoreError as error:
        raise unavailable(error) from None


def _owner(request: Request) -> str:
    """Return a digest of who asks: nobody is given another one's jobs, and no name is kept."""
    caller: Caller | None = request.scope.get(CALLER)
    return hashlib.sha256(b"" if caller is None else caller.who.encode()).hexdigest()


def _asker(request: Request) -> str | None:
    """Return whose jobs the caller may see; None: everybody's."""
    caller: Caller | None = request.scope.get(CALLER)
    return None if caller is not None and "admin" in caller.may else _owner(request)


def _asked(media: str, at: str | None, explain: str | None, upload: Arriving) -> bytes:
    said = "\0".join((media, at or "", explain or "")).encode()
    return hashlib.sha256(said + b"\0" + upload.sha256).digest()


def _form(request: Request) -> str:
    """Return in which form the result is wanted: the first that is named.

    Raises
    ------
    Problem
        406 if it is neither.
    """
    lines = dict.fromkeys(("", "*/*", "application/*", *JSON_LINES), JSON_LINES[0])
    form = first_accepted(request, lines | dict.fromkeys((CSV, "text/*"), CSV))
    if form is None:
        raise Problem("not-acceptable", f"It answers as {JSON_LINES[0]}, one row a line, or as {CSV}.")
    return form
