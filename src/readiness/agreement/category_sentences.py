"""Why a lead is of its kind: one sentence with the lead's own facts, and the signals behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

import numpy as np

from readiness.agreement.category import RULES
from readiness.agreement.conditions import NOT_MET, UNKNOWN
from readiness.agreement.document import STAGES
from readiness.agreement.stage import signifiers
from readiness.agreement.verdicts import Verdicts
from readiness.agreement.wording import (
    activity_said,
    ago,
    capital,
    date,
    evidence_said,
    listed,
    plain,
    small,
    value_at,
)
from readiness.crm.records import NO_INSTANT

_Sentence: TypeAlias = Callable[[Verdicts, int], str]

SOLD_BY_ANOTHER: Final = (
    "No contact of ours is logged, so somebody else has probably sold to it already; ask about that first."
)


def because(verdicts: Verdicts, row: int) -> str:
    """Say why a lead is of its kind."""
    return capital(_SENTENCES[RULES[verdicts.rule[row]].code](verdicts, row))


def evidence(verdicts: Verdicts, row: int) -> list[dict[str, Any]]:
    """Return the signals on which the rule rests, each with its value; unknown ones are left out."""
    shown = verdicts.interest
    source = verdicts.tables.leads.source.at(int(verdicts.snapshots.lead[row]))
    signals: dict[str, Any] = {
        "fit": _number(verdicts.fit.share[row]),
        "known_share": _number(verdicts.fit.known_share[row]),
        "interest": _number(shown.points[row]),
        "last_inbound_days": _number(shown.last_inbound_days[row]),
        "dialogue": bool(shown.dialogue[row]),
        "source": source,
        "stage": STAGES[verdicts.stage.stage[row]],
        "near_timeframe": bool(verdicts.near[row]),
        "points": _number(verdicts.points[row]),
    }
    for column in np.flatnonzero(verdicts.fit.met[row] == NOT_MET).tolist():
        criterion = verdicts.agreement.profile.criteria[column]
        signals[criterion.name] = _value(verdicts, row, column)
    return [{"signal": name, "value": value} for name, value in signals.items() if value is not None]


def perhaps_sold_by_another(verdicts: Verdicts, row: int) -> bool:
    """Say whether a sales-ready buyer came this far without any logged contact of ours."""
    ready = RULES[verdicts.rule[row]].category == "sales_ready_buyer"
    return bool(ready and verdicts.interest.outbound_ever[row] == 0)


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _value(verdicts: Verdicts, row: int, column: int) -> str:
    criterion = verdicts.agreement.profile.criteria[column]
    lead, pointer = int(verdicts.snapshots.lead[row]), int(verdicts.fit.pointer[row, column])
    return value_at(verdicts.tables, lead, criterion.reads, pointer)


def _unworthy(verdicts: Verdicts, row: int) -> str:
    reasons = []
    for column, criterion in enumerate(verdicts.agreement.profile.criteria):
        if verdicts.fit.met[row, column] != NOT_MET or criterion.rank == "should":
            continue
        value = _value(verdicts, row, column)
        if criterion.rank == "must":
            reasons.append(f"{criterion.name} is {value} and must be {criterion.in_words(value)}")
        else:
            reasons.append(f"{criterion.name} is {value}, which rules it out")
    text = f"does not fit the buyer profile: {'; '.join(reasons)}."
    return text if not _signs(verdicts, row) else f"{text} Its interest does not change that."


def _dubious_source(verdicts: Verdicts, row: int) -> str:
    source = verdicts.tables.leads.source.at(int(verdicts.snapshots.lead[row])) or ""
    return f"came from a dubious source ({plain(source)}) and {_no_interest(verdicts, row)}."


def _dubious(verdicts: Verdicts, row: int) -> str:
    return f"{_no_interest(verdicts, row)}, and {_fit_open(verdicts, row)}."


def _suitability_high(verdicts: Verdicts, row: int) -> str:
    return f"shows high interest{_bracketed(verdicts, row)}, but {_fit_open(verdicts, row)}."


def _suitability_little(verdicts: Verdicts, row: int) -> str:
    return f"shows a little interest{_bracketed(verdicts, row)}, but {_fit_open(verdicts, row)}."


def _interest_none(verdicts: Verdicts, row: int) -> str:
    return (
        f"{_fits(verdicts, row)}, but {_no_interest(verdicts, row)}. "
        "That is no reason to write it off: it can still be won over."
    )


def _interest_little(verdicts: Verdicts, row: int) -> str:
    return (
        f"{_fits(verdicts, row)}, but shows only a little interest so far{_bracketed(verdicts, row)}. "
        "That is no reason to write it off: it can still be won over."
    )


def _ready(verdicts: Verdicts, row: int) -> str:
    text = (
        f"{_fits(verdicts, row)}, shows high interest{_bracketed(verdicts, row)}, {_soon(verdicts, row)} "
        f"and {_stage_reached(verdicts, row)}."
    )
    return f"{text} {SOLD_BY_ANOTHER}" if perhaps_sold_by_another(verdicts, row) else text


def _worthy_deciding(verdicts: Verdicts, row: int) -> str:
    start = f"{_worthy_start(verdicts, row)} and {_stage_reached(verdicts, row)}"
    return f"{start}, but has not said that it decides soon."


def _worthy_considering(verdicts: Verdicts, row: int) -> str:
    return f"{_worthy_start(verdicts, row)} and {_stage_reached(verdicts, row)}."


def _worthy_aware(verdicts: Verdicts, row: int) -> str:
    if verdicts.stage.item[row] >= 0:
        return f"{_worthy_start(verdicts, row)}, but has moved back to the start{_signifier(verdicts, row)}."
    return f"{_worthy_start(verdicts, row)}; nothing shows yet that it is choosing what to buy."


def _worthy_start(verdicts: Verdicts, row: int) -> str:
    return f"{_fits(verdicts, row)}, shows high interest{_bracketed(verdicts, row)}"


def _fits(verdicts: Verdicts, row: int) -> str:
    met, known = int(verdicts.criteria_met[row]), int(verdicts.criteria_known[row])
    if known == 1:
        return "fits the buyer profile on the one criterion that is known" if met else _no_must_fails(known)
    if met == 0:
        return _no_must_fails(known)
    if met == known:
        return f"fits the buyer profile on {'both' if known == 2 else f'all {known}'} known criteria"
    return f"fits the buyer profile on {met} of {known} known criteria"


def _no_must_fails(known: int) -> str:
    of = "the one criterion that is known" if known == 1 else f"any of {known} known criteria"
    return f"fails no must of the buyer profile, though it does not meet {of}"


def _fit_open(verdicts: Verdicts, row: int) -> str:
    criteria = verdicts.agreement.profile.criteria
    missing = [
        criterion.name
        for column, criterion in enumerate(criteria)
        if criterion.rank != "must_not" and verdicts.fit.met[row, column] == UNKNOWN
    ]
    verb = "is" if len(missing) == 1 else "are"
    return f"whether it fits is open: {listed(missing)} {verb} unknown"


def _signs(verdicts: Verdicts, row: int) -> list[str]:
    """Say what shows interest: facts first, then the newest activity and how many there were lately."""
    shown, tables, agreement = verdicts.interest, verdicts.tables, verdicts.agreement
    lead = int(verdicts.snapshots.lead[row])
    signs = []
    for column, fact in enumerate(agreement.interest.shown_by):
        pointer = int(shown.facts[row, column])
        if pointer != -1:
            signs.append(small(evidence_said(agreement, tables, lead, fact, pointer)))
    if shown.last_inbound[row] >= 0 and shown.last_inbound_days[row] <= agreement.interest.cold_after_days:
        count = int(shown.inbound_recent[row])
        window = f"{agreement.interest.recent_days:g} days"
        latest = _latest(verdicts, row)
        signs.append(f"{count} signs in the last {window}, the newest: {latest}" if count > 1 else latest)
    return signs


def _bracketed(verdicts: Verdicts, row: int) -> str:
    signs = _signs(verdicts, row)
    return f" ({'; '.join(signs)})" if signs else ""


def _latest(verdicts: Verdicts, row: int) -> str:
    activities, last = verdicts.tables.activities, int(verdicts.interest.last_inbound[row])
    said = activity_said(verdicts.agreement, activities.type.at(last) or "")
    age = float(verdicts.interest.last_inbound_days[row])
    return f"{said} {ago(age, int(activities.occurred_at[last]), int(verdicts.snapshots.cutoff[row]))}"


def _no_interest(verdicts: Verdicts, row: int) -> str:
    shown, activities = verdicts.interest, verdicts.tables.activities
    negative = int(shown.last_negative[row])
    if negative >= 0:
        said = activity_said(verdicts.agreement, activities.type.at(negative) or "")
        when = date(int(activities.occurred_at[negative]), seen_from=int(verdicts.snapshots.cutoff[row]))
        return f"shows no interest: it {said} on {when}"
    if shown.last_inbound[row] >= 0:
        return f"shows no interest to speak of ({_latest(verdicts, row)})"
    return "has shown no interest of its own"


def _stage_reached(verdicts: Verdicts, row: int) -> str:
    return f"has reached the {STAGES[verdicts.stage.stage[row]]} stage{_signifier(verdicts, row)}"


def _signifier(verdicts: Verdicts, row: int) -> str:
    states, tables = verdicts.stage, verdicts.tables
    piece = signifiers(verdicts.agreement.stages, int(states.stage[row]))[int(states.item[row])]
    pointer, at = int(states.pointer[row]), int(states.at[row])
    if piece.activities and pointer == verdicts.interest.last_inbound[row]:
        # The sentence has just told of it.
        return ""
    said = evidence_said(verdicts.agreement, tables, int(verdicts.snapshots.lead[row]), piece, pointer)
    when = "" if at == NO_INSTANT else f" on {date(at, seen_from=int(verdicts.snapshots.cutoff[row]))}"
    return f" ({small(said)}{when})"


def _soon(verdicts: Verdicts, row: int) -> str:
    soon, tables = verdicts.soon, verdicts.tables
    piece = verdicts.agreement.near_timeframe[int(soon.item[row])]
    lead, pointer = int(verdicts.snapshots.lead[row]), int(soon.pointer[row])
    return small(evidence_said(verdicts.agreement, tables, lead, piece, pointer))


_SENTENCES: Final[Mapping[str, _Sentence]] = {
    "UW1": _unworthy,
    "DU1": _dubious_source,
    "DU2": _dubious,
    "US1": _suitability_high,
    "US2": _suitability_little,
    "UI1": _interest_none,
    "UI2": _interest_little,
    "SR1": _ready,
    "SW1": _worthy_deciding,
    "SW2": _worthy_considering,
    "SW3": _worthy_aware,
}
