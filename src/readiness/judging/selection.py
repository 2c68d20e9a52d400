"""How much the leads that were learned from differ from those that are scored."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import StratifiedGroupKFold
from threadpoolctl import threadpool_limits

from readiness.crm.tables import Flags, Floats, Ints
from readiness.history.feature_plan import FeaturePlan
from readiness.judging.bootstrap import Estimate, Figure, draw
from readiness.judging.cohort import Known
from readiness.judging.metrics import auc

FEWEST: Final = 30
"""With fewer leads on one side nothing is said."""

MOST: Final = 1_000
"""Leads of one side that are looked at, at most; drawn at random."""

NAMED: Final = 5
_FOLDS: Final = 3
_PROFILE: Final = ("source", "attribute", "completeness")
_REPLICATES: Final = 400
_CODES: Final = 255
"""The most codes that the classifier takes for a category."""

_ONE: Final = 1
_NOTHING: Final = Figure(None, None, None)


@dataclass(frozen=True, slots=True)
class Differs:
    """How well one group of features alone tells the two sides apart; 0.5 is not at all, 1 always."""

    group: str
    auc: float

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {"group": self.group, "auc": self.auc}


@dataclass(frozen=True, slots=True)
class Apart:
    """How well two sides of leads can be told apart, and by what.

    ``auc`` is a classifier's on leads it had not seen, None where one side has fewer than 30.
    """

    first: int
    second: int
    auc: Figure
    by: tuple[Differs, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "first": self.first,
            "second": self.second,
            "auc": self.auc.to_dict(),
            "by": [each.to_dict() for each in self.by],
        }


@dataclass(frozen=True, slots=True)
class Selection:
    """How the leads that were learned from were chosen, as far as the data tell.

    ``scored`` compares leads learned from with leads to be scored, by what was known at creation;
    ``called`` those never handed over with those that were (None where there are no hand-overs). ``leads``
    and ``handed_over`` count leads, and ``with_propensity`` the hand-overs whose chance of being chosen was
    written down.
    """

    scored: Apart
    called: Apart | None
    leads: int
    handed_over: int
    with_propensity: int

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "scored": self.scored.to_dict(),
            "called": self.called.to_dict() if self.called else None,
            "leads": self.leads,
            "handed_over": self.handed_over,
            "with_propensity": self.with_propensity,
        }


def at_creation(plan: FeaturePlan) -> Ints:
    """Return the columns that tell of a lead as it was created: its source and attributes.

    Age and behaviour differ with the day on which one looks, whoever the leads are.
    """
    told = [feature.measure.split(":")[0] in _PROFILE for feature in plan.features]
    return np.flatnonzero(told)


def tell_apart(
    matrix: Floats,
    second: Flags,
    plan: FeaturePlan,
    *,
    seed: int,
    columns: Ints | None = None,
    lead: Ints | None = None,
) -> Apart:
    """Ask a classifier which side a lead is from, by its features.

    Parameters
    ----------
    matrix : Floats, n × p
        One row a lead and side, in the plan's order.
    second : Flags, n
        Which side the lead is on.
    columns : Ints, optional
        By these features only.
    lead : Ints, n, optional
        Whose row it is, where a lead may stand on both sides; without it each row is of another lead.

    Returns
    -------
    Apart
        Gradient boosting in three folds, a lead's rows in one of them: a twin among those learned from,
        on the other side, would make sides that are alike look like opposites. An AUC of 0.5 says that the
        sides are alike in all that the features tell, as far as the classifier can find out; ``by`` names
        the five groups whose best column alone tells most.

    Notes
    -----
    The classifier two-sample test: Lopez-Paz and Oquab (2017), Revisiting classifier two-sample tests, ICLR.
    """
    if columns is not None:
        kept = replace(plan, features=tuple(plan.features[column] for column in columns))
        return tell_apart(matrix[:, columns], second, kept, seed=seed, lead=lead)
    rng = np.random.default_rng((seed, 4))
    sides = [np.flatnonzero(second == side) for side in (False, True)]
    if min(map(len, sides)) < FEWEST:
        return Apart(len(sides[0]), len(sides[1]), _NOTHING, ())
    rows = np.sort(np.concatenate([rng.permutation(side)[:MOST] for side in sides]))
    seen, known = matrix[rows], Known(second[rows].astype(np.int8), np.ones(len(rows)))
    chance = _out_of_fold(seen, second[rows], plan, rows if lead is None else lead[rows], seed)
    replicates = draw(rows, replicates=_REPLICATES, seed=seed).of(
        lambda weights: auc(known, chance, _ONE, weights)
    )
    figure = Estimate(float(auc(known, chance, _ONE)[0]), replicates).figure()
    alone = [
        Differs(group, max(_alone(seen[:, column], known, plan, column) for column in columns))
        for group, columns in plan.group_columns().items()
    ]
    alone.sort(key=lambda each: (-each.auc, each.group))
    return Apart(len(sides[0]), len(sides[1]), figure, tuple(alone[:NAMED]))


def _out_of_fold(matrix: Floats, second: Flags, plan: FeaturePlan, lead: Ints, seed: int) -> Floats:
    categories = np.array(
        [feature.kind == "category" and feature.missing < _CODES for feature in plan.features]
    )
    # Below all others, so that "missing" is a value too: columns without any other cannot be binned.
    known = np.nan_to_num(matrix, nan=np.nan_to_num(matrix).min(initial=0.0) - 1.0)
    chance = np.full(len(matrix), second.mean())
    folds = StratifiedGroupKFold(_FOLDS, shuffle=True, random_state=seed)
    with threadpool_limits(1):
        for learned, asked in folds.split(known, second, lead):
            telling = np.flatnonzero(np.ptp(known[learned], axis=0) > 0)
            if not len(telling):
                continue
            classifier = HistGradientBoostingClassifier(
                max_iter=40,
                max_leaf_nodes=8,
                early_stopping=False,
                categorical_features=categories[telling],
                random_state=seed,
            )
            classifier.fit(known[learned][:, telling], second[learned])
            chance[asked] = classifier.predict_proba(known[asked][:, telling])[:, 1]
    return chance


def _alone(column: Floats, known: Known, plan: FeaturePlan, place: int) -> float:
    """Return how well one column ranks the sides, either way; a category by the share of its second side.

    That share is counted from the same leads, which flatters rare values: it is drawn to the share of all
    as by ten more leads.
    """
    if plan.features[place].kind == "category":
        code: Ints = column.astype(np.int64)
        of_second = known.outcome == _ONE
        count = np.bincount(code)
        share = (np.bincount(code, of_second) + 10.0 * of_second.mean()) / (count + 10.0)
        column = share[code]
    # A missing number ranks below all others: that it is missing may tell as well.
    found = float(auc(known, np.nan_to_num(column, nan=-np.inf), _ONE)[0])
    return max(found, 1.0 - found)
