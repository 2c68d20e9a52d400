"""What trying out other settings came to, in numbers and in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from readiness.counting import counted
from readiness.training_run.tuning.knobs import in_words


@dataclass(frozen=True, slots=True)
class Found:
    """The settings to take, and what they were compared on.

    Parameters
    ----------
    estimator : mapping
        Settings to take that are other than the defaults; empty: the defaults stay.
    tried : int
        Settings tried beside the defaults.
    leads : int
        Unseen leads on which they were compared.
    default_loss, best_loss : float
        Integrated log-loss of a snapshot of these leads by the defaults, and by the best tried.
    gain, least : float
        By how much the best loses less, and the least that is beyond chance.
    best : mapping
        The best tried, taken or not; empty where nothing beat the defaults.
    """

    estimator: Mapping[str, Any] = field(default_factory=dict)
    tried: int = 0
    leads: int = 0
    default_loss: float = 0.0
    best_loss: float = 0.0
    gain: float = 0.0
    least: float = 0.0
    best: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """Say which settings are taken, and why."""
        if not self.leads:
            return "No other settings were tried: there are too few leads to try them on. The defaults stay."
        if not self.tried:
            return "There was no time to try other settings than the defaults; they stay."
        compared = f"{counted(self.tried, 'other setting')} tried on {counted(self.leads, 'unseen lead')}"
        losses = f"log-loss over the whole course {self.best_loss:.4f} against {self.default_loss:.4f}"
        if self.estimator:
            return (
                f"{compared}: the best beats the defaults beyond chance ({losses}; better by at least "
                f"{self.least:.4f}) and is taken: {in_words(self.estimator)}."
            )
        if not self.best:
            return f"{compared}: none was better than the defaults, which stay."
        return f"{compared}: none beat the defaults beyond chance (the best: {losses}); the defaults stay."

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON, the sentence with it."""
        return {
            "sentence": self.sentence,
            "chosen": _plain(self.estimator),
            "tried": self.tried,
            "leads": self.leads,
            "default_loss": self.default_loss,
            "best_loss": self.best_loss,
            "gain": self.gain,
            "least": self.least,
            "best": _plain(self.best),
        }


def _plain(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in sorted(settings.items())
    }
