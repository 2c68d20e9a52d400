"""Keys for programs: shown once, kept as a digest, for something, for a while, until revoked."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hmac import compare_digest
from typing import Final, Protocol

from readiness.crm.records import MICROSECONDS_PER_SECOND, Instant
from serve.security.rights import Right

PREFIX: Final = "rdy_"
"""What every key begins with, so that scanners for lost secrets find one."""

_ID_BYTES: Final = 6
_SECRET_BYTES: Final = 32
_USE_WRITTEN_EVERY: Final = 60 * MICROSECONDS_PER_SECOND


@dataclass(frozen=True, slots=True)
class Key:
    """What is kept of a key: everything but its secret.

    ``digest`` is the SHA-256 of the whole key: 256 random bits need no slow hash, for nobody can try
    them all. ``id`` is the part of the key that may be shown and logged.
    """

    id: str
    name: str
    digest: str
    rights: frozenset[Right]
    created_at: Instant
    expires_at: Instant | None = None
    revoked_at: Instant | None = None
    last_used_at: Instant | None = None

    def refused(self, at: Instant) -> str | None:
        """Say why the key opens nothing at this instant: it was revoked or has expired; None if it opens."""
        if self.revoked_at is not None and self.revoked_at <= at:
            return "was revoked"
        return "has expired" if self.expires_at is not None and self.expires_at <= at else None


class KeysKept(Protocol):
    """Where keys are kept."""

    def all(self) -> Sequence[Key]:
        """Return every key that was ever made, revoked ones too."""

    def add(self, key: Key) -> None:
        """Keep a key; it is on disk before this returns."""

    def revoke(self, key_id: str, at: Instant) -> bool:
        """Revoke a key, on disk before this returns; False if there is none, or it was revoked before."""

    def used(self, key_id: str, at: Instant) -> None:
        """Write down when a key was last used."""


class KeyRefusedError(Exception):
    """A key does not open the door; the message says why, where its bearer may know."""


def make(
    name: str,
    rights: Iterable[Right],
    *,
    at: Instant,
    expires_at: Instant | None = None,
    random: Callable[[int], bytes] = secrets.token_bytes,
) -> tuple[str, Key]:
    """Make a key; return it as its bearer writes it, which is never seen again, and what is kept of it.

    Parameters
    ----------
    name : str
        Whose it is, such as the CRM's name; never a person's.
    rights : what it is for
    at, expires_at : Instant
        When it was made, and from when on it no longer opens anything.
    random : callable
        Returns so many random bytes.
    """
    key_id = random(_ID_BYTES).hex()
    written = f"{PREFIX}{key_id}_{random(_SECRET_BYTES).hex()}"
    return written, Key(key_id, name, _digest(written), frozenset(rights), at, expires_at)


class KeyRing:
    """The keys as they were last read, for the door to look at without asking the store each time.

    While the store cannot be read, the keys as last read go on.

    Parameters
    ----------
    open_kept : callable
        Opens the place where keys are kept; called again until it succeeds.
    """

    def __init__(self, open_kept: Callable[[], KeysKept]) -> None:
        self._open_kept = open_kept
        self._kept: KeysKept | None = None
        self._read = False
        self._keys: dict[str, Key] = {}
        self._used: dict[str, Instant] = {}
        self._written: dict[str, Instant] = {}

    @property
    def read(self) -> bool:
        """Whether the keys could be read once: until then nobody knows whether there are any."""
        return self._read

    @property
    def empty(self) -> bool:
        """Whether no key was ever made; one that was revoked still counts: it closed the door."""
        return not self._keys

    def opens(self, at: Instant) -> bool:
        """Say whether any key opens the door at this instant."""
        return any(key.refused(at) is None for key in self._keys.values())

    def read_again(self) -> None:
        """Read the keys; if that fails, those that were read last go on."""
        kept = self._kept = self._kept or self._open_kept()
        self._keys = {key.id: key for key in kept.all()}
        self._read = True

    def write_uses(self) -> None:
        """Write down, once a minute at most, when the keys in use were last used."""
        kept = self._kept = self._kept or self._open_kept()
        for key_id, at in list(self._used.items()):
            if at - self._written.get(key_id, at - _USE_WRITTEN_EVERY) >= _USE_WRITTEN_EVERY:
                kept.used(key_id, at)
                self._written[key_id] = at

    def check(self, written: str, at: Instant) -> Key:
        """Return the key that was written, if it opens the door at this instant.

        Raises
        ------
        KeyRefusedError
            If it is none of ours, was revoked or has expired. Only who holds the whole key is told which.
        """
        parts = written.split("_")
        key = self._keys.get(parts[1]) if len(parts) == 3 else None
        if key is None or not compare_digest(_digest(written), key.digest):
            raise KeyRefusedError("This key is not known here.")
        if (because := key.refused(at)) is not None:
            raise KeyRefusedError(f"This key {because}.")
        self._used[key.id] = at
        return key


def _digest(written: str) -> str:
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()
