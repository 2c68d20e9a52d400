"""What speaks for a call and what against it: short sentences with the lead's own facts, weightiest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from readiness.agreement.bant import BANT_CONFIRMED, BANT_DENIED, BANT_UNKNOWN, evidence_for
from readiness.agreement.category import SOURCE_DUBIOUS
from readiness.agreement.category_sentences import perhaps_sold_by_another
from readiness.agreement.category_signals import criterion_value, did_last
from readiness.agreement.conditions import MET, NOT_MET, UNKNOWN, Evidence
from readiness.agreement.definitions import Criterion
from readiness.agreement.document import PIECES, PieceName
from readiness.agreement.interest import INTEREST_NONE
from readiness.agreement.known import NOTHING
from readiness.agreement.phrases import times
from readiness.agreement.requests import is_request, replied
from readiness.agreement.verdicts import Verdicts
from readiness.agreement.vocabulary import PIECES_SAID
from readiness.agreement.wording import (
    activity_said,
    capital,
    date,
    dated,
    evidence_said,
    listed,
    plain,
    small,
)
from readiness.crm.records import NO_INSTANT
from readiness.history.desk import Desk

_WEIGHTIEST: Final[tuple[PieceName, ...]] = ("timeframe", "budget", "authority", "need")
"""The order in which a salesperson wants to hear of them."""
_TOGETHER: Final = 2
"""So many of the four are told in one sentence."""
_SEVERAL: Final = 2
_NO_REPLY: Final = "no reply is on record"


def speaks_for(verdicts: Verdicts, row: int, *, waits: bool = False) -> tuple[str, ...]:
    """Say what speaks for a call: what is confirmed, what the lead did last, and where it fits.

    Of a request it is said whether we replied, unless it is known to wait and told elsewhere (``waits``).
    """
    answers = _answers(verdicts, row, BANT_CONFIRMED)
    done, fits = _done(verdicts, row, BANT_CONFIRMED, waits=waits), _criteria(verdicts, row, MET)
    told = (
        *answers[:1],
        *([] if waits else done),
        _shown(verdicts, row, waits=waits),
        _acted(verdicts, row),
        *answers[1:],
        *(done if waits else []),
        f"{capital(listed(fits))} {'fits' if len(fits) == 1 else 'fit'}." if fits else None,
    )
    return tuple(each for each in told if each)


def speaks_against(verdicts: Verdicts, row: int, desk: Desk | None = None) -> tuple[str, ...]:
    """Say what speaks against a call, or has to be found out first."""
    return (
        *_sold(verdicts, row, desk),
        *_failed(verdicts, row),
        *_answers(verdicts, row, BANT_DENIED),
        *_done(verdicts, row, BANT_DENIED),
        *_quiet(verdicts, row),
        *_source(verdicts, row),
        *_not_known(verdicts, row),
        *_unlike(verdicts, row),
    )


def _answers(verdicts: Verdicts, row: int, state: int) -> list[str]:
    """Tell of those of the four that an answer made so, two to a sentence, each with its day."""
    those = [each for each in _settled(verdicts, row, state) if not _did(verdicts, row, each)]
    # One answer may settle two of the four.
    told = list(dict.fromkeys(_piece(verdicts, row, column) for column in those))
    pairs = [told[start : start + _TOGETHER] for start in range(0, len(told), _TOGETHER)]
    return [f"{capital(_together(pair))}." for pair in pairs]


def _done(verdicts: Verdicts, row: int, state: int, *, waits: bool = True) -> list[str]:
    """Tell of those of the four that something done made so, each in a sentence with its day."""
    those = [each for each in _settled(verdicts, row, state) if _did(verdicts, row, each)]
    told = dict.fromkeys(_piece(verdicts, row, column, waits=waits) for column in those)
    return [f"{capital(said)}{day}." for said, day in told]


def _settled(verdicts: Verdicts, row: int, state: int) -> list[int]:
    columns = [PIECES.index(name) for name in _WEIGHTIEST]
    return [column for column in columns if verdicts.bant.state[row, column] == state]


def _did(verdicts: Verdicts, row: int, column: int) -> bool:
    """Say whether what settles one of the four is something that was done, and no answer."""
    return bool(_evidence(verdicts, row, column).activities)


def _evidence(verdicts: Verdicts, row: int, column: int) -> Evidence:
    return evidence_for(verdicts.agreement.bant, PIECES[column])[int(verdicts.bant.item[row, column])]


def _piece(verdicts: Verdicts, row: int, column: int, *, waits: bool = True) -> tuple[str, str]:
    """Return the evidence in words, and in brackets its day and, unless it ``waits``, whether we replied."""
    states, evidence = verdicts.bant, _evidence(verdicts, row, column)
    lead, pointer, at = (
        int(verdicts.snapshots.lead[row]),
        int(states.pointer[row, column]),
        int(states.at[row, column]),
    )
    said = small(evidence_said(verdicts.agreement, verdicts.tables, lead, evidence, pointer))
    reply = ""
    if not waits and is_request(verdicts, evidence, pointer):
        reply = "; we have been in touch since" if replied(verdicts, row, at) else f"; {_NO_REPLY}"
    return said, dated(at, _cutoff(verdicts, row), f" ({{}}{reply})")


def _together(told: Sequence[tuple[str, str]]) -> str:
    days = [day for _, day in told]
    if len(set(days)) == 1:
        return "; ".join(said for said, _ in told) + days[0]
    return "; ".join(said + day for said, day in told)


def _acted(verdicts: Verdicts, row: int) -> str | None:
    """Say what it did last, how often lately, and whether that is more than before."""
    shown, terms = verdicts.interest, verdicts.agreement.interest
    last = int(shown.last_inbound[row])
    if last < 0 or shown.level[row] == INTEREST_NONE or shown.cooling[row] > 0:
        return None
    count, told = int(shown.inbound_recent[row]), _told_as_evidence(verdicts, row, last)
    latest = "" if told else did_last(verdicts, row)
    if count < _SEVERAL:
        return f"{capital(latest)}." if latest else None
    more = ", more than before" if shown.trend[row] >= terms.any_from else ""
    often = f"Showed interest {times(count)} in {terms.recent_days:g} days{more}"
    return f"{often}; {latest}." if latest else f"{often}."


def _told_as_evidence(verdicts: Verdicts, row: int, activity: int) -> bool:
    """Say whether an activity has been told of already, as what confirms one of the four."""
    states = verdicts.bant
    confirmed = np.flatnonzero(states.state[row] == BANT_CONFIRMED).tolist()
    return any(
        _did(verdicts, row, column) and int(states.pointer[row, column]) == activity for column in confirmed
    )


def _shown(verdicts: Verdicts, row: int, *, waits: bool) -> str | None:
    """Say which facts show interest, and if so, that nobody of ours was ever in touch."""
    lead, agreement = int(verdicts.snapshots.lead[row]), verdicts.agreement
    pointers = verdicts.interest.facts[row].tolist()
    shown = [
        (fact, pointer)
        for fact, pointer in zip(agreement.interest.shown_by, pointers, strict=True)
        if pointer != NOTHING
    ]
    said = [small(evidence_said(agreement, verdicts.tables, lead, fact, pointer)) for fact, pointer in shown]
    asked = any(is_request(verdicts, fact, pointer) for fact, pointer in shown)
    if not said:
        return None
    silent = asked and not waits and not replied(verdicts, row, NO_INSTANT)
    return f"{capital(listed(said))}{f'; {_NO_REPLY}' if silent else ''}."


def _sold(verdicts: Verdicts, row: int, desk: Desk | None) -> Iterator[str]:
    if perhaps_sold_by_another(verdicts, row, desk):
        yield (
            "Somebody else has probably sold to it already: no salesperson of ours is known to have "
            "been in touch."
        )


def _failed(verdicts: Verdicts, row: int) -> Iterator[str]:
    for column, criterion in _known(verdicts, row, NOT_MET):
        if criterion.rank == "should":
            continue
        value, name = criterion_value(verdicts, row, column), capital(criterion.name)
        if criterion.rank == "must":
            yield f"{name} is {value}, and we need {criterion.in_words(value)}."
        else:
            yield f"{name}: {value}; that rules it out."


def _quiet(verdicts: Verdicts, row: int) -> Iterator[str]:
    shown, activities = verdicts.interest, verdicts.tables.activities
    cutoff, negative = _cutoff(verdicts, row), int(shown.last_negative[row])
    if negative >= 0:
        said = activity_said(verdicts.agreement, activities.type.at(negative) or "")
        yield f"{capital(said)} on {date(int(activities.occurred_at[negative]), seen_from=cutoff)}."
    if shown.last_inbound[row] >= 0 and shown.cooling[row] > 0:
        yield f"Quiet since it {did_last(verdicts, row)}."
    elif shown.level[row] == INTEREST_NONE and shown.last_inbound[row] >= 0:
        yield f"Hardly any interest: {did_last(verdicts, row)}."
    elif shown.level[row] == INTEREST_NONE:
        yield "Has shown no interest of its own."
    elif shown.trend[row] <= -verdicts.agreement.interest.any_from:
        yield "It is less active than before."


def _source(verdicts: Verdicts, row: int) -> Iterator[str]:
    if verdicts.source[row] == SOURCE_DUBIOUS:
        name = verdicts.tables.leads.source.at(int(verdicts.snapshots.lead[row])) or ""
        yield f"Comes from a source that has yet to prove itself: {plain(name)}."


def _not_known(verdicts: Verdicts, row: int) -> Iterator[str]:
    fit = [each.name for _, each in _known(verdicts, row, UNKNOWN) if each.rank != "must_not"]
    state = verdicts.bant.state[row]
    bant = [PIECES_SAID[name] for name in _WEIGHTIEST if state[PIECES.index(name)] == BANT_UNKNOWN]
    if fit or bant:
        yield f"Not known yet: {listed([*fit, *bant])}."


def _unlike(verdicts: Verdicts, row: int) -> Iterator[str]:
    for column, criterion in _known(verdicts, row, NOT_MET):
        if criterion.rank == "should":
            value = criterion_value(verdicts, row, column)
            yield f"{capital(criterion.name)} is {value}, not what we look for."


def _criteria(verdicts: Verdicts, row: int, state: int) -> list[str]:
    return [each.name for _, each in _known(verdicts, row, state) if each.rank != "must_not"]


def _known(verdicts: Verdicts, row: int, state: int) -> list[tuple[int, Criterion]]:
    """Return the criteria that stand so, with their columns."""
    stands = zip(verdicts.fit.met[row].tolist(), verdicts.agreement.profile.criteria, strict=True)
    return [(column, criterion) for column, (met, criterion) in enumerate(stands) if met == state]


def _cutoff(verdicts: Verdicts, row: int) -> int:
    return int(verdicts.snapshots.cutoff[row])
