"""The chain of one process: entries go into its files in the order in which their answers leave."""

from __future__ import annotations

import errno
import fcntl
import os
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from readiness.crm.records import Instant
from serve.audit.entry import FIRST, Draft, Record, tied
from serve.audit.segments import Segment

LARGEST: Final = 16_000_000
"""Bytes after which a file is followed by another, even if it could not be moved yet."""

_AT_ONCE: Final = 200
"""Entries in one write: a large batch holds up others for moments only."""

_ALIVE: Final = ".alive"
_SEGMENT: Final = ".segment"
BROKEN: Final = ".broken"


class Chain:
    """Ties entries to each other and appends them, from any thread.

    A file that is locked as long as the process lives says that the chain has an owner; who finds it
    unlocked may move what the owner left behind.

    Parameters
    ----------
    folder : Path
        Where the files lie; made if it is missing.
    make : callable, optional
        Makes the file at a path.

    Raises
    ------
    OSError
        If the folder cannot be written.
    """

    def __init__(self, folder: Path, *, make: Callable[[Path], Segment] = Segment) -> None:
        self.name = uuid.uuid4().hex
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._make = make
        self._alive = _born(folder, self.name)
        self._lock = threading.Lock()
        self._segment: Segment | None = None
        self._waiting: list[Path] = []
        self._files = 0
        self._sequence = 0
        self._before = FIRST
        self._waiting_bytes = 0
        self._ended = False

    @property
    def waiting_bytes(self) -> int:
        """How many bytes of this process are not in the database yet."""
        return self._waiting_bytes + (self._segment.size if self._segment else 0)

    def append(self, drafts: Sequence[Draft], *, agreement_text: str, at: Callable[[], Instant]) -> None:
        """Append answers of one agreement that are about to leave, in this order.

        Raises
        ------
        OSError
            If they could not be written. Of many, the first may be there: entries of answers that never left.
        """
        for start in range(0, len(drafts), _AT_ONCE):
            with self._lock:
                self._append(drafts[start : start + _AT_ONCE], agreement_text, at())

    def closed(self) -> tuple[Path, ...]:
        """Close the file that is being written, and return all that wait to be moved, oldest first.

        While some wait it goes on with its file, unless that has become large.
        """
        with self._lock:
            if not self._waiting:
                self._close_segment()
            return tuple(self._waiting)

    def moved(self, path: Path) -> None:
        """Forget a file, which is in the database or set aside."""
        with self._lock:
            self._waiting.remove(path)
            self._waiting_bytes = sum(each.stat().st_size for each in self._waiting if each.exists())

    def end(self) -> None:
        """Give the chain up: what still waits is moved by whoever starts next."""
        with self._lock:
            self._ended = True
            if self._segment is not None:
                self._segment.close()
                self._segment = None
            if not self._waiting and not _segments(self._folder, self.name):
                _alive(self._folder, self.name).unlink(missing_ok=True)
            os.close(self._alive)

    def _append(self, drafts: Sequence[Draft], agreement_text: str, at: Instant) -> None:
        if self._ended:
            raise OSError(errno.EBADF, "this chain was given up")
        sequence, before = self._sequence, self._before
        records = []
        for draft in drafts:
            sequence += 1
            entry = tied(draft, chain=self.name, sequence=sequence, at=at, before=before)
            before = entry.link
            records.append(Record(entry, draft.asked, draft.answered))
        if self._segment is not None and (self._segment.spoilt or self._segment.size > LARGEST):
            self._close_segment()
        if self._segment is None:
            path = self._folder / f"{self.name}-{self._files + 1:08}{_SEGMENT}"
            self._segment = self._make(path)
            self._files += 1
        self._segment.append(records, drafts[0].agreement, agreement_text)
        self._sequence, self._before = sequence, before

    def _close_segment(self) -> None:
        if self._segment is None:
            return
        self._segment.close()
        self._waiting.append(self._segment.path)
        self._waiting_bytes += self._segment.size
        self._segment = None


def left_behind(folder: Path) -> Iterator[tuple[str, tuple[Path, ...]]]:
    """Yield the chains whose process is gone, each with its files, oldest first; nobody else is given them.

    A chain of which no file is left when the next one is asked for is done with.
    """
    names = {path.name.removesuffix(_ALIVE) for path in folder.glob(f"*{_ALIVE}")}
    names |= {path.name.partition("-")[0] for path in folder.glob(f"*{_SEGMENT}")}
    for name in sorted(names):
        try:
            descriptor = os.open(_alive(folder, name), os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            continue
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            continue
        try:
            yield name, _segments(folder, name)
            if not _segments(folder, name):
                _alive(folder, name).unlink(missing_ok=True)
        finally:
            os.close(descriptor)


def waiting(folder: Path) -> tuple[Path, ...]:
    """Return every file that is not in the database yet, whoever writes it."""
    return tuple(sorted(folder.glob(f"*{_SEGMENT}")))


def _segments(folder: Path, name: str) -> tuple[Path, ...]:
    return tuple(sorted(folder.glob(f"{name}-*{_SEGMENT}")))


def _alive(folder: Path, name: str) -> Path:
    return folder / f"{name}{_ALIVE}"


def _born(folder: Path, name: str) -> int:
    # Locked before it has its name: nobody finds it unlocked and takes its owner for dead.
    aside = folder / f".{name}"
    descriptor = os.open(aside, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        aside.rename(_alive(folder, name))
    except OSError:
        os.close(descriptor)
        with suppress(OSError):
            aside.unlink()
        raise
    return descriptor
