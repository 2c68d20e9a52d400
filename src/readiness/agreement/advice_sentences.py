"""Why an action is advised, and what the salesperson should know first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from readiness.agreement import desk_sentences
from readiness.agreement.advice import ADVICE_RULES, Advices
from readiness.agreement.bant import BANT_CONFIRMED, BANT_DENIED
from readiness.agreement.document import CATEGORIES, PIECES, CategoryName, PieceName
from readiness.agreement.interest import INTEREST_NONE
from readiness.agreement.referral_sentences import referred
from readiness.agreement.verdicts import Verdicts
from readiness.agreement.vocabulary import PIECES_SAID
from readiness.agreement.wording import dated, listed, number
from readiness.counting import are, counted

_Sentence: TypeAlias = Callable[[Verdicts, Advices, int], str]

_KINDS: Final[Mapping[CategoryName, str]] = {
    "unworthy": "It does not fit",
    "dubious": "Hardly anything speaks for it",
    "unqualified_suitability": "It is interested",
    "unqualified_interest": "It fits",
    "sales_ready_buyer": "It means to decide soon",
    "sales_worthy": "It fits and is interested",
}
_DENIED: Final[Mapping[PieceName, str]] = {
    "budget": "no budget",
    "authority": "no contact who decides",
    "need": "no clear need",
    "timeframe": "no decision soon",
}


def because(verdicts: Verdicts, advices: Advices, row: int) -> str:
    """Say why this action is advised."""
    return _SENTENCES[ADVICE_RULES[advices.rule[row]].code](verdicts, advices, row)


def gist(verdicts: Verdicts, advices: Advices, row: int) -> str:
    """Say in a few words what decided the action, where there is no room for the sentence."""
    code = ADVICE_RULES[advices.rule[row]].code
    if code in _GISTS:
        return _GISTS[code]
    needed = f", {verdicts.agreement.handover.bant_at_least} needed" if code == "QU2" else ""
    return f"BANT {int(verdicts.bant_confirmed[row])} of {len(PIECES)}{needed}"


def know_first(verdicts: Verdicts, advices: Advices, row: int) -> str | None:
    """Say what a salesperson should know before calling: who referred it, and what sales said of it before.

    None where there is nothing to tell.
    """
    facts = [referred(verdicts, row), desk_sentences.before(verdicts, advices, row)]
    return " ".join(fact for fact in facts if fact) or None


def _always(text: str) -> _Sentence:
    return lambda _verdicts, _advices, _row: text


def _of_kind(text: str) -> _Sentence:
    """Return a sentence that begins with what kind of lead it is, and may say how many leads sales takes."""

    def sentence(verdicts: Verdicts, _advices: Advices, row: int) -> str:
        leads = counted(verdicts.agreement.handover.weekly_capacity, "lead")
        return f"{_kind(verdicts, row)}{text.format(leads=leads)}"

    return sentence


def _unworthy(verdicts: Verdicts, _advices: Advices, row: int) -> str:
    active = ", however active it is" if verdicts.interest.level[row] > INTEREST_NONE else ""
    return f"It does not fit our buyer profile{active}."


def _stopped(verdicts: Verdicts, advices: Advices, row: int) -> str:
    return f"It told us to stop calling{_ended(verdicts, advices, row)}."


def _bought(verdicts: Verdicts, advices: Advices, row: int) -> str:
    return f"It has already bought{_ended(verdicts, advices, row, ', on {}')}."


def _lost(verdicts: Verdicts, advices: Advices, row: int) -> str:
    return f"The last attempt ended{_ended(verdicts, advices, row)} without a sale."


def _lacks_bant(verdicts: Verdicts, _advices: Advices, row: int) -> str:
    terms = verdicts.agreement.handover
    missing = [PIECES_SAID[name] for name in terms.bant_required if not _confirmed(verdicts, row, name)]
    kind = _kind(verdicts, row)
    if missing:
        return f"{kind}. Sales calls once this is clear: {listed(missing)}."
    clear = [PIECES_SAID[name] for name in PIECES if _confirmed(verdicts, row, name)]
    does = "does" if len(clear) < 2 else "do"
    have = f"{number(len(clear))} {does}: {listed(clear)}" if clear else "none does"
    four = listed([PIECES_SAID[name] for name in PIECES])
    needed = number(terms.bant_at_least)
    return f"{kind}. Sales calls once {needed} of these four speak for it: {four}. So far {have}."


def _denied_bant(verdicts: Verdicts, _advices: Advices, row: int) -> str:
    state = verdicts.bant.state[row]
    denied = [_DENIED[name] for column, name in enumerate(PIECES) if state[column] == BANT_DENIED]
    return f"{_kind(verdicts, row)}. But it is too early for a call: {listed(denied)}."


def _enough(verdicts: Verdicts, _advices: Advices, row: int) -> str:
    clear = [PIECES_SAID[name] for name in PIECES if _confirmed(verdicts, row, name)]
    if not clear:
        return f"{_kind(verdicts, row)}, and no more is asked for a call."
    return f"{_kind(verdicts, row)}, and {listed(clear)} {are(len(clear))} clear: enough for a call."


def _likely(verdicts: Verdicts, advices: Advices, row: int) -> str:
    name = CATEGORIES[verdicts.category[row]]
    if name in verdicts.agreement.handover.first_in_line:
        return f"{_kind(verdicts, row)}, so it does not wait until sales has room."
    return _of_kind(", and is as likely to buy as sales and marketing agreed.")(verdicts, advices, row)


def _kind(verdicts: Verdicts, row: int) -> str:
    name = CATEGORIES[verdicts.category[row]]
    weighed = sum(criterion.rank != "must_not" for criterion in verdicts.agreement.profile.criteria)
    partly = name in ("sales_worthy", "unqualified_interest") and verdicts.criteria_met[row] < weighed
    return _KINDS[name].replace("fits", "fits well enough") if partly else _KINDS[name]


def _ended(verdicts: Verdicts, advices: Advices, row: int, form: str = " on {}") -> str:
    return dated(int(advices.ended_at[row]), int(verdicts.snapshots.cutoff[row]), form)


def _confirmed(verdicts: Verdicts, row: int, name: PieceName) -> bool:
    return bool(verdicts.bant.state[row, PIECES.index(name)] == BANT_CONFIRMED)


_SENTENCES: Final[Mapping[str, _Sentence]] = {
    "NC1": _stopped,
    "NC2": _always("Our records say that it must not be called."),
    "EN1": _bought,
    "EN2": _lost,
    "WS1": desk_sentences.waiting,
    "WS2": desk_sentences.with_sales,
    "RT1": desk_sentences.undecided,
    "RT2": desk_sentences.unreached,
    "RT3": desk_sentences.given_back,
    "RT4": desk_sentences.given_back,
    "UW1": _unworthy,
    "DU1": _always("Too little speaks for a call until it shows interest."),
    "QU1": _always("It is interested, but whether it fits is not known yet."),
    "SI1": _of_kind(", but shows too little interest to come before others."),
    "NP1": _of_kind(", but sales and marketing agreed that such leads do not pass to sales."),
    "ST1": _of_kind(", but a call now might well make it tell us to stop calling."),
    "SU1": _always("Somebody would speak to it next, but who must not be called could not be looked up."),
    "SC1": _of_kind(", but is less likely to buy than sales and marketing agreed for a call."),
    "SC2": _of_kind(", but others are likelier to buy, and sales takes {leads} a week."),
    "QU2": _lacks_bant,
    "NB1": _denied_bant,
    "HO1": _of_kind(", and is among the likeliest to buy; sales takes {leads} a week."),
    "HO2": _likely,
    "HO3": _enough,
    "HO4": _of_kind(", though hardly likely to buy. It was drawn by lot: from a few such calls we learn."),
}

_GISTS: Final[Mapping[str, str]] = {
    "NC1": "told us to stop",
    "NC2": "must not be called",
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
    "ST1": "likely to tell us to stop",
    "SU1": "suppressions not looked up",
    "HO4": "drawn by chance, to learn from",
    "SC1": "a sale is too unlikely",
    "SC2": "others come first",
}
"""Of the rules missing here it is told how many BANT points are confirmed."""
