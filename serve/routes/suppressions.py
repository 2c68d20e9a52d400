"""/v1/suppressions: who must not be called. Values come in bodies only, and never go out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Body, Path, Query

from readiness.crm.records import Instant, iso
from readiness.errors import StoreError
from readiness.scoring import Hashing, matching_keys, suppression_keys
from serve.database import Added, Entry, Given, Removal, SuppressionStore
from serve.dependencies import Service, ServiceDep
from serve.problems import Problem, invalid, responses
from serve.request_body import StrictRoute
from serve.suppressing import unavailable
from serve.suppression_examples import REMOVAL_REQUESTS, SEARCH_REQUESTS, SUPPRESSION_REQUESTS
from serve.suppression_schemas import (
    AddedAnswer,
    AddedAnswers,
    FoundAnswers,
    NewSuppression,
    RemovalAnswer,
    RemovalPage,
    RemovalRequest,
    SearchRequest,
    SuppressionAnswer,
    SuppressionPage,
    SuppressionRequest,
)

router = APIRouter(route_class=StrictRoute, tags=["Suppressions"])

_Found = TypeVar("_Found")
_BODY = (
    "invalid-json",
    "too-slow",
    "body-too-large",
    "unsupported-media-type",
    "invalid-request",
    "overloaded",
    "store-unavailable",
)

After = Annotated[int, Query(ge=0, le=2**53, description="Only those with a higher number.")]
Limit = Annotated[int, Query(ge=1, le=1_000, description="So many at most.")]


@router.post("/v1/suppressions", summary="Never call somebody again", responses=responses(*_BODY))
async def suppress(
    request: Annotated[SuppressionRequest, Body(openapi_examples=SUPPRESSION_REQUESTS)],
    service: ServiceDep,
) -> AddedAnswers:
    """Put one or up to 1,000 on the list; from this answer on, every assessment of them is `never_call`.

    The values are turned into keys and not kept. An e-mail address, number or domain is recognised however
    it is spelt; a domain bars everybody at the company, its subdomains included. Sending the same again
    changes nothing. If one value cannot be used (a mail provider's domain, a number without its country),
    nothing is stored, and the answer names it.
    """
    at = service.clock()
    added = await _done(service, lambda store: store.add(_given(request, store.hashing), at=at))
    return AddedAnswers(suppressions=[_added(each) for each in added])


@router.get(
    "/v1/suppressions",
    summary="The list",
    responses=responses("invalid-request", "overloaded", "store-unavailable"),
)
async def suppressions(service: ServiceDep, after: After = 0, limit: Limit = 100) -> SuppressionPage:
    """Read the list by number: kind, source and dates. Whose they are is kept nowhere."""
    entries = await _done(service, lambda store: store.page(after=after, limit=limit))
    more = entries[-1].id if len(entries) == limit else None
    return SuppressionPage(suppressions=[_answer(each) for each in entries], next=more)


@router.get(
    "/v1/suppressions/removals",
    summary="What was taken off the list",
    responses=responses("invalid-request", "store-unavailable"),
)
async def removals(service: ServiceDep, after: After = 0, limit: Limit = 100) -> RemovalPage:
    """Read by whom, when and why suppressions were taken off the list, by the number that they had."""
    found = await _done(service, lambda store: store.removals(after=after, limit=limit))
    more = found[-1].entry.id if len(found) == limit else None
    return RemovalPage(removals=[_removed(each) for each in found], next=more)


@router.post("/v1/suppressions/search", summary="Is this value on the list?", responses=responses(*_BODY))
async def search(
    request: Annotated[SearchRequest, Body(openapi_examples=SEARCH_REQUESTS)],
    service: ServiceDep,
) -> FoundAnswers:
    """Find the entries under which a value is suppressed. It is sent in the body, so that no log keeps it."""

    def look(store: SuppressionStore) -> tuple[Entry, ...]:
        keys = matching_keys(request.kind, request.value, store.hashing)
        if not keys:
            (refused,) = suppression_keys(request.kind, [request.value], store.hashing)
            raise invalid([("value", refused.refused or "This cannot be read.")])
        return store.found(frozenset(keys))

    return FoundAnswers(suppressions=[_answer(each) for each in await _done(service, look)])


@router.delete(
    "/v1/suppressions/{id}",
    summary="Let somebody be called again",
    responses=responses("not-allowed", "not-found", *_BODY),
)
async def remove(
    number: Annotated[int, Path(alias="id", ge=1, le=2**53, description="Its number on the list.")],
    request: Annotated[RemovalRequest, Body(openapi_examples=REMOVAL_REQUESTS)],
    service: ServiceDep,
) -> RemovalAnswer:
    """Take an entry off the list; who did it, when and why is kept. Removing it again changes nothing."""
    at = service.clock()
    removal = await _done(
        service, lambda store: store.remove(number, by=request.by, reason=request.reason, at=at)
    )
    if removal is None:
        raise Problem("not-found", "There is no suppression with this number.")
    return _removed(removal)


async def _done(service: Service, work: Callable[[SuppressionStore], _Found]) -> _Found:
    try:
        return await service.suppressing.do(work)
    except StoreError as error:
        raise unavailable(error) from None


def _given(request: SuppressionRequest, hashing: Hashing) -> list[Given]:
    found = [_one(each, hashing) for each in request.suppressions]
    faults = [(row, why) for row, why in enumerate(found) if isinstance(why, str)]
    if faults:
        raise invalid([(f"suppressions[{row}].value", why) for row, why in faults])
    return [each for each in found if not isinstance(each, str)]


def _one(new: NewSuppression, hashing: Hashing) -> Given | str:
    (made,) = suppression_keys(new.kind, [new.value], hashing)
    if made.key is None:
        return made.refused or "This cannot be read."
    return Given(new.kind, made.key, new.source, None if new.since is None else new.since.instant)


def _fields(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "kind": entry.kind,
        "source": entry.source,
        "since": None if entry.since is None else iso(entry.since),
        "added_at": _said(entry.added_at),
    }


def _answer(entry: Entry) -> SuppressionAnswer:
    return SuppressionAnswer(**_fields(entry))


def _added(added: Added) -> AddedAnswer:
    return AddedAnswer(**_fields(added.entry), status="added" if added.new else "known")


def _removed(removal: Removal) -> RemovalAnswer:
    return RemovalAnswer(
        **_fields(removal.entry),
        removed_at=_said(removal.removed_at),
        removed_by=removal.removed_by,
        reason=removal.reason,
    )


def _said(at: Instant) -> str:
    return iso(at) or ""
