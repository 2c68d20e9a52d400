"""What a finished part of a job holds: for each row what was said of it, and what handing it out takes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from readiness.scoring import LeadKeys
from serve.answered import Answered
from serve.assessing import Lasting
from serve.batch_answers import encoded, row_told
from serve.problems import Problem

_BETWEEN: Final = b"\t"
"""JSON writes a tab as two letters: one by itself stands in no JSON line."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row: what was said of it, as JSON; and under which keys its lead may be put on the list."""

    said: bytes
    if_listed: bytes
    keys: tuple[bytes, ...]

    def never_called(self) -> bytes:
        """Return what is said of the row if its lead is on the list: one road with `advice_if_listed`."""
        row: dict[str, Any] = json.loads(self.said)
        row["assessment"]["advice"] = json.loads(self.if_listed)
        row["assessment"]["would_change"] = []
        return encoded(row)


def written(number: int, verdict: Answered | Problem, lasting: Lasting | None) -> bytes:
    """Write one row, counted from 1; ``lasting`` is what its answer was made of, if it was scored."""
    said = row_told(number, verdict)
    if lasting is None:
        return said + _BETWEEN + _BETWEEN + b"\n"
    keys = b",".join(key.hex().encode() for key in lasting.keys)
    return said + _BETWEEN + encoded(lasting.if_listed) + _BETWEEN + keys + b"\n"


def read(content: bytes) -> Iterator[Line]:
    """Read the rows of a part."""
    for line in content.splitlines():
        said, if_listed, keys = line.split(_BETWEEN)
        yield Line(said, if_listed, tuple(bytes.fromhex(key.decode()) for key in keys.split(b",") if key))


def keys_of(lines: Sequence[Line]) -> LeadKeys:
    """Return under which keys the leads of rows may be put on the list, in their order."""
    return LeadKeys(((np.arange(len(lines), dtype=np.int32), tuple(line.keys for line in lines)),), unread=())
