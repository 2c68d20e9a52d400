"""What may be advised, and the rules that advise it, in the order in which they are tried."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, TypeAlias

import numpy as np

from readiness.agreement.conditions import Signs
from readiness.crm.tables import Flags

Action: TypeAlias = Literal["hand_over", "qualify", "nurture", "sell_interest", "hold", "never_call"]

ACTIONS: Final[tuple[Action, ...]] = (
    "hand_over",
    "qualify",
    "nurture",
    "sell_interest",
    "hold",
    "never_call",
)
"""Codes in columns are positions here."""


@dataclass(frozen=True, slots=True)
class AdviceRule:
    """Why an action is advised; codes are stable, and never given to another rule."""

    code: str
    action: Action


ADVICE_RULES: Final = (
    AdviceRule("NC1", "never_call"),  # told us to stop
    AdviceRule("NC2", "never_call"),  # suppressed for another reason
    AdviceRule("EN1", "hold"),  # bought already
    AdviceRule("EN2", "hold"),  # ended otherwise
    AdviceRule("WS1", "hold"),  # with sales, who have yet to decide
    AdviceRule("WS2", "hold"),  # with sales, who accepted it
    AdviceRule("UW1", "hold"),  # fails the buyer profile
    AdviceRule("RT1", "nurture"),  # back from sales, who did not decide in time
    AdviceRule("RT2", "nurture"),  # back from sales, who could not reach it in time
    AdviceRule("RT3", "nurture"),  # declined by sales
    AdviceRule("RT4", "nurture"),  # handed back by sales
    AdviceRule("DU1", "nurture"),  # dubious
    AdviceRule("QU1", "qualify"),  # interested, fit to be found out
    AdviceRule("SI1", "sell_interest"),  # fits, little interest or none
    AdviceRule("NP1", "nurture"),  # the agreement does not let this category pass
    AdviceRule("ST1", "hold"),  # stop risk above the limit
    AdviceRule("SU1", "hold"),  # a call would be next, but suppressions could not be looked up
    AdviceRule("HO4", "hand_over"),  # below a limit on the score, but drawn by chance
    AdviceRule("SC1", "nurture"),  # score below the limit agreed on
    AdviceRule("SC2", "nurture"),  # score below what fills sales' weekly capacity
    AdviceRule("QU2", "qualify"),  # BANT pieces missing that could still be confirmed
    AdviceRule("NB1", "nurture"),  # BANT pieces denied, so that too few can be confirmed
    AdviceRule("HO1", "hand_over"),  # above the score that fills sales' weekly capacity
    AdviceRule("HO2", "hand_over"),  # above the limit agreed on; capacity unknown
    AdviceRule("HO3", "hand_over"),  # by the rules alone
)
"""In the order in which they are tried; the last takes what is left."""

CLOSED: Final = ("NC1", "NC2", "EN1", "EN2")
"""Of those who must not be called or have ended: there is nothing to weigh."""

_CODES: Final = tuple(rule.code for rule in ADVICE_RULES)


_NUMBERS: Final = {code: number for number, code in enumerate(_CODES)}
_ACTION_OF: Final = np.array([ACTIONS.index(each.action) for each in ADVICE_RULES], dtype=np.int8)


def code_of(code: str) -> int:
    """Return where a rule stands among `ADVICE_RULES`."""
    return _NUMBERS[code]


def action_of(rule: Signs) -> Signs:
    """Return the action that each of n rules advises, as positions in `ACTIONS`."""
    return _ACTION_OF[rule]


def by_rule(rule: Signs, codes: tuple[str, ...]) -> Flags:
    """Say which of n rules have one of these codes."""
    flags: Flags = _among(_CODES, codes)[rule]
    return flags


def advising(action: Signs, names: tuple[Action, ...]) -> Flags:
    """Say which of n actions are one of these."""
    flags: Flags = _among(ACTIONS, names)[action]
    return flags


@lru_cache(maxsize=64)
def _among(all_: tuple[str, ...], some: tuple[str, ...]) -> Flags:
    """Say of each word whether it is one of some; asked for again and again by one lead alone."""
    return np.array([word in some for word in all_], dtype=np.bool_)
