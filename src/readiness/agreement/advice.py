"""What to do now with each lead, given what the agreement says of it and, if known, its score."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from readiness.agreement.advice_rules import (
    ACTIONS,
    ADVICE_RULES,
    Action,
    AdviceRule,
    action_of,
    advising,
    by_rule,
    code_of,
)
from readiness.agreement.bant import BANT_CONFIRMED, BANT_UNKNOWN
from readiness.agreement.chance import drawn
from readiness.agreement.conditions import Signs, first_that_holds
from readiness.agreement.document import CATEGORIES, PIECES, STAGES, Agreement
from readiness.agreement.next_question import ask_next
from readiness.agreement.returning import (
    BY_DECLINE,
    BY_HANDING_BACK,
    UNDECIDED,
    UNREACHED,
    Standing,
    standing,
)
from readiness.agreement.subjects import subjects
from readiness.agreement.tracks import tracks
from readiness.agreement.verdicts import Verdicts
from readiness.crm.records import CLOSED_WON, MICROSECONDS_PER_HOUR, NO_INSTANT, STOP_CALLING, days
from readiness.crm.tables import Flags, Floats, Ints
from readiness.history.desk import Desk

__all__ = [
    "ACTIONS",
    "ADVICE_RULES",
    "Action",
    "AdviceRule",
    "Advices",
    "advise",
    "fixed",
    "response_due",
    "returned",
]

_FIXED: Final = ("NC1", "NC2", "EN1", "EN2", "WS1", "WS2", "UW1", "SU1")
_WITH_MARKETING: Final[tuple[Action, ...]] = ("qualify", "nurture", "sell_interest")
_RETURNED: Final = ("RT1", "RT2", "RT3", "RT4")


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
    wait_days: Floats
    """For a lead that is kept back: after how many days to look again, dates or not; else NaN."""
    scored: Flags
    """Whether a score was there; without one, the rules alone advise."""
    sampled: Flags
    """Handed over at random, to learn from."""
    ended_at: Ints
    """When a lead that had ended did so; NO_INSTANT where it had not, or nobody dated it."""
    follow_up: Ints
    """For a lead with sales: when the next attempt to reach it is due; else NO_INSTANT."""
    track: Signs
    """For a lead that stays with marketing: position in ``nurture.tracks``; else -1."""
    reason: Signs
    """Why sales gave the lead back: position in ``handover.returns.reasons``; -1 where that is not known."""
    desk: Desk | None
    """Where the leads stand between marketing and sales; None where hand-overs were not read."""
    unread: bool = False
    """Whether the list of who must not be called could not be read."""

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
    unread: bool = False,
) -> Advices:
    """Say what to do with each lead now.

    The first rule that applies decides (`ADVICE_RULES`). Suppression wins over everything; then what
    ended, then who is with sales or came back from them, then what kind of lead it is; then the limits for
    a hand-over. A score that is missing stops nobody: the rules alone advise. Of those that only score or
    capacity keeps back, the agreement's ``random_share`` is handed over by chance.

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
    desk : Desk, n rows, optional
        Where each lead stands between marketing and sales. None: hand-overs are not read, nor are they
        where the agreement does not say what brings a lead back.
    unread : bool
        Whether the list of who must not be called could not be read. Then nobody is called: whoever would
        be handed over, sold to or asked by phone is held.

    Returns
    -------
    Advices, n rows
    """
    n = len(verdicts)
    nothing = np.full(n, np.nan)
    score = nothing if score is None else score
    stop_risk = nothing if stop_risk is None else stop_risk
    line = np.nan if capacity_score is None else capacity_score
    there = standing(verdicts, desk, agreement)
    rule = _first_rule(verdicts, agreement, score, stop_risk, line, suppressed, ended_outcome, there)
    asked = _asked(verdicts, rule)
    if unread:
        rule = np.where(_by_voice(rule, asked, agreement), np.int8(code_of("SU1")), rule)
        asked = np.where(rule == code_of("SU1"), np.int16(-1), asked)
    action = action_of(rule)
    none = np.full(n, NO_INSTANT, dtype=np.int64)
    with_marketing = advising(action, _WITH_MARKETING)
    wait_days = _wait_days(verdicts, action, rule, agreement)
    return Advices(
        action=action,
        rule=rule,
        by=_by(action, rule, cutoff, agreement, there),
        ask_next=asked,
        look_again=_look_again(wait_days, rule, cutoff, there),
        wait_days=wait_days,
        scored=~np.isnan(score),
        sampled=rule == code_of("HO4"),
        ended_at=none if ended_at is None else ended_at,
        follow_up=none if there is None else np.where(rule == code_of("WS2"), there.due, NO_INSTANT),
        track=tracks(verdicts, with_marketing),
        reason=np.full(n, -1, dtype=np.int8) if there is None else there.reason,
        desk=None if there is None else desk,
        unread=unread,
    )


def response_due(cutoff: Ints, agreement: Agreement) -> Ints:
    """Return until when sales responds to what it is told at each cutoff; NO_INSTANT without dates."""
    wait = round(agreement.handover.response_hours * MICROSECONDS_PER_HOUR)
    return np.where(cutoff == NO_INSTANT, NO_INSTANT, cutoff + wait)


def fixed(advices: Advices) -> Flags:
    """Say which advice no answer of the lead's could turn into a hand-over.

    Who is handed over already, must not be called, has ended, is with sales or fails the profile.
    """
    unmoved: Flags = by_rule(advices.rule, _FIXED) | (advices.action == ACTIONS.index("hand_over"))
    return unmoved


def returned(advices: Advices) -> Flags:
    """Say who came back from sales, and is not handed over again unless a key signifier comes."""
    return by_rule(advices.rule, _RETURNED)


def _first_rule(
    verdicts: Verdicts,
    agreement: Agreement,
    score: Floats,
    stop_risk: Floats,
    line: float,
    suppressed: Flags,
    ended_outcome: Signs,
    there: Standing | None,
) -> Signs:
    enough, could_be_enough = _bant_enough(verdicts, agreement)
    kinds = verdicts.category
    passes = np.array([name in agreement.handover.categories for name in CATEGORIES], dtype=np.bool_)[kinds]
    nobody = np.zeros(len(verdicts), dtype=np.bool_)
    back = nobody if there is None else there.returned
    first = np.array([name in agreement.handover.first_in_line for name in CATEGORIES], dtype=np.bool_)[kinds]
    unlikely, beyond = score < agreement.handover.score_at_least, (score < line) & ~first
    # One condition a rule, in the order of ADVICE_RULES; a comparison with NaN is False.
    conditions = [
        ended_outcome == STOP_CALLING,
        suppressed,
        ended_outcome == CLOSED_WON,
        ended_outcome >= 0,
        nobody if there is None else there.waiting,
        nobody if there is None else there.with_sales,
        kinds == CATEGORIES.index("unworthy"),
        *(back == how for how in (UNDECIDED, UNREACHED, BY_DECLINE, BY_HANDING_BACK)),
        kinds == CATEGORIES.index("dubious"),
        kinds == CATEGORIES.index("unqualified_suitability"),
        kinds == CATEGORIES.index("unqualified_interest"),
        ~passes,
        stop_risk > agreement.handover.stop_risk_at_most,
        nobody,
        nobody,
        unlikely,
        beyond,
        ~enough & could_be_enough,
        ~enough,
        score >= line,
        ~np.isnan(score),
    ]
    rule = first_that_holds(conditions)
    # Chance is asked last: only of leads that nothing but the score keeps back.
    kept = np.flatnonzero(enough & by_rule(rule, ("SC1", "SC2")))
    rule[kept[_drawn(verdicts, kept, agreement)]] = code_of("HO4")
    return rule


def _drawn(verdicts: Verdicts, rows: Ints, agreement: Agreement) -> Flags:
    share = agreement.handover.random_share
    if share == 0:
        return np.zeros(len(rows), dtype=np.bool_)
    lead_ids = verdicts.tables.leads.lead_id[verdicts.snapshots.lead[rows]]
    return drawn(lead_ids.tolist(), agreement.fingerprint, share)


def _asked(verdicts: Verdicts, rule: Signs) -> NDArray[np.int16]:
    """Return the question to ask each lead next, given the rule that advises."""
    handed = action_of(rule) == ACTIONS.index("hand_over")
    about_bant = handed | (rule == code_of("QU2"))
    return ask_next(verdicts, about_fit=rule == code_of("QU1"), about_bant=about_bant)


def _by_voice(rule: Signs, asked: NDArray[np.int16], agreement: Agreement) -> Flags:
    """Say on which advice somebody would speak to the lead: sales, or inside sales with a question."""
    action = action_of(rule)
    by_phone = [subject.channel == "inside_sales" for subject in subjects(agreement)]
    # One more, for whom there is no question: code -1.
    phoned = np.array([*by_phone, False], dtype=np.bool_)[asked]
    return advising(action, ("hand_over", "sell_interest")) | (advising(action, ("qualify",)) & phoned)


def _bant_enough(verdicts: Verdicts, agreement: Agreement) -> tuple[Flags, Flags]:
    state, terms = verdicts.bant.state, agreement.handover
    required = [PIECES.index(name) for name in terms.bant_required]
    confirmed, open_ = state == BANT_CONFIRMED, state == BANT_UNKNOWN
    count = np.count_nonzero(confirmed, axis=1)
    enough = (count >= terms.bant_at_least) & confirmed[:, required].all(axis=1)
    possible = count + np.count_nonzero(open_, axis=1) >= terms.bant_at_least
    return enough, possible & (confirmed | open_)[:, required].all(axis=1)


def _by(action: Signs, rule: Signs, cutoff: Ints, agreement: Agreement, there: Standing | None) -> Ints:
    by = np.where(action == ACTIONS.index("hand_over"), response_due(cutoff, agreement), NO_INSTANT)
    return by if there is None else np.where(rule == code_of("WS1"), there.due, by)


def _wait_days(verdicts: Verdicts, action: Signs, rule: Signs, agreement: Agreement) -> Floats:
    terms = agreement.nurture
    by_category = np.array([terms.look_again_days.days(name) for name in CATEGORIES])
    by_stage = np.array([terms.by_stage.get(name, np.inf) for name in STAGES])
    wait = np.minimum(by_category[verdicts.category], by_stage[verdicts.stage.stage])
    # What fails the profile is not looked at sooner because it is busy.
    wait = np.where(rule == code_of("UW1"), by_category[verdicts.category], wait)
    if agreement.handover.returns is not None:
        # Whoever is with sales is asked after, however long its kind of lead could wait.
        asked_after = np.minimum(wait, agreement.handover.returns.again_after_days)
        wait = np.where(rule == code_of("WS2"), asked_after, wait)
    kept = advising(action, (*_WITH_MARKETING, "hold")) & ~by_rule(rule, ("EN1", "EN2", "SU1"))
    return np.where(kept, wait, np.nan)


def _look_again(wait_days: Floats, rule: Signs, cutoff: Ints, there: Standing | None) -> Ints:
    dated = ~np.isnan(wait_days) & (cutoff != NO_INSTANT)
    wait = np.rint(np.where(dated, wait_days, 0.0) * days(1)).astype(np.int64)
    look = np.where(dated, cutoff + wait, NO_INSTANT)
    if there is None:
        return look
    handed = by_rule(rule, ("WS1", "WS2", *_RETURNED))
    return np.where(handed & (there.look_again != NO_INSTANT), there.look_again, look)
