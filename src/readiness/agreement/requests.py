"""What a lead asked for, if nobody of ours is known to have answered."""

from __future__ import annotations

from readiness.agreement.conditions import Evidence, fold
from readiness.agreement.involvement import last_involved_at
from readiness.agreement.known import known_in
from readiness.agreement.stage import DECISION, signifiers
from readiness.agreement.verdicts import Verdicts
from readiness.agreement.wording import dated, evidence_said, small
from readiness.crm.records import INBOUND, NO_INSTANT, Instant
from readiness.history import chunks


def unanswered(verdicts: Verdicts, row: int) -> str | None:
    """Say what the lead asked for and when, if no salesperson was in touch since; else None.

    What counts is what brought the lead to the decision stage: the newest key signifier, if the agreement
    names it among ``handover.requests``. Older or smaller requests are told with what speaks for a call.
    """
    states, agreement = verdicts.stage, verdicts.agreement
    if states.stage[row] != DECISION:
        return None
    piece, pointer = signifiers(agreement.stages, DECISION)[int(states.item[row])], int(states.pointer[row])
    if not is_request(verdicts, piece, pointer):
        return None
    at = int(states.at[row])
    if replied(verdicts, row, at):
        return None
    said = evidence_said(agreement, verdicts.tables, int(verdicts.snapshots.lead[row]), piece, pointer)
    return small(said) + dated(at, int(verdicts.snapshots.cutoff[row]), " on {}")


def is_request(verdicts: Verdicts, piece: Evidence, pointer: int) -> bool:
    """Say whether a piece of evidence, found where it points to, is a request by the agreement's terms."""
    requests = {fold(name) for name in verdicts.agreement.handover.requests}
    if not piece.activities:
        return not requests.isdisjoint(piece.folded_reads)
    activities = verdicts.tables.activities
    theirs = bool(activities.direction[pointer] == INBOUND)
    return theirs and fold(activities.type.at(pointer) or "") in requests


def replied(verdicts: Verdicts, row: int, at: Instant) -> bool:
    """Say whether a salesperson of ours was in touch at an instant or after it.

    Of what nobody dated, any contact may have been the answer.
    """
    contact = _last_contact(verdicts, row)
    return contact != NO_INSTANT and contact >= at


def _last_contact(verdicts: Verdicts, row: int) -> Instant:
    chunk = chunks.part(verdicts.tables, verdicts.snapshots, slice(row, row + 1))
    past = known_in(chunk, verdicts.agreement.unknown, (), {})
    return int(last_involved_at(past, verdicts.agreement.handover.sales_activities)[0])
