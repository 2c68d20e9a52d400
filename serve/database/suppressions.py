"""The list of who must not be called, as the database keeps it: keys, never values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from readiness.crm.records import Instant
from readiness.scoring import Hashing, Kind
from serve.database import secret
from serve.database.driver_statements import in_few_sizes
from serve.database.inserting import insert_missing
from serve.database.opened import Database, kept_check
from serve.database.tables import meta, suppression_removals, suppressions

_AT_ONCE: Final = 500
"""Rows in one statement; bounds its length, changes no answer."""

_ASKED: Final = 8_192
"""Keys in one question, one of the few sizes; databases take some 30,000 to 65,000 parameters."""

_ENTRY: Final = (
    suppressions.c.id,
    suppressions.c.kind,
    suppressions.c.source,
    suppressions.c.since,
    suppressions.c.added_at,
)

# What tells a wrong secret is read by the same statement as the list, so in the same instant. Both statements
# are put together once: that takes longer than asking them.
_CHECK: Final = sa.select(sa.literal(0), meta.c.value).where(meta.c.name == secret.CHECK)
_EVERY_KEY: Final = sa.union_all(sa.select(sa.literal(1), suppressions.c.key), _CHECK)
_SOME_KEYS: Final = sa.union_all(
    sa.select(sa.literal(1), suppressions.c.key).where(
        suppressions.c.key.in_(sa.bindparam("wanted", expanding=True))
    ),
    _CHECK,
)


@dataclass(frozen=True, slots=True)
class Given:
    """A suppression as it comes in: its key, who says so and since when."""

    kind: Kind
    key: bytes
    source: str
    since: Instant | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A suppression as it may be shown: nothing in it says who it is."""

    id: int
    kind: Kind
    source: str
    since: Instant | None
    added_at: Instant


@dataclass(frozen=True, slots=True)
class Added:
    """A suppression that is on the list now, and whether it was not before."""

    entry: Entry
    new: bool


@dataclass(frozen=True, slots=True)
class Removal:
    """A suppression that was taken off the list: when, by whom and why."""

    entry: Entry
    removed_at: Instant
    removed_by: str
    reason: str


class SuppressionStore:
    """The list in a database.

    Whatever looks a value up or puts one on the list makes sure first that the secret is the right one.
    Pages, removals and taking an entry off go by its number, and need no secret.

    Parameters
    ----------
    database : Database
    region : str, optional
        The country of phone numbers that name none.
    """

    def __init__(self, database: Database, *, region: str | None = None) -> None:
        self._database = database
        self.hashing = Hashing(database.secret, region)

    def look_up(self, keys: AbstractSet[bytes]) -> frozenset[bytes]:
        """Return which of these keys are on the list, as it is on disk now.

        Raises
        ------
        StoreError
            If the list cannot be read, or the secret is not that of its keys.
        """
        wanted = sorted(keys)
        if not wanted:
            return self._listed(_CHECK)
        parts = [wanted[start : start + _ASKED] for start in range(0, len(wanted), _ASKED)]
        return frozenset().union(*(self._listed(_SOME_KEYS, in_few_sizes(part)) for part in parts))

    def look_up_now(self, keys: AbstractSet[bytes]) -> frozenset[bytes] | None:
        """Return what `look_up` does, of up to 10,000 keys, if that can be said without waiting; else None.

        Raises
        ------
        StoreError
            If the secret is not that of the list's keys.
        """
        wanted = in_few_sizes(keys)
        rows = self._database.rows_now(_SOME_KEYS if wanted else _CHECK, wanted)
        return None if rows is None else self._read(rows)

    def every_key(self) -> frozenset[bytes]:
        """Return all keys on the list, for a file of leads.

        Raises
        ------
        StoreError
            As `look_up` does.
        """
        return self._listed(_EVERY_KEY)

    def add(self, given: Sequence[Given], *, at: Instant) -> tuple[Added, ...]:
        """Put keys on the list, all or none; those that are on it stay as they are.

        Returns
        -------
        tuple of Added
            In the order given; they are on disk.

        Raises
        ------
        StoreError
            If the list cannot be written. Then nothing was added, or all: the same can be sent again.
        """
        return self._database.write(lambda connection: tuple(self._add(connection, given, at)))

    def page(self, *, after: int = 0, limit: int = 100) -> tuple[Entry, ...]:
        """Return the next entries by number, those after a number.

        Raises
        ------
        StoreError
            If the list cannot be read.
        """
        rows = sa.select(*_ENTRY).where(suppressions.c.id > after).order_by(suppressions.c.id).limit(limit)
        return self._database.read(lambda connection: tuple(map(_entry, connection.execute(rows))))

    def found(self, keys: AbstractSet[bytes]) -> tuple[Entry, ...]:
        """Return the entries of these keys, by number.

        Raises
        ------
        StoreError
            If the list cannot be read.
        """
        wanted = in_few_sizes(keys)
        rows = sa.select(*_ENTRY).where(suppressions.c.key.in_(wanted)).order_by(suppressions.c.id)

        def look(connection: sa.Connection) -> tuple[Entry, ...]:
            secret.verify(kept_check(connection), self.hashing.secret)
            return tuple(map(_entry, connection.execute(rows)))

        return self._database.read(look)

    def remove(self, number: int, *, by: str, reason: str, at: Instant) -> Removal | None:
        """Take an entry off the list, and keep by whom, when and why. None if there is no such entry.

        Removed once is removed: the removal is told again, as it was.

        Raises
        ------
        StoreError
            If the list cannot be written.
        """

        def work(connection: sa.Connection) -> Removal | None:
            gone = sa.delete(suppressions).where(suppressions.c.id == number).returning(*suppressions.c)
            row = connection.execute(gone).one_or_none()
            if row is not None:
                kept = {**row._mapping, "removed_at": at, "removed_by": by, "reason": reason}  # noqa: SLF001
                connection.execute(sa.insert(suppression_removals), kept)
            told = sa.select(suppression_removals).where(suppression_removals.c.id == number)
            found = connection.execute(told).one_or_none()
            return None if found is None else _removal(found)

        return self._database.write(work)

    def removals(self, *, after: int = 0, limit: int = 100) -> tuple[Removal, ...]:
        """Return the next removals by the number that the entry had, those after a number.

        Raises
        ------
        StoreError
            If the list cannot be read.
        """
        number = suppression_removals.c.id
        rows = sa.select(suppression_removals).where(number > after).order_by(number).limit(limit)
        return self._database.read(lambda connection: tuple(map(_removal, connection.execute(rows))))

    def _listed(
        self, asked: sa.Select[Any] | sa.CompoundSelect[Any], wanted: Sequence[bytes] = ()
    ) -> frozenset[bytes]:
        return self._read(self._database.rows(asked, wanted))

    def _read(self, found: Sequence[tuple[Any, ...]]) -> frozenset[bytes]:
        rows = [(int(what), bytes(value)) for what, value in found]
        secret.verify(next((value for what, value in rows if what == 0), None), self.hashing.secret)
        return frozenset(value for what, value in rows if what == 1)

    def _add(self, connection: sa.Connection, given: Sequence[Given], at: Instant) -> Iterator[Added]:
        secret.verify(kept_check(connection), self.hashing.secret)
        first: dict[bytes, Given] = {}
        for each in given:
            first.setdefault(each.key, each)
        new: set[bytes] = set()
        entries: dict[bytes, Entry] = {}
        # Whoever else adds the same keys takes their locks in the same order: neither waits for the other.
        lacking = sorted(first)
        while lacking:
            for part in _parts(lacking):
                rows = [_row(first[key], at) for key in part]
                missing = insert_missing(connection, suppressions, rows, unique="key")
                new.update(bytes(key) for key in connection.scalars(missing))
            for part in _parts(lacking):
                entries.update(_held(connection, part))
            # One that was on the list, so was not inserted, may have been removed before it was held.
            lacking = [key for key in lacking if key not in entries]
        for each in given:
            yield Added(entries[each.key], each.key in new)
            new.discard(each.key)


def _parts(keys: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    return (keys[start : start + _AT_ONCE] for start in range(0, len(keys), _AT_ONCE))


def _held(connection: sa.Connection, keys: Sequence[bytes]) -> dict[bytes, Entry]:
    """Return the entries of these keys; nobody can remove them before the transaction ends."""
    there = sa.select(suppressions.c.key, *_ENTRY).where(suppressions.c.key.in_(in_few_sizes(keys)))
    rows = connection.execute(there.order_by(suppressions.c.key).with_for_update())
    return {bytes(key): _entry(entry) for key, *entry in rows}


def _row(given: Given, at: Instant) -> dict[str, Any]:
    return {
        "kind": given.kind,
        "key": given.key,
        "source": given.source,
        "since": given.since,
        "added_at": at,
    }


def _entry(row: Sequence[Any]) -> Entry:
    number, kind, source, since, added_at = row
    return Entry(number, kind, source, since, added_at)


def _removal(row: sa.Row[Any]) -> Removal:
    entry = Entry(row.id, row.kind, row.source, row.since, row.added_at)
    return Removal(entry, row.removed_at, row.removed_by, row.reason)
