"""Moves to the next stage of the funnel, seen by looking at each open lead once a week."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from readiness.agreement.document import Agreement
from readiness.agreement.stage import DECISION
from readiness.agreement.verdicts import evaluate
from readiness.crm.records import Instant
from readiness.crm.tables import Flags, Ints, Tables
from readiness.history.snapshots import Schedule, Snapshots, ages, take

WEEKS: Final = 26
"""Leads are looked at until this age."""
_WEEK: Final = 7.0
_SCHEDULE: Final = Schedule(age_days=tuple(_WEEK * week for week in range(1, WEEKS + 1)))
_AGES: Final = (2.0, 10.0, 25.0, 60.0, 120.0)


@dataclass(frozen=True, slots=True)
class StageLooks:
    """m looks at leads that were below the last stage, and seen again a week later."""

    snapshots: Snapshots
    moved: Flags
    """Whether the lead had reached a higher stage by the next look."""
    stratum: Ints
    """The stage it was in, and about how old it was."""


def stage_looks(tables: Tables, agreement: Agreement, *, until: Instant) -> StageLooks:
    """Look at each lead an hour after its creation and then each week, and see whether it moved on.

    A look counts if the lead was open, was below the decision stage, and was open at the next look too.

    Parameters
    ----------
    tables : Tables
        Dated.
    agreement : Agreement
        Says which stage a lead is in.
    until : Instant
        Where the learner stands.

    Returns
    -------
    StageLooks
        By (lead, cutoff).
    """
    looks = take(tables, until=until, schedule=_SCHEDULE)
    reached = evaluate(tables, looks, agreement).stage.stage.astype(np.int64)
    age = ages(tables, looks)
    # Whoever has a look behind it was still open then: the next row of the same lead is that look.
    again = np.append(looks.lead[1:] == looks.lead[:-1], False)[: len(looks)]
    kept = np.flatnonzero(again & (reached < DECISION))
    stratum = reached[kept] * (len(_AGES) + 1) + np.searchsorted(_AGES, age[kept], side="right")
    return StageLooks(looks.where(kept), reached[kept + 1] > reached[kept], stratum)
