"""From files to the database: each entry once, in order, tied; what does not fit is told and kept aside."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from readiness.crm.records import Instant
from serve import logs
from serve.audit import chain as chains
from serve.audit import segments
from serve.audit.entry import Record, link_of
from serve.audit.seals import Head
from serve.database import AuditStore

_AT_ONCE: Final = 500
"""Entries in one transaction: whoever else writes waits for moments only."""


_GONE: Final = "a file was taken away before it was moved"


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of a file: entries that were not in the database before, torn bytes, why it broke."""

    entries: int
    torn: int
    broken: str | None


def move(path: Path, chain: str, store: AuditStore, *, at: Instant) -> Moved:
    """Move what a file holds to the database, then take the file away.

    A torn last line is noted in the database and in the log: its answer never left. A file that holds
    something else than the next entries of its chain is moved as far as it does, noted, and kept beside
    with ``.broken`` behind its name, for people to look at. A file that is gone is noted too.

    Parameters
    ----------
    path : Path
        Of a file that nobody writes to any more.
    chain : str
        Whose it is.
    at : Instant
        Now.

    Raises
    ------
    StoreError
        If the database cannot be used; what was moved until then is not moved again.
    OSError
        If the file cannot be read or taken away.
    """
    if not path.exists():
        store.note(chain, at=at, broken=_GONE)
        logs.event("audit_broken", level=logging.ERROR, chain=chain, because=_GONE)
        return Moved(0, 0, _GONE)
    found = segments.read(path)
    head = store.head(chain)
    sound, broken = _sound(found, head)
    entries = 0
    for start in range(0, len(sound), _AT_ONCE):
        entries += store.append(chain, sound[start : start + _AT_ONCE], found.agreements, at=at)
    if found.torn or broken:
        store.note(chain, at=at, torn=found.torn, broken=broken)
    if found.torn:
        logs.event("audit_torn", level=logging.WARNING, chain=chain, bytes=found.torn)
    if broken:
        logs.event("audit_broken", level=logging.ERROR, chain=chain, because=broken)
        path.rename(path.with_name(path.name + chains.BROKEN))
    else:
        path.unlink()
    return Moved(entries, found.torn, broken)


def move_left_behind(folder: Path, store: AuditStore, *, at: Instant) -> Iterator[Moved]:
    """Move what processes that are gone left in the folder.

    Raises
    ------
    StoreError, OSError
        As `move` does.
    """
    for chain, files in chains.left_behind(folder):
        for path in files:
            moved = move(path, chain, store, at=at)
            logs.event("audit_found", chain=chain, entries=moved.entries)
            yield moved


def _sound(found: segments.Read, head: Head) -> tuple[Sequence[Record], str | None]:
    """Return the entries up to the first that does not follow, and why the rest is not moved."""
    sequence, link = head.last, head.link
    for number, record in enumerate(found.records):
        entry = record.entry
        if entry.chain != head.chain:
            return found.records[:number], "a file holds entries of another chain"
        if entry.sequence <= head.last:
            continue
        if entry.sequence != sequence + 1 or entry.before != link:
            return found.records[:number], "a file lacks entries, or holds some twice or out of order"
        if entry.link != link_of(entry):
            return found.records[:number], "an entry was changed before it was moved"
        if (record.asked.hash, record.answered.hash) != (entry.asked, entry.answered):
            return found.records[:number], "what was asked or answered was changed before it was moved"
        sequence, link = entry.sequence, entry.link
    return found.records, "a file holds something else than entries" if found.broken else None
