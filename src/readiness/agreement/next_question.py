"""What to ask a lead next: the missing piece whose answer could change the decision, cheapest to ask for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from readiness.agreement.bant import BANT_UNKNOWN
from readiness.agreement.conditions import UNKNOWN
from readiness.agreement.document import CHANNELS, PIECES
from readiness.agreement.subjects import subjects
from readiness.agreement.verdicts import Verdicts
from readiness.crm.tables import Flags


def ask_next(verdicts: Verdicts, *, about_fit: Flags, about_bant: Flags) -> NDArray[np.int16]:
    """Pick for each lead the question whose answer could change the decision, of those the cheapest.

    About the fit: a must that is unknown, for the lead fits only once all are known; when all are, a
    criterion whose weight alone makes enough known, or else any that adds to it. About BANT: a piece that
    is required, then any other that is unknown. What is known is not asked again, and neither is what a
    lead must not be: not knowing it stands in nobody's way.

    Parameters
    ----------
    verdicts : Verdicts, n rows
    about_fit, about_bant : Flags, n
        Who is asked for what.

    Returns
    -------
    n positions in `subjects`; -1 where nothing is asked.
    """
    ask = np.full(len(verdicts), -1, dtype=np.int16)
    if not (about_fit | about_bant).any():
        return ask
    criteria = verdicts.agreement.profile.criteria
    cost = [CHANNELS.index(question.channel) for question in subjects(verdicts.agreement)]
    for column, suits in _about_fit(verdicts, cost):
        ask[about_fit & (ask < 0) & suits & (verdicts.fit.met[:, column] == UNKNOWN)] = column
    required = verdicts.agreement.handover.bant_required
    order = sorted(
        range(len(PIECES)),
        key=lambda piece: (PIECES[piece] not in required, cost[len(criteria) + piece], piece),
    )
    for piece in order:
        missing = about_bant & (ask < 0) & (verdicts.bant.state[:, piece] == BANT_UNKNOWN)
        ask[missing] = len(criteria) + piece
    return ask


def _about_fit(verdicts: Verdicts, cost: list[int]) -> list[tuple[int, Flags]]:
    """Return the criteria in the order in which they are asked for, each with the leads it suits."""
    profile = verdicts.agreement.profile
    total = sum(each.weight for each in profile.criteria if each.rank != "must_not")
    everyone = np.ones(len(verdicts), dtype=np.bool_)
    cheapest = sorted(
        range(len(profile.criteria)),
        key=lambda column: (cost[column], -profile.criteria[column].weight, column),
    )
    musts = [(column, everyone) for column in cheapest if profile.criteria[column].rank == "must"]
    shoulds = [column for column in cheapest if profile.criteria[column].rank == "should"]
    alone = [
        (column, verdicts.fit.known_share + profile.criteria[column].weight / total >= profile.known_at_least)
        for column in shoulds
    ]
    return [*musts, *alone, *((column, everyone) for column in shoulds)]
