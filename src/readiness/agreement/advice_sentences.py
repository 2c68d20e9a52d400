"""Why an action is advised, and what the salesperson should know first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from readiness.agreement import desk_sentences
from readiness.agreement.advice import ADVICE_RULES, Advices
from readiness.agreement.bant import BANT_CONFIRMED, BANT_DENIED
from readiness.agreement.category_sentences import SOLD_BY_ANOTHER, perhaps_sold_by_another
from readiness.agreement.document import CATEGORIES, PIECES, STAGES, PieceName
from readiness.agreement.referral_sentences import referred
from readiness.agreement.verdicts import Verdicts
from readiness.agreement.wording import (
    activity_said,
    ago,
    capital,
    date,
    listed,
    number,
    plain,
)
from readiness.crm.records import NO_INSTANT

_Sentence: TypeAlias = Callable[[Verdicts, Advices, int], str]

_NO_MODEL: Final = " There is no score; this rests on the agreed rules alone."
_SAID_WITHOUT_MODEL: Final = ("NC1", "NC2", "EN1", "EN2", "WS1", "WS2", "RT1", "RT2", "RT3", "RT4")
"""Rules to which a score would have made no difference."""


def because(verdicts: Verdicts, advices: Advices, row: int) -> str:
    """Say why this action is advised, and if no score was there, that the rules alone advise it."""
    code = ADVICE_RULES[advices.rule[row]].code
    text = _SENTENCES[code](verdicts, advices, row)
    alone = not advices.scored[row] and code not in _SAID_WITHOUT_MODEL
    return text + _NO_MODEL if alone else text


def gist(verdicts: Verdicts, advices: Advices, row: int) -> str:
    """Say in a few words what decided the action, where there is no room for the sentence."""
    code = ADVICE_RULES[advices.rule[row]].code
    if code in _GISTS:
        return _GISTS[code]
    needed = f", {verdicts.agreement.handover.bant_at_least} needed" if code == "QU2" else ""
    return f"BANT {int(verdicts.bant_confirmed[row])} of {len(PIECES)}{needed}"


def know_first(verdicts: Verdicts, advices: Advices, row: int) -> str | None:
    """Say what a salesperson should know before calling; None where there is nothing to tell."""
    agreement, tables = verdicts.agreement, verdicts.tables
    cutoff = int(verdicts.snapshots.cutoff[row])
    facts = []
    by = referred(verdicts, row)
    if by:
        facts.append(by)
    if perhaps_sold_by_another(verdicts, row, advices.desk):
        facts.append(SOLD_BY_ANOTHER)
    earlier = desk_sentences.before(verdicts, advices, row)
    if earlier:
        facts.append(earlier)
    last = int(verdicts.interest.last_inbound[row])
    if last >= 0:
        at = int(tables.activities.occurred_at[last])
        what = capital(activity_said(agreement, tables.activities.type.at(last) or ""))
        facts.append(f"{what} {ago(float(verdicts.interest.last_inbound_days[row]), at, cutoff)}.")
    agreed = agreement.stages.sales_does(STAGES[verdicts.stage.stage[row]])
    if agreed:
        facts.append(f"What sales does in the {STAGES[verdicts.stage.stage[row]]} stage: {agreed}")
    return " ".join(facts) or None


def _always(text: str) -> _Sentence:
    return lambda _verdicts, _advices, _row: text


def _of_kind(text: str) -> _Sentence:
    return lambda verdicts, _advices, row: f"{_kind(verdicts, row)}, {text}"


def _stopped(_verdicts: Verdicts, advices: Advices, row: int) -> str:
    return f"Told us to stop calling{_ended(advices, row)}. That stands above any score."


def _bought(_verdicts: Verdicts, advices: Advices, row: int) -> str:
    return f"Has already bought{_ended(advices, row)}; there is nothing to sell here for now."


def _lost(_verdicts: Verdicts, advices: Advices, row: int) -> str:
    ended = _ended(advices, row)
    return f"The last attempt ended{ended}. Should the lead become active again, a new one begins."


def _lacks_bant(verdicts: Verdicts, _advices: Advices, row: int) -> str:
    terms = verdicts.agreement.handover
    missing = [name for name in terms.bant_required if not _confirmed(verdicts, row, name)]
    if missing:
        return f"{_kind(verdicts, row)}, but {listed(missing)} must be confirmed before a hand-over."
    count = int(verdicts.bant_confirmed[row])
    have = "none is" if count == 0 else f"only {number(count)} {'is' if count == 1 else 'are'}"
    points = "one BANT point" if terms.bant_at_least == 1 else f"{number(terms.bant_at_least)} BANT points"
    return f"{_kind(verdicts, row)}, but a hand-over needs {points} and {have} confirmed; ask first."


def _denied_bant(verdicts: Verdicts, _advices: Advices, row: int) -> str:
    state = verdicts.bant.state[row]
    denied = [name for column, name in enumerate(PIECES) if state[column] == BANT_DENIED]
    verb = "is" if len(denied) == 1 else "are"
    kind = _kind(verdicts, row)
    return f"{kind}, but {listed(denied)} {verb} denied, which leaves too few BANT points for a hand-over."


def _ready(reason: str) -> _Sentence:
    def sentence(verdicts: Verdicts, _advices: Advices, row: int) -> str:
        count = int(verdicts.bant_confirmed[row])
        bant = f"{number(count)} of four BANT points confirmed" if count else "no BANT point confirmed yet"
        return f"{_kind(verdicts, row)}, {bant}{reason}."

    return sentence


def _kind(verdicts: Verdicts, row: int) -> str:
    return capital(plain(CATEGORIES[verdicts.category[row]]).replace("sales ", "sales-", 1))


def _ended(advices: Advices, row: int) -> str:
    ended = int(advices.ended_at[row])
    return "" if ended == NO_INSTANT else f" on {date(ended)}"


def _confirmed(verdicts: Verdicts, row: int, name: PieceName) -> bool:
    return bool(verdicts.bant.state[row, PIECES.index(name)] == BANT_CONFIRMED)


_SENTENCES: Final[Mapping[str, _Sentence]] = {
    "NC1": _stopped,
    "NC2": _always("Must not be called; the CRM says so. That stands above any score."),
    "EN1": _bought,
    "EN2": _lost,
    "WS1": desk_sentences.waiting,
    "WS2": desk_sentences.with_sales,
    "RT1": desk_sentences.undecided,
    "RT2": desk_sentences.unreached,
    "RT3": desk_sentences.declined,
    "RT4": desk_sentences.handed_back,
    "UW1": _always("Fails the buyer profile; a call would cost sales time, however active the lead is."),
    "DU1": _always("Too little speaks for a call; marketing keeps in touch until the lead shows interest."),
    "QU1": _always("Interested, but it is open whether it fits; find that out before anybody sells."),
    "SI1": _always("Fits, but is not looking for anything yet; win its interest before sales calls."),
    "NP1": _of_kind("but the agreement does not let such leads pass to sales."),
    "SR1": _of_kind("but the risk of being told to stop calling is above the agreed limit; do not press."),
    "SC1": _of_kind("but a sale is less likely than the agreement asks for; look again later."),
    "SC2": _of_kind("but below the score that fills sales' weekly capacity; others come first."),
    "QU2": _lacks_bant,
    "NB1": _denied_bant,
    "HO1": _ready(", and above the score that fills sales' weekly capacity"),
    "HO2": _ready(", and above the score that the agreement asks for"),
    "HO3": _ready(""),
    "HO4": _ready(" and too low a score, but drawn by chance to be handed over anyway, to learn from"),
}

_GISTS: Final[Mapping[str, str]] = {
    "NC1": "told us to stop",
    "NC2": "the CRM forbids it",
    "EN1": "has already bought",
    "EN2": "the last attempt ended",
    "WS1": "sales has yet to decide",
    "WS2": "with sales already",
    "RT1": "sales did not decide in time",
    "RT2": "sales could not reach it",
    "RT3": "declined by sales",
    "RT4": "handed back by sales",
    "UW1": "fails the buyer profile",
    "DU1": "too little speaks for a call",
    "QU1": "find out whether it fits",
    "NB1": "too many BANT points denied",
    "SI1": "fits, but does not look yet",
    "NP1": "such leads do not pass to sales",
    "SR1": "likely to tell us to stop",
    "HO4": "drawn by chance, to learn from",
    "SC1": "a sale is too unlikely",
    "SC2": "others come first",
}
"""Of the rules missing here it is told how many BANT points are confirmed."""
