"""What to do now with each lead, given what the agreement says of it and, if known, its score."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from readiness.agreement.bant import BANT_CONFIRMED, BANT_UNKNOWN
from readiness.agreement.conditions import UNKNOWN, Signs
from readiness.agreement.document import CATEGORIES, CHANNELS, PIECES, STAGES, Agreement
from readiness.agreement.subjects import subjects
from readiness.agreement.verdicts import Verdicts
from readiness.crm.records import CLOSED_WON, MICROSECONDS_PER_HOUR, NO_INSTANT, STOP_CALLING, days
from readiness.crm.tables import Flags, Floats, Ints
from readiness.history.desk import Desk

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
    AdviceRule("UW1", "hold"),  # fails the buyer profile
    AdviceRule("DU1", "nurture"),  # dubious
    AdviceRule("QU1", "qualify"),  # interested, fit to be found out
    AdviceRule("SI1", "sell_interest"),  # fits, little interest or none
    AdviceRule("NP1", "nurture"),  # the agreement does not let this category pass
    AdviceRule("SR1", "hold"),  # stop risk above the limit
    AdviceRule("SC1", "nurture"),  # score below the limit agreed on
    AdviceRule("SC2", "nurture"),  # score below what fills sales' weekly capacity
    AdviceRule("QU2", "qualify"),  # BANT pieces missing that could still be confirmed
    AdviceRule("NB1", "nurture"),  # BANT pieces denied, so that too few can be confirmed
    AdviceRule("HO1", "hand_over"),  # above the score that fills sales' weekly capacity
    AdviceRule("HO2", "hand_over"),  # above the limit agreed on; capacity unknown
    AdviceRule("HO3", "hand_over"),  # by the rules alone
)
"""In the order in which they are tried; the last takes what is left."""

_FIXED: Final = ("NC1", "NC2", "EN1", "EN2", "UW1")
_CODES: Final = tuple(rule.code for rule in ADVICE_RULES)


@dataclass(frozen=True, slots=True)
class Advices:
    """What to do with n leads; row i belongs to snapshot i."""

    action: Signs
    """Position in `ACTIONS`."""
    rule: Signs
    """Position in `ADVICE_RULES`."""
    by: Ints
    """For a hand-over: until when sales should call; else NO_INSTANT."""
    ask_next: NDArray[np.int16]
    """Position in `subjects`: the question to ask; -1 for none."""
    look_again: Ints
    """For a lead that is kept back: when to look again; else NO_INSTANT."""
    scored: Flags
    """Whether a score was there; without one, the rules alone advise."""
    sampled: Flags
    """Handed over at random, to learn from; False as long as nothing is sampled."""
    ended_at: Ints
    """When a lead that had ended did so; NO_INSTANT where it had not, or nobody dated it."""

    def __len__(self) -> int:
        return len(self.action)


def advise(
    verdicts: Verdicts,
    *,
    agreement: Agreement,
    cutoff: Ints,
    score: Floats | None,
    stop_risk: Floats | None,
    capacity_score: float | None,
    suppressed: Flags,
    ended_outcome: Signs,
    ended_at: Ints | None = None,
    desk: Desk | None = None,
) -> Advices:
    """Say what to do with each lead now.

    The first rule that applies decides (`ADVICE_RULES`). Suppression wins over everything; then what
    ended, then what kind of lead it is; then the limits for a hand-over. A score that is missing stops
    nobody: the rules alone advise.

    Parameters
    ----------
    verdicts : Verdicts, n rows
    agreement : Agreement
    cutoff : Ints, n
        From which response time and look-again days count; NO_INSTANT gives no dates.
    score, stop_risk : Floats, n, or None
        Probabilities; NaN or None where nothing is predicted.
    capacity_score : float or None
        The score above which there are as many leads as sales can take.
    suppressed : Flags, n
        Who must never be called.
    ended_outcome : n
        Position in `OUTCOMES` of how a lead ended before its cutoff, -1 while open.
    ended_at : Ints, n, optional
        When it ended.

    Returns
    -------
    Advices, n rows
    """
    n = len(verdicts)
    nothing = np.full(n, np.nan)
    score = nothing if score is None else score
    stop_risk = nothing if stop_risk is None else stop_risk
    line = np.nan if capacity_score is None else capacity_score
    rule = _first_rule(verdicts, agreement, score, stop_risk, line, suppressed, ended_outcome)
    action = np.array([ACTIONS.index(each.action) for each in ADVICE_RULES], dtype=np.int8)[rule]
    return Advices(
        action=action,
        rule=rule,
        by=_by(action, cutoff, agreement),
        ask_next=_ask_next(verdicts, action, rule, agreement),
        look_again=_look_again(verdicts, action, rule, cutoff, agreement),
        scored=~np.isnan(score),
        sampled=np.zeros(n, dtype=np.bool_),
        ended_at=np.full(n, NO_INSTANT, dtype=np.int64) if ended_at is None else ended_at,
    )


def fixed(advices: Advices) -> Flags:
    """Say which advice no answer of the lead's could turn into a hand-over.

    Who is handed over already, must not be called, has ended or fails the profile.
    """
    codes = np.array([rule.code in _FIXED or rule.action == "hand_over" for rule in ADVICE_RULES])
    return codes[advices.rule]


def _first_rule(
    verdicts: Verdicts,
    agreement: Agreement,
    score: Floats,
    stop_risk: Floats,
    line: float,
    suppressed: Flags,
    ended_outcome: Signs,
) -> Signs:
    enough, could_be_enough = _bant_enough(verdicts, agreement)
    kinds = verdicts.category
    passes = np.isin(kinds, [CATEGORIES.index(name) for name in agreement.handover.categories])
    # One condition a rule, in the order of ADVICE_RULES; a comparison with NaN is False.
    conditions = [
        ended_outcome == STOP_CALLING,
        suppressed,
        ended_outcome == CLOSED_WON,
        ended_outcome >= 0,
        kinds == CATEGORIES.index("unworthy"),
        kinds == CATEGORIES.index("dubious"),
        kinds == CATEGORIES.index("unqualified_suitability"),
        kinds == CATEGORIES.index("unqualified_interest"),
        ~passes,
        stop_risk > agreement.handover.stop_risk_at_most,
        score < agreement.handover.score_at_least,
        score < line,
        ~enough & could_be_enough,
        ~enough,
        score >= line,
        ~np.isnan(score),
    ]
    return np.select(conditions, range(len(conditions)), len(conditions)).astype(np.int8)


def _bant_enough(verdicts: Verdicts, agreement: Agreement) -> tuple[Flags, Flags]:
    state, terms = verdicts.bant.state, agreement.handover
    required = [PIECES.index(name) for name in terms.bant_required]
    confirmed, open_ = state == BANT_CONFIRMED, state == BANT_UNKNOWN
    count = np.count_nonzero(confirmed, axis=1)
    enough = (count >= terms.bant_at_least) & confirmed[:, required].all(axis=1)
    possible = count + np.count_nonzero(open_, axis=1) >= terms.bant_at_least
    return enough, possible & (confirmed | open_)[:, required].all(axis=1)


def _ask_next(verdicts: Verdicts, action: Signs, rule: Signs, agreement: Agreement) -> NDArray[np.int16]:
    """Pick the missing piece that matters most, and of those the one that is cheapest to ask for."""
    criteria = agreement.profile.criteria
    questions = subjects(agreement)
    cost = [CHANNELS.index(question.channel) for question in questions]
    fit_order = sorted(
        (column for column, each in enumerate(criteria) if each.rank != "must_not"),
        key=lambda column: (criteria[column].rank != "must", cost[column], -criteria[column].weight, column),
    )
    required = agreement.handover.bant_required
    bant_order = sorted(
        range(len(PIECES)),
        key=lambda column: (PIECES[column] not in required, cost[len(criteria) + column], column),
    )
    about_fit = rule == _CODES.index("QU1")
    about_bant = (action == ACTIONS.index("hand_over")) | (rule == _CODES.index("QU2"))
    ask = np.full(len(verdicts), -1, dtype=np.int16)
    for column in fit_order:
        missing = about_fit & (ask < 0) & (verdicts.fit.met[:, column] == UNKNOWN)
        ask = np.where(missing, np.int16(column), ask)
    for column in bant_order:
        missing = about_bant & (ask < 0) & (verdicts.bant.state[:, column] == BANT_UNKNOWN)
        ask = np.where(missing, np.int16(len(criteria) + column), ask)
    return ask


def _by(action: Signs, cutoff: Ints, agreement: Agreement) -> Ints:
    wait = round(agreement.handover.response_hours * MICROSECONDS_PER_HOUR)
    dated = (action == ACTIONS.index("hand_over")) & (cutoff != NO_INSTANT)
    return np.where(dated, cutoff + wait, NO_INSTANT)


def _look_again(verdicts: Verdicts, action: Signs, rule: Signs, cutoff: Ints, agreement: Agreement) -> Ints:
    terms = agreement.nurture
    by_category = np.array([terms.look_again_days.days(name) for name in CATEGORIES])
    by_stage = np.array([terms.by_stage.get(name, np.inf) for name in STAGES])
    wait = np.minimum(by_category[verdicts.category], by_stage[verdicts.stage.stage])
    # What fails the profile is not looked at sooner because it is busy.
    wait = np.where(rule == _CODES.index("UW1"), by_category[verdicts.category], wait)
    kept = np.isin(action, [ACTIONS.index(name) for name in ("nurture", "sell_interest", "hold")])
    ended = np.isin(rule, [_CODES.index(code) for code in ("EN1", "EN2")])
    dated = kept & ~ended & (cutoff != NO_INSTANT)
    return np.where(dated, cutoff + np.rint(wait * days(1)).astype(np.int64), NO_INSTANT)
