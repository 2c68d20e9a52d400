"""What is not known yet of budget, authority, need and timeframe, by kind of lead."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from readiness.agreement.bant import BANT_UNKNOWN
from readiness.agreement.conditions import Signs
from readiness.agreement.document import CATEGORIES, PIECES

_STATES = 3


@dataclass(frozen=True, slots=True)
class PieceGap:
    """Of how many leads one piece is confirmed, denied, or not known."""

    piece: str
    confirmed: int
    denied: int
    unknown: int


@dataclass(frozen=True, slots=True)
class BantGaps:
    """The four pieces of the leads of one kind, and how many of the four are confirmed, none first."""

    category: str
    leads: int
    pieces: tuple[PieceGap, ...]
    by_confirmed: tuple[int, ...]


def bant_gaps(category: Signs, state: Signs) -> tuple[BantGaps, ...]:
    """Count what is known of the four pieces, by category.

    Parameters
    ----------
    category : Signs, n
        Positions in `CATEGORIES`.
    state : Signs, n × 4
        Confirmed, denied or unknown, as in `BantStates`.

    Returns
    -------
    tuple of BantGaps, one a category, in their order
    """
    kinds, pieces = len(CATEGORIES), len(PIECES)
    # Unknown is the lowest state; then denied, then confirmed.
    code = (state - BANT_UNKNOWN).astype(np.int64)
    cell = (category[:, None].astype(np.int64) * pieces + np.arange(pieces)) * _STATES + code
    table = np.bincount(cell.ravel(), minlength=kinds * pieces * _STATES).reshape(kinds, pieces, _STATES)
    confirmed = np.count_nonzero(code == _STATES - 1, axis=1)
    by_count = np.bincount(
        category.astype(np.int64) * (pieces + 1) + confirmed, minlength=kinds * (pieces + 1)
    ).reshape(kinds, pieces + 1)
    return tuple(
        BantGaps(
            category=name,
            leads=int(by_count[kind].sum()),
            pieces=tuple(
                PieceGap(piece, *reversed(table[kind, column].tolist()))
                for column, piece in enumerate(PIECES)
            ),
            by_confirmed=tuple(by_count[kind].tolist()),
        )
        for kind, name in enumerate(CATEGORIES)
    )
