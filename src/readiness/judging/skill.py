"""Whether we may say that the model knows something: the one place that decides it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from readiness.counting import counted
from readiness.crm.tables import Flags, Floats, Ints
from readiness.history.outcomes import WON
from readiness.judging.bootstrap import Ratio, draw
from readiness.judging.cohort import Cohort, Known
from readiness.judging.metrics import log_loss

CONFIDENCE: Final = 0.999
_REPLICATES: Final = 10_000
_PARTS: Final = 10
_ENOUGH_LEADS: Final = 30
_ENOUGH_EACH: Final = 10
"""So many leads must have been won, and not won: a bootstrap cannot draw the rare end that nobody had."""


@dataclass(frozen=True, slots=True)
class Skill:
    """The gain in log-loss over the base rate per age, its lower 99.9 % bound, and what may be said.

    ``lower_999_overall`` is the same bound of the gain over the base rate of all ages together.
    """

    gain: float | None
    lower_999: float | None
    claimed: bool
    sentence: str
    lower_999_overall: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "gain": self.gain,
            "lower_999": self.lower_999,
            "lower_999_overall": self.lower_999_overall,
            "claimed": self.claimed,
            "sentence": self.sentence,
        }


def skill_of(
    cohort: Cohort, known: Known, model: Floats, base: Floats, overall: Floats, *, seed: int
) -> Skill:
    """Claim skill for a forecast of P(won within the horizon), n rows, as `skill` does; see there."""
    weight = np.where(known.weight > 0, known.weight, 1.0)
    mine, theirs, of_all = (log_loss(known, each, WON).top / weight for each in (model, base, overall))
    won = known.outcome == WON
    return skill(mine, theirs, of_all, known.weight, cohort.lead, won, seed=seed, by_age=cohort.dated)


def skill(
    loss_model: Floats,
    loss_base: Floats,
    loss_overall: Floats,
    weight: Floats,
    lead: Ints,
    won: Flags,
    *,
    seed: int,
    by_age: bool = True,
) -> Skill:
    """Claim skill only if the lower 99.9 % bound of the paired gain in log-loss is above zero.

    gain = Σ w (loss_base − loss_model) / Σ w. The bound is the 0.1 % quantile of 10,000 resamples of
    whole leads. The gain over the base rate of all ages together must be as sure: base rates per age
    of few leads are so rough that a model that knows nothing may beat them, by being less so.

    Parameters
    ----------
    loss_model, loss_base, loss_overall : Floats, n
        Log-loss of each snapshot, forecast by the model, by the base rate per age, and by the base rate
        of all ages together; all learned from the same leads.
    weight : Floats, n
        Censoring weights; 0 where the outcome is not known at the horizon.
    lead : Ints, n
        Whose snapshot it is.
    won : Flags, n
        Whether it was won within the horizon.
    by_age : bool
        Whether there are ages: undated leads have one base rate, and the sentence says so.

    Returns
    -------
    Skill
        Not claimed with fewer than 30 leads known, 10 of them won and 10 not: a bootstrap of so few says
        nothing about 1 in 1,000.
    """
    known = weight > 0
    leads = len(np.unique(lead[known]))
    if leads < _ENOUGH_LEADS:
        how_many = f"only {counted(leads, 'lead')}" if leads else "no lead it has not seen"
        why = f"the outcome of {how_many} is known; it takes {_ENOUGH_LEADS}"
        return Skill(None, None, False, f"No skill is claimed: {why}.")
    leads_won, leads_not_won = (len(np.unique(lead[known & side])) for side in (won, ~won))
    if min(leads_won, leads_not_won) < _ENOUGH_EACH:
        were = "was" if leads_won == 1 else "were"
        return Skill(
            None,
            None,
            False,
            f"No skill is claimed: {counted(leads_won, 'lead')} {were} won and {leads_not_won:,} not; it "
            f"takes {_ENOUGH_EACH} of each.",
        )
    over_base, over_overall = (
        Ratio(weight[known] * (loss[known] - loss_model[known]), weight[known])
        for loss in (loss_base, loss_overall)
    )
    if not np.isfinite([over_base.value(), over_overall.value()]).all():
        return Skill(None, None, False, "No skill is claimed: the model gives no score at the horizon.")
    gain, (lower, lower_overall) = over_base.value(), _bounds((over_base, over_overall), lead[known], seed)
    claimed = lower > 0 and lower_overall > 0
    than, more = f"the base rate{' per age' if by_age else ''}", "lower" if gain >= 0 else "higher"
    beyond = " beyond a lead's age, and so none beyond its age and month of creation" if by_age else ""
    sentence = (
        f"{'Skill is claimed' if claimed else f'No skill was found{beyond}'}: against {than} the score's "
        f"log-loss is {abs(gain):.4f} {more}, and with 99.9 % confidence the gain is at least {lower:.4f}; "
        "it must be above zero."
    )
    if lower > 0 and not claimed:
        sentence += (
            f" Against the base rate of all ages it is at least {lower_overall:.4f}, which must be too."
        )
    return Skill(gain, lower, claimed, sentence, lower_overall)


def _bounds(gains: Sequence[Ratio], lead: Ints, seed: int) -> list[float]:
    """Return the lower bound of each gain, all from the same draws."""
    replicates: list[list[Floats]] = [[] for _ in gains]
    # In parts: all replicates at once would take gigabytes for many leads.
    for part in range(_PARTS):
        resamples = draw(lead, replicates=_REPLICATES // _PARTS, seed=(seed, part))
        for found, gain in zip(replicates, gains, strict=True):
            found.append(resamples.ratio(gain).replicates)
    return [float(np.quantile(np.concatenate(found), 1 - CONFIDENCE)) for found in replicates]
