"""What the replay of each of two agreements says, and how their hand-overs overlap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from readiness.hindsight.groups import Group
from readiness.hindsight.kept_back import KeptBack
from readiness.hindsight.standing import Standing
from readiness.hindsight.weeks import Weeks


@dataclass(frozen=True, slots=True)
class Side:
    """What the replay of one of two agreements says."""

    standing: Standing
    weeks: Weeks | None
    total: Group
    kept_back: tuple[KeptBack, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            **self.standing.to_dict(),
            "handed_over": self.total.to_dict(),
            "weekly": self.weeks.to_dict() if self.weeks else None,
            "kept_back": [each.to_dict() for each in self.kept_back],
        }


@dataclass(frozen=True, slots=True)
class Overlap:
    """How many leads both would have handed over, and who sooner."""

    both: int
    a_sooner: int
    b_sooner: int

    def to_dict(self) -> dict[str, int]:
        """Return it ready for JSON."""
        return {"both": self.both, "a_sooner": self.a_sooner, "b_sooner": self.b_sooner}
