"""How well a lead fits the buyer profile, and how much of that is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from readiness.agreement.conditions import MET, NOT_MET, UNKNOWN, Signs, first_that_holds
from readiness.agreement.definitions import Profile
from readiness.agreement.evidence import met as met_by
from readiness.agreement.evidence import value
from readiness.agreement.known import NOTHING, Known
from readiness.crm.tables import Floats, Ints

FIT_FAILS: Final = 0
FIT_UNKNOWN: Final = 1
FITS: Final = 2


@dataclass(frozen=True, slots=True)
class Fit:
    """Fit of n snapshots; ``met`` and ``pointer`` have a column for each criterion of the profile."""

    state: Signs
    """FIT_FAILS, FIT_UNKNOWN or FITS."""
    share: Floats
    """Weight met ÷ weight known, of the musts and shoulds; NaN where nothing is known."""
    known_share: Floats
    """Weight known ÷ weight, of the musts and shoulds."""
    met: Signs
    """MET if the lead is as it should be (for a must-not: is not so), NOT_MET or UNKNOWN."""
    pointer: Ints
    """Where the value stands, as in `known`."""


def fit(past: Known, profile: Profile) -> Fit:
    """Say how well each lead fits the buyer profile.

    A must that is not met, or a must-not that is so, makes it fail, whatever else is known. Otherwise it
    is unknown while a must is unknown, or less than ``known_at_least`` of the weight is known. Otherwise
    it fits. Unknown is never "not met": it counts neither for nor against. A must-not only rules out:
    it is no part of the shares, and while it is unknown nothing is held against the lead.

    Returns
    -------
    Fit, n rows
    """
    n, criteria = len(past), profile.criteria
    met = np.empty((n, len(criteria)), dtype=np.int8)
    pointer = np.empty((n, len(criteria)), dtype=np.int64)
    weight_met, weight_known = np.zeros(n), np.zeros(n)
    fails, open_must = np.zeros(n, dtype=np.bool_), np.zeros(n, dtype=np.bool_)
    for column, criterion in enumerate(criteria):
        said = value(past, criterion.folded_reads)
        if said is None:
            met[:, column], pointer[:, column] = UNKNOWN, NOTHING
            open_must |= criterion.rank == "must"
            continue
        state = met_by(past, said, criterion)
        if criterion.rank == "must_not":
            state = np.where(state == UNKNOWN, state, MET - state).astype(np.int8)
        met[:, column], pointer[:, column] = state, said.where.pointer
        if criterion.rank != "should":
            fails |= state == NOT_MET
        if criterion.rank == "must_not":
            continue
        weight_met += criterion.weight * (state == MET)
        weight_known += criterion.weight * (state != UNKNOWN)
        if criterion.rank == "must":
            open_must |= state == UNKNOWN
    known_share = weight_known / sum(each.weight for each in criteria if each.rank != "must_not")
    share = np.divide(weight_met, weight_known, out=np.full(n, np.nan), where=weight_known > 0)
    unknown = open_must | (known_share < profile.known_at_least) | (weight_known == 0)
    # In the order of their codes: FIT_FAILS, FIT_UNKNOWN, else FITS.
    state = first_that_holds([fails, unknown])
    return Fit(state, share, known_share, met, pointer)
