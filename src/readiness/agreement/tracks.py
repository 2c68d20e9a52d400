"""Which nurture track a lead is on."""

from __future__ import annotations

import numpy as np

from readiness.agreement.bant import BANT_UNKNOWN
from readiness.agreement.conditions import UNKNOWN, Signs
from readiness.agreement.document import CATEGORIES, PIECES, STAGES
from readiness.agreement.nurture_terms import Track
from readiness.agreement.verdicts import Verdicts
from readiness.crm.tables import Flags


def tracks(verdicts: Verdicts, kept: Flags) -> Signs:
    """Say which track each lead is on: the first that suits it.

    A track suits a lead if its category and its stage are listed (none listed: any will do), and if one of
    the missing pieces listed is unknown (none listed: it does not matter).

    Parameters
    ----------
    verdicts : Verdicts, n rows
    kept : Flags, n
        Who stays with marketing; the others are on no track.

    Returns
    -------
    n positions in the agreement's ``nurture.tracks``; -1 for none.
    """
    found = np.full(len(verdicts), -1, dtype=np.int8)
    if not kept.any():
        return found
    for position, track in enumerate(verdicts.agreement.nurture.tracks):
        found[kept & (found < 0) & _suits(verdicts, track)] = position
    return found


def _suits(verdicts: Verdicts, track: Track) -> Flags:
    suits = np.ones(len(verdicts), dtype=np.bool_)
    if track.categories:
        suits &= np.array([name in track.categories for name in CATEGORIES])[verdicts.category]
    if track.stages:
        suits &= np.array([name in track.stages for name in STAGES])[verdicts.stage.stage]
    if track.missing:
        suits &= np.any([_missing(verdicts, name) for name in track.missing], axis=0)
    return suits


def _missing(verdicts: Verdicts, name: str) -> Flags:
    unknown: Flags
    if name in PIECES:
        unknown = verdicts.bant.state[:, PIECES.index(name)] == BANT_UNKNOWN
    else:
        criteria = [criterion.name for criterion in verdicts.agreement.profile.criteria]
        unknown = verdicts.fit.met[:, criteria.index(name)] == UNKNOWN
    return unknown
