"""The leads' own columns: how full they are, month by month, and how alike their values are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from readiness.crm.quality.months import Months
from readiness.crm.tables import IDENTITIES, Attribute, Coded, Flags, Ints, Tables


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the leads.

    Parameters
    ----------
    role : "attribute", "source" or "identity"
        Who a lead is never becomes a feature.
    numbers : bool
        It holds numbers, not texts.
    filled : int
        Leads that have a value.
    distinct : int
        Different values. Counted for attributes and the source; 0 for identities.
    rare : int
        Leads whose value fewer than ``shared_by`` leads share; 0 where it holds numbers.
    filled_by_month : Ints, months
        Leads created in each month that have a value.
    """

    name: str
    role: str
    numbers: bool
    filled: int
    distinct: int
    rare: int
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
    given: list[tuple[str, str, Attribute]] = [("source", "source", tables.leads.source)]
    given += [(name, "attribute", values) for name, values in sorted(tables.leads.attributes.items())]
    found = [_column(name, role, values, place, months, shared_by) for name, role, values in given]
    for name in IDENTITIES:
        if name in tables.leads.identities:
            known = tables.leads.identities[name].astype(np.bool_)
            found.append(
                Column(name, "identity", False, int(known.sum()), 0, 0, _by_month(known, place, months))
            )
    return tuple(found)


def _column(name: str, role: str, values: Attribute, place: Ints, months: Months, shared_by: int) -> Column:
    if isinstance(values, Coded):
        known: Flags = values.codes >= 0
        holders = np.bincount(values.codes[known], minlength=len(values.levels))
        distinct, rare = int((holders > 0).sum()), int(holders[holders < shared_by].sum())
    else:
        known = ~np.isnan(values)
        distinct, rare = len(np.unique(values[known])), 0
    numbers = not isinstance(values, Coded)
    return Column(name, role, numbers, int(known.sum()), distinct, rare, _by_month(known, place, months))


def _by_month(known: Flags, place: Ints, months: Months) -> Ints:
    counted = place[known & (place >= 0)]
    return np.bincount(counted, minlength=len(months)).astype(np.int64)
