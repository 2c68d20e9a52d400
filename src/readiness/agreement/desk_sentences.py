"""What became of a lead's newest hand-over, in words."""

from __future__ import annotations

from readiness.agreement.advice import Advices
from readiness.agreement.verdicts import Verdicts
from readiness.agreement.wording import date, plain
from readiness.crm.records import NO_INSTANT
from readiness.history.desk import DECLINED, HANDED_BACK


def waiting(verdicts: Verdicts, advices: Advices, row: int) -> str:
    """Say since when sales has the lead to decide on, and until when."""
    until = date(int(advices.by[row]), seen_from=_cutoff(verdicts, row))
    since = _since(verdicts, advices, row)
    return f"Handed to sales {since}, who are to accept or decline it by {until}; leave it to them."


def with_sales(verdicts: Verdicts, advices: Advices, row: int) -> str:
    """Say since when the lead is with sales, and when they try next to reach it."""
    due = int(advices.follow_up[row])
    since = _since(verdicts, advices, row)
    if due == NO_INSTANT:
        look = date(int(advices.look_again[row]), seen_from=_cutoff(verdicts, row))
        return f"With sales, who accepted it {since}; leave it to them, and ask on {look} how it stands."
    when = date(due, seen_from=_cutoff(verdicts, row))
    return f"With sales, who accepted it {since}; their next attempt to reach it is due on {when}."


def undecided(verdicts: Verdicts, advices: Advices, row: int) -> str:
    """Say that sales did not decide in time."""
    return (
        f"Handed to sales {_since(verdicts, advices, row)}, who neither accepted nor declined it in time; "
        "so it is back with marketing."
    )


def unreached(verdicts: Verdicts, advices: Advices, row: int) -> str:
    """Say that sales could not reach the lead in time."""
    return (
        f"Accepted by sales {_since(verdicts, advices, row)}, but nothing came from the lead in time; "
        "so it is back with marketing."
    )


def declined(verdicts: Verdicts, advices: Advices, row: int) -> str:
    """Say that sales declined the lead, when and why."""
    return f"{_given_back(verdicts, advices, row)}; marketing keeps in touch until something has changed."


def handed_back(verdicts: Verdicts, advices: Advices, row: int) -> str:
    """Say that sales handed the lead back, when and why."""
    return f"{_given_back(verdicts, advices, row)}; it is back with marketing until something has changed."


def before(verdicts: Verdicts, advices: Advices, row: int) -> str | None:
    """Say what sales should remember of an earlier hand-over; None where there was none that ended."""
    desk = advices.desk
    if desk is None or desk.state[row] not in (DECLINED, HANDED_BACK):
        return None
    return f"{_given_back(verdicts, advices, row)}."


def _given_back(verdicts: Verdicts, advices: Advices, row: int) -> str:
    desk = advices.desk
    did = "Declined" if desk is not None and desk.state[row] == DECLINED else "Handed back"
    return f"{did} by sales {_since(verdicts, advices, row)}{_why(verdicts, advices, row)}"


def _why(verdicts: Verdicts, advices: Advices, row: int) -> str:
    # Of sales' own words only those that the agreement lists are repeated: others may name somebody.
    terms = verdicts.agreement.handover.returns
    position = int(advices.reason[row])
    if terms is None or position < 0:
        return ""
    reason = terms.reasons[position]
    return f" ({reason.says or plain(reason.any_of[0])})"


def _since(verdicts: Verdicts, advices: Advices, row: int) -> str:
    since = NO_INSTANT if advices.desk is None else int(advices.desk.since[row])
    return f"on {date(since, seen_from=_cutoff(verdicts, row))}"


def _cutoff(verdicts: Verdicts, row: int) -> int:
    return int(verdicts.snapshots.cutoff[row])
