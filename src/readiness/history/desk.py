"""Where a lead stands between marketing and sales, as far as was known at a cutoff."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from readiness.crm.records import DECISIONS, NO_INSTANT
from readiness.crm.tables import Coded, Floats, Handovers, Ints, Tables
from readiness.history import events
from readiness.history.snapshots import Snapshots

DESK_STATES: Final = ("none", "waiting", *DECISIONS)
"""Codes in columns are positions here: never handed over, waiting for sales' decision, and what it was."""

NOT_HANDED_OVER: Final = 0
WAITING: Final = 1
ACCEPTED: Final = DESK_STATES.index("accepted")
DECLINED: Final = DESK_STATES.index("declined")
HANDED_BACK: Final = DESK_STATES.index("handed_back")


@dataclass(frozen=True, slots=True)
class Desk:
    """The newest hand-over of n leads; row i belongs to snapshot i."""

    state: NDArray[np.int8]
    """Position in `DESK_STATES`."""
    since: Ints
    """When it was handed over (waiting), or when sales decided; NO_INSTANT for none."""
    days: Floats
    """How many days before the cutoff that was; NaN for none."""
    reason: Coded
    """Sales' reason; missing where there is none, or none was known yet."""

    def __len__(self) -> int:
        return len(self.state)

    def take(self, rows: Ints) -> Desk:
        """Return these rows, in this order; a row may be named more than once."""
        return Desk(self.state[rows], self.since[rows], self.days[rows], self.reason.take(rows))


def desk(tables: Tables, snapshots: Snapshots) -> Desk:
    """Say for each snapshot where its lead stands between marketing and sales.

    The newest hand-over before the cutoff counts, and its decision if that came before the cutoff, too.
    A decision that nobody dated counts from the hand-over on. Of several hand-overs at one instant the
    newest decision known at the cutoff counts.

    Parameters
    ----------
    tables : Tables
        Only ``handovers`` is read. In undated tables there are none.
    snapshots : Snapshots, n rows

    Returns
    -------
    Desk, n rows
        In the order of the snapshots.
    """
    table = tables.handovers
    row = _newest_known(table, snapshots)
    decided_at = np.append(table.decided_at, NO_INSTANT)[row]
    # What is decided at or after the cutoff is not known yet; without a date it always was.
    decision = np.append(table.decision, np.int8(-1))[row]
    known = (decision >= 0) & (decided_at < snapshots.cutoff)
    state = np.where(known, decision + np.int8(WAITING + 1), np.int8(WAITING)).astype(np.int8)
    state[row < 0] = NOT_HANDED_OVER
    handed_over_at = np.append(table.handed_over_at, NO_INSTANT)[row]
    since = np.where(known & (decided_at != NO_INSTANT), decided_at, handed_over_at)
    each = np.where(row < 0, -1, np.arange(len(row)))
    codes = np.where(known, np.append(table.reason.codes, np.int32(-1))[row], np.int32(-1))
    return Desk(
        state=state,
        since=since,
        days=events.days_before(since, each, snapshots.cutoff),
        reason=Coded(codes, table.reason.levels),
    )


def _newest_known(table: Handovers, snapshots: Snapshots) -> Ints:
    """Return the row of the hand-over that counts, -1 for none."""
    lead, cutoff = snapshots.lead, snapshots.cutoff
    past = events.before(table.starts, table.handed_over_at, lead, cutoff)
    last = np.where(past.high > past.low, past.high - 1, -1)
    if not len(table):
        return last
    # Rows at one instant lie by their decisions' dates, none first: those of later ones are not known yet,
    # and must not show by hiding an earlier one.
    opens = events.first_at_or_after(table.starts, table.handed_over_at, lead, table.handed_over_at[last])
    snapshot, row = events.pairs(np.where(last < 0, 0, opens), np.where(last < 0, 0, past.high))
    seen = table.decided_at[row] < cutoff[snapshot]
    found = np.where(last < 0, -1, opens)
    np.maximum.at(found, snapshot[seen], row[seen])
    return found
