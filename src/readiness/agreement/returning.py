"""Who is with sales, who came back from them, and whether such a lead may be handed over again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from readiness.agreement.conditions import Signs, first_that_holds, fold
from readiness.agreement.document import Agreement
from readiness.agreement.evidence import newest_evidence
from readiness.agreement.handover_terms import Returns
from readiness.agreement.interest import newest_meaningful, windows
from readiness.agreement.known import Known, known_in
from readiness.agreement.stage import CONSIDERATION, DECISION, signifiers
from readiness.agreement.verdicts import Verdicts
from readiness.crm.records import NO_INSTANT, days
from readiness.crm.tables import Flags, Floats, Ints
from readiness.history import chunks, events
from readiness.history.desk import ACCEPTED, DECLINED, HANDED_BACK, WAITING, Desk
from readiness.history.snapshots import Snapshots

NOT_RETURNED: Final = 0
UNDECIDED: Final = 1
UNREACHED: Final = 2
BY_DECLINE: Final = 3
BY_HANDING_BACK: Final = 4


@dataclass(frozen=True, slots=True)
class Standing:
    """What earlier hand-overs mean for n leads; row i belongs to snapshot i."""

    waiting: Flags
    """Sales has yet to decide, and has time to."""
    with_sales: Flags
    """Sales accepted the lead, and has reached it or has time to."""
    returned: Signs
    """How it came back to marketing, if lately and nothing has moved it on since; else NOT_RETURNED."""
    due: Ints
    """Waiting: until when sales decides. With sales: when the next attempt to reach it is due. Else none."""
    look_again: Ints
    """When marketing looks again, by sales' reason or by when the lead may be handed over again."""
    reason: Signs
    """Why sales gave it back, now or long ago: position in ``returns.reasons``; -1 for none listed there."""


def standing(verdicts: Verdicts, desk: Desk | None, agreement: Agreement) -> Standing | None:
    """Say what earlier hand-overs mean for each lead; None where they are not read.

    Handed over, a lead waits for sales' decision; after ``undecided_after_days`` without one it is back
    with marketing. Accepted, it is with sales; if nothing inbound and meaningful came within
    ``unreached_after_days`` of the acceptance, it is back as well. So it is once sales declines it or
    hands it back. Who is back is not handed over again for ``again_after_days``, unless a key signifier
    came since. A window of so many days ends before its last instant.

    Returns
    -------
    Standing, n rows, or None
    """
    terms = agreement.handover.returns
    if terms is None or desk is None:
        return None
    waiting = (desk.state == WAITING) & (desk.days < terms.undecided_after_days)
    accepted = desk.state == ACCEPTED
    unreached = accepted & (desk.days >= terms.unreached_after_days)
    if unreached.any():
        unreached[unreached] = ~_reached(verdicts, desk, np.flatnonzero(unreached), terms)
    came = [
        (desk.state == WAITING) & ~waiting,
        unreached,
        desk.state == DECLINED,
        desk.state == HANDED_BACK,
    ]
    # None of them is NOT_RETURNED, the code before the first.
    returned = (first_that_holds(came) + np.int8(1)) % np.int8(len(came) + 1)
    # How long after the newest word from sales the lead was back.
    spent = np.array([0.0, terms.undecided_after_days, terms.unreached_after_days, 0.0, 0.0])[returned]
    age = desk.days - spent
    barred = (returned != NOT_RETURNED) & (age < terms.again_after_days)
    if barred.any():
        barred[barred] = ~_moved_on(verdicts, np.flatnonzero(barred), age, agreement)
    returned = np.where(barred, returned, np.int8(NOT_RETURNED))
    with_sales = accepted & ~unreached
    given_back = (desk.state == DECLINED) | (desk.state == HANDED_BACK)
    reason = np.where(given_back, _reasons(desk, terms), np.int8(-1))
    due = _due(desk, waiting, with_sales, agreement)
    return Standing(
        waiting=waiting,
        with_sales=with_sales,
        returned=returned,
        due=_after(desk.since, due),
        look_again=_after(desk.since, _look_again(desk, returned, spent, due, with_sales, reason, terms)),
        reason=reason,
    )


def _reached(verdicts: Verdicts, desk: Desk, rows: Ints, terms: Returns) -> Flags:
    """Say whether something inbound and meaningful came in time: as seen from the end of that time."""
    end = desk.since[rows] + days(terms.unreached_after_days)
    past, order = _past(verdicts, Snapshots(verdicts.snapshots.lead[rows], end))
    reached = np.empty(len(rows), dtype=np.bool_)
    table = past.tables.activities
    last = newest_meaningful(past, verdicts.agreement.interest)
    reached[order] = events.days_before(table.occurred_at, last, past.cutoff) < terms.unreached_after_days
    return reached


def _moved_on(verdicts: Verdicts, rows: Ints, age: Floats, agreement: Agreement) -> Flags:
    """Say whether a key signifier came since the lead was back."""
    past, order = _past(verdicts, verdicts.snapshots.where(rows))
    every = [*signifiers(agreement.stages, CONSIDERATION), *signifiers(agreement.stages, DECISION)]
    moved_on = np.empty(len(rows), dtype=np.bool_)
    moved_on[order] = newest_evidence(past, every).age < age[rows][order]
    return moved_on


def _past(verdicts: Verdicts, looks: Snapshots) -> tuple[Known, Ints]:
    """Find the past of some looks, with the rows of their leads only; and in which order they stand in it."""
    order = np.argsort(looks.lead, kind="stable")
    chunk = chunks.part(verdicts.tables, looks, order)
    terms = verdicts.agreement
    return known_in(chunk, terms.unknown, windows(terms.interest), {}), order


def _reasons(desk: Desk, terms: Returns) -> Signs:
    place = np.full(len(desk.reason.levels) + 1, -1, dtype=np.int8)
    words = {fold(word): i for i, each in reversed(list(enumerate(terms.reasons))) for word in each.any_of}
    place[:-1] = [words.get(fold(level), -1) for level in desk.reason.levels]
    return place[desk.reason.codes]


def _due(desk: Desk, waiting: Flags, with_sales: Flags, agreement: Agreement) -> Floats:
    """Return how many days after its newest word sales has to act again; infinite where it has not."""
    terms = agreement.handover
    attempts = np.array([*terms.follow_up_after_days, np.inf])
    attempt = attempts[np.searchsorted(attempts, np.where(with_sales, desk.days, 0.0))]
    undecided = np.inf if terms.returns is None else terms.returns.undecided_after_days
    return np.where(waiting, undecided, np.where(with_sales, attempt, np.inf))


def _look_again(
    desk: Desk,
    returned: Signs,
    spent: Floats,
    due: Floats,
    with_sales: Flags,
    reason: Signs,
    terms: Returns,
) -> Floats:
    """Return how many days after sales' newest word marketing looks again; infinite where nothing says so."""
    by_reason = np.array([*(each.look_again_days for each in terms.reasons), np.nan])[reason]
    # A look that is already over is none to come: then the lead is looked at once it may pass again.
    ahead = spent + by_reason > desk.days
    back = spent + np.where(ahead, by_reason, terms.again_after_days)
    tried = with_sales & np.isinf(due) & (desk.days < terms.unreached_after_days)
    return np.where(returned != NOT_RETURNED, back, np.where(tried, terms.unreached_after_days, due))


def _after(since: Ints, wait: Floats) -> Ints:
    """Return the instants so many days after others; NO_INSTANT where there is no end to the wait."""
    dated = np.isfinite(wait) & (since != NO_INSTANT)
    return np.where(dated, since + np.rint(np.where(dated, wait, 0.0) * days(1)).astype(np.int64), NO_INSTANT)
