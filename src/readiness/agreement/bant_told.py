"""Whether the CRM holds anything of budget, authority, need and timeframe, and what does not settle them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from readiness.agreement.bant import BANT_UNKNOWN, BantStates, evidence_for
from readiness.agreement.definitions import Bant
from readiness.agreement.document import PIECES, PieceName
from readiness.agreement.evidence import done, value
from readiness.agreement.known import NOTHING, Known
from readiness.crm.tables import Flags

FEWEST_ALIKE: Final = 10
"""A word that fewer leads share is not repeated: it may be somebody's own."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the tables tell of one piece."""

    name: PieceName
    leads: int
    """Of how many there is an entry that the piece's evidence reads, whatever it says."""
    unsettled: Mapping[str, int]
    """Words said where the piece is unknown, commonest first, and how often."""


def told(past: Known, terms: Bant, states: BantStates) -> tuple[Told, ...]:
    """Say for each piece of how many snapshots something is recorded, and which words settle nothing.

    A word settles nothing where the piece is unknown all the same: the agreement neither confirms nor
    denies it with this word, or it was said too long ago. Words that fewer than ten share are left out.

    Parameters
    ----------
    past : Known, n rows
    states : BantStates, n rows
        Of the same snapshots.

    Returns
    -------
    Told, one for each of budget, authority, need and timeframe
    """
    return tuple(
        _of_piece(past, terms, name, states.state[:, column] == BANT_UNKNOWN)
        for column, name in enumerate(PIECES)
    )


def _of_piece(past: Known, terms: Bant, name: PieceName, unknown: Flags) -> Told:
    anything = np.zeros(len(past), dtype=np.bool_)
    words: Counter[str] = Counter()
    evidence = evidence_for(terms, name)
    for kinds in dict.fromkeys(piece.folded_activities for piece in evidence if piece.activities):
        sighting = done(past, kinds)
        if sighting is not None:
            anything |= sighting.pointer != NOTHING
    for reads in dict.fromkeys(piece.folded_reads for piece in evidence if not piece.activities):
        said = value(past, reads)
        if said is None:
            continue
        anything |= said.code > 0
        if said.numbers is not None:
            anything |= ~np.isnan(said.numbers)
        often = np.bincount(said.code[unknown], minlength=len(said.texts))
        for text, count in zip(said.texts[1:], often[1:].tolist(), strict=True):
            words[text] += count
    kept = sorted((each for each in words.items() if each[1] >= FEWEST_ALIKE), key=lambda e: (-e[1], e[0]))
    return Told(name, int(np.count_nonzero(anything)), dict(kept))
