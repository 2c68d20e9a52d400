"""A lead that becomes active again after a neutral end is a new lead, so that a lead ends once."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from readiness.crm.drafts import settled
from readiness.crm.records import CLOSED_WON, INBOUND, NO_INSTANT, STOP_CALLING, Instant
from readiness.crm.selection import leads_at
from readiness.crm.tables import Codes, Ints, Tables


def split(tables: Tables) -> Tables:
    """Return tables in which each episode of a lead after the first is a lead of its own.

    An episode begins with the first inbound activity, hand-over or outcome after a neutral end
    (closed_lost or disqualified); what we alone did in between stays with the old one, and so does a
    wish to be left alone. It is created there, has the id of the lead with ``#2``, ``#3`` … behind it,
    and all that was known of the lead at its creation. Rows go with the episode in which they fall.
    After a final end nothing begins.

    Returns
    -------
    Tables
        The leads as before, then the new ones. Undated tables are returned as they are.
    """
    starts = _starts(tables) if tables.dated else {}
    if not starts:
        return tables
    lead_of = _Renumbering(starts, len(tables.leads))
    parents = np.array([lead for lead, begun in starts.items() for _ in begun], dtype=np.int64)
    leads = leads_at(tables.leads, np.concatenate([np.arange(len(tables.leads)), parents]))
    created_at = leads.created_at.copy()
    created_at[len(tables.leads) :] = [start for begun in starts.values() for start in begun]
    leads = replace(leads, created_at=created_at, lead_id=_ids(leads.lead_id.tolist(), starts))
    a, b, c, d = tables.activities, tables.answers, tables.outcomes, tables.handovers
    return settled(
        replace(
            tables,
            leads=leads,
            activities=replace(a, lead=lead_of.each(a.lead, a.occurred_at)),
            answers=replace(b, lead=lead_of.each(b.lead, b.answered_at)),
            outcomes=replace(c, lead=lead_of.each(c.lead, c.occurred_at)),
            handovers=replace(d, lead=lead_of.each(d.lead, d.handed_over_at)),
        )
    )


def joined(tables: Tables, episodes: int) -> Tables:
    """Return tables in which each lead is whole again: the opposite of `split`.

    Parameters
    ----------
    episodes : int
        So many leads, the last ones, are later episodes of leads before them.
    """
    if not episodes:
        return tables
    first = len(tables.leads) - episodes
    ids = tables.leads.lead_id.tolist()
    position = {lead_id: row for row, lead_id in enumerate(ids[:first])}
    whole = np.arange(len(ids), dtype=np.int32)
    whole[first:] = [position[lead_id.rpartition("#")[0]] for lead_id in ids[first:]]
    return settled(
        replace(
            tables,
            leads=leads_at(tables.leads, slice(0, first)),
            activities=replace(tables.activities, lead=whole[tables.activities.lead]),
            answers=replace(tables.answers, lead=whole[tables.answers.lead]),
            outcomes=replace(tables.outcomes, lead=whole[tables.outcomes.lead]),
            handovers=replace(tables.handovers, lead=whole[tables.handovers.lead]),
        )
    )


def _starts(tables: Tables) -> dict[int, list[Instant]]:
    """Return by lead when its later episodes began; only leads that have some."""
    ends, activities, handovers = tables.outcomes, tables.activities, tables.handovers
    neutral = (ends.outcome != CLOSED_WON) & (ends.outcome != STOP_CALLING) & (ends.occurred_at != NO_INSTANT)
    starts = {}
    for lead in np.unique(ends.lead[neutral]).tolist():
        own = slice(ends.starts[lead], ends.starts[lead + 1])
        when, is_neutral = ends.occurred_at[own], neutral[own]
        rows = slice(activities.starts[lead], activities.starts[lead + 1])
        inbound = activities.occurred_at[rows][activities.direction[rows] == INBOUND]
        handed = handovers.handed_over_at[handovers.starts[lead] : handovers.starts[lead + 1]]
        dated = when != NO_INSTANT
        lively = when[dated & (ends.outcome[own] != STOP_CALLING)]
        active = np.sort(np.concatenate([inbound, handed, lively])).tolist()
        final = when[dated & ~is_neutral]
        begun = _begun(when[is_neutral].tolist(), active, int(final.min()) if len(final) else None)
        if begun:
            starts[lead] = begun
    return starts


def _begun(neutral: Sequence[Instant], active: Sequence[Instant], final: Instant | None) -> list[Instant]:
    """Return when later episodes begin; both sequences ascend."""
    begun: list[Instant] = []
    end = 0
    while end < len(neutral):
        first = bisect_right(active, neutral[end])
        if first == len(active) or (final is not None and final < active[first]):
            break
        begun.append(active[first])
        end = bisect_left(neutral, active[first])
    return begun


def _ids(ids: Sequence[str], starts: Mapping[int, Sequence[Instant]]) -> np.ndarray:
    taken = set(ids)
    named = list(ids[: len(ids) - sum(map(len, starts.values()))])
    for lead, begun in starts.items():
        number = 2
        for _ in begun:
            while f"{ids[lead]}#{number}" in taken:
                number += 1
            named.append(f"{ids[lead]}#{number}")
            taken.add(named[-1])
    result = np.empty(len(named), dtype=np.object_)
    result[:] = named
    return result


class _Renumbering:
    """Which lead a row belongs to once episodes are leads."""

    def __init__(self, starts: Mapping[int, Sequence[Instant]], leads: int) -> None:
        counts = np.zeros(leads + 1, dtype=np.int64)
        for lead, begun in starts.items():
            counts[lead + 1] = len(begun)
        self._first = np.cumsum(counts)
        self._starts = starts
        self._leads = leads

    def each(self, lead: Codes, at: Ints) -> Codes:
        """Return the lead of each row; undated rows stay with the first episode."""
        result = lead.copy()
        split = np.flatnonzero(np.isin(lead, list(self._starts)))
        for row, who, when in zip(split.tolist(), lead[split].tolist(), at[split].tolist(), strict=True):
            episode = bisect_right(self._starts[who], when) if when != NO_INSTANT else 0
            if episode:
                # New leads stand behind the old ones in the order of their parents.
                result[row] = self._leads + self._first[who] + episode - 1
        return result
