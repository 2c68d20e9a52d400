"""What must be true of the tables before anybody works with them, each rule with a stable name.

The checks read typed columns whose rows lie in the order given, so the same rules hold for records,
data frames and files. Each says which rows break it; nobody stops at the first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from readiness.crm.records import (
    CLOSED_WON,
    MICROSECONDS_PER_DAY,
    NO_INSTANT,
    STOP_CALLING,
)
from readiness.crm.rules import (
    ACTIVE_AFTER_END,
    CONFLICTING_LEAD,
    COPIED_LEAD,
    DECIDED_TOO_EARLY,
    END_IN_DOUBT,
    ENDED_BEFORE_CREATION,
    LEAD_REFUSED,
    MISSING_END_DATE,
    MISSING_VALUE,
    NOT_A_NUMBER,
    NOT_WATCHED_YET,
    RECORD_KEPT_TOO_LONG,
    SECOND_END,
    UNDATED_END,
    UNDATED_EVENTS,
    UNKNOWN_DECISION,
    UNKNOWN_DIRECTION,
    UNKNOWN_LEAD,
    UNKNOWN_OUTCOME,
    Rule,
)
from readiness.crm.tables import Coded, Codes, Flags, Ints, Leads, Tables

TABLES: Final = ("leads", "activities", "answers", "outcomes", "handovers")

UNKNOWN_WORD: Final = -2
"""In a column of words before it is checked: something stood there that is none of them."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The rows of one table, as positions in the order given, that break one rule."""

    rule: Rule
    table: str
    column: str | None
    rows: Ints
    whole: bool = False
    """The fault is the table's as a whole: it is told once, though every row is concerned."""


Broken: TypeAlias = Mapping[tuple[str, str], Flags]
"""By (table, column): rows whose cell could not be read and has been reported; they are not also missing."""


def examine(draft: Tables, broken: Broken | None = None) -> list[Finding]:
    """Return everything that is wrong with tables whose rows lie in the order given.

    Parameters
    ----------
    draft : Tables
        Typed but unchecked: an event's ``lead`` is -1 where no such lead exists, a word is
        UNKNOWN_WORD where it is none of those allowed. Events of a lead that stands twice point
        to the first of its rows.
    broken : mapping of (table, column) to Flags, optional
        Cells that could not be read at all and are reported elsewhere.
    """
    findings = [found for check in CHECKS for found in check(draft, broken or {})]
    return [found for found in findings if len(found.rows)]


def refused_leads(draft: Tables, findings: Sequence[Finding], named: Ints) -> list[Finding]:
    """Return the leads whose end is in doubt because a row of outcomes was refused.

    Parameters
    ----------
    named : Ints
        Further leads of which that is known otherwise.
    """
    doubted = [
        draft.outcomes.lead[found.rows]
        for found in findings
        if found.table == "outcomes" and found.rule.refuses and found.rule.doubts_end
    ]
    leads = np.unique(np.concatenate([named, *doubted]))
    rows = leads[leads >= 0]
    return [Finding(END_IN_DOUBT, "leads", None, rows)] if len(rows) else []


def orphans(draft: Tables, accepted: Flags) -> list[Finding]:
    """Return the rows of leads that are not accepted."""
    found = []
    for table, lead in _leads_of(draft):
        rows = np.flatnonzero((lead >= 0) & ~np.append(accepted, True)[lead])
        if len(rows):
            found.append(Finding(LEAD_REFUSED, table, "lead_id", rows))
    return found


def _leads_of(draft: Tables) -> Iterator[tuple[str, Codes]]:
    yield "activities", draft.activities.lead
    yield "answers", draft.answers.lead
    yield "outcomes", draft.outcomes.lead
    yield "handovers", draft.handovers.lead


def _where(flags: Flags) -> Ints:
    rows: Ints = flags.nonzero()[0]
    return rows


def _required_values(draft: Tables, broken: Broken) -> Iterator[Finding]:
    cells: list[tuple[str, str, Flags]] = []
    if len(draft.activities):
        cells.append(("activities", "occurred_at", draft.activities.occurred_at == NO_INSTANT))
        cells.append(("activities", "type", draft.activities.type.codes < 0))
        cells.append(("activities", "direction", draft.activities.direction == -1))
    if len(draft.answers):
        cells.append(("answers", "answered_at", draft.answers.answered_at == NO_INSTANT))
        cells.append(("answers", "field", draft.answers.field.codes < 0))
    if len(draft.outcomes):
        cells.append(("outcomes", "outcome", draft.outcomes.outcome == -1))
    if len(draft.handovers):
        cells.append(("handovers", "handed_over_at", draft.handovers.handed_over_at == NO_INSTANT))
    if draft.dated:
        cells.append(("leads", "created_at", draft.leads.created_at == NO_INSTANT))
    for table, column, missing in cells:
        reported = broken.get((table, column))
        rows = _where(missing if reported is None else missing & ~reported)
        yield Finding(MISSING_END_DATE if table == "outcomes" else MISSING_VALUE, table, column, rows)


def _words(draft: Tables, _: Broken) -> Iterator[Finding]:
    yield Finding(
        UNKNOWN_DIRECTION, "activities", "direction", _where(draft.activities.direction == UNKNOWN_WORD)
    )
    yield Finding(UNKNOWN_OUTCOME, "outcomes", "outcome", _where(draft.outcomes.outcome == UNKNOWN_WORD))
    yield Finding(UNKNOWN_DECISION, "handovers", "decision", _where(draft.handovers.decision == UNKNOWN_WORD))


def _finite_numbers(draft: Tables, _: Broken) -> Iterator[Finding]:
    columns = [
        ("leads", name, each) for name, each in draft.leads.attributes.items() if not isinstance(each, Coded)
    ]
    columns.append(("activities", "value", draft.activities.value))
    columns.append(("handovers", "propensity", draft.handovers.propensity))
    if np.isinf(np.concatenate([values for *_, values in columns])).any():
        for table, name, values in columns:
            yield Finding(NOT_A_NUMBER, table, name, _where(np.isinf(values)))


def _known_leads(draft: Tables, _: Broken) -> Iterator[Finding]:
    for table, lead in _leads_of(draft):
        yield Finding(UNKNOWN_LEAD, table, "lead_id", _where(lead < 0))


def _one_row_a_lead(draft: Tables, _: Broken) -> Iterator[Finding]:
    ids = draft.leads.lead_id.tolist()
    if len(set(ids)) == len(ids):
        return
    by_id: dict[str, list[int]] = defaultdict(list)
    for row, lead_id in enumerate(ids):
        by_id[lead_id].append(row)
    copies: list[int] = []
    conflicts: list[int] = []
    for rows in by_id.values():
        if len(rows) > 1:
            alike = len({_content(draft.leads, row) for row in rows}) == 1
            copies += rows[1:] if alike else []
            conflicts += [] if alike else rows
    yield Finding(COPIED_LEAD, "leads", "lead_id", np.array(sorted(copies), dtype=np.int64))
    yield Finding(CONFLICTING_LEAD, "leads", "lead_id", np.array(sorted(conflicts), dtype=np.int64))


def _content(leads: Leads, row: int) -> tuple[object, ...]:
    columns: list[NDArray[Any]] = [leads.created_at, leads.last_known_at, leads.source.codes]
    columns += leads.identities.values()
    columns += [a.codes if isinstance(a, Coded) else a for a in leads.attributes.values()]
    return tuple(str(column[row]) for column in columns)


def _no_end_before_creation(draft: Tables, _: Broken) -> Iterator[Finding]:
    ends = draft.outcomes
    if not len(ends) or not draft.dated:
        return
    created = draft.leads.created_at
    # A creation known to the day stands at the day's end; an outcome with a time on that day is no fault.
    day_end = (created + 1) % MICROSECONDS_PER_DAY == 0
    floor = np.where(day_end, created - (MICROSECONDS_PER_DAY - 1), created)
    floor[created == NO_INSTANT] = NO_INSTANT
    early = (ends.lead >= 0) & (ends.occurred_at != NO_INSTANT) & (ends.occurred_at < floor[ends.lead])
    yield Finding(ENDED_BEFORE_CREATION, "outcomes", "occurred_at", _where(early))


def _one_final_end(draft: Tables, _: Broken) -> Iterator[Finding]:
    ends = draft.outcomes
    final = _where(_is_final(draft) & (ends.lead >= 0))
    if len(final) < 2:
        return
    # An end that nobody dated comes after one that somebody did; of two at once, stop_calling is first.
    when = np.where(ends.occurred_at[final] == NO_INSTANT, np.iinfo(np.int64).max, ends.occurred_at[final])
    final = final[np.lexsort((-ends.outcome[final], when, ends.lead[final]))]
    later = np.r_[False, ends.lead[final][1:] == ends.lead[final][:-1]]
    # Who bought can still tell us to stop: a lead's first stop always counts, or it would be called again.
    stops = (ends.outcome[final] == STOP_CALLING).nonzero()[0]
    first_stop = stops[np.r_[True, ends.lead[final[stops]][1:] != ends.lead[final[stops]][:-1]][: len(stops)]]
    later[first_stop] = False
    yield Finding(SECOND_END, "outcomes", "outcome", np.sort(final[later]))


def _is_final(draft: Tables) -> Flags:
    ends = draft.outcomes.outcome
    final: Flags = (ends == CLOSED_WON) | (ends == STOP_CALLING)
    return final


def _no_events_without_time(draft: Tables, _: Broken) -> Iterator[Finding]:
    if draft.dated:
        return
    for table, lead in _leads_of(draft):
        if table == "outcomes":
            rows = _where(draft.outcomes.occurred_at != NO_INSTANT)
            yield Finding(UNDATED_END, table, "occurred_at", rows, whole=True)
        else:
            yield Finding(UNDATED_EVENTS, table, None, np.arange(len(lead)), whole=True)


def _nothing_from_the_future(draft: Tables, _: Broken) -> Iterator[Finding]:
    through = draft.observed_through
    if through == NO_INSTANT:
        return
    columns: list[tuple[str, str, Ints]] = [
        ("leads", "created_at", draft.leads.created_at),
        ("activities", "occurred_at", draft.activities.occurred_at),
        ("answers", "answered_at", draft.answers.answered_at),
        ("outcomes", "occurred_at", draft.outcomes.occurred_at),
        ("handovers", "handed_over_at", draft.handovers.handed_over_at),
        ("handovers", "decided_at", draft.handovers.decided_at),
    ]
    newest = np.concatenate([at for *_, at in columns])
    if len(newest) and int(newest.max()) >= through:
        for table, column, at in columns:
            yield Finding(NOT_WATCHED_YET, table, column, _where(at >= through))
    yield Finding(RECORD_KEPT_TOO_LONG, "leads", "last_known_at", _where(draft.leads.last_known_at > through))


def _decided_after_handover(draft: Tables, _: Broken) -> Iterator[Finding]:
    handovers = draft.handovers
    if len(handovers):
        early = (handovers.decided_at != NO_INSTANT) & (handovers.decided_at < handovers.handed_over_at)
        yield Finding(DECIDED_TOO_EARLY, "handovers", "decided_at", _where(early))


def _quiet_after_the_end(draft: Tables, _: Broken) -> Iterator[Finding]:
    ends, activities = draft.outcomes, draft.activities
    final = _is_final(draft) & (ends.lead >= 0) & (ends.occurred_at != NO_INSTANT)
    if not final.any() or not len(activities):
        return
    ended = np.full(len(draft.leads) + 1, np.iinfo(np.int64).max, dtype=np.int64)
    np.minimum.at(ended, ends.lead[final], ends.occurred_at[final])
    yield Finding(
        ACTIVE_AFTER_END, "activities", "occurred_at", _where(activities.occurred_at > ended[activities.lead])
    )


Check: TypeAlias = Callable[[Tables, Broken], Iterable[Finding]]

CHECKS: Final[tuple[Check, ...]] = (
    _one_row_a_lead,
    _known_leads,
    _required_values,
    _words,
    _finite_numbers,
    _no_events_without_time,
    _no_end_before_creation,
    _one_final_end,
    _decided_after_handover,
    _nothing_from_the_future,
    _quiet_after_the_end,
)
"""Every check of typed rows; one more defect is one more entry."""
