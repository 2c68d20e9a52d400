"""The audit's tables, row by row."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from readiness.crm.records import Instant
from serve.audit.entry import FIRST, Entry, Payload, Record
from serve.audit.seals import Head
from serve.database.driver_statements import in_few_sizes
from serve.database.tables import (
    audit_agreements,
    audit_chains,
    audit_entries,
    audit_erasures,
    audit_payloads,
)

_LOCK: Final = 0x5EADA0D1
"""Who writes to a PostgreSQL's audit holds this advisory lock; SQLite is locked by its transaction."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry as the database has it, with its payloads; both None where they were erased, or are gone."""

    entry: Entry
    asked: Payload | None
    answered: Payload | None
    erased_at: Instant | None
    seal: bytes | None
    """Over the payloads as they lie there, or over their erasure."""
    packed: bytes
    """The hash of both payloads as they lie there."""


@dataclass(frozen=True, slots=True)
class SealedHead:
    """The end of a chain as the database has it, and the seal over it."""

    head: Head
    seal: bytes


def lock(connection: sa.Connection) -> None:
    """Wait until nobody else writes to the audit, until the end of the transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))


def heads(connection: sa.Connection) -> Sequence[SealedHead]:
    """Return the end of every chain, in the order of their names."""
    # Sorted here: databases order texts each in their own way, and the seal over all is over this order.
    found = map(_sealed, connection.execute(sa.select(audit_chains)))
    return sorted(found, key=lambda each: each.head.chain)


def sealed_head(connection: sa.Connection, chain: str) -> SealedHead | None:
    """Return the end of a chain and its seal; None if it is not known."""
    row = connection.execute(sa.select(audit_chains).where(audit_chains.c.chain == chain)).one_or_none()
    return None if row is None else _sealed(row)


def head(connection: sa.Connection, chain: str) -> Head:
    """Return the end of a chain; of one that is not known, the end of an empty one."""
    found = sealed_head(connection, chain)
    return Head(chain, first=1, before=FIRST, last=0, link=FIRST, moved_at=0) if found is None else found.head


def _sealed(row: sa.Row[Any]) -> SealedHead:
    return SealedHead(Head(*(_value(getattr(row, name)) for name in Head.__slots__)), bytes(row.seal))


def keep_agreements(connection: sa.Connection, agreements: Mapping[str, str]) -> None:
    """Keep the texts of agreements that are not there yet."""
    for fingerprint, text in agreements.items():
        there = sa.select(audit_agreements.c.sha256).where(audit_agreements.c.sha256 == fingerprint)
        if connection.scalar(there) is None:
            connection.execute(sa.insert(audit_agreements), {"sha256": fingerprint, "text": text})


def erased_since(connection: sa.Connection, records: Sequence[Record]) -> dict[bytes, Instant]:
    """Return until when what was asked of these leads is erased, by key."""
    leads = {record.entry.lead for record in records if record.entry.lead is not None}
    newest = sa.func.max(audit_erasures.c.at)
    asked = (
        sa.select(audit_erasures.c.lead, newest)
        .where(audit_erasures.c.lead.in_(in_few_sizes(leads)))
        .group_by(audit_erasures.c.lead)
    )
    return {bytes(lead): at for lead, at in connection.execute(asked)}


def joined() -> sa.Select[Any]:
    """Return the question for entries with their payloads."""
    ours = sa.and_(
        audit_entries.c.chain == audit_payloads.c.chain,
        audit_entries.c.sequence == audit_payloads.c.sequence,
    )
    apart = (
        audit_payloads.c.asked_salt,
        audit_payloads.c.asked.label("asked_payload"),
        audit_payloads.c.answered_salt,
        audit_payloads.c.answered.label("answered_payload"),
        audit_payloads.c.erased_at,
        audit_payloads.c.seal.label("payload_seal"),
    )
    return sa.select(audit_entries, *apart).select_from(audit_entries.outerjoin(audit_payloads, ours))


def kept(row: sa.Row[Any]) -> Kept:
    """Return what a row of `joined` holds."""
    entry = Entry(*(_value(getattr(row, name)) for name in Entry.__slots__))
    return Kept(
        entry,
        _payload(row.asked_payload, row.asked_salt),
        _payload(row.answered_payload, row.answered_salt),
        row.erased_at,
        None if row.payload_seal is None else bytes(row.payload_seal),
        packed_hash(row.asked_payload, row.answered_payload),
    )


def packed_hash(asked: bytes | None, answered: bytes | None) -> bytes:
    """Return the hash of two payloads as they lie there: packed in another way they may say the same."""
    parts = (hashlib.sha256(bytes(part or b"")).digest() for part in (asked, answered))
    return hashlib.sha256(b"".join(parts)).digest()


def _payload(packed: bytes | None, salt: bytes | None) -> Payload | None:
    if packed is None or salt is None:
        return None
    try:
        return Payload(zlib.decompress(packed), bytes(salt))
    except zlib.error:
        # Damaged: no content has this hash, and whoever verifies will say so.
        return Payload(b"", bytes(salt))


def _value(found: Any) -> Any:  # noqa: ANN401 - of a column of any type
    return bytes(found) if isinstance(found, memoryview | bytearray) else found


def entry_row(entry: Entry) -> dict[str, Any]:
    """Return an entry as a row."""
    return {name: getattr(entry, name) for name in Entry.__slots__}
