"""Keys kept in memory, in place of a database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from readiness.crm.records import Instant
from serve.security.keys import Key


class InMemory:
    """Keeps keys as long as it lives; ``broken`` makes it unreadable."""

    def __init__(self, *keys: Key) -> None:
        self._keys = {key.id: key for key in keys}
        self.uses: list[tuple[str, Instant]] = []
        self.broken = False

    def all(self) -> Sequence[Key]:
        if self.broken:
            raise OSError("the store is gone")
        return list(self._keys.values())

    def add(self, key: Key) -> None:
        self._keys[key.id] = key

    def revoke(self, key_id: str, at: Instant) -> bool:
        key = self._keys.get(key_id)
        if key is None or key.revoked_at is not None:
            return False
        self._keys[key_id] = replace(key, revoked_at=at)
        return True

    def used(self, key_id: str, at: Instant) -> None:
        self.uses.append((key_id, at))
