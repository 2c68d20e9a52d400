"""Answers kept under their senders' keys, where every worker finds them and a restart loses none."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from readiness.crm.records import MICROSECONDS_PER_DAY, Instant
from serve.database.driver_statements import in_few_sizes
from serve.database.inserting import insert_missing
from serve.database.opened import Database
from serve.database.tables import kept_answers as answers

LASTING: Final = MICROSECONDS_PER_DAY
MOST_BYTES: Final = 1_000_000_000
TAKEN: Final = 120_000_000
"""So long, in microseconds, a key stays taken by who is answering: whoever was killed lets go of it then."""
_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer, and what it answered: ``asked`` is the SHA-256 of address, form and body.

    ``barred`` is a hash of who must not be called, as it was when the answer was given.
    """

    asked: bytes
    barred: bytes
    media_type: str
    content: bytes


class AnswerStore:
    """Keeps answers in the database for a day, or until room runs out: then the oldest go first.

    Parameters
    ----------
    database : Database
    most_bytes : int
        Of all answers together, compressed; a larger one is not kept.
    """

    def __init__(self, database: Database, *, most_bytes: int = MOST_BYTES) -> None:
        self._database, self._most_bytes = database, most_bytes

    def take(self, key: str, by: bytes, *, at: Instant) -> bool:
        """Take a key for whoever begins to answer; False while somebody else has it.

        Raises
        ------
        StoreError
            If the database cannot be written.
        """
        digest = _digest(key)
        row = {"key": digest, "taken_by": by, "taken_until": at + TAKEN, "size": 0}
        free = sa.or_(answers.c.taken_until.is_(None), answers.c.taken_until <= at, answers.c.taken_by == by)
        again = sa.update(answers).where(answers.c.key == digest, free)
        again = again.values(taken_by=by, taken_until=at + TAKEN)

        def work(connection: sa.Connection) -> bool:
            if connection.scalar(insert_missing(connection, answers, [row], unique="key")) is not None:
                return True
            return bool(connection.execute(again).rowcount)

        return self._database.write(work)

    def find(self, key: str, *, at: Instant) -> Kept | None:
        """Return what was answered under a key within the last day.

        Raises
        ------
        StoreError
            If the database cannot be read.
        """
        wanted = sa.select(answers).where(answers.c.key == _digest(key), answers.c.kept_at > at - LASTING)
        row = self._database.read(lambda connection: connection.execute(wanted).first())
        if row is None:
            return None
        content = zlib.decompress(row.content)
        return Kept(bytes(row.asked), bytes(row.barred), row.media_type, content)

    def keep(self, key: str, by: bytes, kept: Kept, *, at: Instant) -> None:
        """Keep an answer, in place of what was kept under the key; it is on disk before this returns.

        Nothing is kept where ``by`` has lost the key to somebody else, or the answer does not fit.

        Raises
        ------
        StoreError
            If the database cannot be written.
        """
        content = zlib.compress(kept.content, 1)
        if len(content) > self._most_bytes:
            return
        values = {
            "kept_at": at,
            "asked": kept.asked,
            "barred": kept.barred,
            "media_type": kept.media_type,
            "size": len(content),
            "content": content,
        }
        put = sa.update(answers).where(answers.c.key == _digest(key), answers.c.taken_by == by)

        def work(connection: sa.Connection) -> None:
            connection.execute(sa.delete(answers).where(answers.c.kept_at <= at - LASTING))
            self._make_room(connection, len(content), but=_digest(key))
            connection.execute(put.values(values))

        self._database.write(work)

    def let_go(self, key: str, by: bytes) -> None:
        """Let go of a key that was taken, whether or not anything was kept under it.

        Raises
        ------
        StoreError
            If the database cannot be written.
        """
        mine = answers.c.key == _digest(key), answers.c.taken_by == by

        def work(connection: sa.Connection) -> None:
            connection.execute(sa.delete(answers).where(*mine, answers.c.kept_at.is_(None)))
            connection.execute(sa.update(answers).where(*mine).values(taken_by=None, taken_until=None))

        self._database.write(work)

    def _make_room(self, connection: sa.Connection, size: int, *, but: bytes) -> None:
        """Delete the oldest until an answer of this size fits; that under its own key makes way anyway."""
        others = answers.c.key != but
        total = sa.select(sa.func.coalesce(sa.func.sum(answers.c.size), 0)).where(others)
        held = int(connection.execute(total).scalar_one())
        oldest = sa.select(answers.c.key, answers.c.size).where(others, answers.c.kept_at.is_not(None))
        oldest = oldest.order_by(answers.c.kept_at, answers.c.key).limit(_AT_ONCE)
        while held + size > self._most_bytes:
            going = []
            for row in connection.execute(oldest).all():
                if held + size <= self._most_bytes:
                    break
                going.append(row.key)
                held -= row.size
            if not going:
                return
            connection.execute(sa.delete(answers).where(answers.c.key.in_(in_few_sizes(going))))


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
