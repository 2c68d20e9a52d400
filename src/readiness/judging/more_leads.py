"""Whether more leads to learn from would help: the error on the same later leads, by how many there were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from readiness.counting import counted
from readiness.crm.tables import Floats
from readiness.history.outcomes import WON
from readiness.judging.bootstrap import Figure, Resamples
from readiness.judging.cohort import Known
from readiness.judging.metrics import log_loss


@dataclass(frozen=True, slots=True)
class Learned:
    """The log-loss on later leads of a model that learned from so many leads."""

    leads: int
    loss: Figure

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {"leads": self.leads, "loss": self.loss.to_dict()}


@dataclass(frozen=True, slots=True)
class MoreLeads:
    """The learning curve, what the last doubling brought (loss before minus after), and what it says."""

    points: tuple[Learned, ...]
    gain: Figure
    sentence: str

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "points": [point.to_dict() for point in self.points],
            "gain": self.gain.to_dict(),
            "sentence": self.sentence,
        }


def more_leads(
    leads: Sequence[int], scores: Sequence[Floats], known: Known, resamples: Resamples
) -> MoreLeads | None:
    """Compare models that learned from more and more leads, on the same later snapshots.

    Parameters
    ----------
    leads : ascending numbers
        From how many leads each model learned, each set within the next.
    scores : as many times Floats, n
        Each model's P(won within the horizon).
    known : Known, n rows
    resamples : Resamples
        Of the later leads; the same for all, so that gains are paired.

    Returns
    -------
    MoreLeads or None
        None with fewer than two models.
    """
    if len(leads) < 2:
        return None
    losses = [resamples.ratio(log_loss(known, score, WON)) for score in scores]
    gain = (losses[-2] - losses[-1]).figure()
    points = tuple(Learned(many, loss.figure()) for many, loss in zip(leads, losses, strict=True))
    return MoreLeads(points, gain, _sentence(leads[-2], leads[-1], gain))


def _sentence(before: int, after: int, gain: Figure) -> str:
    if gain.value is None or gain.low is None or gain.high is None:
        return "Whether more leads would help could not be told: too few outcomes are known."
    grown = f"Learning from {counted(after, 'lead')} instead of {before:,}"
    interval = f"(95 % interval {gain.low:+.4f} to {gain.high:+.4f})"
    if gain.low > 0:
        return (
            f"More leads would probably help: {grown[0].lower()}{grown[1:]} lowered the log-loss by "
            f"{gain.value:.4f} {interval}."
        )
    if gain.high < 0:
        return f"More leads did not help: {grown[0].lower()}{grown[1:]} raised the log-loss {interval}."
    return (
        f"That more leads would help cannot be shown: {grown[0].lower()}{grown[1:]} changed the log-loss by "
        f"{-gain.value:+.4f}, which may be chance."
    )
