"""What became of a lead's newest hand-over, in words."""

from __future__ import annotations

from readiness.agreement.advice import Advices
from readiness.agreement.conditions import Evidence
from readiness.agreement.stage import CONSIDERATION, DECISION, signifiers
from readiness.agreement.verdicts import Verdicts
from readiness.agreement.wording import activity_said, dated, plain
from readiness.counting import counted
from readiness.crm.records import NO_INSTANT
from readiness.history.desk import DECLINED, HANDED_BACK


def waiting(verdicts: Verdicts, advices: Advices, row: int) -> str:
    """Say since when sales has the lead to decide on."""
    return (
        f"Sales has had it{_since(verdicts, advices, row, ' since {}')}, and has yet to accept or decline it."
    )


def with_sales(verdicts: Verdicts, advices: Advices, row: int) -> str:
    """Say since when the lead is with sales."""
    return f"Sales accepted it{_since(verdicts, advices, row)}."


def undecided(verdicts: Verdicts, advices: Advices, row: int) -> str:
    """Say that sales did not decide in time, and what would bring the lead back to them sooner."""
    since, within = _since(verdicts, advices, row), _within(verdicts, "undecided_after_days")
    return f"Sales was given it{since}, and decided nothing{within}.{_sooner(verdicts)}"


def unreached(verdicts: Verdicts, advices: Advices, row: int) -> str:
    """Say that sales could not reach the lead in time, and what would bring it back to them sooner."""
    since, within = _since(verdicts, advices, row), _within(verdicts, "unreached_after_days")
    return f"Sales accepted it{since}, but heard nothing{within}.{_sooner(verdicts)}"


def given_back(verdicts: Verdicts, advices: Advices, row: int) -> str:
    """Say that sales gave the lead back, why, and what would bring it to them again sooner."""
    return f"{_given_back(verdicts, advices, row)}.{_sooner(verdicts)}"


def before(verdicts: Verdicts, advices: Advices, row: int) -> str | None:
    """Say what sales should remember of an earlier hand-over; None where there was none that ended."""
    desk = advices.desk
    if desk is None or desk.state[row] not in (DECLINED, HANDED_BACK):
        return None
    return f"{_given_back(verdicts, advices, row)}."


def _given_back(verdicts: Verdicts, advices: Advices, row: int) -> str:
    desk, since = advices.desk, _since(verdicts, advices, row)
    declined = desk is not None and desk.state[row] == DECLINED
    did = f"Sales declined it{since}" if declined else f"Sales handed it back{since}"
    return f"{did}{_why(verdicts, advices, row)}"


def _why(verdicts: Verdicts, advices: Advices, row: int) -> str:
    # Of sales' own words only those that the agreement lists are repeated: others may name somebody.
    terms, desk = verdicts.agreement.handover.returns, advices.desk
    position = int(advices.reason[row])
    if terms is None or position < 0:
        given = desk is not None and desk.reason.at(row) is not None
        return " (the reason is in the CRM)" if given else " (no reason given)"
    reason = terms.reasons[position]
    return f" ({reason.says or plain(reason.any_of[0])})"


def _within(verdicts: Verdicts, term: str) -> str:
    returns = verdicts.agreement.handover.returns
    return "" if returns is None else f" within {counted(getattr(returns, term), 'day')}"


def _sooner(verdicts: Verdicts) -> str:
    """Say what would bring a lead back to sales at once: a key signifier, by the first that is agreed."""
    stages = verdicts.agreement.stages
    every = (*signifiers(stages, DECISION), *signifiers(stages, CONSIDERATION))
    acted = [each for each in every if each.activities]
    sign = _sign(verdicts, (*acted, *every)[0])
    return f" Only a clear new step of its own, such as “{sign}”, sends it back to sales sooner."


def _sign(verdicts: Verdicts, piece: Evidence) -> str:
    if piece.activities:
        return piece.says or activity_said(verdicts.agreement, piece.activities[0])
    value = f": {plain(piece.any_of[0])}" if piece.any_of else ""
    return f"{plain(piece.reads[0])}{value}"


def _since(verdicts: Verdicts, advices: Advices, row: int, form: str = " on {}") -> str:
    since = NO_INSTANT if advices.desk is None else int(advices.desk.since[row])
    return dated(since, int(verdicts.snapshots.cutoff[row]), form)
