"""Who does what with a lead next, and by when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

import numpy as np

from readiness.agreement.advice import ADVICE_RULES, Advices, response_due
from readiness.agreement.document import STAGES
from readiness.agreement.requests import unanswered
from readiness.agreement.subjects import subjects
from readiness.agreement.verdicts import Verdicts
from readiness.agreement.vocabulary import Channel
from readiness.agreement.wording import capital, weekday, working_day
from readiness.counting import counted
from readiness.crm.records import NO_INSTANT

_UNREAD: Final = "Nobody calls until the list of who must not be called can be read. Then ask again."
_Sentence: TypeAlias = Callable[[Verdicts, Advices, int], str]

_ASKED: Final[Mapping[Channel, str]] = {
    "form": "Marketing asks one question on a form",
    "survey": "Marketing asks one question in a short survey",
    "chat": "Marketing asks one question in the chat",
    "inside_sales": "Inside sales asks one question by phone",
    "research": "Marketing looks one thing up",
}


def next_step(verdicts: Verdicts, advices: Advices, row: int) -> str:
    """Say who does what with the lead, and by when."""
    return _STEPS[ADVICE_RULES[advices.rule[row]].code](verdicts, advices, row)


def first_of_all(verdicts: Verdicts, advices: Advices, row: int) -> str | None:
    """Say which request of the lead's has to be answered before anything else; None if none waits.

    Nobody answers who must not be called, has ended, is with sales, or is held back; nor, while the list
    of who must not be called cannot be read, anybody: it may say so of each of them.
    """
    rule = ADVICE_RULES[advices.rule[row]]
    if advices.unread or rule.action in ("never_call", "hold"):
        return None
    asked = unanswered(verdicts, row)
    if asked is None:
        return None
    waits = f"It {asked}, and no reply is on record."
    if rule.action == "hand_over":
        return f"{waits} Sales begins its call with that."
    cutoff = verdicts.snapshots.cutoff[row : row + 1]
    due = int(response_due(cutoff, verdicts.agreement)[0])
    hours = counted(verdicts.agreement.handover.response_hours, "hour")
    by = f"within {hours}" if due == NO_INSTANT else f"by {weekday(due, int(cutoff[0]))}"
    return f"{waits} Sales writes back {by} and sees to it; marketing does not wait for that."


def how(verdicts: Verdicts, advices: Advices, row: int) -> str | None:
    """Say how it is done, as sales and marketing agreed; None where nothing is agreed."""
    agreement, track = verdicts.agreement, int(advices.track[row])
    if track >= 0:
        chosen = agreement.nurture.tracks[track]
        return chosen.says or f"{capital(chosen.name)}."
    if ADVICE_RULES[advices.rule[row]].action != "hand_over":
        return None
    does = agreement.stages.sales_does(STAGES[verdicts.stage.stage[row]])
    return f"Sales {does[:1].lower()}{does[1:]}" if does else None


def _always(text: str) -> _Sentence:
    return lambda _verdicts, _advices, _row: text


def _then(text: str) -> _Sentence:
    """Return a sentence that ends with when marketing looks again."""
    return lambda verdicts, advices, row: text.format(look=_look(verdicts, advices, row))


def _calls(verdicts: Verdicts, advices: Advices, row: int) -> str:
    by = int(advices.by[row])
    if by == NO_INSTANT:
        hours = counted(verdicts.agreement.handover.response_hours, "hour")
        return f"Sales calls within {hours} of getting this lead."
    return f"Sales calls by {weekday(by, _cutoff(verdicts, row))}."


def _asks(verdicts: Verdicts, advices: Advices, row: int) -> str:
    ask = int(advices.ask_next[row])
    # Whatever is missing has a question; a lead that has told everything is looked at again all the same.
    asks = "Marketing keeps in touch" if ask < 0 else _ASKED[subjects(verdicts.agreement)[ask].channel]
    then = "looks at it again" if ask < 0 else "looks for the answer"
    return f"{asks}, and {then} {_look(verdicts, advices, row)}."


def _decides(verdicts: Verdicts, advices: Advices, row: int) -> str:
    return f"Sales accepts or declines it by {weekday(int(advices.by[row]), _cutoff(verdicts, row))}."


def _with_sales(verdicts: Verdicts, advices: Advices, row: int) -> str:
    due = int(advices.follow_up[row])
    if due != NO_INSTANT and advices.unread:
        return _UNREAD
    if due != NO_INSTANT:
        return f"Sales tries to reach it again by {weekday(due, _cutoff(verdicts, row))}."
    return f"Sales keeps it; marketing asks sales {_look(verdicts, advices, row)} how it stands."


def _look(verdicts: Verdicts, advices: Advices, row: int) -> str:
    look, wait = int(advices.look_again[row]), float(advices.wait_days[row])
    if look != NO_INSTANT:
        return f"on {working_day(look, _cutoff(verdicts, row))}"
    return "later" if np.isnan(wait) else f"{counted(wait, 'day')} from now"


def _cutoff(verdicts: Verdicts, row: int) -> int:
    return int(verdicts.snapshots.cutoff[row])


_KEEPS: Final = _then("Marketing keeps in touch and looks at it again {look}; sales does not call yet.")
_STEPS: Final[Mapping[str, _Sentence]] = {
    "NC1": _always("Nobody calls it, now or later."),
    "NC2": _always("Nobody calls it, now or later."),
    "EN1": _always("There is nothing to sell to it for now."),
    "EN2": _always("Nobody calls it, unless it comes back of its own accord."),
    "WS1": _decides,
    "WS2": _with_sales,
    "UW1": _then("Nobody calls. Marketing looks at it again {look}, in case something about it has changed."),
    "RT1": _KEEPS,
    "RT2": _KEEPS,
    "RT3": _KEEPS,
    "RT4": _KEEPS,
    "DU1": _KEEPS,
    "QU1": _asks,
    "SI1": _then(
        "Sales opens the conversation when it has time. "
        "Until then marketing keeps in touch, and looks again {look}."
    ),
    "NP1": _KEEPS,
    "ST1": _then("Nobody calls. Marketing looks at it again {look}."),
    "SU1": _always(_UNREAD),
    "HO4": _calls,
    "SC1": _KEEPS,
    "SC2": _KEEPS,
    "QU2": _asks,
    "NB1": _KEEPS,
    "HO1": _calls,
    "HO2": _calls,
    "HO3": _calls,
}
