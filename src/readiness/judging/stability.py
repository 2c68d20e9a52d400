"""Whether the same behaviours and attributes would matter had other leads been learned from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from readiness.judging.bootstrap import Figure

TOP: Final = 10


@dataclass(frozen=True, slots=True)
class Stability:
    """How often one group was among the ten most important, over models of resampled leads.

    ``rank`` is that in the model itself, 1 the most important, with the ranks that 95 % of the resampled
    models gave it.
    """

    group: str
    in_top: float
    rank: Figure

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {"group": self.group, "in_top": self.in_top, "rank": self.rank.to_dict()}


def stability(
    order: Sequence[str], drawn: Sequence[Sequence[str]], *, top: int = TOP
) -> tuple[Stability, ...]:
    """Compare the order of importance with those of models learned from resampled leads.

    Parameters
    ----------
    order : sequence of str
        Groups of features, the most important first, in the model itself.
    drawn : sequences of the same groups
        One order a resampled model.

    Returns
    -------
    tuple of Stability
        The first ten of the order; none without a resampled model.

    Notes
    -----
    Bootstrap of variable selection: Sauerbrei and Schumacher (1992), A bootstrap resampling procedure for
    model building, Statistics in Medicine 11.
    """
    if not drawn:
        return ()
    places = [{group: place + 1 for place, group in enumerate(one)} for one in drawn]
    found = []
    for rank, group in enumerate(order[:top], start=1):
        ranks = np.array([place[group] for place in places], dtype=np.float64)
        low, high = np.quantile(ranks, [0.025, 0.975], method="nearest")
        found.append(
            Stability(group, float((ranks <= top).mean()), Figure(float(rank), float(low), float(high)))
        )
    return tuple(found)
