"""What cross-validation found about a recipe, so that a refit on more data need not look for it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Choices:
    """The settings of each member, and how much each counts.

    Parameters
    ----------
    rounds : tuple of int
        Of each member of trees.
    penalty : float or None
        Of the logistic member; None where there is none.
    weights : tuple of float
        Of the members, trees first; they sum to one.
    strength : float or None
        For how many events of a cause the points card speaks; None where there is no card.
    """

    rounds: tuple[int, ...]
    penalty: float | None
    weights: tuple[float, ...]
    strength: float | None = None

    def to_json(self) -> dict[str, Any]:
        """Return them ready for JSON."""
        return {
            "rounds": list(self.rounds),
            "penalty": self.penalty,
            "weights": list(self.weights),
            "strength": self.strength,
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        penalty, strength = content["penalty"], content.get("strength")
        return cls(
            tuple(int(rounds) for rounds in content["rounds"]),
            None if penalty is None else float(penalty),
            tuple(float(weight) for weight in content["weights"]),
            None if strength is None else float(strength),
        )
