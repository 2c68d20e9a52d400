"""Why a lead is of its kind: one sentence with the lead's own facts, and the signals behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

import numpy as np

from readiness.agreement.bant import BANT_CONFIRMED, evidence_for
from readiness.agreement.category import RULES
from readiness.agreement.category_signals import WARM, criterion_value, did_last, warmth
from readiness.agreement.conditions import NOT_MET, UNKNOWN
from readiness.agreement.document import PIECES, STAGES
from readiness.agreement.interest import INTEREST_HIGH
from readiness.agreement.stage import signifiers
from readiness.agreement.verdicts import Verdicts
from readiness.agreement.wording import (
    activity_said,
    capital,
    date,
    evidence_said,
    listed,
    plain,
    small,
    when_it,
)
from readiness.crm.records import NO_INSTANT
from readiness.history.desk import ACCEPTED, HANDED_BACK, Desk

_Sentence: TypeAlias = Callable[[Verdicts, int], str]

_CAN_BE_WON: Final = "That is no reason to write it off: interest can still be won."
SOLD_BY_ANOTHER: Final = (
    "No salesperson of ours is known to have been in touch. "
    "So somebody else has probably sold to it already; ask about that."
)


_THE_ONE: Final = "the one criterion that is known"


def because(verdicts: Verdicts, row: int, desk: Desk | None = None) -> str:
    """Say why a lead is of its kind, and of one that is ready without us that somebody else sold to it."""
    text = capital(_SENTENCES[RULES[verdicts.rule[row]].code](verdicts, row))
    return f"{text} {SOLD_BY_ANOTHER}" if perhaps_sold_by_another(verdicts, row, desk) else text


def perhaps_sold_by_another(verdicts: Verdicts, row: int, desk: Desk | None = None) -> bool:
    """Say whether a sales-ready buyer came this far without a salesperson of ours, as far as is known.

    Where hand-overs are read, one that sales accepted counts like an activity of theirs.
    """
    ready = RULES[verdicts.rule[row]].category == "sales_ready_buyer"
    accepted = desk is not None and desk.state[row] in (ACCEPTED, HANDED_BACK)
    return bool(ready and not verdicts.salesperson[row] and not accepted)


def _unworthy(verdicts: Verdicts, row: int) -> str:
    reasons = []
    for column, criterion in enumerate(verdicts.agreement.profile.criteria):
        if verdicts.fit.met[row, column] != NOT_MET or criterion.rank == "should":
            continue
        value = criterion_value(verdicts, row, column)
        if criterion.rank == "must":
            reasons.append(f"{criterion.name} is {value} and must be {criterion.in_words(value)}")
        else:
            reasons.append(f"{criterion.name} is {value}, which rules it out")
    text = f"does not fit the buyer profile: {'; '.join(reasons)}."
    return text if not _signs(verdicts, row) else f"{text} Its interest does not change that."


def _dubious_source(verdicts: Verdicts, row: int) -> str:
    source = verdicts.tables.leads.source.at(int(verdicts.snapshots.lead[row])) or ""
    return f"came from a doubtful source ({plain(source)}). It {_no_interest(verdicts, row)}."


def _dubious(verdicts: Verdicts, row: int) -> str:
    return f"{_no_interest(verdicts, row)}. {capital(_fit_open(verdicts, row))}."


def _suitability(verdicts: Verdicts, row: int) -> str:
    shows = f"shows {_interest(verdicts, row)}{_bracketed(verdicts, row)}"
    return f"{shows}. {capital(_fit_open(verdicts, row))}."


def _interest_none(verdicts: Verdicts, row: int) -> str:
    reasons = f"{_fits(verdicts, row)}. But it {_no_interest(verdicts, row)}."
    return f"{reasons} {_CAN_BE_WON}{_confirmed(verdicts, row)}"


def _interest_little(verdicts: Verdicts, row: int) -> str:
    shows = f"It shows only {_interest(verdicts, row)} so far{_bracketed(verdicts, row)}"
    return f"{_fits(verdicts, row)}. {shows}. {_CAN_BE_WON}{_confirmed(verdicts, row)}"


def _ready(verdicts: Verdicts, row: int) -> str:
    reached = f"It {_stage_reached(verdicts, row)} and {_soon(verdicts, row)}."
    return f"{_worthy_start(verdicts, row)} {reached}{_confirmed(verdicts, row)}"


def _worthy_deciding(verdicts: Verdicts, row: int) -> str:
    reached = f"It {_stage_reached(verdicts, row)}, but has not said that it decides soon."
    return f"{_worthy_start(verdicts, row)} {reached}{_confirmed(verdicts, row)}"


def _worthy_considering(verdicts: Verdicts, row: int) -> str:
    start = f"{_worthy_start(verdicts, row)} It {_stage_reached(verdicts, row)}."
    return f"{start}{_confirmed(verdicts, row)}"


def _worthy_aware(verdicts: Verdicts, row: int) -> str:
    start, confirmed = _worthy_start(verdicts, row), _confirmed(verdicts, row)
    if verdicts.stage.item[row] >= 0:
        return f"{start} But it has moved back to the start{_signifier(verdicts, row)}.{confirmed}"
    return f"{start} Nothing shows yet that it is choosing what to buy.{confirmed}"


def _worthy_start(verdicts: Verdicts, row: int) -> str:
    return f"{_fits(verdicts, row)}. It shows {_interest(verdicts, row)}{_bracketed(verdicts, row)}."


def _fits(verdicts: Verdicts, row: int) -> str:
    met, known = int(verdicts.criteria_met[row]), int(verdicts.criteria_known[row])
    if known == 1:
        return f"fits the buyer profile on {_THE_ONE}" if met else _nothing_rules_it_out(known)
    if met == 0:
        return _nothing_rules_it_out(known)
    if met == known:
        return f"fits the buyer profile on {'both' if known == 2 else f'all {known}'} known criteria"
    return f"fits the buyer profile on {met} of {known} known criteria"


def _nothing_rules_it_out(known: int) -> str:
    of = _THE_ONE if known == 1 else f"any of {known} known criteria"
    return f"nothing in the buyer profile rules it out, though it does not meet {of}"


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
    return did_last(verdicts, row) + _cooled(verdicts, row)


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


def _interest(verdicts: Verdicts, row: int) -> str:
    """Say how high the interest is, and whether it rose or fell by more than what counts as any."""
    shown, terms = verdicts.interest, verdicts.agreement.interest
    high, trend = shown.level[row] == INTEREST_HIGH, float(shown.trend[row])
    # Of a lead that had shown nothing yet, "rising" would say no more than that it is new.
    rises = trend >= terms.any_from and shown.points[row] > trend
    falls = trend <= -terms.any_from
    if high:
        return f"high{' and rising' if rises else ' but falling' if falls else ''} interest"
    return f"a little{' but rising' if rises else ' and falling' if falls else ''} interest"


def _cooled(verdicts: Verdicts, row: int) -> str:
    since = int(verdicts.interest.cold_since[row])
    if since != NO_INSTANT:
        return f"; cold since {date(since, seen_from=int(verdicts.snapshots.cutoff[row]))}"
    called = warmth(verdicts, row)
    return "" if called in (None, WARM) else f"; {called}"


def _confirmed(verdicts: Verdicts, row: int) -> str:
    """Say which BANT pieces are confirmed, since when, and what the lead did then.

    What an activity proves is said in the agreement's words, if it has any: a request is no answer.
    """
    states, cutoff = verdicts.bant, int(verdicts.snapshots.cutoff[row])
    lead = int(verdicts.snapshots.lead[row])
    told: dict[str, list[str]] = {}
    shown = []
    for column in np.flatnonzero(states.state[row] == BANT_CONFIRMED).tolist():
        at = int(states.at[row, column])
        when = "" if at == NO_INSTANT else f" on {date(at, seen_from=cutoff)}"
        piece = evidence_for(verdicts.agreement.bant, PIECES[column])[int(states.item[row, column])]
        if piece.activities and piece.says:
            shown.append(f" {capital(piece.says)}.")
            continue
        # An activity that confirms says itself what the lead did; an answer may have come with one.
        how = "" if piece.activities else when_it(verdicts.agreement, verdicts.tables, lead, at)
        told.setdefault(when + how, []).append(PIECES[column])
    answered = [f" {capital(_of_pieces(pieces, since))}." for since, pieces in told.items()]
    return "".join((*answered, *shown))


def _of_pieces(pieces: Sequence[str], since: str) -> str:
    one = len(pieces) == 1
    was = ("was" if one else "were") if since else ("is" if one else "are")
    return f"{listed(pieces)} {was} confirmed{since}"


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
    if small(said) in _signs(verdicts, row):
        return ""
    when = "" if at == NO_INSTANT else f" on {date(at, seen_from=int(verdicts.snapshots.cutoff[row]))}"
    return f" ({small(said)}{when})"


def _soon(verdicts: Verdicts, row: int) -> str:
    soon, tables = verdicts.soon, verdicts.tables
    piece = verdicts.agreement.near_timeframe[int(soon.item[row])]
    lead, pointer = int(verdicts.snapshots.lead[row]), int(soon.pointer[row])
    said = small(evidence_said(verdicts.agreement, tables, lead, piece, pointer))
    return said if piece.says else f"decides soon ({said})"


_SENTENCES: Final[Mapping[str, _Sentence]] = {
    "UW1": _unworthy,
    "DU1": _dubious_source,
    "DU2": _dubious,
    "US1": _suitability,
    "US2": _suitability,
    "UI1": _interest_none,
    "UI2": _interest_little,
    "SR1": _ready,
    "SW1": _worthy_deciding,
    "SW2": _worthy_considering,
    "SW3": _worthy_aware,
}
