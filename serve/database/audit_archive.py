"""The audit in the database, read: ends of chains, entries with their payloads, agreements."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from serve.audit.seals import Head
from serve.database import audit_rows
from serve.database.audit_rows import Kept, SealedHead
from serve.database.opened import Database
from serve.database.tables import audit_agreements, audit_entries, audit_payloads, meta

CENSUS: Final = "audit_census"
"""Under which name the seal over all chains is kept."""


class AuditArchive:
    """Reads the audit in a database.

    Parameters
    ----------
    database : Database
        With its secret.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.secret = database.secret

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def heads(self) -> tuple[SealedHead, ...]:
        """Return the end of every chain, in the order of their names.

        Raises
        ------
        StoreError
            If the database cannot be read.
        """
        return self._database.read(lambda connection: tuple(audit_rows.heads(connection)))

    def head(self, chain: str) -> Head:
        """Return the end of a chain; of one that is not known, the end of an empty one.

        Raises
        ------
        StoreError
            If the database cannot be read.
        """
        return self._database.read(lambda connection: audit_rows.head(connection, chain))

    def sealed_head(self, chain: str) -> SealedHead | None:
        """Return the end of a chain and its seal; None if it is not known.

        Raises
        ------
        StoreError
            If the database cannot be read.
        """
        return self._database.read(lambda connection: audit_rows.sealed_head(connection, chain))

    def census(self) -> bytes | None:
        """Return the seal over all chains; None before the first one.

        Raises
        ------
        StoreError
            If the database cannot be read.
        """
        asked = sa.select(meta.c.value).where(meta.c.name == CENSUS)
        return self._database.read(lambda connection: connection.scalar(asked))

    def find(self, assessment_id: str) -> Kept | None:
        """Return the entry of an answer; None if there is none.

        Raises
        ------
        StoreError
            If the database cannot be read.
        """
        asked = audit_rows.joined().where(audit_entries.c.assessment_id == assessment_id)
        asked = asked.order_by(audit_entries.c.chain, audit_entries.c.sequence).limit(1)
        found = self._database.read(lambda connection: connection.execute(asked).one_or_none())
        return None if found is None else audit_rows.kept(found)

    def entries(self, chain: str, *, after: int = -1, limit: int = 1_000) -> tuple[Kept, ...]:
        """Return the next entries of a chain, those after a place in it, with their payloads.

        Raises
        ------
        StoreError
            If the database cannot be read.
        """
        asked = audit_rows.joined().where(audit_entries.c.chain == chain, audit_entries.c.sequence > after)
        asked = asked.order_by(audit_entries.c.sequence).limit(limit)
        return self._database.read(lambda connection: tuple(map(audit_rows.kept, connection.execute(asked))))

    def newest(self, limit: int) -> tuple[Kept, ...]:
        """Return the newest entries of all chains, newest first.

        Raises
        ------
        StoreError
            If the database cannot be read.
        """
        asked = audit_rows.joined().order_by(
            audit_entries.c.at.desc(), audit_entries.c.chain, audit_entries.c.sequence.desc()
        )
        rows = asked.limit(limit)
        return self._database.read(lambda connection: tuple(map(audit_rows.kept, connection.execute(rows))))

    def every_chain(self) -> tuple[str, ...]:
        """Return the names of all chains of which there are entries, whether or not they have an end.

        Raises
        ------
        StoreError
            If the database cannot be read.
        """
        asked = sa.select(audit_entries.c.chain).distinct().order_by(audit_entries.c.chain)
        return self._database.read(lambda connection: tuple(connection.scalars(asked)))

    def payloads_without_entry(self) -> int:
        """Count payloads whose entry is not there.

        Raises
        ------
        StoreError
            If the database cannot be read.
        """
        there = sa.and_(
            audit_entries.c.chain == audit_payloads.c.chain,
            audit_entries.c.sequence == audit_payloads.c.sequence,
        )
        asked = (
            sa.select(sa.func.count())
            .select_from(audit_payloads.outerjoin(audit_entries, there))
            .where(audit_entries.c.chain.is_(None))
        )
        return self._database.read(lambda connection: int(connection.scalar(asked) or 0))

    def agreement(self, fingerprint: str) -> str | None:
        """Return the text of an agreement; None if it is not kept.

        Raises
        ------
        StoreError
            If the database cannot be read.
        """
        asked = sa.select(audit_agreements.c.text).where(audit_agreements.c.sha256 == fingerprint)
        return self._database.read(lambda connection: connection.scalar(asked))

    def agreements(self) -> tuple[str, ...]:
        """Return the fingerprints of all agreements that are kept.

        Raises
        ------
        StoreError
            If the database cannot be read.
        """
        asked = sa.select(audit_agreements.c.sha256).order_by(audit_agreements.c.sha256)
        return self._database.read(lambda connection: tuple(connection.scalars(asked)))
