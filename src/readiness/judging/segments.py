"""Whether one forecast is worse than another in some part of the leads, all parts looked at together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from readiness.crm.tables import Flags, Floats, Ints
from readiness.history.outcomes import WON
from readiness.judging import metrics
from readiness.judging.cohort import Cohort, Known
from readiness.judging.contest import FEWEST_EACH, FEWEST_LEADS
from readiness.judging.multiplicity import holm
from readiness.judging.paired import chance_of_no_worse
from readiness.judging.parts import Part

SURE: Final = 0.05
"""Below this chance, adjusted for how many segments were looked at, a segment is served worse."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment: by which share of the champion's log-loss the challenger's is worse there.

    ``p`` is the chance of such an excess over the margin if there were none, adjusted by Holm's method;
    None where the segment is too small to judge.
    """

    by: str
    name: str
    leads: int
    worse: float
    p: float | None

    @property
    def inferior(self) -> bool:
        """Whether the challenger is surely worse here by more than the margin."""
        return self.p is not None and self.p < SURE


def judge_segments(
    cohort: Cohort,
    known: Known,
    challenger: Floats,
    champion: Floats | None,
    parts: Sequence[Part],
    *,
    margin: float,
) -> tuple[Segment, ...]:
    """Compare the log-loss of two scores within each segment.

    Parameters
    ----------
    cohort, known : n snapshots, and what is known of them at the horizon
    challenger, champion : Floats, n
        P(won within the horizon). Without a champion there is nothing to compare.
    parts : sequence of Part
        A code of -1 belongs to no segment.
    margin : float
        As a share of the champion's log-loss: only an excess over it counts.

    Returns
    -------
    tuple of Segment
        Kind by kind, in the order of the names; segments without a known lead are left out.
    """
    if champion is None:
        return ()
    losses = [metrics.log_loss(known, each, WON).top for each in (challenger, champion)]
    found: list[Segment] = []
    for part in parts:
        for code, name in enumerate(part.names):
            rows = np.flatnonzero((part.code == code) & (known.weight > 0))
            if len(rows):
                mine, theirs = (loss[rows] for loss in losses)
                lead, won = cohort.lead[rows], known.outcome[rows] == WON
                p = chance_of_no_worse(mine, theirs, lead, margin) if _enough(lead, won) else None
                worse = float(mine.sum() / theirs.sum() - 1.0) if theirs.sum() > 0 else 0.0
                found.append(Segment(part.by, name, len(np.unique(lead)), worse, p))
    return _adjusted(found)


def _enough(lead: Ints, won: Flags) -> bool:
    leads, of_won, of_others = (len(np.unique(each)) for each in (lead, lead[won], lead[~won]))
    return leads >= FEWEST_LEADS and min(of_won, of_others) >= FEWEST_EACH


def _adjusted(found: Sequence[Segment]) -> tuple[Segment, ...]:
    p = holm(np.array([np.nan if each.p is None else each.p for each in found]))
    return tuple(
        Segment(each.by, each.name, each.leads, each.worse, None if np.isnan(value) else float(value))
        for each, value in zip(found, p, strict=True)
    )
