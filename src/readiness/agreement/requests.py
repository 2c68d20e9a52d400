"""What a lead asked for, if nobody of ours is known to have answered."""

from __future__ import annotations

from readiness.agreement.conditions import Evidence, fold
from readiness.agreement.involvement import last_involved_at
from readiness.agreement.known import known_in
from readiness.agreement.stage import DECISION, signifiers
from readiness.agreement.verdicts import Verdicts
from readiness.agreement.wording import dated, evidence_said, small
from readiness.crm.records import INBOUND, NO_INSTANT
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
    at, contact = int(states.at[row]), _last_contact(verdicts, row)
    # Of what nobody dated, any contact may have been the answer.
    if contact != NO_INSTANT and contact >= at:
        return None
    said = evidence_said(agreement, verdicts.tables, int(verdicts.snapshots.lead[row]), piece, pointer)
    return small(said) + dated(at, int(verdicts.snapshots.cutoff[row]), " on {}")


def _asks(verdicts: Verdicts, piece: Evidence, pointer: int) -> bool:
    agreement, activities = verdicts.agreement, verdicts.tables.activities
    if not piece.activities:
        shown = {name for fact in agreement.interest.shown_by for name in fact.folded_reads}
        return bool(shown & set(piece.folded_reads))
    with_us = {fold(name) for name in agreement.handover.sales_activities or ()}
    kind = fold(activities.type.at(pointer) or "")
    return bool(activities.direction[pointer] == INBOUND) and kind not in with_us


def _last_contact(verdicts: Verdicts, row: int) -> int:
    chunk = chunks.part(verdicts.tables, verdicts.snapshots, slice(row, row + 1))
    past = known_in(chunk, verdicts.agreement.unknown, (), {})
    return int(last_involved_at(past, verdicts.agreement.handover.sales_activities)[0])
