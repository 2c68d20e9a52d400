"""From requests to assessments: the same road as a file of a million leads, with few leads on it."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias, TypeVar

import numpy as np

from readiness.crm.records import Instant
from readiness.crm.tables import Tables
from readiness.errors import StoreError
from readiness.history import snapshots as looks
from readiness.history.snapshots import Snapshots
from readiness.learning.model import ReadinessModel
from readiness.scoring import (
    Assessment,
    Explain,
    Hashing,
    Kind,
    Scored,
    Suppressions,
    advice_if_listed,
    lead_keys,
    score,
    suppression_keys,
)
from serve import receipt, request_tables, spelling
from serve.database import Given
from serve.problems import Problem, invalid
from serve.schemas import Outcome, ScoreRequest
from serve.store import InUse
from serve.suppressing import Suppressing, unavailable

TOLD_US: Final = "a stop_calling outcome that was sent with the lead"
"""The source of a suppression that came with a request to score."""

Verdict: TypeAlias = Assessment | Problem
"""What becomes of one request."""

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class Asked:
    """Requests that can be assessed together, as tables of one lead each, and the looks at them."""

    requests: tuple[ScoreRequest, ...]
    places: tuple[int, ...]
    """Where each stood among those received."""
    tables: Tables
    snapshots: Snapshots
    warnings: tuple[tuple[str, ...], ...]
    """What the sender of each should know about the cutoff."""
    explain: Explain


@dataclass(frozen=True, slots=True)
class Read:
    """Requests ready to be assessed, and why the others were refused."""

    asked: tuple[Asked, ...]
    refused: Mapping[int, Problem]
    """By place among those received."""


def read(requests: Sequence[ScoreRequest], *, received: Instant) -> Read:
    """Turn requests into tables of leads, and say at which instant each lead is looked at.

    Parameters
    ----------
    requests : n requests
        Of leads with ids that differ.
    received : Instant
        When they arrived: the cutoff of each that does not state its own.

    Returns
    -------
    Read
        Refused, each with a 422, is whose rows contradict each other or lie in the future. Which model
        will assess the others does not matter yet: `assess` refuses whom it cannot.
    """
    refused: dict[int, Problem] = {}
    alike: dict[tuple[bool, Explain], list[_Timed]] = defaultdict(list)
    for place, request in enumerate(requests):
        try:
            timed = _Timed(place, request, *receipt.cutoff(request, received))
        except Problem as problem:
            refused[place] = problem
        else:
            alike[request.lead.created_at is not None, request.explain].append(timed)
    asked = []
    for (_, explain), each in alike.items():
        laid = request_tables.lay([timed.request for timed in each])
        refused |= {each[row].place: problem for row, problem in laid.refused.items()}
        if laid.kept:
            asked.append(_asked([each[row] for row in laid.kept], laid.tables, explain))
    return Read(tuple(asked), refused)


@dataclass(frozen=True, slots=True)
class Ready:
    """Requests ready to be assessed, and who of their leads must not be called: one entry each of asked."""

    read: Read
    suppressions: tuple[Suppressions, ...]
    received: Instant

    @property
    def barred(self) -> bytes:
        """A hash of who must not be called, and whether that could be read: equal where nothing changed."""
        said = hashlib.sha256()
        for asked, listed in zip(self.read.asked, self.suppressions, strict=True):
            said.update(b"read" if listed.unread is None else b"unread")
            for lead_id in sorted(asked.tables.leads.lead_id[listed.never].tolist()):
                said.update(lead_id.encode() + b"\0")
        return said.digest()


async def listed(
    read: Read, requests: Iterable[ScoreRequest], suppressing: Suppressing, *, received: Instant
) -> Ready:
    """Look up who of the leads that are to be assessed must not be called.

    Whoever just told us to stop is put on the list first: on disk before any answer leaves, so that
    whoever told us to stop is called by no worker.

    Parameters
    ----------
    read : Read
    requests : iterable of ScoreRequest
        All that could be read at all, refused since or not: a stop stands, whatever else is wrong with
        its request. One that lies in the future is a slip of the pen and puts nobody on the list.
    suppressing : Suppressing
    received : Instant

    Raises
    ------
    Problem
        503 if somebody told us to stop and that could not be stored.
    """
    stops = [(each, told) for each in requests if (told := receipt.stops(each, received))]
    if stops:
        try:
            await suppressing.suppress(
                lambda store: [given for each, told in stops for given in stopped(each, told, store.hashing)],
                at=received,
            )
        except StoreError as error:
            raise unavailable(error) from None
    suppressions = tuple([await suppressing.listed(asked.tables) for asked in read.asked])
    return Ready(read, suppressions, received)


def stopped(request: ScoreRequest, stops: Iterable[Outcome], hashing: Hashing) -> list[Given]:
    """Return under which keys the lead of a request is suppressed, because it told us to stop.

    Whenever it did: a stop after the cutoff changes no score, and yet nobody calls any more. What
    cannot be read gives no key.
    """
    since = min((row.occurred_at.instant for row in stops if row.occurred_at), default=None)
    lead = request.lead
    person: dict[Kind, str | None] = {"lead_id": lead.lead_id, "email": lead.email, "phone": lead.phone}
    found = [
        (kind, suppression_keys(kind, [value], hashing)[0].key) for kind, value in person.items() if value
    ]
    return [Given(kind, key, TOLD_US, since) for kind, key in found if key is not None]


def assess(ready: Ready, in_use: InUse) -> list[Verdict]:
    """Assess leads with the model and agreement in use; each gets what it would get alone, bit for bit.

    Returns
    -------
    list of Verdict
        In the order in which the requests were received. Refused is also who has no dates if the model
        reads them.
    """
    return _each(ready, in_use, lambda asked, scored: _assessed(asked, scored, in_use))


@dataclass(frozen=True, slots=True)
class Lasting:
    """An answer that is kept, and what becomes of it if its lead is put on the list later."""

    assessment: Assessment
    if_listed: Mapping[str, Any]
    """The advice then; it holds no `would_change` any more."""
    keys: tuple[bytes, ...]
    """Every key under which the lead may be put on the list."""


def assess_to_last(ready: Ready, in_use: InUse, hashing: Hashing) -> list[Lasting | Problem]:
    """Assess leads as `assess` does, for answers that are kept and handed out later."""

    def lasting(asked: Asked, scored: Scored) -> Iterable[Lasting]:
        told, if_listed = _assessed(asked, scored, in_use), advice_if_listed(scored)
        return map(Lasting, told, if_listed, _keys(asked, hashing))

    return _each(ready, in_use, lasting)


def _each(
    ready: Ready, in_use: InUse, answered: Callable[[Asked, Scored], Iterable[_Answer]]
) -> list[_Answer | Problem]:
    verdicts: dict[int, _Answer | Problem] = dict(ready.read.refused)
    for asked, suppressions in zip(ready.read.asked, ready.suppressions, strict=True):
        if _lacks_dates(asked, in_use.model):
            verdicts |= dict.fromkeys(asked.places, _without_dates())
        else:
            verdicts |= zip(asked.places, answered(asked, _scored(asked, in_use, suppressions)), strict=True)
    return [verdicts[place] for place in range(len(verdicts))]


def _keys(asked: Asked, hashing: Hashing) -> list[tuple[bytes, ...]]:
    columns = lead_keys(asked.tables, hashing).columns
    rows = asked.snapshots.lead.tolist()
    return [
        tuple(key for codes, keys in columns if codes[row] >= 0 for key in keys[codes[row]]) for row in rows
    ]


def _scored(asked: Asked, in_use: InUse, suppressions: Suppressions) -> Scored:
    return score(
        asked.tables,
        asked.snapshots,
        agreement=in_use.agreement,
        model=in_use.model,
        answered_by=in_use.answered_by,
        explain=asked.explain,
        suppressions=suppressions,
    )


def _assessed(asked: Asked, scored: Scored, in_use: InUse) -> list[Assessment]:
    ignored = receipt.left_out(asked.tables, asked.snapshots)
    told = []
    for row, request in enumerate(asked.requests):
        assessment = scored.assessment(row)
        ours = (*asked.warnings[row], *ignored[row], *spelling.unread(request, in_use))
        told.append(replace(assessment, warnings=(*assessment.warnings, *ours)) if ours else assessment)
    return told


@dataclass(frozen=True, slots=True)
class _Timed:
    """A request, where it stood, the instant that it is assessed at, and what to know about that."""

    place: int
    request: ScoreRequest
    cutoff: Instant
    warnings: tuple[str, ...]


def _asked(timed: Sequence[_Timed], tables: Tables, explain: Explain) -> Asked:
    return Asked(
        requests=tuple(each.request for each in timed),
        places=tuple(each.place for each in timed),
        tables=tables,
        snapshots=looks.at(tables, np.array([each.cutoff for each in timed], dtype=np.int64)),
        warnings=tuple(each.warnings for each in timed),
        explain=explain,
    )


def _lacks_dates(asked: Asked, model: ReadinessModel | None) -> bool:
    return not asked.tables.dated and model is not None and model.horizon_days is not None


def _without_dates() -> Problem:
    # Its age and rhythm would all be missing: a score would come out, and mean nothing.
    return invalid([("lead.created_at", "The model in use reads dates, so this field is required.")])
