"""The last step before an answer leaves: it is written down, or it does not leave."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from fastapi import Request

from readiness.crm.records import instant
from readiness.errors import StoreError
from readiness.scoring import Hashing, Suppressions, suppression_keys
from serve.answered import Answered
from serve.assessing import Ready
from serve.audit.entry import Draft, salted
from serve.auditing import asked
from serve.auditing.audit import Audit
from serve.problems import Problem
from serve.requests_seen import ROUTE
from serve.schemas import ScoreRequest
from serve.security.access import CALLER, Caller
from serve.store import InUse

_AT_ONCE: Final = 200
"""Answers of a batch whose requests are held in memory a second time."""


def write_down(
    audit: Audit, request: Request, ready: Ready, answers: Sequence[tuple[int, Answered]], in_use: InUse
) -> None:
    """Write answers down before they leave.

    Parameters
    ----------
    audit : Audit
    request : Request
        That they answer.
    ready : Ready
        What they were assessed from.
    answers : n pairs
        The place among the requests that were read, and the answer.
    in_use : InUse
        What answered.

    Raises
    ------
    Problem
        503 if they could not be written down.
    """
    route, caller = str(request.scope.get(ROUTE)), named(request.scope.get(CALLER))
    enter(audit, ready, answers, in_use, route=route, caller=caller)


def enter(
    audit: Audit,
    ready: Ready,
    answers: Sequence[tuple[int, Answered]],
    in_use: InUse,
    *,
    route: str,
    caller: str,
) -> None:
    """Write answers down, as `write_down` does, for whoever asked before and is not here any more."""
    if not audit.on:
        return
    # By place, because a batch may hold leads with and without dates, which are read apart.
    places = {
        place: (each.requests[row], suppressions, row)
        for each, suppressions in zip(ready.read.asked, ready.suppressions, strict=True)
        for row, place in enumerate(each.places)
    }
    try:
        for start in range(0, len(answers), _AT_ONCE):
            part = [(places[place], answer) for place, answer in answers[start : start + _AT_ONCE]]
            drafts = [*_drafts(part, ready, route, caller, audit.hashing)]
            audit.append(drafts, in_use.agreement.text)
    except StoreError as error:
        raise Problem("audit-unavailable", str(error), headers={"Retry-After": "5"}) from None


def _drafts(
    part: Sequence[tuple[tuple[ScoreRequest, Suppressions, int], Answered]],
    ready: Ready,
    route: str,
    caller: str,
    hashing: Hashing | None,
) -> Iterator[Draft]:
    ids = [each.lead.lead_id for (each, _, _), _ in part]
    keys = (
        [None] * len(ids)
        if hashing is None
        else [found.key for found in suppression_keys("lead_id", ids, hashing)]
    )
    for ((each, suppressions, row), answer), key in zip(part, keys, strict=True):
        assessment = answer.assessment
        by = assessment.answered_by
        yield Draft(
            assessment_id=answer.assessment_id,
            route=route,
            caller=caller,
            lead=key,
            model=by.model,
            bundle=by.bundle,
            agreement=by.agreement.sha256,
            cutoff=None if assessment.cutoff is None else instant(assessment.cutoff),
            asked=salted(asked.written(each, suppressions, row, received=ready.received)),
            answered=salted(answer.content),
        )


def named(caller: Caller | None) -> str:
    """Name who asks, for entries that stay when payloads are erased."""
    if caller is None:
        return "anyone"
    # A person's name stays out: entries are kept when payloads are erased.
    return f"key {caller.name}" if caller.kind == "key" else caller.kind
