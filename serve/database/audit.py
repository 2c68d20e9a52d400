"""The audit in the database: entries as they come from the files, payloads apart, ends of chains sealed."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

import sqlalchemy as sa

from readiness.crm.records import Instant
from serve.audit import seals
from serve.audit.entry import Entry, Record
from serve.audit.seals import Head
from serve.database import audit_rows
from serve.database.audit_archive import CENSUS, AuditArchive
from serve.database.tables import (
    audit_chains,
    audit_entries,
    audit_erasures,
    audit_payloads,
    meta,
)

_QUICK: Final = 1
"""zlib's level: most of what can be gained, at a fifth of the time."""


class AuditStore(AuditArchive):
    """Keeps the audit in a database.

    Parameters
    ----------
    database : Database
        With its secret.
    """

    def append(
        self, chain: str, records: Sequence[Record], agreements: Mapping[str, str], *, at: Instant
    ) -> int:
        """Keep the entries of a chain that are not there yet, all or none, and seal its new end.

        Parameters
        ----------
        records : n records
            Of this chain, in order, each tied to the one before it.
        agreements : mapping of fingerprint to text
        at : Instant
            When they are moved.

        Returns
        -------
        int
            How many were not there yet; a file may be moved twice, its entries are not.

        Raises
        ------
        StoreError
            If the database cannot be written.
        """

        def work(connection: sa.Connection) -> int:
            audit_rows.lock(connection)
            head = audit_rows.head(connection, chain)
            fresh = [record for record in records if record.entry.sequence > head.last]
            audit_rows.keep_agreements(connection, agreements)
            if fresh:
                erased = audit_rows.erased_since(connection, fresh)
                connection.execute(
                    sa.insert(audit_entries), [audit_rows.entry_row(each.entry) for each in fresh]
                )
                payloads = [self._payload_row(each, erased) for each in fresh]
                connection.execute(sa.insert(audit_payloads), payloads)
                newest = fresh[-1].entry
                self._seal(connection, replace(head, last=newest.sequence, link=newest.link, moved_at=at))
            return len(fresh)

        return self._database.write(work)

    def note(self, chain: str, *, at: Instant, torn: int = 0, broken: str | None = None) -> None:
        """Write down that a file of a chain ended in a torn line, or broke.

        Raises
        ------
        StoreError
            If the database cannot be written.
        """

        def work(connection: sa.Connection) -> None:
            audit_rows.lock(connection)
            head = audit_rows.head(connection, chain)
            noted = replace(head, torn=head.torn + torn, broken=head.broken or broken, moved_at=at)
            self._seal(connection, noted)

        self._database.write(work)

    def erase(self, lead: bytes, *, at: Instant, named: Callable[[bytes], bool]) -> int:
        """Erase what was asked and answered of a lead up to now, also of answers that are moved later.

        Parameters
        ----------
        lead : bytes
            The key of its id.
        at : Instant
        named : callable
            Says of what was asked whether it is of this lead: for entries without a key.

        Returns
        -------
        int
            How many answers' payloads were erased; they are gone when this returns.

        Raises
        ------
        StoreError
            If the database cannot be written; then none was erased, or all.
        """

        def work(connection: sa.Connection) -> int:
            audit_rows.lock(connection)
            connection.execute(sa.insert(audit_erasures), {"lead": lead, "at": at})
            unkeyed = audit_entries.c.lead.is_(None)
            asked = audit_rows.joined().where(
                sa.or_(audit_entries.c.lead == lead, unkeyed), audit_payloads.c.asked.is_not(None)
            )
            found = [
                kept.entry
                for kept in map(audit_rows.kept, connection.execute(asked))
                if kept.entry.lead == lead or (kept.asked is not None and named(kept.asked.content))
            ]
            for entry in found:
                its = (
                    audit_payloads.c.chain == entry.chain,
                    audit_payloads.c.sequence == entry.sequence,
                )
                gone = self._erased_row(entry, at)
                connection.execute(sa.update(audit_payloads).where(*its).values(**gone))
            return len(found)

        return self._database.write(work)

    def forget(self, before: Instant, *, at: Instant) -> int:
        """Cut off, from each chain, the oldest entries that were made before an instant.

        What is kept verifies still: the checkpoint signs where the chain begins now.

        Returns
        -------
        int
            How many entries went, payloads and all.

        Raises
        ------
        StoreError
            If the database cannot be written; of chains that were done before, the entries are gone.
        """
        # A chain at a time, so that others may write in between.
        return sum(
            self._database.write(partial(self._forget, chain=sealed.head.chain, before=before, at=at))
            for sealed in self.heads()
        )

    def _forget(self, connection: sa.Connection, *, chain: str, before: Instant, at: Instant) -> int:
        audit_rows.lock(connection)
        head, its = audit_rows.head(connection, chain), audit_entries.c.chain == chain
        kept_from = sa.select(sa.func.min(audit_entries.c.sequence)).where(its, audit_entries.c.at >= before)
        first = connection.scalar(kept_from) or head.last + 1
        if first <= head.first:
            return 0
        link = sa.select(audit_entries.c.link).where(its, audit_entries.c.sequence == first - 1)
        new_before = bytes(connection.scalar(link) or b"")
        for table in (audit_entries, audit_payloads):
            connection.execute(sa.delete(table).where(table.c.chain == chain, table.c.sequence < first))
        self._seal(connection, replace(head, first=first, before=new_before, moved_at=at))
        return int(first - head.first)

    def _seal(self, connection: sa.Connection, head: Head) -> None:
        row = {**{name: getattr(head, name) for name in Head.__slots__}}
        row["seal"] = seals.sealed(head, self.secret)
        there = audit_chains.c.chain == head.chain
        if not connection.execute(sa.update(audit_chains).where(there).values(**row)).rowcount:
            connection.execute(sa.insert(audit_chains), row)
        value = seals.census([each.seal for each in audit_rows.heads(connection)], self.secret)
        named = meta.c.name == CENSUS
        if not connection.execute(sa.update(meta).where(named).values(value=value)).rowcount:
            connection.execute(sa.insert(meta), {"name": CENSUS, "value": value})

    def _payload_row(self, record: Record, erased: Mapping[bytes, Instant]) -> dict[str, Any]:
        entry = record.entry
        place = {"chain": entry.chain, "sequence": entry.sequence}
        erased_at = erased.get(entry.lead) if entry.lead is not None else None
        if erased_at is not None and entry.at <= erased_at:
            return {**place, **self._erased_row(entry, erased_at)}
        asked = zlib.compress(record.asked.content, _QUICK)
        answered = zlib.compress(record.answered.content, _QUICK)
        packed = audit_rows.packed_hash(asked, answered)
        return {
            **place,
            "asked_salt": record.asked.salt,
            "asked": asked,
            "answered_salt": record.answered.salt,
            "answered": answered,
            "erased_at": None,
            "seal": seals.payload(entry.chain, entry.sequence, packed, self.secret),
        }

    def _erased_row(self, entry: Entry, at: Instant) -> dict[str, Any]:
        return {
            "asked_salt": None,
            "asked": None,
            "answered_salt": None,
            "answered": None,
            "erased_at": at,
            "seal": seals.erasure(entry.chain, entry.sequence, at, self.secret),
        }
