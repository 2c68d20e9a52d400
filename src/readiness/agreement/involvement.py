"""Whether a salesperson of ours was in touch with a lead."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np

from readiness.agreement.conditions import fold
from readiness.agreement.evidence import done
from readiness.agreement.known import Known
from readiness.crm.records import NO_INSTANT, OUTBOUND
from readiness.crm.tables import Coded, Flags, Ints
from readiness.history import events

MAILING: Final = re.compile(r"mail|newsletter|campaign|invit|advert|(^|[\W_])ads?($|[\W_])", re.IGNORECASE)
"""What the names of types and channels have in them through which marketing writes to many at once."""


def salesperson_involved(past: Known, sales_activities: Sequence[str] | None) -> Flags:
    """Say which leads a salesperson of ours was in touch with, ever before the cutoff.

    An activity of a type that the agreement names counts, whichever side began it: a meeting takes two.
    Where the agreement names none, everything outbound counts but what its type or channel calls a mail,
    newsletter, campaign, invitation or advertisement: those go out without a salesperson.

    Parameters
    ----------
    past : Known, n rows
    sales_activities : types, or None
        The agreement's ``handover.sales_activities``; upper and lower case do not matter.

    Returns
    -------
    Flags, n rows
        False also where no activity is known, as in undated data.
    """
    involved: Flags = last_involved_at(past, sales_activities) != NO_INSTANT
    return involved


def last_involved_at(past: Known, sales_activities: Sequence[str] | None) -> Ints:
    """Say when a salesperson of ours was last in touch with each lead; by the same rule.

    Returns
    -------
    Ints, n rows
        NO_INSTANT where nobody is known to have been.
    """
    if sales_activities is not None:
        seen = done(past, tuple(map(fold, sales_activities)))
        return np.full(len(past), NO_INSTANT, dtype=np.int64) if seen is None else seen.at
    table = past.tables.activities
    ours = (table.direction == OUTBOUND) & ~_mailing(table.type) & ~_mailing(table.channel)
    newest = events.newest(ours, past.activities.low, past.activities.high)
    return np.where(newest < 0, NO_INSTANT, np.append(table.occurred_at, NO_INSTANT)[newest])


def _mailing(column: Coded) -> Flags:
    # Code -1 (missing) stands at the end, and is no mailing.
    mailing = np.array([*(MAILING.search(level) is not None for level in column.levels), False])
    return mailing[column.codes]
