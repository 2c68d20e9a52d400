"""Where a lead is in the funnel, and the key signifier that moved it there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from readiness.agreement.conditions import Evidence, Signs
from readiness.agreement.definitions import Stages
from readiness.agreement.evidence import newest_evidence
from readiness.agreement.known import NOTHING, Known
from readiness.crm.records import NO_INSTANT
from readiness.crm.tables import Ints

AWARENESS: Final = 0
CONSIDERATION: Final = 1
DECISION: Final = 2


@dataclass(frozen=True, slots=True)
class StageStates:
    """Stage of n snapshots."""

    stage: Signs
    """AWARENESS, CONSIDERATION or DECISION."""
    item: Signs
    """Position in `signifiers` of the stage; -1 in awareness, unless something moved the lead back there."""
    pointer: Ints
    """Where it stands, as in `known`."""
    at: Ints
    """When it came about; NO_INSTANT for none, or undated."""


def signifiers(terms: Stages, stage: int) -> tuple[Evidence, ...]:
    """Return what moves a lead to a stage: key signifiers, and to awareness whatever moves it back."""
    return (terms.moves_back, terms.consideration.signifiers, terms.decision.signifiers)[stage]


def stage(past: Known, terms: Stages) -> StageStates:
    """Say for each lead which stage it has reached.

    The highest stage counts for which a key signifier lasts, and is newer than whatever moved the lead
    back; its newest signifier is the one given. Without any, a lead is in awareness.

    Returns
    -------
    StageStates, n rows
    """
    n = len(past)
    back = newest_evidence(past, terms.moves_back)
    reached = np.zeros(n, dtype=np.int8)
    item = np.full(n, -1, dtype=np.int8)
    pointer = np.full(n, NOTHING, dtype=np.int64)
    at = np.full(n, NO_INSTANT, dtype=np.int64)
    for level in (CONSIDERATION, DECISION):
        found = newest_evidence(past, signifiers(terms, level))
        holds = found.item >= 0
        live = holds & (found.age < back.age)
        undone = holds & ~live & (reached == AWARENESS)
        reached = np.where(live, np.int8(level), reached)
        item = np.where(live, found.item, np.where(undone, back.item, item))
        pointer = np.where(live, found.pointer, np.where(undone, back.pointer, pointer))
        at = np.where(live, found.at, np.where(undone, back.at, at))
    return StageStates(reached, item, pointer, at)
