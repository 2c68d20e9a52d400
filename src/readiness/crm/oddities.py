"""What is odd and yet accepted: told in a note, because the data may be right."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from readiness.crm.findings import Finding, where
from readiness.crm.records import MICROSECONDS_PER_DAY, NO_INSTANT
from readiness.crm.rules import ACTIVE_AFTER_END, COPIED_ROW, LONELY_NEWEST, NEGATIVE_VALUE, SHORTER_ID
from readiness.crm.tables import Flags, Ints, Tables
from readiness.crm.time_checks import dates_of, is_final

_A_YEAR: Final = 366 * MICROSECONDS_PER_DAY
_BLOCK: Final = 1 << 20
_FEW: Final = 20
"""Of fewer ids than this, nothing is said about how long they are."""


def noticed(draft: Tables) -> list[Finding]:
    """Return what is odd in tables whose rows lie in the order given, and accepted all the same."""
    findings = [found for look in _LOOKS for found in look(draft)]
    return [found for found in findings if len(found.rows)]


def _quiet_after_the_end(draft: Tables) -> Iterator[Finding]:
    ends, activities = draft.outcomes, draft.activities
    final = is_final(draft) & (ends.lead >= 0) & (ends.occurred_at != NO_INSTANT)
    if not final.any() or not len(activities):
        return
    ended = np.full(len(draft.leads) + 1, np.iinfo(np.int64).max, dtype=np.int64)
    np.minimum.at(ended, ends.lead[final], ends.occurred_at[final])
    yield Finding(
        ACTIVE_AFTER_END, "activities", "occurred_at", where(activities.occurred_at > ended[activities.lead])
    )


def _no_negative_values(draft: Tables) -> Iterator[Finding]:
    yield Finding(NEGATIVE_VALUE, "activities", "value", where(draft.activities.value < 0))


def _rows_that_differ(draft: Tables) -> Iterator[Finding]:
    for table, columns in _contents(draft):
        yield Finding(COPIED_ROW, table, None, copies(columns))


def _contents(draft: Tables) -> Iterator[tuple[str, list[NDArray[Any]]]]:
    a, b, c, d = draft.activities, draft.answers, draft.outcomes, draft.handovers
    neutral = ~is_final(draft)  # A final end that stands twice is refused by a rule of its own.
    yield (
        "activities",
        [a.lead, a.occurred_at, a.type.codes, a.direction, a.channel.codes, a.value, a.detail.codes],
    )
    yield "answers", [b.lead, b.answered_at, b.field.codes, b.value.codes]
    yield "outcomes", [np.where(neutral, c.lead, -1), c.occurred_at, c.outcome]
    yield "handovers", [d.lead, d.handed_over_at, d.decided_at, d.decision, d.reason.codes, d.propensity]


def copies(columns: list[NDArray[Any]]) -> Ints:
    """Return the rows that repeat an earlier one; the first column is the lead, and -1 is no lead.

    Rows are put in order by a fingerprint first, so that only those which share one are compared.
    """
    whole = [column.view(np.int64) if column.dtype == np.float64 else column for column in columns]
    with np.errstate(over="ignore"):
        mark = np.zeros(len(whole[0]), dtype=np.uint64)
        for column in whole:
            mark = (mark ^ column.astype(np.int64).view(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
            mark ^= mark >> np.uint64(29)
    ordered = np.sort(mark)
    shared = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    if not len(shared):
        return np.empty(0, dtype=np.int64)
    rows = where(_among(mark, shared) & (whole[0] >= 0))
    order = np.lexsort((rows, *(column[rows] for column in whole)))
    rows = rows[order]
    same = np.ones(max(len(rows) - 1, 0), dtype=bool)
    for column in whole:
        same &= column[rows[1:]] == column[rows[:-1]]
    repeated: Ints = np.sort(rows[1:][same])
    return repeated


def _among(marks: NDArray[np.uint64], few: NDArray[np.uint64]) -> Flags:
    """Say which marks are among a few, sorted ones; a block at a time, because there may be millions."""
    found = np.zeros(len(marks), dtype=bool)
    for first in range(0, len(marks), _BLOCK):
        block = marks[first : first + _BLOCK]
        place = np.minimum(np.searchsorted(few, block), len(few) - 1)
        found[first : first + _BLOCK] = few[place] == block
    return found


def _newest_not_alone(draft: Tables) -> Iterator[Finding]:
    columns = dates_of(draft)
    at = np.concatenate([column for *_, column in columns])
    at = at[at != NO_INSTANT]
    if not len(at) or int(at.max()) + 1 != draft.observed_through:
        # Somebody said until when the CRM was watched, and nothing hangs on the newest instant.
        return
    lonely = _after_the_last_gap(at)
    if lonely is not None:
        for table, name, column in columns:
            yield Finding(LONELY_NEWEST, table, name, where(column >= lonely))


def _after_the_last_gap(at: Ints) -> int | None:
    """Return the oldest of the few instants that lie more than a year after all others."""
    newest = int(at.max())
    late = np.sort(at[at > newest - 50 * _A_YEAR])
    gaps = np.flatnonzero(np.diff(late) > _A_YEAR)
    if not len(gaps) or len(late) - gaps[-1] - 1 > max(1, len(at) // 100):
        return None
    return int(late[gaps[-1] + 1])


def _ids_as_long(draft: Tables) -> Iterator[Finding]:
    ids = [lead_id for lead_id in draft.leads.lead_id.tolist() if lead_id]
    if len(ids) < _FEW or not all(map(str.isdecimal, ids)) or any(map(_begins_with_zero, ids)):
        return
    length = np.array([len(lead_id or "") for lead_id in draft.leads.lead_id.tolist()])
    longest = int(length.max())
    shorter: Flags = (length > 0) & (length < longest)
    # Counted from 1 on, ids fill their range; drawn from it, one in ten begins with a zero.
    sparse = float(max(ids, key=lambda one: (len(one), one))) > 10.0 * len(ids)
    if sparse and 0 < shorter.sum() <= len(ids) / 5:
        yield Finding(SHORTER_ID, "leads", "lead_id", where(shorter))


Look: TypeAlias = Callable[[Tables], Iterable[Finding]]

_LOOKS: Final[tuple[Look, ...]] = (
    _quiet_after_the_end,
    _no_negative_values,
    _rows_that_differ,
    _newest_not_alone,
    _ids_as_long,
)


def _begins_with_zero(text: str) -> bool:
    return text.startswith("0")
