"""What is known of budget, authority, need and timeframe: confirmed, denied or unknown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from readiness.agreement.conditions import Evidence, Signs
from readiness.agreement.definitions import Bant, Piece
from readiness.agreement.document import PIECES, PieceName
from readiness.agreement.evidence import newest_evidence
from readiness.agreement.known import Known
from readiness.crm.tables import Ints

BANT_UNKNOWN: Final = -1
BANT_DENIED: Final = 0
BANT_CONFIRMED: Final = 1


@dataclass(frozen=True, slots=True)
class BantStates:
    """BANT of n snapshots; a column for each of budget, authority, need, timeframe."""

    state: Signs
    """BANT_CONFIRMED, BANT_DENIED or BANT_UNKNOWN."""
    item: Signs
    """Position in `evidence_for`; -1 where unknown."""
    pointer: Ints
    """Where the evidence stands, as in `known`."""
    at: Ints
    """When it came about; NO_INSTANT where unknown, or undated."""


def evidence_for(terms: Bant, name: PieceName) -> tuple[Evidence, ...]:
    """Return what denies a piece, then what confirms it: of equally new evidence a denial counts."""
    piece: Piece = getattr(terms, name)
    return (*piece.denied_by, *piece.confirmed_by)


def bant(past: Known, terms: Bant) -> BantStates:
    """Say for each lead which of the four are confirmed, denied or unknown.

    The newest evidence that still lasts decides. No evidence means unknown, never denied.

    Returns
    -------
    BantStates, n rows
    """
    shape = (len(past), len(PIECES))
    state = np.empty(shape, dtype=np.int8)
    item = np.empty(shape, dtype=np.int8)
    pointer = np.empty(shape, dtype=np.int64)
    at = np.empty(shape, dtype=np.int64)
    for column, name in enumerate(PIECES):
        evidence = evidence_for(terms, name)
        denials = len(evidence) - len(getattr(terms, name).confirmed_by)
        found = newest_evidence(past, evidence)
        item[:, column], pointer[:, column] = found.item, found.pointer
        at[:, column] = found.at
        state[:, column] = np.where(found.item < 0, BANT_UNKNOWN, found.item >= denials)
    return BantStates(state, item, pointer, at)
