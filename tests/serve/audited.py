"""Answers made up for tests of the audit, as a process writes them down."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from readiness import shipped
from readiness.agreement import reading
from serve.audit.chain import Chain
from serve.audit.entry import Draft, salted
from serve.auditing.moving import Moved, move
from serve.database import AuditStore

AGREEMENT_TEXT = reading.load(shipped.agreement()).text
AGREEMENT = reading.load(shipped.agreement()).fingerprint


def draft(number: int, *, lead: bytes | None = None, **rest: Any) -> Draft:  # noqa: ANN401 - fields of a draft
    """Return an answer with a number for its id; its payloads are of lead ``L-<number>``."""
    asked = {"request": {"lead": {"lead_id": f"L-{number}"}}}
    given: dict[str, Any] = {
        "assessment_id": f"A-{number}",
        "route": "/v1/score",
        "caller": "key 4f1c09a2b7de",
        "lead": bytes([number % 256]) * 32 if lead is None else lead,
        "model": "readiness 7",
        "bundle": "9f" * 32,
        "agreement": AGREEMENT,
        "cutoff": 1_773_478_800_000_000,
        "asked": salted(json.dumps(asked).encode()),
        "answered": salted(b'{"score":0.4}'),
        **rest,
    }
    return Draft(**given)


def write(chain: Chain, *numbers: int, at: int = 1, **rest: Any) -> None:  # noqa: ANN401 - fields of a draft
    """Write answers of these numbers down, each by itself."""
    for number in numbers:
        chain.append([draft(number, **rest)], agreement_text=AGREEMENT_TEXT, at=lambda: at)


def moved(chain: Chain, store: AuditStore, *, at: int = 2) -> list[Moved]:
    """Move what a chain has written, as its process does."""
    done = []
    for path in chain.closed():
        done.append(move(path, chain.name, store, at=at))
        chain.moved(path)
    return done


def spoil(path: Path, change: Callable[[bytes], bytes]) -> None:
    """Change what a file holds."""
    path.write_bytes(change(path.read_bytes()))
