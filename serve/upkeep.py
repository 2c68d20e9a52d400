"""What a worker does beside answering: look at what is published, and write down how things stand."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from serve import logs
from serve.admission import Queues
from serve.meters import Meters
from serve.security.keys import KeyRing
from serve.shelf import ReportShelf
from serve.store import ModelStore, Refusal


class Upkeep:
    """Looks again and again, and keeps the gauges true.

    Parameters
    ----------
    store : ModelStore
    shelf : ReportShelf
    meters : Meters
    queues : Queues
    ring : KeyRing
        Read again each time, so that a key that was revoked opens nothing any more.
    """

    def __init__(
        self, store: ModelStore, shelf: ReportShelf, meters: Meters, queues: Queues, ring: KeyRing
    ) -> None:
        self._store = store
        self._shelf = shelf
        self._meters = meters
        self._queues = queues
        self._ring = ring
        self._refused: Refusal | None = None
        self._looked = False
        self._failing: set[str] = set()

    @property
    def looked(self) -> bool:
        """Whether what is published was looked at once: from then on it is known what answers."""
        return self._looked

    def look(self) -> None:
        """Look at what is published, once; opening a bundle takes a second or so."""
        self._store.look()
        self._tried("reports_unread", self._shelf.look)
        self._looked = True

    def write_down(self) -> None:
        """Bring the gauges up to date."""
        self._meters.in_use(self._store.in_use.answered_by)
        if self._store.refused is not None and self._store.refused is not self._refused:
            self._meters.bundle_refused()
        self._refused = self._store.refused
        queues = self._queues
        self._meters.queues(short=queues.short, large=queues.large, receiving=queues.receiving)

    def read_keys(self) -> None:
        """Read the keys again; if they cannot be read, those that were read last go on."""
        self._tried("keys_unread", self._ring.read_again)
        self._tried("key_uses_unwritten", self._ring.write_uses)

    async def go_on(self, seconds: float) -> None:
        """Look every so many seconds, in a thread, so that opening a bundle holds up no request.

        Keys come first: how a bundle fares must not keep one that was revoked alive. Whatever fails is
        tried again in the next round.
        """
        while True:
            await asyncio.sleep(seconds)
            await asyncio.to_thread(self.read_keys)
            await asyncio.to_thread(self._tried, "watch_failed", self.look)
            self._tried("gauges_unwritten", self.write_down)

    def _tried(self, otherwise: str, work: Callable[[], None]) -> None:
        """Do a part of the round; tell the first of several failures in a row under this name."""
        try:
            work()
        except Exception as error:  # noqa: BLE001 - whatever befalls one part, the others and the next round go on
            if otherwise not in self._failing:
                self._failing.add(otherwise)
                logs.failure(otherwise, error)
        else:
            self._failing.discard(otherwise)
