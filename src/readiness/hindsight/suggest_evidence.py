"""How much more often than others leads of whom something is true were won rather than told us to stop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import ndtr

from readiness.crm.tables import Flags, Ints
from readiness.history.outcomes import STOP, WON
from readiness.judging.cohort import Known
from readiness.judging.multiplicity import holm

LEAST_LEADS: Final = 50
"""Of fewer leads nothing is said."""

LEAST_ENDS: Final = 10
"""Nor where fewer of them were won or told us to stop."""

LEVEL: Final = 0.05
"""How often, at most, anything at all would be named in a history in which nothing tells anything."""

_HALF: Final = 0.5
"""Added to each of four counts, so that a count of none gives an interval too (Haldane 1956)."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What became of leads of whom something is true, beside the others of whom it is known not to be.

    ``won`` and ``stop`` are shares within the horizon; ``times`` is how many times as many were won for
    each that told us to stop, with a 95 % interval; ``leads`` is of how many it was true.
    """

    leads: int
    ends: int
    won: float
    stop: float
    won_else: float
    stop_else: float
    times: float
    low: float
    high: float
    p: float

    @property
    def enough(self) -> bool:
        """Whether enough leads carry it."""
        return self.leads >= LEAST_LEADS and self.ends >= LEAST_ENDS


def tells(holds: Flags, applies: Flags, known: Known, lead: Ints) -> Evidence:
    """Compare the snapshots where something holds with those where it is known not to.

    The ratio is (won ÷ stop where it holds) ÷ (won ÷ stop where not). Its variance is that of the log,
    linearised, with the sum of each lead's snapshots as the unit.

    Parameters
    ----------
    holds, applies : Flags, n
        Where it is true, and where it is known at all.
    known : Known, n rows
        What had happened at the horizon, weighted for what is not known yet.
    lead : Ints, n

    Returns
    -------
    Evidence
        ``times`` near 1 with a wide interval where there is little to go by.
    """
    yes, no = holds & applies, ~holds & applies
    log_times, pull = 0.0, np.zeros(len(lead))
    shares = {}
    for side, sign in ((yes, 1.0), (no, -1.0)):
        total = float(known.weight[side].sum())
        for cause, turn in ((WON, 1.0), (STOP, -1.0)):
            cases = known.weight * (side & (known.outcome == cause))
            count = float(cases.sum())
            shares[sign, cause] = count / total if total > 0 else float("nan")
            log_times += sign * turn * np.log(count + _HALF)
            pull += sign * turn * cases / (count + _HALF)
    _, place = np.unique(lead, return_inverse=True)
    by_lead = np.bincount(place, pull) if len(lead) else np.zeros(1)
    error = float(np.sqrt((by_lead**2).sum() + _added(yes, no, known)))
    decided = yes & (known.weight > 0) & np.isin(known.outcome, (WON, STOP))
    return Evidence(
        leads=len(np.unique(lead[yes])),
        ends=len(np.unique(lead[decided])),
        won=shares[1.0, WON],
        stop=shares[1.0, STOP],
        won_else=shares[-1.0, WON],
        stop_else=shares[-1.0, STOP],
        times=float(np.exp(log_times)),
        low=float(np.exp(log_times - 1.96 * error)),
        high=float(np.exp(log_times + 1.96 * error)),
        p=float(2.0 * ndtr(-abs(log_times) / error)) if error > 0 else 1.0,
    )


def _added(yes: Flags, no: Flags, known: Known) -> float:
    """Return the variance that the halves added to the counts carry."""
    added = 0.0
    for side in (yes, no):
        for cause in (WON, STOP):
            count = float((known.weight * (side & (known.outcome == cause))).sum())
            added += _HALF / (count + _HALF) ** 2
    return added


def proven(found: Sequence[Evidence], level: float = LEVEL) -> list[bool]:
    """Say of which it is sure that they tell something, all of them taken together (`multiplicity.holm`).

    Those without enough leads are left out, and make the rest no harder to prove.
    """
    adjusted = holm(np.array([each.p if each.enough else np.nan for each in found], dtype=np.float64))
    return [bool(p <= level) for p in adjusted]
