"""The keys of those who ask, kept in the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import sqlalchemy as sa

from readiness.crm.records import Instant
from serve.database.opened import Database, place_of
from serve.database.settings import DatabaseSettings
from serve.database.tables import keys
from serve.security.keys import Key
from serve.security.rights import Right


class KeyStore:
    """Keeps keys in the database; what of a key could open the door is not in it.

    Parameters
    ----------
    database : Database
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> Sequence[Key]:
        """Return every key that was ever made, revoked ones too, oldest first.

        Raises
        ------
        StoreError
            If the database cannot be read.
        """
        asked = sa.select(keys).order_by(keys.c.created_at, keys.c.id)
        return self._database.read(lambda connection: [_key(row) for row in connection.execute(asked)])

    def add(self, key: Key) -> None:
        """Keep a key; it is on disk before this returns.

        Raises
        ------
        StoreError
            If the database cannot be written.
        """
        row = {
            "id": key.id,
            "name": key.name,
            "digest": key.digest,
            "rights": " ".join(sorted(key.rights)),
            "created_at": key.created_at,
            "expires_at": key.expires_at,
            "revoked_at": key.revoked_at,
            "last_used_at": key.last_used_at,
        }

        def put(connection: sa.Connection) -> None:
            # Done twice after a lost connection it is the same key still.
            if connection.scalar(sa.select(keys.c.id).where(keys.c.id == key.id)) is None:
                connection.execute(sa.insert(keys), row)

        self._database.write(put)

    def revoke(self, key_id: str, at: Instant) -> bool:
        """Revoke a key, on disk before this returns; False if there is none, or it was revoked before.

        Raises
        ------
        StoreError
            If the database cannot be written.
        """
        statement = (
            sa.update(keys).where(keys.c.id == key_id, keys.c.revoked_at.is_(None)).values(revoked_at=at)
        )
        return bool(self._database.write(lambda connection: connection.execute(statement).rowcount))

    def used(self, key_id: str, at: Instant) -> None:
        """Write down when a key was last used; of several workers the newest counts.

        Raises
        ------
        StoreError
            If the database cannot be written.
        """
        older = sa.or_(keys.c.last_used_at.is_(None), keys.c.last_used_at < at)
        statement = sa.update(keys).where(keys.c.id == key_id, older).values(last_used_at=at)
        self._database.write(lambda connection: connection.execute(statement))


def _key(row: sa.Row[tuple[object, ...]]) -> Key:
    found = row._mapping  # noqa: SLF001 - the library's public name of it
    return Key(
        id=found["id"],
        name=found["name"],
        digest=found["digest"],
        rights=frozenset(cast("list[Right]", found["rights"].split())),
        created_at=found["created_at"],
        expires_at=found["expires_at"],
        revoked_at=found["revoked_at"],
        last_used_at=found["last_used_at"],
    )


def any_opens(settings: DatabaseSettings, at: Instant) -> bool:
    """Say whether a key in the database opens the door at this instant; a missing file is not made.

    Raises
    ------
    StoreError
        If the database cannot be read.
    """
    file = place_of(settings.database_url.get_secret_value()).file
    if file is not None and not file.exists():
        return False
    # One that an older version made holds keys all the same: it is brought up to date first.
    database = Database(settings, with_secret=False)
    try:
        return any(key.refused(at) is None for key in KeyStore(database).all())
    finally:
        database.close()
