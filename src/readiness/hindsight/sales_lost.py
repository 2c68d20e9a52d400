"""Sales that would have been lost: leads kept back that were won in fact, with the rule that kept them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from readiness.agreement.advice import ADVICE_RULES
from readiness.crm.records import iso
from readiness.crm.tables import Tables
from readiness.hindsight.kept_back import Called
from readiness.history.outcomes import WON

MOST: Final = 5


@dataclass(frozen=True, slots=True)
class SaleLost:
    """A lead that sales was given and won, and that would have been kept back; only its id says who it is."""

    lead_id: str
    handed_over_at: str | None
    rule: str
    """Code of the rule by which it would have been kept back."""
    days: float
    """From the hand-over to the sale."""

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "lead_id": self.lead_id,
            "handed_over_at": self.handed_over_at,
            "rule": self.rule,
            "days": self.days,
        }


def sales_lost(of: Called, tables: Tables, *, horizon_days: float, most: int = MOST) -> tuple[SaleLost, ...]:
    """Pick leads that were won within the horizon though they would have been kept back, evenly over time.

    Parameters
    ----------
    of : Called
        Hand-overs that took place, of leads of the tables.
    most : int
        How many to show, at most.

    Returns
    -------
    tuple of SaleLost
        The earliest hand-over first; the same whatever the order of the leads.
    """
    rows = np.flatnonzero(of.kept & (of.cohort.event == WON) & (of.cohort.duration < horizon_days))
    names = tables.leads.lead_id[of.snapshots.lead[rows]].astype(str)
    order = np.lexsort((names, of.snapshots.cutoff[rows]))
    if len(order) > most:
        order = order[np.linspace(0, len(order) - 1, most).round().astype(np.int64)]
    return tuple(
        SaleLost(
            lead_id=str(name),
            handed_over_at=iso(int(of.snapshots.cutoff[row])),
            rule=ADVICE_RULES[int(of.rule[row])].code,
            days=float(of.cohort.duration[row]),
        )
        for name, row in zip(names[order].tolist(), rows[order].tolist(), strict=True)
    )
