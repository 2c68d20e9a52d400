"""Which behaviours and attributes a model's score rests on, and which way they move it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, TypeAlias

import numpy as np

from readiness.crm.tables import Floats, Ints
from readiness.history.feature_plan import Feature, FeaturePlan
from readiness.history.outcomes import WON
from readiness.judging.bootstrap import Figure, Ratio, Resamples, draw
from readiness.judging.cohort import Cohort, Known, known_at
from readiness.judging.metrics import SUREST, log_loss
from readiness.progress import Progress, silent

Direction: TypeAlias = Literal["up", "down", "by level", "mixed"]
ROWS: Final = 1_500
"""Snapshots looked at, at most; drawn at random among those whose outcome is known."""

_REPLICATES: Final = 400
_CLEAR: Final = 0.1
_LEVEL_ROWS: Final = 10


@dataclass(frozen=True, slots=True)
class Importance:
    """How much the score loses without one group of features, and which way the group moves it.

    ``increase`` is the rise in log-loss when the group's values are shuffled among the snapshots.
    ``direction`` is "up" where more of ``feature`` raises the score, "down" where it lowers it,
    "by level" where ``raises`` and ``lowers`` name the categories, "mixed" where neither is clear.
    ``contribution`` is how far the score moves, on average, when the values are shuffled; 0 to 1.
    """

    group: str
    increase: Figure
    direction: Direction
    feature: str
    raises: str | None = None
    lowers: str | None = None
    contribution: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "group": self.group,
            "increase": self.increase.to_dict(),
            "direction": self.direction,
            "feature": self.feature,
            "raises": self.raises,
            "lowers": self.lowers,
            "contribution": self.contribution,
        }


@dataclass(frozen=True, slots=True)
class Looked:
    """The snapshots that are looked at: n rows of the matrix, what is known of them, their scores."""

    matrix: Floats
    known: Known
    score: Floats
    resamples: Resamples
    predict: Callable[[Floats], Floats]

    def shuffled(self, columns: Sequence[int], shuffle: Ints) -> Floats:
        """Return the matrix with these columns taken together from other rows."""
        shuffled = self.matrix.copy()
        chosen = list(columns)
        shuffled[:, chosen] = self.matrix[shuffle][:, chosen]
        return shuffled

    def increase(self, without: Floats) -> Figure:
        """Return by how much these scores' log-loss is above that of the snapshots' own."""
        before, after = (log_loss(self.known, score, WON) for score in (self.score, without))
        return self.resamples.ratio(Ratio(after.top - before.top, before.bottom)).figure()


def look(
    matrix: Floats,
    cohort: Cohort,
    predict: Callable[[Floats], Floats],
    *,
    horizon_days: float | None,
    seed: int,
    rows: int = ROWS,
) -> Looked | None:
    """Draw the snapshots that are looked at; None where no outcome is known."""
    known = known_at(cohort, horizon_days)
    chosen = np.flatnonzero(known.weight > 0)
    chosen = np.sort(np.random.default_rng(seed).permutation(chosen)[:rows])
    if not len(chosen):
        return None
    seen = matrix[chosen]
    return Looked(
        matrix=seen,
        known=Known(known.outcome[chosen], known.weight[chosen]),
        score=predict(seen),
        resamples=draw(cohort.lead[chosen], replicates=_REPLICATES, seed=seed),
        predict=predict,
    )


def importance(
    matrix: Floats,
    cohort: Cohort,
    plan: FeaturePlan,
    predict: Callable[[Floats], Floats],
    *,
    horizon_days: float | None,
    seed: int,
    rows: int = ROWS,
    progress: Progress = silent,
) -> tuple[Importance, ...]:
    """Shuffle each group of features in turn, and see how much worse the score becomes.

    Parameters
    ----------
    matrix : Floats, n × p
        Features of snapshots that the model was not fitted on, in the plan's order.
    cohort : Cohort, n rows
    predict : matrix → Floats, n
        The score: P(won within the horizon).
    rows : int
        At most so many snapshots are used.

    Returns
    -------
    tuple of Importance
        One a group, the most important first; empty where no outcome is known. Groups that tell of the
        same thing share its importance: shuffling one leaves the other.

    Notes
    -----
    Permutation importance by group: Breiman (2001), Random forests, Machine Learning 45; Gregorutti,
    Michel and Saint-Pierre (2015), Grouped variable importance with random forests, CSDA 90.
    """
    looked = look(matrix, cohort, predict, horizon_days=horizon_days, seed=seed, rows=rows)
    if looked is None:
        return ()
    rng = np.random.default_rng((seed, 1))
    found = []
    for done, (group, columns) in enumerate(plan.group_columns().items()):
        progress("importance", done / len(plan.groups))
        found.append(_of_group(group, list(columns), plan, looked, rng.permutation(len(looked.matrix))))
    progress("importance", 1.0)
    return tuple(sorted(found, key=lambda each: (-(each.increase.value or 0.0), each.group)))


def _of_group(group: str, columns: list[int], plan: FeaturePlan, looked: Looked, shuffle: Ints) -> Importance:
    seen, shuffled = looked.matrix, looked.shuffled(columns, shuffle)
    without = looked.predict(shuffled)
    found = _directed(group, looked.increase(without), columns, plan, seen, shuffled, looked.score, without)
    return replace(found, contribution=float(np.abs(looked.score - without).mean()))


def _directed(
    group: str,
    increase: Figure,
    columns: list[int],
    plan: FeaturePlan,
    seen: Floats,
    shuffled: Floats,
    score: Floats,
    without: Floats,
) -> Importance:
    effect = _logit(score) - _logit(without)
    features = [plan.features[column] for column in columns]
    numbers = [place for place, feature in enumerate(features) if feature.kind == "number"]
    words = [place for place, feature in enumerate(features) if feature.kind == "category"]
    if words:
        # What was said, not how long ago: "more of it" means nothing of an answer in words.
        return _by_level(group, increase, features[words[0]], seen[:, columns[words[0]]], effect)
    pulls = [_pull(seen[:, columns[place]], shuffled[:, columns[place]], effect) for place in numbers]
    strongest = int(np.argmax(np.abs(pulls)))
    pull, feature = pulls[strongest], features[numbers[strongest]]
    direction: Direction = "mixed" if abs(pull) < _CLEAR else "up" if pull > 0 else "down"
    return Importance(group, increase, direction, feature.name)


def _by_level(group: str, increase: Figure, feature: Feature, codes: Floats, effect: Floats) -> Importance:
    names = (*feature.levels, "other", "missing")
    means = {
        names[int(code)]: float(effect[codes == code].mean())
        for code in np.unique(codes)
        if (codes == code).sum() >= _LEVEL_ROWS
    }
    if len(means) < 2 or np.ptp(list(means.values())) < SUREST:
        return Importance(group, increase, "mixed", feature.name)
    raises, lowers = (choose(means, key=lambda name: means[name]) for choose in (max, min))
    return Importance(group, increase, "by level", feature.name, raises, lowers)


def _pull(before: Floats, after: Floats, effect: Floats) -> float:
    """Return the correlation of "had more of it" with "scored higher"; 0 where either is constant."""
    both = np.isfinite(before) & np.isfinite(after)
    if both.sum() < _LEVEL_ROWS:
        return 0.0
    more, effect = _ranks(before[both], after[both]), effect[both]
    if np.ptp(more) == 0 or np.ptp(effect) == 0:
        return 0.0
    return float(np.corrcoef(more, effect)[0, 1])


def _ranks(before: Floats, after: Floats) -> Floats:
    """Return by how many ranks the one is above the other: far values don't count for more."""
    _, rank = np.unique(np.concatenate([before, after]), return_inverse=True)
    return (rank[: len(before)] - rank[len(before) :]).astype(np.float64)


def _logit(score: Floats) -> Floats:
    p = np.clip(score, SUREST, 1 - SUREST)
    logit: Floats = np.log(p) - np.log1p(-p)
    return logit


def top(importances: Sequence[Importance], many: int = 3) -> str:
    """Say in one sentence what the score rests on most."""
    names = [
        each.group for each in importances[:many] if each.increase.low is not None and each.increase.low > 0
    ]
    if not names:
        return "No single behaviour or attribute can be shown to matter to the score."
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"The score rests most on {listed}."
