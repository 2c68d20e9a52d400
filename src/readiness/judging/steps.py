"""How many times as likely a sale becomes with one step more of what the score rests on, in natural units."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from readiness.counting import counted
from readiness.crm.tables import Floats
from readiness.history.feature_plan import Feature, FeaturePlan
from readiness.history.measured import in_unit, measured
from readiness.judging.importance import Importance

TOP: Final = 10
"""So many behaviours and attributes are asked about, the most important first."""
ROWS: Final = 1_000
"""Snapshots over which mean scores are taken, at most."""
_COUNTS: Final = ("activity:count", "reply:count", "dialogue:count", "answers:count")
_QUARTILES: Final = (0.25, 0.75)


@dataclass(frozen=True, slots=True)
class Step:
    """One step, and what it does to the mean score.

    ``said`` tells the step: "one more in the last 14 days", "80 rather than 20". ``ratio`` is the mean score
    with the step over that without, everything else of each lead as it is. It tells what the model makes of
    leads, and so has no interval: how sure it is that the group matters at all, its importance says.
    """

    group: str
    feature: str
    said: str
    ratio: float

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "group": self.group,
            "feature": self.feature,
            "said": self.said,
            "ratio": self.ratio,
        }


@dataclass(frozen=True, slots=True)
class _Asked:
    """A step on the matrix: what is compared, and with what."""

    feature: Feature
    said: str
    with_it: Floats
    without: Floats


def steps(
    matrix: Floats,
    plan: FeaturePlan,
    predict: Callable[[Floats], Floats],
    importances: Sequence[Importance],
    *,
    seed: int,
    top: int = TOP,
    rows: int = ROWS,
) -> tuple[Step, ...]:
    """Ask the model about the same leads with and without one step more.

    Of what is counted, one more within the window of the strongest count: it stands in every longer window,
    too, and in how long ago the last one was. Of any other number, what a quarter of the leads exceed rather
    than what a quarter stay below. Of categories, the one that raises the score most rather than the one
    that lowers it most.

    Parameters
    ----------
    matrix : Floats, n × p
        Features of snapshots that the model was not fitted on, in the plan's order.
    predict : matrix → Floats, n
        The score.
    importances : sequence of Importance
        The most important first.

    Returns
    -------
    tuple of Step
        In that order; a group of which no step can be told, for its value is always the same, is left out.
        None without snapshots.

    Notes
    -----
    Ratios of partial dependences: Friedman (2001), Greedy function approximation, Annals of Statistics 29.
    They say what the model makes of a lead, not what happened to leads, and not what a call would change.
    """
    chosen = np.sort(np.random.default_rng((seed, 9)).permutation(len(matrix))[:rows])
    if not len(chosen):
        return ()
    seen, found = matrix[chosen], []
    for each in importances[:top]:
        asked = _asked(each, plan, seen)
        if asked is None:
            continue
        more, fewer = (float(predict(leads).mean()) for leads in (asked.with_it, asked.without))
        if fewer > 0:
            found.append(Step(each.group, asked.feature.name, asked.said, more / fewer))
    return tuple(found)


def _asked(each: Importance, plan: FeaturePlan, seen: Floats) -> _Asked | None:
    columns = plan.group_columns()[each.group]
    strongest = plan.features[plan.names.index(each.feature)]
    if strongest.kind == "category":
        return _other_level(each, strongest, plan, seen)
    counts = [plan.features[column] for column in columns if plan.features[column].measure in _COUNTS]
    if counts:
        return _one_more(strongest if strongest in counts else counts[0], plan, seen, columns)
    return _quartiles(strongest, plan, seen)


def _one_more(counted_in: Feature, plan: FeaturePlan, seen: Floats, columns: Sequence[int]) -> _Asked:
    moved, window = seen.copy(), _days(counted_in)
    for column in columns:
        feature = plan.features[column]
        kind = feature.measure.split(":", maxsplit=1)[1]
        if feature.measure == counted_in.measure and _days(feature) >= window:
            moved[:, column] += 1.0
        elif kind == "since" and np.isfinite(window):
            # In the middle of the window, unless the last one was later.
            moved[:, column] = np.fmin(moved[:, column], window / 2.0)
        elif kind == "decayed" and feature.days is not None and np.isfinite(window):
            moved[:, column] += 2.0 ** (-window / 2.0 / feature.days)
    said = "one more so far" if counted_in.days is None else f"one more in the last {_span(counted_in.days)}"
    return _Asked(counted_in, said, moved, seen)


def _days(feature: Feature) -> float:
    return np.inf if feature.days is None else feature.days


def _span(days: float) -> str:
    return counted(days, "day")


def _quartiles(feature: Feature, plan: FeaturePlan, seen: Floats) -> _Asked | None:
    column = plan.names.index(feature.name)
    known = seen[np.isfinite(seen[:, column]), column]
    if not len(known):
        return None
    low, high = np.quantile(known, _QUARTILES, method="nearest")
    if low == high:
        # Most leads have the same value: the farthest ones tell more than nothing.
        low, high = known.min(), known.max()
    what = measured(feature)
    more, fewer = in_unit(float(high), what.unit), in_unit(float(low), what.unit)
    if more == fewer:
        return None
    said = f"{more} rather than {fewer}" + (f" {what.what}" if what.what else "")
    return _Asked(feature, said, _at(seen, column, float(high)), _at(seen, column, float(low)))


def _other_level(each: Importance, feature: Feature, plan: FeaturePlan, seen: Floats) -> _Asked | None:
    if each.raises is None or each.lowers is None:
        return None
    names, column = (*feature.levels, "other", "missing"), plan.names.index(feature.name)
    most, least = names.index(each.raises), names.index(each.lowers)
    said = f"{_level(each.raises)} rather than {_level(each.lowers)}"
    return _Asked(feature, said, _at(seen, column, float(most)), _at(seen, column, float(least)))


def _level(name: str) -> str:
    return "not known" if name == "missing" else f"“{name.replace('_', ' ')}”"


def _at(seen: Floats, column: int, value: float) -> Floats:
    moved = seen.copy()
    moved[:, column] = value
    return moved
