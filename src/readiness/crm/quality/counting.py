"""Rows counted by name: how many there are, how many leads have one, when the first and the last was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from readiness.crm.quality.months import Months
from readiness.crm.records import NO_INSTANT
from readiness.crm.tables import Codes, Flags, Ints

_SHORT: Final = np.iinfo(np.int16).max


@dataclass(frozen=True, slots=True)
class Tally:
    """By code, 0 to c - 1: rows, leads that have one, the instants of the first and of the last.

    The instants are NO_INSTANT where there is no row. ``lead_months`` is c × months: how many leads
    have such a row in each month.
    """

    rows: Ints
    leads: Ints
    first: Ints
    last: Ints
    lead_months: Ints


def tally(lead: Codes, at: Ints, code: Codes, codes: int, months: Months) -> Tally:
    """Count rows by their code.

    Parameters
    ----------
    lead, at, code : n
        Rows in the order (lead, instant), as the tables keep them. A negative code is not counted.
    codes : int
        How many codes there are.
    months : Months
        Rows in none of them count as rows, and in no month.
    """
    # A stable sort by code keeps (lead, instant) within each: a lead's rows lie side by side.
    # numpy sorts short integers in one pass, which is most of the work with millions of rows.
    order = np.argsort(code.astype(np.int16) if codes <= _SHORT else code, kind="stable")
    order = order[int((code < 0).sum()) :]
    name, whose, when = code[order], lead[order], at[order]
    month = months.places(when)
    new_lead = _starts(name, whose)
    new_month = (new_lead | _starts(month)) & (month >= 0)
    lead_months = np.bincount(
        name[new_month].astype(np.int64) * len(months) + month[new_month], minlength=codes * len(months)
    )
    return Tally(
        rows=np.bincount(name, minlength=codes).astype(np.int64),
        leads=np.bincount(name[new_lead], minlength=codes).astype(np.int64),
        first=_outermost(name, when, codes, np.minimum),
        last=_outermost(name, when, codes, np.maximum),
        lead_months=lead_months.reshape(codes, len(months)).astype(np.int64),
    )


def lead_months_of(lead: Codes, at: Ints, months: Months) -> Ints:
    """Count in each month the leads that have any of these rows, which lie in the order (lead, instant)."""
    code = np.zeros(len(lead), dtype=np.int32)
    active: Ints = tally(lead, at, code, 1, months).lead_months[0]
    return active


def _starts(*columns: Ints | Codes) -> Flags:
    """Say which rows differ from the row before in any of the columns; the first one does."""
    starts = np.zeros(len(columns[0]), dtype=np.bool_)
    starts[:1] = True
    for column in columns:
        starts[1:] |= column[1:] != column[:-1]
    return starts


def _outermost(name: Codes, when: Ints, codes: int, of: np.ufunc) -> Ints:
    limits = np.iinfo(np.int64)
    at = np.full(codes, limits.max if of is np.minimum else limits.min, dtype=np.int64)
    of.at(at, name, when)
    there = np.bincount(name, minlength=codes) > 0
    return np.where(there, at, NO_INSTANT)
