"""Who referred a lead: how the referrer stands to us, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from readiness.agreement.conditions import Signs
from readiness.agreement.evidence import newest_evidence
from readiness.agreement.known import Known
from readiness.agreement.referral_terms import Referrals
from readiness.agreement.vocabulary import REFERRER_OUTCOMES, RELATIONS, ReferrerOutcome

NO_RELATION: Final = -1

_ENDS: Final[tuple[ReferrerOutcome, ...]] = ("stop", "won")
"""Of equally new evidence the first counts: who told us to stop is no longer a happy customer."""


@dataclass(frozen=True, slots=True)
class Referrers:
    """The referrers of n snapshots' leads, from the leads' own columns and answers."""

    relation: Signs
    """Position in `RELATIONS`; NO_RELATION where no evidence of any holds."""
    outcome: Signs
    """Position in `REFERRER_OUTCOMES`; -1 where it is not known."""


def referrers(past: Known, terms: Referrals) -> Referrers:
    """Say of each lead how its referrer stands to us, and what became of that referrer.

    The first relation of which any evidence holds counts. Of the referrer's ends the one with the newest
    evidence counts; of equally new ones, that it told us to stop. No other lead's rows are read.

    Returns
    -------
    Referrers, n rows
    """
    n = len(past)
    relation = np.full(n, NO_RELATION, dtype=np.int8)
    for code, name in enumerate(RELATIONS):
        holds = newest_evidence(past, terms.relations.of(name)).item >= 0
        relation = np.where(holds & (relation == NO_RELATION), np.int8(code), relation)
    evidence = [(REFERRER_OUTCOMES.index(name), piece) for name in _ENDS for piece in terms.outcomes.of(name)]
    codes = np.array([*(code for code, _ in evidence), -1], dtype=np.int8)
    found = newest_evidence(past, [piece for _, piece in evidence])
    return Referrers(relation, codes[found.item])
