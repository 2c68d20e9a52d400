"""How well a model would do on leads whose ends are still open, if its chances hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from readiness.crm.tables import Floats, Ints
from readiness.judging.bootstrap import Estimate, Figure, Ratio, draw

ASSUMPTION: Final = (
    "These figures are what the model expects of itself: they hold if its chances still do. They move when "
    "other leads come, and not when leads alike end otherwise than they did."
)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a model expects of its own forecasts for one kind of end.

    ``share`` of the leads that will end so, ``auc`` with which it will tell them apart, and ``brier``, each
    with a 95 % interval by lead; None where there are no leads, or no two that differ.
    """

    leads: int
    share: Figure
    auc: Figure
    brier: Figure

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "leads": self.leads,
            "share": self.share.to_dict(),
            "auc": self.auc.to_dict(),
            "brier": self.brier.to_dict(),
        }


def expected_auc(chance: Floats, weights: Floats | None = None) -> Floats:
    """Return the AUC that forecasts will reach if each comes true as often as it says.

    Σ p_i (1 − p_j) over pairs with p_i > p_j, equal ones half, ÷ Σ p_i (1 − p_j) over all pairs of two rows.

    Parameters
    ----------
    chance : Floats, n
        Between 0 and 1.
    weights : Floats, B × n, optional
        How often each row counts in each of B replicates; default once, in one.

    Returns
    -------
    Floats, B
        NaN where nothing can end so, or nothing can end otherwise.

    Notes
    -----
    Confidence-based performance estimation: Guillory et al. (2021), Predicting with confidence on unseen
    distributions, ICCV; for the AUC of calibrated forecasts Gail and Pfeiffer (2005), Biostatistics 6.
    """
    drawn = np.ones((1, len(chance))) if weights is None else weights
    order = np.argsort(chance, kind="stable")
    p, drawn = chance[order], drawn[:, order]
    yes, no = drawn * p, drawn * (1.0 - p)
    below = np.concatenate([np.zeros((len(drawn), 1)), np.cumsum(no, axis=1)], axis=1)
    low, high = np.searchsorted(p, p, side="left"), np.searchsorted(p, p, side="right")
    right = (yes * (below[:, low] + below[:, high])).sum(axis=1) / 2.0
    pairs = yes.sum(axis=1) * no.sum(axis=1)
    # A row makes no pair with itself: it ends one way only.
    own = (drawn * p * (1.0 - p)).sum(axis=1)
    found = np.full(len(drawn), np.nan)
    np.divide(right - own / 2.0, pairs - own, out=found, where=pairs - own > 1e-12)
    return found


def foreseen(chance: Floats, lead: Ints, *, replicates: int = 200, seed: int = 0) -> Foreseen:
    """Say what a model expects of its own forecasts.

    Parameters
    ----------
    chance : Floats, n
        P(this end within the horizon) of each row; NaN rows are left out.
    lead : Ints, n
        Whose row it is.
    """
    said = ~np.isnan(chance)
    chance, lead = chance[said], lead[said]
    if not len(chance):
        nothing = Figure(None, None, None)
        return Foreseen(0, nothing, nothing, nothing)
    resamples = draw(lead, replicates=replicates, seed=seed)
    one = np.ones(len(chance))
    auc = Estimate(
        float(expected_auc(chance)[0]), resamples.of(lambda weights: expected_auc(chance, weights))
    )
    return Foreseen(
        leads=len(np.unique(lead)),
        share=resamples.ratio(Ratio(chance, one)).figure(),
        auc=auc.figure(),
        brier=resamples.ratio(Ratio(chance * (1.0 - chance), one)).figure(),
    )
