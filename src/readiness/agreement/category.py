"""Which of the six kinds of lead it is: an ordered table of rules over the whole grid."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from readiness.agreement.conditions import Signs, fold
from readiness.agreement.document import CATEGORIES, CategoryName
from readiness.agreement.fit import FIT_FAILS, FIT_UNKNOWN, FITS
from readiness.agreement.interest import INTEREST_HIGH, INTEREST_LITTLE, INTEREST_NONE
from readiness.agreement.known import Known
from readiness.agreement.referral_terms import Sources
from readiness.agreement.stage import AWARENESS, CONSIDERATION, DECISION
from readiness.crm.tables import Flags

SOURCE_UNKNOWN: Final = 0
SOURCE_DUBIOUS: Final = 1
SOURCE_ORDINARY: Final = 2
SOURCE_REFERRAL: Final = 3

_FITS: Final = (FIT_FAILS, FIT_UNKNOWN, FITS)
_INTERESTS: Final = (INTEREST_NONE, INTEREST_LITTLE, INTEREST_HIGH)
_SOURCES: Final = (SOURCE_UNKNOWN, SOURCE_DUBIOUS, SOURCE_ORDINARY, SOURCE_REFERRAL)
_STAGES: Final = (AWARENESS, CONSIDERATION, DECISION)
_NEARS: Final = (False, True)


@dataclass(frozen=True, slots=True)
class Rule:
    """A line of the table: it applies where every signal takes one of these values."""

    code: str
    """Stable: a code that goes out of use is never given to another rule."""
    category: CategoryName
    fit: tuple[int, ...] = _FITS
    interest: tuple[int, ...] = _INTERESTS
    source: tuple[int, ...] = _SOURCES
    stage: tuple[int, ...] = _STAGES
    near: tuple[bool, ...] = _NEARS

    def applies(self, fit: int, interest: int, source: int, stage: int, near: bool) -> bool:
        """Say whether a cell of the grid is this rule's, unless an earlier one took it."""
        return (
            fit in self.fit
            and interest in self.interest
            and source in self.source
            and stage in self.stage
            and near in self.near
        )


RULES: Final = (
    Rule("UW1", "unworthy", fit=(FIT_FAILS,)),
    Rule("DU1", "dubious", interest=(INTEREST_NONE,), source=(SOURCE_DUBIOUS,)),
    Rule("DU2", "dubious", interest=(INTEREST_NONE,), fit=(FIT_UNKNOWN,)),
    Rule("US1", "unqualified_suitability", fit=(FIT_UNKNOWN,), interest=(INTEREST_HIGH,)),
    Rule("US2", "unqualified_suitability", fit=(FIT_UNKNOWN,), interest=(INTEREST_LITTLE,)),
    Rule("UI1", "unqualified_interest", interest=(INTEREST_NONE,)),
    Rule("UI2", "unqualified_interest", interest=(INTEREST_LITTLE,)),
    Rule("SR1", "sales_ready_buyer", stage=(DECISION,), near=(True,)),
    Rule("SW1", "sales_worthy", stage=(DECISION,)),
    Rule("SW2", "sales_worthy", stage=(CONSIDERATION,)),
    Rule("SW3", "sales_worthy"),
)
"""The first rule that applies decides. The last takes what is left, so every cell has an answer."""


def decide(fit: int, interest: int, source: int, stage: int, near: bool) -> int:
    """Return which rule decides a cell of the grid: its position in `RULES`."""
    return next(
        position for position, rule in enumerate(RULES) if rule.applies(fit, interest, source, stage, near)
    )


def condition(position: int) -> tuple[tuple[int, ...], ...]:
    """Return when a rule decides, said without the rules before it.

    Parameters
    ----------
    position : int
        In `RULES`.

    Returns
    -------
    tuple of tuple of int
        For fit, interest, source, stage and near (0 or 1), in this order, the values it may take. The rule
        decides wherever each signal takes one of its values, and nowhere else.

    Examples
    --------
    Who shows no interest and is neither unworthy nor dubious fits, and comes from no dubious source:

    >>> condition([rule.code for rule in RULES].index("UI1"))
    ((2,), (0,), (0, 2, 3), (0, 1, 2), (0, 1))
    """
    cells = np.nonzero(_grid() == position)
    return tuple(tuple(np.unique(values).tolist()) for values in cells)


@lru_cache(maxsize=1)
def _grid() -> Signs:
    axes = (_FITS, _INTERESTS, _SOURCES, _STAGES, _NEARS)
    decided = [decide(*cell) for cell in itertools.product(*axes)]
    return np.array(decided, dtype=np.int8).reshape([len(axis) for axis in axes])


def rules_for(fit: Signs, interest: Signs, source: Signs, stage: Signs, near: Flags) -> Signs:
    """Return the rule that decides each of n leads, as positions in `RULES`."""
    return _grid()[fit, interest, source, stage, near.astype(np.int8)]


def categories_of(rules: Signs) -> Signs:
    """Return the category of each rule, as positions in `CATEGORIES`."""
    codes = np.array([CATEGORIES.index(rule.category) for rule in RULES], dtype=np.int8)
    return codes[rules]


def sources_of(past: Known, terms: Sources, relation: Signs) -> Signs:
    """Say of each lead whether its source is dubious, a referral, an ordinary one or unknown.

    A lead whose referrer's ``relation`` to us is known is a referral, whatever its source is called.
    """
    column = past.tables.leads.source
    dubious = {fold(name) for name in terms.dubious}
    referrals = terms.referrals.folded_sources
    kinds = np.full(len(column.levels) + 1, SOURCE_ORDINARY, dtype=np.int8)
    for code, level in enumerate(column.levels):
        if fold(level) in dubious:
            kinds[code] = SOURCE_DUBIOUS
        elif fold(level) in referrals:
            kinds[code] = SOURCE_REFERRAL
        elif fold(level) in past.unknown:
            kinds[code] = SOURCE_UNKNOWN
    kinds[-1] = SOURCE_UNKNOWN
    return np.where(relation >= 0, np.int8(SOURCE_REFERRAL), kinds[column.codes[past.lead]])
