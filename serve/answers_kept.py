"""Answers kept under the sender's own key: who asks the same again gets the same bytes."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Awaitable, Callable
from typing import Final, Protocol, TypeVar

import anyio
import anyio.to_thread
from fastapi import Request, Response

from readiness.crm.records import Instant
from readiness.errors import StoreError
from serve import logs
from serve.database import AnswerStore, Kept
from serve.problems import Problem, invalid
from serve.security.access import CALLER, Caller
from serve.suppressing import unavailable

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotent-Replayed"
"""Stands in an answer that was given before."""

_KEY: Final = re.compile(r"[\x21-\x7e]{1,200}")


class Barring(Protocol):
    """Requests that are ready to be answered."""

    @property
    def barred(self) -> bytes:
        """A hash of who of their leads must not be called."""
        ...


_Ready = TypeVar("_Ready", bound=Barring)
_Found = TypeVar("_Found")


class OncePerKey:
    """Answers a request with a key once, and from then on with what it answered, whichever worker is asked.

    A kept answer stands as long as the list of who must not be called says the same of its leads: whoever
    is suppressed since is `never_call` in every answer. Refusals are not kept: mend the request and send
    it under the same key. A request without a key never waits for the place where answers are kept.

    Parameters
    ----------
    open_kept : callable
        Opens the place where answers are kept, when it is first needed; may raise StoreError.
    clock : callable
        Returns the present instant.
    """

    def __init__(self, open_kept: Callable[[], AnswerStore], clock: Callable[[], Instant]) -> None:
        self._open, self._clock = open_kept, clock
        self._kept: AnswerStore | None = None

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
            422 if the key is none, or stands for another request; 409 while the first is being answered; 503
            where answers cannot be kept: then none is given that could not be given again.
        """
        key = sent_key(request)
        if key is None:
            return await finish(await prepare())
        key, by = _owned(request, key), secrets.token_bytes(16)
        if not await self._do(lambda kept: kept.take(key, by, at=self._clock())):
            raise Problem(
                "still-answering", "Ask again in a moment, with the same key.", headers={"Retry-After": "1"}
            )
        try:
            return await self._once(key, by, _asked(request, body), prepare, finish)
        finally:
            # Also where the sender has gone away meanwhile.
            with anyio.CancelScope(shield=True):
                await self._let_go(key, by)

    async def _once(
        self,
        key: str,
        by: bytes,
        asked: bytes,
        prepare: Callable[[], Awaitable[_Ready]],
        finish: Callable[[_Ready], Awaitable[Response]],
    ) -> Response:
        before = await self._do(lambda kept: kept.find(key, at=self._clock()))
        if before is not None and before.asked != asked:
            raise reused()
        ready = await prepare()
        if before is not None and before.barred == ready.barred:
            return Response(before.content, media_type=before.media_type, headers={REPLAYED: "true"})
        response = await finish(ready)
        answer = Kept(asked, ready.barred, str(response.media_type), bytes(response.body))
        await self._do(lambda kept: kept.keep(key, by, answer, at=self._clock()))
        return response

    async def _let_go(self, key: str, by: bytes) -> None:
        try:
            await self._do(lambda kept: kept.let_go(key, by))
        except Problem:
            logs.event("key_not_let_go")

    async def _do(self, work: Callable[[AnswerStore], _Found]) -> _Found:
        """Do work where answers are kept, in a thread: whoever waits for the database waits alone."""

        def done() -> _Found:
            if self._kept is None:
                self._kept = self._open()
            return work(self._kept)

        try:
            return await anyio.to_thread.run_sync(done)
        except StoreError as error:
            raise unavailable(error) from error


def reused() -> Problem:
    """Return the refusal of a key that stands for another request."""
    return Problem(
        "idempotency-key-reused",
        "Another request was answered under this key; give each request a key of its own.",
        [(HEADER, "This key stands for another request.")],
    )


def sent_key(request: Request) -> str | None:
    """Return the sender's own key of a request, if it has one.

    Raises
    ------
    Problem
        422 if it is none, or there are two.
    """
    given = request.headers.getlist(HEADER)
    if not given:
        return None
    if len(given) > 1 or not _KEY.fullmatch(given[0]):
        raise invalid([(HEADER, "Send one key of 1 to 200 visible ASCII characters, such as a UUID.")])
    return given[0]


def _owned(request: Request, key: str) -> str:
    """Tell callers' keys apart: nobody is given what another one was answered."""
    caller: Caller | None = request.scope.get(CALLER)
    return key if caller is None else f"{caller.who} {key}"


def _asked(request: Request, body: bytes) -> bytes:
    digest = hashlib.sha256()
    accept, media = (request.headers.get(name, "") for name in ("accept", "content-type"))
    for part in (request.method, request.url.path, request.url.query, media, accept):
        digest.update(part.encode() + b"\0")
    digest.update(body)
    return digest.digest()
