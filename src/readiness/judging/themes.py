"""What kind of thing a score rests on: who a lead is, what it does, its BANT, its source, its timing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias, get_args

import numpy as np

from readiness.agreement.bant import evidence_for
from readiness.agreement.conditions import fold
from readiness.agreement.document import PIECES, Agreement
from readiness.crm.tables import Floats
from readiness.history.feature_plan import Feature, FeaturePlan
from readiness.judging.bootstrap import Figure
from readiness.judging.cohort import Cohort
from readiness.judging.importance import ROWS, look

Theme: TypeAlias = Literal[
    "profile", "interest", "BANT", "source", "timing", "our own activity", "the agreement's points"
]
THEMES: Final[tuple[Theme, ...]] = get_args(Theme)

_TIMING: Final = ("age", "rhythm")
_ANSWERS: Final = ("attribute", "answer")


@dataclass(frozen=True, slots=True)
class ThemeImportance:
    """How much the score loses without everything of one kind; ``groups`` name what that is."""

    theme: Theme
    increase: Figure
    groups: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {"theme": self.theme, "increase": self.increase.to_dict(), "groups": list(self.groups)}


def bant_names(agreement: Agreement) -> frozenset[str]:
    """Name the answers and lead columns, folded, that say something about a piece of BANT."""
    return frozenset(
        name
        for piece in PIECES
        for evidence in evidence_for(agreement.bant, piece)
        for name in evidence.folded_reads
    )


def theme_of(feature: Feature, bant: frozenset[str]) -> Theme:
    """Say of what kind a feature is.

    A column or an answer that the agreement's BANT reads is BANT, whatever else reads it; what we did is
    not the lead's interest; when things happened, and how regularly, is timing.

    >>> title = Feature("job_title", "category", "Job title", "attribute:category", "job_title")
    >>> theme_of(title, frozenset()), theme_of(title, frozenset({"job_title"}))
    ('profile', 'BANT')
    >>> theme_of(Feature("lead_age_days", "number", "Age of the lead", "age"), frozenset())
    'timing'
    """
    measure = feature.measure.split(":", maxsplit=1)[0]
    if measure == "source":
        return "source"
    if measure == "points":
        return "the agreement's points"
    if measure in _ANSWERS:
        return "BANT" if fold(feature.of) in bant else "profile"
    if measure == "completeness":
        return "profile"
    if measure in _TIMING:
        return "timing"
    return "our own activity" if feature.direction == "outbound" else "interest"


def themes_of(plan: FeaturePlan, bant: frozenset[str]) -> dict[str, Theme]:
    """Say of each group of features of what kind its first feature is."""
    return {
        group: theme_of(plan.features[columns[0]], bant) for group, columns in plan.group_columns().items()
    }


def theme_importance(
    matrix: Floats,
    cohort: Cohort,
    plan: FeaturePlan,
    predict: Callable[[Floats], Floats],
    bant: frozenset[str],
    *,
    horizon_days: float | None,
    seed: int,
    rows: int = ROWS,
) -> tuple[ThemeImportance, ...]:
    """Shuffle everything of one kind together, and see how much worse the score becomes.

    Parameters
    ----------
    matrix, cohort, plan, predict, horizon_days, seed, rows
        As of `importance.importance`; the same snapshots are looked at.
    bant : frozenset of str
        As `bant_names` returns them.

    Returns
    -------
    tuple of ThemeImportance
        One a kind that there is, the most important first; empty where no outcome is known. What two groups
        of a kind tell alike counts here, and in neither of them alone.
    """
    looked = look(matrix, cohort, predict, horizon_days=horizon_days, seed=seed, rows=rows)
    if looked is None:
        return ()
    themes, columns = themes_of(plan, bant), plan.group_columns()
    rng = np.random.default_rng((seed, 8))
    found = []
    for theme in THEMES:
        groups = tuple(group for group, of in themes.items() if of == theme)
        if groups:
            chosen = [column for group in groups for column in columns[group]]
            without = looked.predict(looked.shuffled(chosen, rng.permutation(len(looked.matrix))))
            found.append(ThemeImportance(theme, looked.increase(without), groups))
    return tuple(sorted(found, key=lambda each: -(each.increase.value or 0.0)))
