"""How long leads have waited for somebody of ours to be in touch, group by group."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from readiness.agreement.conditions import Signs
from readiness.agreement.document import CATEGORIES, Agreement
from readiness.counting import counted
from readiness.crm.tables import Flags, Floats, Ints
from readiness.history.desk import ACCEPTED, DECLINED, HANDED_BACK, WAITING

WITH_SALES: Final = "with sales"
READY: Final = "ready, but never handed over"
RETURNED: Final = "back from sales"
OTHERS: Final = "all others"
GROUPS: Final = (WITH_SALES, READY, RETURNED, OTHERS)

_DAYS: Final = (7.0, 30.0, 90.0)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Leads of one group: how many somebody followed up, and how many have waited how long for it.

    ``waiting`` has an entry for each stretch of `Ageing.stretches`.
    """

    group: str
    leads: int
    followed_up: int
    waiting: tuple[int, ...]

    @property
    def overdue(self) -> int:
        """How many have waited longer than the first stretch, which is what sales promised."""
        return sum(self.waiting[1:])


@dataclass(frozen=True, slots=True)
class Ageing:
    """Open leads by who has them and how long they have waited for somebody of ours to be in touch.

    ``never_call`` counts open leads that must not be called: nobody is to follow them up, and they are
    in no group.
    """

    response_hours: float
    stretches: tuple[str, ...]
    groups: tuple[Waiting, ...]
    never_call: int


def groups_of(desk_state: Signs, category: Signs, passing: Flags) -> Ints:
    """Say who has each lead: a position in `GROUPS`.

    With sales is whoever was handed over and neither declined nor handed back; ready, whoever sales is
    given by its kind and never was.

    Parameters
    ----------
    desk_state : Signs, n
        Positions in `DESK_STATES`.
    category : Signs, n
        Positions in `CATEGORIES`.
    passing : Flags, categories
        Which kinds sales is given by the agreement.
    """
    with_sales = (desk_state == WAITING) | (desk_state == ACCEPTED)
    returned = (desk_state == DECLINED) | (desk_state == HANDED_BACK)
    names = [GROUPS.index(name) for name in (WITH_SALES, RETURNED, READY)]
    return np.select([with_sales, returned, passing[category]], names, GROUPS.index(OTHERS)).astype(np.int64)


def edges_of(response_hours: float) -> Floats:
    """Return where stretches of waiting end, in days: what sales promised first.

    >>> edges_of(24.0), edges_of(240.0)
    (array([ 1.,  7., 30., 90.]), array([10., 30., 90.]))
    """
    promised = response_hours / 24
    return np.array([promised, *(day for day in _DAYS if day > promised)])


def ageing(group: Ints, waited: Floats, edges: Floats) -> tuple[Waiting, ...]:
    """Count leads by group and by how long they have waited.

    A stretch holds its end: who has waited exactly a day is within the first of one day.

    Parameters
    ----------
    group : Ints, n
        Positions in `GROUPS`.
    waited : Floats, n
        Days; NaN where somebody followed the lead up.
    edges : Floats, e
        Where stretches end, ascending; a last one has no end.

    Returns
    -------
    tuple of Waiting, one a group
    """
    columns = len(edges) + 2
    stretch = np.where(np.isnan(waited), columns - 1, np.searchsorted(edges, waited, side="left"))
    table = np.bincount(group * columns + stretch, minlength=len(GROUPS) * columns)
    rows = table.reshape(len(GROUPS), columns).tolist()
    return tuple(
        Waiting(name, sum(row), row[-1], tuple(row[:-1])) for name, row in zip(GROUPS, rows, strict=True)
    )


def stretches_of(edges: Floats) -> tuple[str, ...]:
    """Name the stretches of waiting.

    >>> stretches_of(np.array([1.0, 7.0]))
    ('up to 24 hours', '1 to 7 days', 'more than 7 days')
    """
    days: Sequence[float] = edges.tolist()
    between = [f"{low:.3g} to {counted(high, 'day')}" for low, high in itertools.pairwise(days)]
    return (
        f"up to {counted(round(24 * days[0], 1), 'hour')}",
        *between,
        f"more than {counted(round(days[-1], 1), 'day')}",
    )


def passing_kinds(agreement: Agreement) -> Flags:
    """Say which categories sales is given by the agreement; one flag each."""
    return np.array([name in agreement.handover.categories for name in CATEGORIES])
