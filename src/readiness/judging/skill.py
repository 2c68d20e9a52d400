"""Whether we may say that the model knows something: the one place that decides it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from readiness.crm.tables import Floats, Ints
from readiness.judging.bootstrap import Ratio, draw

CONFIDENCE: Final = 0.999
_REPLICATES: Final = 10_000
_PARTS: Final = 10
_ENOUGH_LEADS: Final = 30


@dataclass(frozen=True, slots=True)
class Skill:
    """The gain in log-loss over the base rate per age, its lower 99.9 % bound, and what may be said."""

    gain: float | None
    lower_999: float | None
    claimed: bool
    sentence: str

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "gain": self.gain,
            "lower_999": self.lower_999,
            "claimed": self.claimed,
            "sentence": self.sentence,
        }


def skill(loss_model: Floats, loss_base: Floats, weight: Floats, lead: Ints, *, seed: int) -> Skill:
    """Claim skill only if the lower 99.9 % bound of the paired gain in log-loss is above zero.

    gain = Σ w (loss_base − loss_model) / Σ w. The bound is the 0.1 % quantile of 10,000 resamples of
    whole leads.

    Parameters
    ----------
    loss_model, loss_base : Floats, n
        Log-loss of each snapshot, forecast by the model and by the base rate per age.
    weight : Floats, n
        Censoring weights; 0 where the outcome is not known at the horizon.
    lead : Ints, n
        Whose snapshot it is.

    Returns
    -------
    Skill
        Not claimed with fewer than 30 leads known: a bootstrap of so few says nothing about 1 in 1,000.
    """
    known = weight > 0
    leads = len(np.unique(lead[known]))
    if leads < _ENOUGH_LEADS:
        return Skill(
            None, None, False, f"No skill is claimed: the outcome of only {leads} leads is known, too few."
        )
    gains = weight[known] * (loss_base[known] - loss_model[known])
    if not np.isfinite(gains).all():
        return Skill(None, None, False, "No skill is claimed: the model gives no score at the horizon.")
    ratio = Ratio(gains, weight[known])
    # In parts: all replicates at once would take gigabytes for many leads.
    parts = [
        draw(lead[known], replicates=_REPLICATES // _PARTS, seed=(seed, part)).ratio(ratio).replicates
        for part in range(_PARTS)
    ]
    gain, lower = ratio.value(), float(np.quantile(np.concatenate(parts), 1 - CONFIDENCE))
    claimed = lower > 0
    says = "Skill is claimed" if claimed else "No skill was found"
    sentence = (
        f"{says}: against the base rate per age the log-loss of the score is {abs(gain):.4f} "
        f"{'lower' if gain >= 0 else 'higher'}, and with 99.9 % confidence the gain is at least "
        f"{lower:.4f}; it must be above zero."
    )
    return Skill(gain, lower, claimed, sentence)
