"""Who must not be called, asked of the database at every request, so that no worker lags behind."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

import anyio.to_thread

from readiness.crm.records import Instant
from readiness.crm.tables import Tables
from readiness.errors import StoreError, StoreUnreachableError
from readiness.scoring import Suppressions, lead_keys, looked_up, not_looked_up
from serve import logs
from serve.database import Given, SuppressionStore
from serve.problems import Problem

OpenStore = Callable[[], SuppressionStore]
"""Opens the list, its database made or brought up to date where needed, or raises StoreError."""

_Found = TypeVar("_Found")

UNREAD: Final = "The list of who must not be called cannot be read just now."
_LEFT_ALONE_SECONDS: Final = 1.0
"""So long a database that did not answer is left alone, so that requests do not queue up at it."""


class Suppressing:
    """The list of who must not be called, opened when it is first needed and again after a failure.

    Parameters
    ----------
    open_store : OpenStore
    clock : callable, optional
        Seconds that only go forward.
    """

    def __init__(self, open_store: OpenStore, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._open = open_store
        self._clock = clock
        self._store: SuppressionStore | None = None
        self._failed: StoreError | None = None
        self._again_at = 0.0

    @property
    def failed(self) -> StoreError | None:
        """Why the list could not be used when it was last tried; None if it could."""
        return self._failed

    async def listed(self, tables: Tables) -> Suppressions:
        """Look the leads of a request up; if that cannot be done, say so in place of an answer."""
        at_once = self._looked_up_now(tables)
        if at_once is not None:
            return at_once
        try:
            return await self.do(lambda store: self._looked_up(store, tables))
        except StoreError:
            return not_looked_up(tables, UNREAD)

    async def try_out(self) -> None:
        """Open the list and read of it, so that whoever asks how it stands is told the truth of now."""
        try:
            await self.do(lambda store: store.look_up(frozenset()))
        except StoreError:
            return

    async def suppress(self, given: Callable[[SuppressionStore], Sequence[Given]], at: Instant) -> None:
        """Put those on the list who are not on it yet; they are on disk when this returns.

        Raises
        ------
        StoreError
            If they could not be stored.
        """

        def work(store: SuppressionStore) -> None:
            wanted = given(store)
            lacking = {each.key for each in wanted} - store.look_up({each.key for each in wanted})
            if lacking:
                store.add([each for each in wanted if each.key in lacking], at=at)

        await self.do(work)

    async def do(self, work: Callable[[SuppressionStore], _Found]) -> _Found:
        """Do work with the list, in a thread: whoever holds the database holds up nobody else's request.

        Raises
        ------
        StoreError
            If the list cannot be used.
        """
        return await anyio.to_thread.run_sync(self._done, work)

    def _done(self, work: Callable[[SuppressionStore], _Found]) -> _Found:
        if self._failed is not None and self._clock() < self._again_at:
            raise self._failed
        try:
            if self._store is None:
                self._store = self._open()
            found = work(self._store)
        except StoreError as error:
            self._fell(error)
            raise
        if self._failed is not None:
            self._failed = None
            logs.event("suppressions_read_again")
        return found

    def _fell(self, error: StoreError) -> None:
        if type(self._failed) is not type(error):
            logs.event(
                "suppressions_unread", level=logging.ERROR, error=type(error).__name__, because=str(error)
            )
        self._failed = error
        if isinstance(error, StoreUnreachableError):
            self._again_at = self._clock() + _LEFT_ALONE_SECONDS

    def _looked_up_now(self, tables: Tables) -> Suppressions | None:
        """Look a single lead up if nothing has to be waited for; None where a thread had better do it."""
        if self._store is None or self._failed is not None or len(tables.leads) > 1:
            return None
        keys = lead_keys(tables, self._store.hashing)
        try:
            found = self._store.look_up_now(keys.distinct())
        except StoreError:
            return None
        return None if found is None else looked_up(keys, found)

    def _looked_up(self, store: SuppressionStore, tables: Tables) -> Suppressions:
        keys = lead_keys(tables, store.hashing)
        return looked_up(keys, store.look_up(keys.distinct()))


def unavailable(error: StoreError) -> Problem:
    """Return the refusal of a request that needs the database."""
    return Problem("store-unavailable", f"{error} Nothing was changed.", headers={"Retry-After": "5"})
