"""Whether the audit is as it was written: every chain walked, and what is wrong with it told by name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from serve.audit import seals
from serve.audit.entry import Entry, fingerprint_of, link_of
from serve.audit.seals import Head
from serve.database import AuditStore
from serve.database.audit_rows import Kept, SealedHead

What: TypeAlias = Literal[
    "changed",
    "missing",
    "reordered",
    "inserted",
    "truncated",
    "rewritten",
    "payload_changed",
    "payload_missing",
    "not_erased",
    "unmoved",
    "chains_missing",
    "agreement_changed",
]

SAID: Final[dict[What, str]] = {
    "changed": "The entry is not as it was written.",
    "missing": "Entries before this one are missing.",
    "reordered": "Entries stand in another order than they were written in.",
    "inserted": "The entry was not written by the service.",
    "truncated": "The newest entries of the chain are missing.",
    "rewritten": "The chain does not end as it was sealed: its end, or all of it, was rewritten.",
    "payload_changed": "What was asked or answered is not as it was written.",
    "payload_missing": "What was asked or answered is missing, and was not erased.",
    "not_erased": "What was asked or answered is missing, and its erasure is not the service's.",
    "unmoved": "A file of the chain did not follow what is in the database; it is kept beside, as .broken.",
    "agreement_changed": "The text of an agreement is not the one that its fingerprint names.",
    "chains_missing": "The seal over all chains does not fit them: one is missing, or is older than it was.",
}
"""What may be wrong, in words."""


_AGAIN: Final = 3
"""So often a chain is walked again if it grew meanwhile and seems wrong."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The first thing that is wrong with a chain, or with one payload of it."""

    what: What
    chain: str | None
    sequence: int | None = None
    assessment_id: str | None = None

    def __str__(self) -> str:
        """Say it in a sentence."""
        return SAID[self.what]


@dataclass(frozen=True, slots=True)
class Verified:
    """What a walk over all chains found; ``torn`` counts bytes of answers that never left."""

    chains: int
    entries: int
    erased: int
    torn: int
    findings: tuple[Finding, ...]


def verify(store: AuditStore) -> Verified:
    """Walk every chain of the audit, from its oldest entry to its newest.

    Of each chain the first bad entry is told, and every bad payload. What cannot be found: that the whole
    database was put back to an earlier state of itself.

    Raises
    ------
    StoreError
        If the database cannot be read.
    """
    heads, whole = _ends(store)
    findings, entries, erased = list[Finding](), 0, 0
    if not whole:
        findings.append(Finding("chains_missing", None))
    for each in heads:
        walk = _walked(store, each)
        findings += walk.found
        entries += walk.entries
        erased += walk.erased
    known = {each.head.chain for each in heads}
    for chain in store.every_chain():
        if chain not in known:
            first = store.entries(chain, limit=1)[0].entry
            findings.append(_found("inserted", first))
    if store.payloads_without_entry():
        findings.append(Finding("missing", None))
    findings += [Finding("agreement_changed", None) for name in store.agreements() if not _fits(store, name)]
    torn = sum(each.head.torn for each in heads)
    return Verified(len(heads), entries, erased, torn, tuple(findings))


def _fits(store: AuditStore, fingerprint: str) -> bool:
    return fingerprint_of(store.agreement(fingerprint) or "") == fingerprint


def _ends(store: AuditStore) -> tuple[Sequence[SealedHead], bool]:
    """Return the ends of all chains, and whether the seal over all of them fits."""
    for _ in range(_AGAIN):
        before, heads = store.census(), store.heads()
        due = seals.census([each.seal for each in heads], store.secret)
        whole = not heads if before is None else seals.same(before, due)
        # A service that runs moves the ends on meanwhile.
        if whole or before == store.census():
            break
    return heads, whole


def _walked(store: AuditStore, sealed: SealedHead) -> _Walk:
    for _ in range(_AGAIN):
        walk = _Walk(store, sealed)
        now = store.sealed_head(sealed.head.chain)
        if not walk.found or now is None or now == sealed:
            break
        sealed = now
    return walk


def around(store: AuditStore, kept: Kept, *, each_way: int = 500) -> Finding | None:
    """Say what is wrong with the chain near an entry: its neighbours, and the seal over its end.

    Raises
    ------
    StoreError
        If the database cannot be read.
    """
    entry = kept.entry
    sealed = store.sealed_head(entry.chain)
    if sealed is None:
        return _found("inserted", entry)
    head = sealed.head
    if not seals.same(sealed.seal, seals.sealed(head, store.secret)):
        return Finding("rewritten", head.chain)
    if entry.sequence < head.first:
        # It was cut off by age since it was read.
        return _payload_fault(store, kept)
    after = max(entry.sequence - each_way - 1, head.first - 1)
    near = store.entries(entry.chain, after=after, limit=entry.sequence + each_way - after)
    if entry.sequence not in {row.entry.sequence for row in near}:
        return _found("missing", entry)
    before = near[0].entry.before if after >= head.first else head.before
    sequence, link = after, before
    for row in near:
        if not _follows(row.entry, sequence, link, head):
            gap = row.entry.link == link_of(row.entry)
            return _found("missing" if gap else "changed", row.entry)
        sequence, link = row.entry.sequence, row.entry.link
    if near[-1].entry.sequence == head.last and link != head.link:
        return _found("rewritten", near[-1].entry)
    return _payload_fault(store, kept)


class _Walk:
    """One chain, walked once."""

    def __init__(self, store: AuditStore, sealed: SealedHead) -> None:
        self._store = store
        self._head = sealed.head
        self.entries = 0
        self.erased = 0
        self.found = [*self._findings(seals.same(sealed.seal, seals.sealed(sealed.head, store.secret)))]

    def _findings(self, sealed: bool) -> Iterator[Finding]:
        head = self._head
        if not sealed:
            yield Finding("rewritten", head.chain)
        if head.broken is not None:
            yield Finding("unmoved", head.chain)
        sequence, link, before, sound = head.first - 1, head.before, None, True
        for kept in _every(self._store, head.chain):
            self.entries += 1
            self.erased += kept.erased_at is not None
            entry = kept.entry
            if sound and not _follows(entry, sequence, link, head):
                sound = False
                yield self._told(entry, before, sequence, link)
            sequence, link, before = entry.sequence, entry.link, entry
            fault = _payload_fault(self._store, kept)
            if fault is not None:
                yield fault
        if sound and sequence < head.last:
            yield Finding("truncated", head.chain, sequence + 1)
        elif sound and link != head.link:
            yield Finding("rewritten", head.chain, sequence)

    def _told(self, entry: Entry, before: Entry | None, sequence: int, link: bytes) -> Finding:
        """Say what happened where an entry does not follow the one before it."""
        if entry.sequence > self._head.last:
            return _found("inserted", entry)
        if entry.link == link_of(entry):
            # It is as it was written: those before it are missing, or the one before it is another one.
            gap = entry.sequence != sequence + 1 or before is None
            return _found("missing", entry) if gap or before is None else _found("changed", before)
        own = self._own_place(entry)
        if own is None:
            return _found("changed", entry)
        if own < entry.sequence and before is not None:
            return _found("inserted", before)
        return _found("missing" if self._follower(link) is None else "reordered", entry)

    def _own_place(self, entry: Entry) -> int | None:
        """Return the place at which the entry was written, if it is otherwise as it was."""
        reach = range(1, self._head.last + 2)
        return next((place for place in reach if link_of(entry, sequence=place) == entry.link), None)

    def _follower(self, link: bytes) -> Entry | None:
        """Return the entry that was written behind one with this link, wherever it stands now."""
        every = _every(self._store, self._head.chain)
        return next((kept.entry for kept in every if kept.entry.before == link), None)


def _follows(entry: Entry, sequence: int, link: bytes, head: Head) -> bool:
    in_place = entry.sequence == sequence + 1 and entry.before == link and entry.sequence <= head.last
    return in_place and entry.link == link_of(entry)


def _payload_fault(store: AuditStore, kept: Kept) -> Finding | None:
    entry = kept.entry
    if kept.erased_at is not None:
        due = seals.erasure(entry.chain, entry.sequence, kept.erased_at, store.secret)
        both_gone = kept.asked is None and kept.answered is None
        return None if both_gone and seals.same(kept.seal, due) else _found("not_erased", entry)
    if kept.asked is None or kept.answered is None:
        return _found("payload_missing", entry)
    due = seals.payload(entry.chain, entry.sequence, kept.packed, store.secret)
    same = (kept.asked.hash, kept.answered.hash) == (entry.asked, entry.answered)
    same = same and seals.same(kept.seal, due)
    return None if same else _found("payload_changed", entry)


def _found(what: What, entry: Entry) -> Finding:
    return Finding(what, entry.chain, entry.sequence, entry.assessment_id)


def _every(store: AuditStore, chain: str) -> Iterator[Kept]:
    after = -(2**62)
    while page := store.entries(chain, after=after):
        yield from page
        after = page[-1].entry.sequence


def every(store: AuditStore) -> Iterator[Kept]:
    """Return the entries of every chain, each in its order.

    Raises
    ------
    StoreError
        If the database cannot be read.
    """
    for each in store.heads():
        yield from _every(store, each.head.chain)
