"""The CRM's five tables as sorted columns: one lead or millions, the same shape.

Texts are coded once (a code per row, the levels beside them), instants are integers, and the rows of
every dated table lie in the order (lead, instant, content), so that a lead's history is a slice and
the order of the input cannot matter, not even among ties.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from readiness.crm.records import NO_INSTANT, Instant

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Codes: TypeAlias = NDArray[np.int32]
Flags: TypeAlias = NDArray[np.bool_]
Texts: TypeAlias = NDArray[np.object_]

IDENTITIES: Final = ("email", "phone", "company_domain")
"""Columns that say who a lead is. They are never features and never leave in logs or errors."""


@dataclass(frozen=True, slots=True)
class Coded:
    """A column of texts: ``levels[codes[i]]`` is row i's text, code -1 is missing."""

    codes: Codes
    levels: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.codes)

    def take(self, rows: Ints | Flags | slice) -> Coded:
        """Return the column for these rows, levels unchanged."""
        return Coded(self.codes[rows], self.levels)

    def at(self, row: int) -> str | None:
        """Return one row's text, or None where it is missing."""
        code = int(self.codes[row])
        return None if code < 0 else self.levels[code]

    def texts(self) -> Texts:
        """Return the column as texts, None where missing."""
        table = np.empty(len(self.levels) + 1, dtype=np.object_)
        table[:-1] = self.levels
        table[-1] = None
        return table[self.codes]


Attribute: TypeAlias = Coded | Floats
"""An attribute as the CRM wrote it: texts, or numbers with NaN for missing. What reads it decides how."""


@dataclass(frozen=True, slots=True)
class Leads:
    """One row a lead, in the order given."""

    lead_id: Texts
    created_at: Ints
    last_known_at: Ints
    """The record was kept until then; NO_INSTANT: until ``observed_through``."""
    source: Coded
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    identities: Mapping[str, Texts] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.lead_id)


@dataclass(frozen=True, slots=True)
class Activities:
    """Sorted by (lead, occurred_at, content); lead i's rows are ``starts[i]:starts[i + 1]``."""

    lead: Codes
    starts: Ints
    occurred_at: Ints
    type: Coded
    direction: NDArray[np.int8]
    channel: Coded
    value: Floats
    detail: Coded

    def __len__(self) -> int:
        return len(self.occurred_at)


@dataclass(frozen=True, slots=True)
class Answers:
    """Sorted by (lead, answered_at, field, value)."""

    lead: Codes
    starts: Ints
    answered_at: Ints
    field: Coded
    value: Coded

    def __len__(self) -> int:
        return len(self.answered_at)


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Sorted by (lead, occurred_at, outcome); ``occurred_at`` is NO_INSTANT where nobody dated the end."""

    lead: Codes
    starts: Ints
    occurred_at: Ints
    outcome: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.occurred_at)


@dataclass(frozen=True, slots=True)
class Handovers:
    """Sorted by (lead, handed_over_at)."""

    lead: Codes
    starts: Ints
    handed_over_at: Ints
    decided_at: Ints
    decision: NDArray[np.int8]
    reason: Coded
    propensity: Floats

    def __len__(self) -> int:
        return len(self.handed_over_at)


@dataclass(frozen=True, slots=True)
class Tables:
    """Everything a CRM told us.

    ``observed_through`` is the instant until which the CRM was watched: nothing at or after it is
    known. ``dated`` is False where no lead has a ``created_at``: then there is no time at all, the
    three dated tables are empty and ``observed_through`` is NO_INSTANT. ``date_only`` says that the
    CRM keeps dates without times.
    """

    leads: Leads
    activities: Activities
    answers: Answers
    outcomes: Outcomes
    handovers: Handovers
    observed_through: Instant
    dated: bool = True
    date_only: bool = False


def coded(texts: Sequence[str | None] | Texts) -> Coded:
    """Code a column of texts; levels are sorted, so that row order cannot show.

    >>> coded(["web", None, "chat"])
    Coded(codes=array([ 1, -1,  0], dtype=int32), levels=('chat', 'web'))
    """
    distinct: set[Any] = set(texts)
    complete = None not in distinct
    distinct.discard(None)
    if complete and len(distinct) == 1:
        return Coded(np.zeros(len(texts), dtype=np.int32), (distinct.pop(),))
    levels = tuple(sorted(distinct))
    code: dict[Any, int] = {level: number for number, level in enumerate(levels)}
    code[None] = -1
    return Coded(np.fromiter(map(code.__getitem__, texts), dtype=np.int32, count=len(texts)), levels)


def starts_of(lead: Codes, leads: int) -> Ints:
    """Return where each lead's rows start in a column sorted by lead; one more entry than leads."""
    starts = np.zeros(leads + 1, dtype=np.int64)
    np.cumsum(np.bincount(lead, minlength=leads), out=starts[1:])
    return starts


def no_coded(rows: int = 0) -> Coded:
    """Return a column in which every text is missing."""
    return Coded(np.full(rows, -1, dtype=np.int32), ())


_AS_GIVEN: Final = slice(None)


def row_order(lead: Codes, at: Ints, ties: Sequence[NDArray[Any]]) -> Ints | slice:
    """Return the order (lead, instant, content); content is looked at only where instants tie.

    Parameters
    ----------
    ties : columns
        The content, in the order in which it decides between rows of a lead at one instant.
    """
    if len(lead) < 2:
        return _AS_GIVEN
    same = lead[1:] == lead[:-1]
    if bool(((lead[1:] > lead[:-1]) | (same & (at[1:] >= at[:-1]))).all()):
        # As readiness writes it: at most the ties are to be settled.
        tied = same & (at[1:] == at[:-1])
        if not tied.any():
            return _AS_GIVEN
        order: Ints = np.arange(len(lead))
    else:
        # Two quick sorts of whole numbers are faster than one of pairs; ties are settled below.
        by_time = np.argsort(at)
        key = lead[by_time].astype(np.int64)
        key *= len(lead)
        key += np.arange(len(lead))
        order = by_time[np.argsort(key)]
        lead, at = lead[order], at[order]
        tied = (lead[1:] == lead[:-1]) & (at[1:] == at[:-1])
    if tied.any():
        again = np.zeros(len(lead), dtype=np.bool_)
        again[1:] = tied
        either = again.copy()
        either[:-1] |= tied
        crowded = either.nonzero()[0]
        run = (~again[crowded]).cumsum()
        rows_there = order[crowded]
        content = [tie[rows_there] for tie in reversed(ties)]
        order[crowded] = rows_there[np.lexsort((*content, run))]
    return order


def activities(
    *,
    leads: int,
    lead: Codes,
    occurred_at: Ints,
    type: Coded,  # noqa: A002 - the contract's own word
    direction: NDArray[np.int8],
    channel: Coded | None = None,
    value: Floats | None = None,
    detail: Coded | None = None,
) -> Activities:
    """Sort columns of activities into an Activities; ``lead`` holds positions in the leads."""
    rows = len(occurred_at)
    channel = channel or no_coded(rows)
    detail = detail or no_coded(rows)
    value = np.full(rows, np.nan) if value is None else value
    order = row_order(lead, occurred_at, (type.codes, direction, channel.codes, value, detail.codes))
    return Activities(
        lead=lead[order],
        starts=starts_of(lead, leads),
        occurred_at=occurred_at[order],
        type=type.take(order),
        direction=direction[order],
        channel=channel.take(order),
        value=value[order],
        detail=detail.take(order),
    )


def answers(*, leads: int, lead: Codes, answered_at: Ints, field: Coded, value: Coded) -> Answers:
    """Sort columns of answers into an Answers; ``lead`` holds positions in the leads."""
    order = row_order(lead, answered_at, (field.codes, value.codes))
    return Answers(
        lead=lead[order],
        starts=starts_of(lead, leads),
        answered_at=answered_at[order],
        field=field.take(order),
        value=value.take(order),
    )


def outcomes(*, leads: int, lead: Codes, occurred_at: Ints, outcome: NDArray[np.int8]) -> Outcomes:
    """Sort columns of outcomes into an Outcomes; ``lead`` holds positions in the leads."""
    order = row_order(lead, occurred_at, (outcome,))
    return Outcomes(
        lead=lead[order],
        starts=starts_of(lead, leads),
        occurred_at=occurred_at[order],
        outcome=outcome[order],
    )


def handovers(
    *,
    leads: int,
    lead: Codes,
    handed_over_at: Ints,
    decided_at: Ints | None = None,
    decision: NDArray[np.int8] | None = None,
    reason: Coded | None = None,
    propensity: Floats | None = None,
) -> Handovers:
    """Sort columns of hand-overs into a Handovers; ``lead`` holds positions in the leads."""
    rows = len(handed_over_at)
    decided_at = np.full(rows, NO_INSTANT, dtype=np.int64) if decided_at is None else decided_at
    decision = np.full(rows, -1, dtype=np.int8) if decision is None else decision
    reason = reason or no_coded(rows)
    propensity = np.full(rows, np.nan) if propensity is None else propensity
    order = row_order(lead, handed_over_at, (decided_at, decision, reason.codes, propensity))
    return Handovers(
        lead=lead[order],
        starts=starts_of(lead, leads),
        handed_over_at=handed_over_at[order],
        decided_at=decided_at[order],
        decision=decision[order],
        reason=reason.take(order),
        propensity=propensity[order],
    )
