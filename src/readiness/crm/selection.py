"""Some of the leads with everything that belongs to them, as if the others had never been there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from readiness.crm.tables import (
    Activities,
    Answers,
    Attribute,
    Coded,
    Codes,
    Flags,
    Handovers,
    Ints,
    Leads,
    Outcomes,
    Tables,
)


def select(tables: Tables, leads: Ints) -> Tables:
    """Return the tables of these leads, in this order.

    Each lead keeps its rows as they lay. Levels that no row uses any more are dropped, so the
    result equals what the same leads alone would have been read as.

    Parameters
    ----------
    leads : Ints, k
        Positions of the leads, none of them twice.

    Raises
    ------
    ValueError
        If a lead is named twice: its id would no longer say which one is meant.
    """
    leads = np.asarray(leads, dtype=np.int64)
    if len(np.unique(leads)) != len(leads):
        raise ValueError("a lead is selected twice")
    return copied(tables, leads)


def copied(tables: Tables, leads: Ints) -> Tables:
    """Return the tables of these leads, in this order; a lead named k times stands there k times.

    All copies of a lead carry its id. Such tables are for suppositions about one lead, never to be kept.

    Parameters
    ----------
    leads : Ints, k
        Positions of the leads.
    """
    return replace(
        tables,
        leads=leads_at(tables.leads, leads),
        activities=activities_at(tables.activities, *_slices(tables.activities.starts, leads)),
        answers=answers_at(tables.answers, *_slices(tables.answers.starts, leads)),
        outcomes=outcomes_at(tables.outcomes, *_slices(tables.outcomes.starts, leads)),
        handovers=handovers_at(tables.handovers, *_slices(tables.handovers.starts, leads)),
    )


def accepted_rows(draft: Tables, accepted: Mapping[str, Flags]) -> Tables:
    """Return the accepted rows of tables whose rows lie in the order given; levels are made anew.

    Parameters
    ----------
    accepted : by table, a flag a row
        A row of a lead that is not accepted must not be accepted either.
    """
    kept = _kept(accepted["leads"])
    if isinstance(kept, slice):
        position = None
    else:
        position = np.full(len(draft.leads) + 1, -1, dtype=np.int32)
        position[kept] = np.arange(len(kept), dtype=np.int32)

    def renumbered(lead: Codes, rows: Ints | slice) -> Codes:
        return lead[rows] if position is None else position[lead[rows]]

    a, b = _kept(accepted["activities"]), _kept(accepted["answers"])
    c, d = _kept(accepted["outcomes"]), _kept(accepted["handovers"])
    none = np.empty(0, dtype=np.int64)
    return replace(
        draft,
        leads=leads_at(draft.leads, kept),
        activities=activities_at(draft.activities, a, renumbered(draft.activities.lead, a), none),
        answers=answers_at(draft.answers, b, renumbered(draft.answers.lead, b), none),
        outcomes=outcomes_at(draft.outcomes, c, renumbered(draft.outcomes.lead, c), none),
        handovers=handovers_at(draft.handovers, d, renumbered(draft.handovers.lead, d), none),
    )


def _kept(accepted: Flags) -> Ints | slice:
    # All of them: then nothing is copied, which a big table would feel.
    return slice(None) if accepted.all() else np.flatnonzero(accepted)


def leads_at(leads: Leads, rows: Ints | slice) -> Leads:
    """Return these rows of the leads."""
    return Leads(
        lead_id=leads.lead_id[rows],
        created_at=leads.created_at[rows],
        last_known_at=leads.last_known_at[rows],
        source=_taken(leads.source, rows),
        attributes={name: _attribute(values, rows) for name, values in leads.attributes.items()},
        identities={name: values[rows] for name, values in leads.identities.items()},
    )


def activities_at(activities: Activities, rows: Ints | slice, lead: Codes, starts: Ints) -> Activities:
    """Return these rows of the activities, as those of the leads named."""
    return Activities(
        lead=lead,
        starts=starts,
        occurred_at=activities.occurred_at[rows],
        type=_taken(activities.type, rows),
        direction=activities.direction[rows],
        channel=_taken(activities.channel, rows),
        value=activities.value[rows],
        detail=_taken(activities.detail, rows),
    )


def answers_at(answers: Answers, rows: Ints | slice, lead: Codes, starts: Ints) -> Answers:
    """Return these rows of the answers, as those of the leads named."""
    return Answers(
        lead=lead,
        starts=starts,
        answered_at=answers.answered_at[rows],
        field=_taken(answers.field, rows),
        value=_taken(answers.value, rows),
    )


def outcomes_at(outcomes: Outcomes, rows: Ints | slice, lead: Codes, starts: Ints) -> Outcomes:
    """Return these rows of the outcomes, as those of the leads named."""
    return Outcomes(
        lead=lead, starts=starts, occurred_at=outcomes.occurred_at[rows], outcome=outcomes.outcome[rows]
    )


def handovers_at(handovers: Handovers, rows: Ints | slice, lead: Codes, starts: Ints) -> Handovers:
    """Return these rows of the hand-overs, as those of the leads named."""
    return Handovers(
        lead=lead,
        starts=starts,
        handed_over_at=handovers.handed_over_at[rows],
        decided_at=handovers.decided_at[rows],
        decision=handovers.decision[rows],
        reason=_taken(handovers.reason, rows),
        propensity=handovers.propensity[rows],
    )


def _slices(starts: Ints, leads: Ints) -> tuple[Ints, Codes, Ints]:
    counts = starts[leads + 1] - starts[leads]
    ends = np.zeros(len(leads) + 1, dtype=np.int64)
    np.cumsum(counts, out=ends[1:])
    rows = np.arange(ends[-1], dtype=np.int64) + np.repeat(starts[leads] - ends[:-1], counts)
    return rows, np.repeat(np.arange(len(leads), dtype=np.int32), counts), ends


def _attribute(values: Attribute, rows: Ints | slice) -> Attribute:
    return _taken(values, rows) if isinstance(values, Coded) else values[rows]


def _taken(column: Coded, rows: Ints | slice) -> Coded:
    codes = column.codes[rows]
    used = np.zeros(len(column.levels) + 1, dtype=bool)
    used[codes] = True
    levels = used[:-1].nonzero()[0]
    if len(levels) == len(column.levels):
        return Coded(codes, column.levels)
    new = np.where(codes < 0, -1, np.searchsorted(levels, codes)).astype(np.int32)
    return Coded(new, tuple(column.levels[level] for level in levels.tolist()))
