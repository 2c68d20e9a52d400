"""What a model rests on, how steadily, and on which leads: everything found beside its figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from readiness.judging.dependence import Dependence
from readiness.judging.importance import Importance
from readiness.judging.more_leads import MoreLeads
from readiness.judging.selection import Selection
from readiness.judging.stability import Stability
from readiness.judging.steps import Step
from readiness.judging.themes import Theme, ThemeImportance
from readiness.judging.together import Together


@dataclass(frozen=True, slots=True)
class Insight:
    """What was found by looking into a model.

    ``importance``, ``together`` and ``dependence`` are empty where nothing could be judged. ``stability`` and
    ``more_leads`` take several further fits, and are there only where they were asked for. ``lasting`` says
    how much of what was learned counts for later leads, 0 to 1 (`learning.rehearsal`); None where undated.
    ``theme_of`` says of which kind each group of features is, ``themes`` how much each kind matters, and
    ``steps`` what one step more of a group does to the score.
    """

    importance: tuple[Importance, ...] = ()
    together: tuple[Together, ...] = ()
    dependence: tuple[Dependence, ...] = ()
    stability: tuple[Stability, ...] = ()
    more_leads: MoreLeads | None = None
    selection: Selection | None = None
    lasting: float | None = None
    themes: tuple[ThemeImportance, ...] = ()
    theme_of: Mapping[str, Theme] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "importance": [each.to_dict() for each in self.importance],
            "together": [each.to_dict() for each in self.together],
            "dependence": [each.to_dict() for each in self.dependence],
            "stability": [each.to_dict() for each in self.stability],
            "more_leads": self.more_leads.to_dict() if self.more_leads else None,
            "selection": self.selection.to_dict() if self.selection else None,
            "lasting": self.lasting,
            "themes": [each.to_dict() for each in self.themes],
            "theme_of": dict(self.theme_of),
            "steps": [each.to_dict() for each in self.steps],
        }
