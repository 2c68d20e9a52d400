"""Tables while they are being put together: rows in the order given, what was watched, then sorted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from readiness.crm import tables as columns
from readiness.crm.records import MICROSECONDS_PER_DAY, NO_INSTANT, Instant
from readiness.crm.tables import Activities, Answers, Handovers, Ints, Leads, Outcomes, Tables

NO_STARTS: Final[Ints] = np.empty(0, dtype=np.int64)
"""Stands for ``starts`` while rows lie in the order given."""


def settled(draft: Tables) -> Tables:
    """Return tables whose rows lie in the order given with their rows sorted by lead, instant, content."""
    n = len(draft.leads)
    a, b, c, d = draft.activities, draft.answers, draft.outcomes, draft.handovers
    return Tables(
        leads=draft.leads,
        activities=columns.activities(
            leads=n,
            lead=a.lead,
            occurred_at=a.occurred_at,
            type=a.type,
            direction=a.direction,
            channel=a.channel,
            value=a.value,
            detail=a.detail,
        ),
        answers=columns.answers(
            leads=n, lead=b.lead, answered_at=b.answered_at, field=b.field, value=b.value
        ),
        outcomes=columns.outcomes(leads=n, lead=c.lead, occurred_at=c.occurred_at, outcome=c.outcome),
        handovers=columns.handovers(
            leads=n,
            lead=d.lead,
            handed_over_at=d.handed_over_at,
            decided_at=d.decided_at,
            decision=d.decision,
            reason=d.reason,
            propensity=d.propensity,
        ),
        observed_through=draft.observed_through,
        dated=draft.dated,
        date_only=draft.date_only,
    )


def watched(
    draft_instants: Iterable[Ints], *, dated: bool, observed_through: Instant | None, date_only: bool | None
) -> tuple[Instant, bool]:
    """Return ``observed_through`` and ``date_only`` as given, or as the instants themselves suggest.

    Parameters
    ----------
    draft_instants : columns of instants
        Every one there is; NO_INSTANT is skipped.
    """
    if not dated:
        return NO_INSTANT, False
    columns = [at[at != NO_INSTANT] for at in draft_instants]
    columns = [at for at in columns if len(at)]
    if observed_through is None:
        observed_through = max(int(at.max()) for at in columns) + 1 if columns else NO_INSTANT
    if date_only is None:
        date_only = bool(columns) and all(map(_ends_of_days, columns))
    return observed_through, date_only


def _ends_of_days(at: Ints) -> bool:
    # The first few tell of most columns that they hold times.
    return bool(np.all((at[:1000] + 1) % MICROSECONDS_PER_DAY == 0)) and bool(
        np.all((at + 1) % MICROSECONDS_PER_DAY == 0)
    )


def instants(
    leads: Leads, activities: Activities, answers: Answers, outcomes: Outcomes, handovers: Handovers
) -> tuple[Ints, ...]:
    """Return every column of instants that the tables have."""
    return (
        leads.created_at,
        leads.last_known_at,
        activities.occurred_at,
        answers.answered_at,
        outcomes.occurred_at,
        handovers.handed_over_at,
        handovers.decided_at,
    )
