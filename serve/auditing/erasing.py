"""A lead's payloads erased from the audit; its entries stay, and say nothing of it."""

from __future__ import annotations

from readiness.crm.records import Instant
from readiness.errors import StoreError
from readiness.scoring import Hashing, suppression_keys
from serve.auditing import asked
from serve.database import AuditStore


def erase(store: AuditStore, lead_id: str, *, at: Instant) -> int:
    """Erase what was asked and answered of a lead up to now; return of how many answers.

    Later episodes of the lead (``L-7#2``) are the same lead. Answers that are not in the database yet are
    erased when they come in.

    Raises
    ------
    StoreError
        If the id is empty, or the database cannot be written.
    """
    hashing = Hashing(store.secret)
    key = _key(lead_id, hashing)
    if key is None:
        raise StoreError("A lead's id is at least one letter long.")
    return store.erase(key, at=at, named=lambda content: _key(_lead(content), hashing) == key)


def _key(lead_id: str, hashing: Hashing) -> bytes | None:
    return suppression_keys("lead_id", [lead_id], hashing)[0].key


def _lead(content: bytes) -> str:
    try:
        return asked.lead_of(content)
    except ValueError:
        return ""
