"""The audit of one process: answers are written down before they leave, and moved to the database."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Literal, Protocol, TypeAlias

from readiness.crm.records import MICROSECONDS_PER_DAY, MICROSECONDS_PER_HOUR, Instant
from readiness.errors import StoreError
from readiness.scoring import Hashing
from serve import logs
from serve.audit.chain import Chain
from serve.audit.entry import Draft
from serve.auditing.moving import move, move_left_behind
from serve.database import AuditStore

OpenAudit: TypeAlias = Callable[[], AuditStore]
"""Opens the audit in the database, or raises StoreError."""

State: TypeAlias = Literal["on", "off", "unwritten"]

_FORGET_EVERY: Final = MICROSECONDS_PER_HOUR


class Counted(Protocol):
    """Counts what the audit does."""

    def audit_written(self, entries: int) -> None:
        """Count entries that were written down."""

    def audit_refused(self) -> None:
        """Count an answer that was refused because it could not be written down."""

    def audit_moved(self, entries: int) -> None:
        """Count entries that came into the database."""

    def audit_waiting(self, waiting: int) -> None:
        """Write down how many bytes are not in the database yet."""


class Audit:
    """Writes answers down and moves them.

    Parameters
    ----------
    folder : Path, optional
        Where answers are written down first; None where they are not audited.
    open_store : OpenAudit
    counted : Counted
    clock : callable
        Returns the instant.
    keep_days : int, optional
        Older entries are cut off; None: all are kept.
    """

    def __init__(
        self,
        folder: Path | None,
        open_store: OpenAudit,
        counted: Counted,
        clock: Callable[[], Instant],
        *,
        keep_days: int | None = None,
    ) -> None:
        self._folder = folder
        self._open = open_store
        self._counted = counted
        self._clock = clock
        self._keep_days = keep_days
        self._store: AuditStore | None = None
        self._chain: Chain | None = None
        self._moving = threading.Lock()
        self._unwritten = False
        self._unmoved = False
        self._forgot_at: Instant | None = None

    @property
    def on(self) -> bool:
        """Whether answers are audited."""
        return self._folder is not None

    @property
    def state(self) -> State:
        """Whether answers are audited, and whether the last one could be written down."""
        if self._folder is None:
            return "off"
        return "unwritten" if self._unwritten else "on"

    @property
    def hashing(self) -> Hashing | None:
        """How a lead's id becomes a key; None until the database could be opened."""
        return None if self._store is None else Hashing(self._store.secret)

    @property
    def store(self) -> AuditStore:
        """The audit in the database, opened when it is first needed.

        Raises
        ------
        StoreError
            If it cannot be opened.
        """
        if self._store is None:
            self._store = self._open()
        return self._store

    def begin(self) -> None:
        """Make ready to write, and open the database; what fails is tried again when it is needed."""
        if self._folder is None:
            logs.event("audit_off", level=logging.WARNING)
            return
        try:
            self._open_chain()
        except OSError as error:
            self._fell(error)
        try:
            _ = self.store
        except StoreError as error:
            self._left(error)

    def append(self, drafts: Sequence[Draft], agreement_text: str) -> None:
        """Write down answers of one agreement; when this returns they survive the end of the process.

        Raises
        ------
        StoreError
            If they could not be written; then they must not leave.
        """
        if self._folder is None or not drafts:
            return
        try:
            self._open_chain().append(drafts, agreement_text=agreement_text, at=self._clock)
        except OSError as error:
            self._fell(error)
            self._counted.audit_refused()
            raise StoreError(
                "The answer could not be written down for the audit, so it is not given. Its folder must be "
                "writable and its disk must have room."
            ) from error
        if self._unwritten:
            self._unwritten = False
            logs.event("audit_written_again")
        self._counted.audit_written(len(drafts))

    def move(self) -> None:
        """Move what waits to the database, ours and what processes that are gone left, and cut off by age.

        What fails is told in the log once, and is done the next time.
        """
        if self._folder is None:
            return
        with self._moving:
            try:
                self._move(self._folder)
            except (StoreError, OSError) as error:
                self._left(error)
            else:
                if self._unmoved:
                    logs.event("audit_moved_again")
                self._unmoved = False
            self._counted.audit_waiting(self._chain.waiting_bytes if self._chain else 0)

    async def go_on(self, seconds: float) -> None:
        """Move every so many seconds, in a thread, so that the database holds up no request."""
        while True:
            await asyncio.sleep(seconds)
            await asyncio.to_thread(self.move)

    def end(self) -> None:
        """Move what waits once more, and give the files up: whoever starts next finds what is left."""
        self.move()
        if self._chain is not None:
            self._chain.end()
            self._chain = None

    def _open_chain(self) -> Chain:
        if self._chain is None:
            assert self._folder is not None  # noqa: S101 - whoever asks has looked
            self._chain = Chain(self._folder)
        return self._chain

    def _move(self, folder: Path) -> None:
        store, now, chain = self.store, self._clock(), self._chain
        if chain is not None:
            for path in chain.closed():
                moved = move(path, chain.name, store, at=now)
                self._counted.audit_moved(moved.entries)
                chain.moved(path)
                if moved.broken:
                    # Nothing that it writes could be tied to what is in the database: a new one begins.
                    chain.end()
                    self._chain = None
                    break
        for moved in move_left_behind(folder, store, at=now):
            self._counted.audit_moved(moved.entries)
        if self._keep_days is not None and (
            self._forgot_at is None or now - self._forgot_at >= _FORGET_EVERY
        ):
            gone = store.forget(now - self._keep_days * MICROSECONDS_PER_DAY, at=now)
            self._forgot_at = now
            if gone:
                logs.event("audit_cut_off", entries=gone, days=self._keep_days)

    def _fell(self, error: OSError) -> None:
        if not self._unwritten:
            logs.failure("audit_unwritten", error, because=error.strerror)
        self._unwritten = True

    def _left(self, error: Exception) -> None:
        if not self._unmoved:
            logs.failure("audit_unmoved", error)
        self._unmoved = True
