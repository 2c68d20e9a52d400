"""What cross-validation found about a recipe, so that a refit on more data need not look for it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from readiness.learning.recalibration import Checked


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
    checked : Checked or None
        Whether the log-hazards were too bold or too timid.
    few_rows : bool
        Whether the trees were those for few rows.
    strengths : dict or None
        For each column read by what ended at its values, how far each cause's are drawn
        (`target_statistics`); None in an older bundle: then it is looked for anew.
    lasting : float, 0 to 1
        How much of what is learned counts for later leads (`rehearsal`).
    """

    rounds: tuple[int, ...]
    penalty: float | None
    weights: tuple[float, ...]
    strength: float | None = None
    checked: Checked | None = None
    few_rows: bool = False
    strengths: Mapping[int, tuple[float | None, ...]] | None = None
    lasting: float = 1.0

    def to_json(self) -> dict[str, Any]:
        """Return them ready for JSON."""
        return {
            "rounds": list(self.rounds),
            "penalty": self.penalty,
            "weights": list(self.weights),
            "strength": self.strength,
            "checked": self.checked.to_json() if self.checked else None,
            "few_rows": self.few_rows,
            "strengths": None
            if self.strengths is None
            else [[at, list(of)] for at, of in self.strengths.items()],
            "lasting": self.lasting,
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        penalty, strength = content["penalty"], content.get("strength")
        checked, strengths = content.get("checked"), content.get("strengths")
        return cls(
            tuple(int(rounds) for rounds in content["rounds"]),
            None if penalty is None else float(penalty),
            tuple(float(weight) for weight in content["weights"]),
            None if strength is None else float(strength),
            Checked.from_json(checked) if checked else None,
            bool(content.get("few_rows", False)),
            None if strengths is None else {int(at): tuple(of) for at, of in strengths},
            float(content.get("lasting", 1.0)),
        )
