"""The signals behind a category, each under its name, as an assessment lists them."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from readiness.agreement.bant import BANT_UNKNOWN
from readiness.agreement.category import SOURCE_REFERRAL
from readiness.agreement.conditions import NOT_MET, UNKNOWN
from readiness.agreement.document import PIECES, STAGES
from readiness.agreement.verdicts import Verdicts
from readiness.agreement.vocabulary import REFERRER_OUTCOMES, RELATIONS
from readiness.agreement.wording import activity_said, ago, value_at
from readiness.crm.records import iso

WARM: Final = "warm"
COLD: Final = "cold"


def evidence(verdicts: Verdicts, row: int) -> list[dict[str, Any]]:
    """Return the signals on which the rule rests, each with its value; unknown ones are left out.

    Returns
    -------
    list of {signal, value}
        ``fit`` and ``known_share`` are shares from 0 to 1; ``interest`` and ``trend`` are points, now
        and more than some days ago; ``warmth`` is what the agreement calls a lead that long quiet;
        ``missing`` lists the criteria and BANT pieces that are unknown. Under its own name, each
        criterion that is not met.
    """
    shown, lead = verdicts.interest, int(verdicts.snapshots.lead[row])
    signals: dict[str, Any] = {
        "fit": _number(verdicts.fit.share[row]),
        "known_share": _number(verdicts.fit.known_share[row]),
        "interest": _number(shown.points[row]),
        "trend": _number(shown.trend[row]),
        "last_inbound_days": _number(shown.last_inbound_days[row]),
        "dialogue": bool(shown.dialogue[row]),
        "warmth": warmth(verdicts, row),
        "cold_since": iso(int(shown.cold_since[row])),
        "missing": missing(verdicts, row) or None,
        "source": verdicts.tables.leads.source.at(lead),
        "referral": True if verdicts.source[row] == SOURCE_REFERRAL else None,
        "relation": _named(RELATIONS, verdicts.relation[row]),
        "referrer_outcome": _named(REFERRER_OUTCOMES, verdicts.referrer_outcome[row]),
        "stage": STAGES[verdicts.stage.stage[row]],
        "near_timeframe": bool(verdicts.near[row]),
        "points": _number(verdicts.points[row]),
    }
    criteria = verdicts.agreement.profile.criteria
    failed = [
        {"signal": criteria[column].name, "value": criterion_value(verdicts, row, column)}
        for column in np.flatnonzero(verdicts.fit.met[row] == NOT_MET).tolist()
    ]
    known = [{"signal": name, "value": value} for name, value in signals.items() if value is not None]
    return [*known, *failed]


def missing(verdicts: Verdicts, row: int) -> list[str]:
    """Name what is not known yet: musts and shoulds of the profile, then BANT pieces; each in its order."""
    met, state = verdicts.fit.met[row], verdicts.bant.state[row]
    return [
        *(
            criterion.name
            for column, criterion in enumerate(verdicts.agreement.profile.criteria)
            if criterion.rank != "must_not" and met[column] == UNKNOWN
        ),
        *(name for column, name in enumerate(PIECES) if state[column] == BANT_UNKNOWN),
    ]


def warmth(verdicts: Verdicts, row: int) -> str | None:
    """Say how warm a lead is: warm, then as the agreement calls it, then cold; None if it never acted."""
    passed, lines = int(verdicts.interest.cooling[row]), verdicts.agreement.interest.cools
    if passed < 0:
        return None
    return (WARM, *(line.says for line in lines), COLD)[passed]


def did_last(verdicts: Verdicts, row: int) -> str:
    """Say what a lead did last that counts as interest, and when; it did something."""
    activities, last = verdicts.tables.activities, int(verdicts.interest.last_inbound[row])
    said = activity_said(verdicts.agreement, activities.type.at(last) or "")
    age, cutoff = float(verdicts.interest.last_inbound_days[row]), int(verdicts.snapshots.cutoff[row])
    return f"{said} {ago(age, int(activities.occurred_at[last]), cutoff)}"


def criterion_value(verdicts: Verdicts, row: int, column: int) -> str:
    """Return the lead's own value for a criterion of the profile, which is known."""
    criterion = verdicts.agreement.profile.criteria[column]
    lead, pointer = int(verdicts.snapshots.lead[row]), int(verdicts.fit.pointer[row, column])
    return value_at(verdicts.tables, lead, criterion.reads, pointer)


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _named(names: tuple[str, ...], code: int) -> str | None:
    return None if code < 0 else names[code]
