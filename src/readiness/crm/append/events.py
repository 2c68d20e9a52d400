"""The four dated tables of two exports, laid together so that the result keeps every rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from readiness.crm import validation
from readiness.crm.append.leads import LeadsTogether
from readiness.crm.append.rows import Clash, stacked, superseded, union
from readiness.crm.drafts import NO_STARTS
from readiness.crm.records import CLOSED_WON, STOP_CALLING
from readiness.crm.selection import activities_at, answers_at, handovers_at, outcomes_at
from readiness.crm.tables import Activities, Answers, Coded, Codes, Flags, Handovers, Ints, Outcomes, Tables

EVENTS: Final = ("activities", "answers", "outcomes", "handovers")

Rows = TypeVar("Rows", Activities, Answers, Outcomes, Handovers)


@dataclass(frozen=True, slots=True)
class Laid:
    """Tables whose rows lie as they came, and the rows that contradict each other."""

    tables: Tables
    clashes: Mapping[str, tuple[Clash, ...]]


def lay(there: Tables, given: Tables, leads: LeadsTogether, *, prefer_new: bool) -> Laid:
    """Lay the dated rows of two exports together.

    Parameters
    ----------
    leads : LeadsTogether
        The leads of both; rows given are those of ``leads.position``.
    prefer_new : bool
        Whether rows given win where they contradict rows there.
    """
    position = leads.position
    a = _below(there.activities, given.activities, position)
    content: list[NDArray[Any]] = [a.type.codes, a.direction, a.channel.codes, a.value, a.detail.codes]
    of_a = union(a.lead, a.occurred_at, content, _given(there.activities, a), key=None, prefer_new=prefer_new)
    b = _below(there.answers, given.answers, position)
    content = [b.field.codes, b.value.codes]
    of_b = union(b.lead, b.answered_at, content, _given(there.answers, b), key=1, prefer_new=prefer_new)
    c, of_c = _ends(there, given, leads, prefer_new=prefer_new)
    d, of_d = _handovers(there.handovers, given.handovers, position, prefer_new=prefer_new)
    tables = Tables(
        leads=leads.leads,
        activities=activities_at(a, of_a.rows, a.lead[of_a.rows], NO_STARTS),
        answers=answers_at(b, of_b.rows, b.lead[of_b.rows], NO_STARTS),
        outcomes=c,
        handovers=d,
        **_watched(there, given),
    )
    return Laid(tables, {"answers": of_b.clashes, "outcomes": of_c, "handovers": of_d})


def _watched(there: Tables, given: Tables) -> dict[str, Any]:
    parts = [tables for tables in (there, given) if len(tables.leads)] or [there, given]
    return {
        "observed_through": max(tables.observed_through for tables in parts),
        "dated": parts[0].dated,
        "date_only": all(tables.date_only for tables in parts),
    }


def _below(there: Rows, given: Rows, position: Codes) -> Rows:
    """Put rows given below the rows there, as rows of the leads together."""
    lead = np.concatenate([there.lead, position[given.lead]])
    columns: dict[str, Any] = {"lead": lead, "starts": NO_STARTS}
    for name in (field.name for field in fields(there) if field.name not in columns):
        one, other = getattr(there, name), getattr(given, name)
        columns[name] = stacked(one, other) if isinstance(one, Coded) else np.concatenate([one, other])
    return type(there)(**columns)


def _given(there: Rows, both: Rows) -> Flags:
    given = np.ones(len(both), dtype=bool)
    given[: len(there)] = False
    return given


def _handovers(
    there: Handovers, given: Handovers, position: Codes, *, prefer_new: bool
) -> tuple[Handovers, tuple[Clash, ...]]:
    both = _below(there, given, position)
    flags = _given(there, both)
    current = np.flatnonzero(~superseded(both, flags))
    first_given = int((~flags[current]).sum())
    content: list[NDArray[Any]] = [both.decided_at, both.decision, both.reason.codes, both.propensity]
    content = [column[current] for column in content]
    at = both.handed_over_at[current]
    found = union(both.lead[current], at, content, flags[current], key=0, prefer_new=prefer_new)
    rows = current[found.rows]
    clashes = tuple(
        replace(
            clash, there=int(current[clash.there]), given=int(current[first_given + clash.given]) - len(there)
        )
        for clash in found.clashes
    )
    return handovers_at(both, rows, both.lead[rows], NO_STARTS), clashes


def _ends(
    there: Tables, given: Tables, leads: LeadsTogether, *, prefer_new: bool
) -> tuple[Outcomes, tuple[Clash, ...]]:
    both = _below(there.outcomes, given.outcomes, leads.position)
    side = _given(there.outcomes, both)
    found = union(both.lead, both.occurred_at, [both.outcome], side, key=0, prefer_new=prefer_new)
    rows = found.rows
    # Each side keeps the rules by itself, so a lead that now breaks one is taken from one side whole.
    torn = _torn(replace(given, leads=leads.leads, **_watched(there, given)), both, rows)
    if torn.any():
        one_side = np.flatnonzero(torn[both.lead] & (side == prefer_new))
        rows = np.sort(np.concatenate([rows[~torn[both.lead[rows]]], one_side]))
    told = {clash.lead for clash in found.clashes}
    further = [lead for lead in np.flatnonzero(torn).tolist() if lead not in told]
    clashes = (*found.clashes, *(_of_lead(both, side, lead) for lead in further))
    return outcomes_at(both, rows, both.lead[rows], NO_STARTS), clashes


def _torn(tables: Tables, both: Outcomes, rows: Ints) -> Flags:
    """Say which leads have outcomes that break a rule."""
    nothing, none = slice(0, 0), np.empty(0, dtype=np.int32)
    draft = replace(
        tables,
        activities=activities_at(tables.activities, nothing, none, NO_STARTS),
        answers=answers_at(tables.answers, nothing, none, NO_STARTS),
        outcomes=outcomes_at(both, rows, both.lead[rows], NO_STARTS),
        handovers=handovers_at(tables.handovers, nothing, none, NO_STARTS),
    )
    torn = np.zeros(len(tables.leads), dtype=bool)
    for finding in validation.examine(draft):
        if finding.table == "outcomes" and finding.rule.refuses:
            torn[draft.outcomes.lead[finding.rows]] = True
    return torn


def _of_lead(both: Outcomes, side: Flags, lead: int) -> Clash:
    """Return the last rows of a lead, final ones before others, one of each side."""
    last = []
    for own in (~side, side):
        rows = np.flatnonzero((both.lead == lead) & own)
        final = rows[np.isin(both.outcome[rows], (CLOSED_WON, STOP_CALLING))]
        last.append(int([-1, *rows, *final][-1]))
    there, given = last
    first_given = int((~side).sum())
    at = int(both.occurred_at[max(there, given)])
    return Clash(lead, at, there, given - first_given if given >= 0 else -1)
