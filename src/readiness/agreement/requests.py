"""What a lead asked for, if nobody of ours is known to have answered."""

from __future__ import annotations

from readiness.agreement.conditions import Evidence, fold
from readiness.agreement.document import Agreement
from readiness.agreement.involvement import last_involved_at
from readiness.agreement.known import known_in
from readiness.agreement.stage import CONSIDERATION, DECISION, signifiers
from readiness.agreement.verdicts import Verdicts
from readiness.agreement.wording import dated, evidence_said, small
from readiness.crm.records import INBOUND, NO_INSTANT, Instant
from readiness.history import chunks


def unanswered(verdicts: Verdicts, row: int) -> str | None:
    """Say what the lead asked for and when, if no salesperson was in touch since; else None.

    Asking is what brought the lead to the decision stage of its own accord: the newest key signifier, if
    it is an inbound activity that takes no salesperson, or a fact by which the agreement sees interest.
    """
    states, agreement = verdicts.stage, verdicts.agreement
    if states.stage[row] != DECISION:
        return None
    piece, pointer = signifiers(agreement.stages, DECISION)[int(states.item[row])], int(states.pointer[row])
    if not _asks(verdicts, piece, pointer):
        return None
    at = int(states.at[row])
    if replied(verdicts, row, at):
        return None
    said = evidence_said(agreement, verdicts.tables, int(verdicts.snapshots.lead[row]), piece, pointer)
    return small(said) + dated(at, int(verdicts.snapshots.cutoff[row]), " on {}")


def requested(agreement: Agreement) -> frozenset[str]:
    """Return the (folded) names of facts that are requests: they show interest, and move a lead on."""
    shown = {name for fact in agreement.interest.shown_by for name in fact.folded_reads}
    moves = (*signifiers(agreement.stages, CONSIDERATION), *signifiers(agreement.stages, DECISION))
    return frozenset(shown & {name for piece in moves for name in piece.folded_reads})


def replied(verdicts: Verdicts, row: int, at: Instant) -> bool:
    """Say whether a salesperson of ours was in touch at an instant or after it.

    Of what nobody dated, any contact may have been the answer.
    """
    contact = _last_contact(verdicts, row)
    return contact != NO_INSTANT and contact >= at


def _asks(verdicts: Verdicts, piece: Evidence, pointer: int) -> bool:
    agreement, activities = verdicts.agreement, verdicts.tables.activities
    if not piece.activities:
        return bool(requested(agreement) & set(piece.folded_reads))
    with_us = {fold(name) for name in agreement.handover.sales_activities or ()}
    kind = fold(activities.type.at(pointer) or "")
    return bool(activities.direction[pointer] == INBOUND) and kind not in with_us


def _last_contact(verdicts: Verdicts, row: int) -> Instant:
    chunk = chunks.part(verdicts.tables, verdicts.snapshots, slice(row, row + 1))
    past = known_in(chunk, verdicts.agreement.unknown, (), {})
    return int(last_involved_at(past, verdicts.agreement.handover.sales_activities)[0])
