"""Answers kept under the sender's own key: who asks the same again gets the same bytes."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Final, Protocol, TypeVar

from fastapi import Request, Response

from readiness.crm.records import MICROSECONDS_PER_DAY, Instant
from serve.problems import Problem, invalid
from serve.security.access import CALLER, Caller

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotent-Replayed"
"""Stands in an answer that was given before."""

LASTING: Final = MICROSECONDS_PER_DAY
MOST: Final = 10_000
MOST_BYTES: Final = 64_000_000

_KEY: Final = re.compile(r"[\x21-\x7e]{1,200}")


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer, and what it answered: ``asked`` is the SHA-256 of address, form and body.

    ``barred`` is `Barring.barred` when it was given.
    """

    asked: bytes
    barred: bytes
    media_type: str
    content: bytes


class Barring(Protocol):
    """Requests that are ready to be answered."""

    @property
    def barred(self) -> bytes:
        """A hash of who of their leads must not be called."""
        ...


_Ready = TypeVar("_Ready", bound=Barring)


class AnswersKept(Protocol):
    """Where answers are kept: in a worker's memory, or in a store that all workers share."""

    def find(self, key: str, *, at: Instant) -> Kept | None:
        """Return what was answered under a key, or None where nothing was or it has expired."""
        ...

    def keep(self, key: str, kept: Kept, *, at: Instant) -> None:
        """Keep an answer, in place of what was kept under the key before."""
        ...


class InMemory:
    """Keeps answers in this worker alone, until a day has passed, room runs out or it ends.

    Another worker does not know them: with several, a key holds only where the same worker is asked.
    A store that all share takes this one's place behind `AnswersKept`.

    Parameters
    ----------
    most, most_bytes : int
        So many answers and bytes (compressed) are kept; the oldest go first.
    """

    def __init__(self, *, most: int = MOST, most_bytes: int = MOST_BYTES) -> None:
        self._most, self._most_bytes = most, most_bytes
        self._kept: OrderedDict[str, tuple[Instant, Kept]] = OrderedDict()
        self._bytes = 0

    def find(self, key: str, *, at: Instant) -> Kept | None:
        """Return what was answered under a key within the last day."""
        self._forget(at)
        if key not in self._kept:
            return None
        kept = self._kept[key][1]
        return replace(kept, content=zlib.decompress(kept.content))

    def keep(self, key: str, kept: Kept, *, at: Instant) -> None:
        """Keep an answer for a day, if it fits."""
        self._forget(at)
        packed = replace(kept, content=zlib.compress(kept.content, 1))
        if key in self._kept:
            self._bytes -= len(self._kept.pop(key)[1].content)
        if len(packed.content) <= self._most_bytes:
            self._kept[key] = (at, packed)
            self._bytes += len(packed.content)
        while len(self._kept) > self._most or self._bytes > self._most_bytes:
            self._drop_oldest()

    def _forget(self, at: Instant) -> None:
        while self._kept and next(iter(self._kept.values()))[0] <= at - LASTING:
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        _, (_, gone) = self._kept.popitem(last=False)
        self._bytes -= len(gone.content)


class OncePerKey:
    """Answers a request with a key once, and from then on with what it answered.

    A kept answer stands as long as the list of who must not be called says the same of its leads: whoever
    is suppressed since is `never_call` in every answer. Refusals are not kept: mend the request and send
    it under the same key.

    Parameters
    ----------
    kept : AnswersKept
    clock : callable
        Returns the present instant.
    """

    def __init__(self, kept: AnswersKept, clock: Callable[[], Instant]) -> None:
        self._kept, self._clock = kept, clock
        self._answering: set[str] = set()

    async def answer(
        self,
        request: Request,
        body: bytes,
        prepare: Callable[[], Awaitable[_Ready]],
        finish: Callable[[_Ready], Awaitable[Response]],
    ) -> Response:
        """Return the kept answer to this request, or compute it and keep it.

        Parameters
        ----------
        body : bytes
            Of the request.
        prepare, finish : callables
            Together they answer: the first says who must not be called, the second returns a 200. Either
            raises for a refusal.

        Raises
        ------
        Problem
            422 if the key is none, or stands for another request; 409 while the first is being answered.
        """
        key = _key(request)
        if key is None:
            return await finish(await prepare())
        key = _owned(request, key)
        if key in self._answering:
            raise Problem(
                "still-answering", "Ask again in a moment, with the same key.", headers={"Retry-After": "1"}
            )
        self._answering.add(key)
        try:
            return await self._once(key, _asked(request, body), prepare, finish)
        finally:
            self._answering.discard(key)

    async def _once(
        self,
        key: str,
        asked: bytes,
        prepare: Callable[[], Awaitable[_Ready]],
        finish: Callable[[_Ready], Awaitable[Response]],
    ) -> Response:
        before = self._kept.find(key, at=self._clock())
        if before is not None and before.asked != asked:
            raise Problem(
                "idempotency-key-reused",
                "Another request was answered under this key; give each request a key of its own.",
                [(HEADER, "This key stands for another request.")],
            )
        ready = await prepare()
        if before is not None and before.barred == ready.barred:
            return Response(before.content, media_type=before.media_type, headers={REPLAYED: "true"})
        response = await finish(ready)
        kept = Kept(asked, ready.barred, str(response.media_type), bytes(response.body))
        self._kept.keep(key, kept, at=self._clock())
        return response


def _key(request: Request) -> str | None:
    given = request.headers.getlist(HEADER)
    if not given:
        return None
    if len(given) > 1 or not _KEY.fullmatch(given[0]):
        raise invalid([(HEADER, "Send one key of 1 to 200 visible ASCII characters, such as a UUID.")])
    return given[0]


def _owned(request: Request, key: str) -> str:
    """Tell callers' keys apart: nobody is given what another one was answered."""
    caller: Caller | None = request.scope.get(CALLER)
    return key if caller is None else f"{caller.kind} {caller.name or ''} {key}"


def _asked(request: Request, body: bytes) -> bytes:
    digest = hashlib.sha256()
    accept, media = (request.headers.get(name, "") for name in ("accept", "content-type"))
    for part in (request.method, request.url.path, request.url.query, media, accept):
        digest.update(part.encode() + b"\0")
    digest.update(body)
    return digest.digest()
