"""What only who has the secret can write: seals over the ends of chains, over all of them, over erasures."""

from __future__ import annotations

import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass

from readiness.crm.records import Instant


@dataclass(frozen=True, slots=True)
class Head:
    """How far a chain goes in the database: what the checkpoint over it signs.

    ``first`` is the oldest entry that is kept and ``before`` its predecessor's link, ``last`` the newest
    and ``link`` its link; a chain of which nothing is kept has ``first`` one beyond ``last``.
    """

    chain: str
    first: int
    before: bytes
    last: int
    link: bytes
    moved_at: Instant
    torn: int = 0
    """Bytes of lines that were not written to their end: their answers never left."""
    broken: str | None = None
    """Why entries that came later could not be moved; None if they could."""


def sealed(head: Head, secret: bytes) -> bytes:
    """Return the seal over the end of a chain: an HMAC-SHA-256, of 32 bytes."""
    return _seal(
        secret,
        "head",
        head.chain,
        head.first,
        head.before.hex(),
        head.last,
        head.link.hex(),
        head.moved_at,
        head.torn,
        head.broken,
    )


def census(seals: Sequence[bytes], secret: bytes) -> bytes:
    """Return the seal over all chains, so that none can be taken away whole; in the order of their names."""
    return _seal(secret, "census", *(seal.hex() for seal in seals))


def erasure(chain: str, sequence: int, at: Instant, secret: bytes) -> bytes:
    """Return the seal over an erasure, so that a payload that was taken away does not pass for erased."""
    return _seal(secret, "erased", chain, sequence, at)


def payload(chain: str, sequence: int, packed: bytes, secret: bytes) -> bytes:
    """Return the seal over payloads as they lie in the database, so that every bit of them counts."""
    return _seal(secret, "payload", chain, sequence, packed.hex())


def same(seal: bytes | None, expected: bytes) -> bool:
    """Compare two seals in a time that does not depend on where they differ."""
    return seal is not None and hmac.compare_digest(seal, expected)


def _seal(secret: bytes, *parts: str | int | None) -> bytes:
    # No key of a suppression begins so: the secret serves both, and neither passes for the other.
    message = b"readiness audit\0" + json.dumps(parts, separators=(",", ":")).encode()
    return hmac.digest(secret, message, "sha256")
