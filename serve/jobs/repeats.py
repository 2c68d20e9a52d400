"""Leads that stand in a file more than once: found in one pass, whatever the size of the file."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from serve import batch_answers, batch_reading
from serve.batch_reading import Raw
from serve.jobs.files import LeadFile, lead_id
from serve.problems import Problem
from serve.schemas import ScoreRequest

MOST_ROWS: Final = 10_000_000
"""A job holds at most so many leads; a larger file is sent in parts."""


@dataclass(frozen=True, slots=True)
class Scan:
    """How many rows a file holds, and which of them are refused because their lead stands there twice."""

    rows: int
    refused: Mapping[int, Problem]


@dataclass(slots=True)
class _Lead:
    first: bytes
    places: list[int] = field(default_factory=list)
    alike: bool = True


def scan(
    open_file: Callable[[], LeadFile], media: str, defaults: Mapping[str, object], alive: Callable[[], None]
) -> Scan:
    """Read a file once, and once more if a lead may stand in it twice.

    As in a batch: rows that are the same are scored once; of a lead whose rows differ none is scored.

    Parameters
    ----------
    open_file : callable
    media, defaults
        As `batch_reading.request` takes them.
    alive : callable
        Called row by row; raises to end it.

    Raises
    ------
    Problem
        400 or 422 where the file cannot be taken apart into rows, 413 beyond MOST_ROWS.
    """
    marks = array("Q")
    rows = 0
    for raw in _all(open_file, alive):
        rows += 1
        if rows > MOST_ROWS:
            raise Problem("too-many-leads", f"A job may hold at most {MOST_ROWS} leads; send parts.")
        if (named := lead_id(raw)) is not None:
            marks.append(_mark(named))
    twice = _twice(marks)
    if not twice:
        return Scan(rows, {})
    leads: dict[str, _Lead] = {}
    for place, raw in enumerate(_all(open_file, alive)):
        if (named := lead_id(raw)) is not None and _mark(named) in twice:
            row = batch_reading.request(raw, defaults, media)
            if isinstance(row, ScoreRequest):
                said = hashlib.sha256(batch_answers.as_written(row).encode()).digest()
                found = leads.setdefault(row.lead.lead_id, _Lead(said))
                found.places.append(place)
                found.alike = found.alike and said == found.first
    refused: dict[int, Problem] = {}
    for lead in leads.values():
        if len(lead.places) > 1:
            refused |= batch_answers.repeated(lead.places, alike=lead.alike)
    return Scan(rows, refused)


def _all(open_file: Callable[[], LeadFile], alive: Callable[[], None]) -> Iterator[Raw]:
    for raw in open_file().rows():
        alive()
        yield raw


def _mark(named: str) -> int:
    """Return a number that two ids hardly ever share; those that do are compared."""
    return int.from_bytes(hashlib.blake2b(named.encode(), digest_size=8).digest())


def _twice(marks: array[int]) -> frozenset[int]:
    ordered = np.sort(np.frombuffer(marks, dtype=np.uint64)) if marks else np.empty(0, np.uint64)
    return frozenset(ordered[1:][ordered[1:] == ordered[:-1]].tolist())
