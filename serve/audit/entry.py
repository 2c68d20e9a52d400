"""What the audit keeps of one answer, and how each entry is tied to the one before it."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field
from typing import Final

from readiness.crm.records import Instant

FIRST: Final = bytes(32)
"""Stands before the first entry of a chain."""

_SALT_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Payload:
    """What was asked, or what was answered, and the salt without which its hash says nothing of it."""

    content: bytes = field(repr=False)
    salt: bytes = field(repr=False)

    @property
    def hash(self) -> bytes:
        """The SHA-256 of salt and content, which stays in the chain when both are erased."""
        return hashlib.sha256(self.salt + self.content).digest()


def salted(content: bytes) -> Payload:
    """Return a payload with a salt of its own."""
    return Payload(content, os.urandom(_SALT_BYTES))


def fingerprint_of(agreement: str) -> str:
    """Return the fingerprint of an agreement, given in its canonical form."""
    return hashlib.sha256(agreement.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer that is about to leave, as far as it does not depend on the entries before it."""

    assessment_id: str
    route: str
    caller: str
    """``key`` with its id, ``person``, ``here`` or ``anyone``; never a person's name."""
    lead: bytes | None
    """The key of the lead's id, as a suppression has it; None while the secret is not known."""
    model: str | None
    bundle: str | None
    agreement: str
    """The agreement's fingerprint."""
    cutoff: Instant | None
    asked: Payload
    answered: Payload


@dataclass(frozen=True, slots=True)
class Entry:
    """One link of a chain: who asked for what when, who answered, and the hashes of both payloads.

    Nothing in it says who the lead is, so that it stays when the payloads are erased.
    """

    chain: str
    """The process that answered, under a name of its own."""
    sequence: int
    """From 1, without a gap."""
    assessment_id: str
    at: Instant
    route: str
    caller: str
    lead: bytes | None
    model: str | None
    bundle: str | None
    agreement: str
    cutoff: Instant | None
    asked: bytes
    answered: bytes
    before: bytes
    """The link of the entry before it."""
    link: bytes
    """The hash of all of the above."""


@dataclass(frozen=True, slots=True)
class Record:
    """An entry and its payloads."""

    entry: Entry
    asked: Payload
    answered: Payload


def tied(draft: Draft, *, chain: str, sequence: int, at: Instant, before: bytes) -> Entry:
    """Return the entry of a draft, tied to the one before it."""
    asked, answered = draft.asked.hash, draft.answered.hash
    made = (
        chain,
        sequence,
        draft.assessment_id,
        at,
        draft.route,
        draft.caller,
        draft.lead,
        draft.model,
        draft.bundle,
        draft.agreement,
        draft.cutoff,
        asked,
        answered,
        before,
    )
    return Entry(*made, link=_hash(made))


def link_of(entry: Entry, *, sequence: int | None = None) -> bytes:
    """Return the link that an entry must have, were it at its own place or at another one."""
    return _hash(
        (
            entry.chain,
            entry.sequence if sequence is None else sequence,
            entry.assessment_id,
            entry.at,
            entry.route,
            entry.caller,
            entry.lead,
            entry.model,
            entry.bundle,
            entry.agreement,
            entry.cutoff,
            entry.asked,
            entry.answered,
            entry.before,
        )
    )


def _hash(parts: tuple[str | int | bytes | None, ...]) -> bytes:
    told = [part.hex() if isinstance(part, bytes) else part for part in parts]
    return hashlib.sha256(json.dumps(told, separators=(",", ":")).encode()).digest()
