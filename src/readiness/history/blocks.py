"""Snapshots cut into blocks whose rows lie close together in memory."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from readiness.crm.tables import Codes, Ints
from readiness.history import events


def edges(work: Ints, size: int) -> list[int]:
    """Return where to cut rows so that the work of each piece adds up to about ``size``.

    Returns
    -------
    list of int
        The first row of each piece, and after them the end; only the end, 0, where there are no rows.
    """
    rows = len(work)
    if rows and int(work.sum()) < size:
        return [0, rows]
    filled = np.cumsum(work) // size
    return [0, *(np.flatnonzero(np.diff(filled)) + 1).tolist(), *([rows] if rows else [])]


@dataclass(frozen=True, slots=True)
class Block:
    """Some snapshots and the rows of their leads, close together in memory.

    ``lead`` counts the block's leads from 0; ``starts`` says where their rows start among ``rows``,
    which are row numbers of the whole table.
    """

    first: int
    last: int
    lead: Codes
    starts: Ints
    rows: Ints


def blocks(starts: Ints, lead: Codes, size: int = 32_768) -> Iterator[Block]:
    """Cut snapshots, ascending by lead, into blocks of about ``size`` (snapshot, row) pairs.

    What a block answers depends on its own leads only, so where the cuts lie changes nothing but how
    much memory is touched at a time.
    """
    if len(lead) == 1:
        low, high = int(starts[lead[0]]), int(starts[lead[0] + 1])
        yield Block(0, 1, np.zeros(1, np.int32), np.array([0, high - low]), np.arange(low, high))
        return
    for first, last in itertools.pairwise(edges(starts[lead + 1] - starts[lead] + 1, size)):
        part = lead[first:last]
        fresh = events.changes(part)
        leads = part[fresh]
        local = (np.cumsum(fresh) - 1).astype(np.int32)
        _, rows = events.pairs(starts[leads], starts[leads + 1])
        own = np.zeros(len(leads) + 1, dtype=np.int64)
        np.cumsum(starts[leads + 1] - starts[leads], out=own[1:])
        yield Block(first, last, local, own, rows)
