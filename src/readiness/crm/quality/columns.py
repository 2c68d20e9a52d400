"""The leads' own columns: how full they are, month by month, and how alike their values are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from readiness.crm.quality.months import Months
from readiness.crm.tables import IDENTITIES, Attribute, Coded, Flags, Ints, Tables

_Values: TypeAlias = tuple[bool, int, int]
"""Whether they are numbers, how many different ones there are, and how many leads hold a rare one."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the leads.

    Parameters
    ----------
    role : "attribute", "source" or "identity"
        Who a lead is never becomes a feature.
    numbers : bool
        It holds numbers, not texts.
    distinct : int
        Different values. Counted for attributes and the source; 0 for identities.
    rare : int
        Leads whose value fewer than ``shared_by`` leads share; 0 where it holds numbers.
    filled, filled_ended : int
        Leads that have a value, and those of them that have ended.
    filled_by_month : Ints, months
        Leads created in each month that have a value.
    """

    name: str
    role: str
    numbers: bool
    distinct: int
    rare: int
    filled: int
    filled_ended: int
    filled_by_month: Ints

    @property
    def constant(self) -> bool:
        """Whether every lead that has a value has the same, and more than one has it."""
        return self.distinct == 1 and self.filled > 1


def columns(tables: Tables, months: Months, shared_by: int) -> tuple[Column, ...]:
    """Describe the leads' columns: source, attributes by name, identities.

    Parameters
    ----------
    shared_by : int
        A text that fewer leads share is rare.
    """
    place = months.places(tables.leads.created_at)
    ended = tables.outcomes.starts[1:] > tables.outcomes.starts[:-1]
    leads = tables.leads
    given: list[tuple[str, str, Flags, _Values]] = [
        (name, "attribute", *_read(values, shared_by)) for name, values in sorted(leads.attributes.items())
    ]
    given.insert(0, ("source", "source", *_read(leads.source, shared_by)))
    for name in IDENTITIES:
        if name in leads.identities:
            given.append((name, "identity", leads.identities[name].astype(np.bool_), (False, 0, 0)))
    return tuple(
        Column(
            name, role, *values, int(known.sum()), int((known & ended).sum()), _by_month(known, place, months)
        )
        for name, role, known, values in given
    )


def _read(values: Attribute, shared_by: int) -> tuple[Flags, _Values]:
    if not isinstance(values, Coded):
        known: Flags = ~np.isnan(values)
        return known, (True, len(np.unique(values[known])), 0)
    known = values.codes >= 0
    holders = np.bincount(values.codes[known], minlength=len(values.levels))
    return known, (False, int((holders > 0).sum()), int(holders[holders < shared_by].sum()))


def _by_month(known: Flags, place: Ints, months: Months) -> Ints:
    counted = place[known & (place >= 0)]
    return np.bincount(counted, minlength=len(months)).astype(np.int64)
