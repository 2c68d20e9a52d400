"""How the logistic member is fitted: penalised likelihood, the penalty found by cross-validation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from readiness.crm.tables import Flags, Floats, Ints
from readiness.learning.base_hazards import BaseHazards, Bases
from readiness.learning.canonical import held_out
from readiness.learning.curves import Ends
from readiness.learning.hazard_logistic import Encoding, HazardLogistic
from readiness.learning.person_periods import PersonPeriods

# scipy's annotations know no dict of options.
_LBFGS: Final[dict[str, Any]] = {
    "jac": True,
    "method": "L-BFGS-B",
    "options": {"maxiter": 200, "ftol": 1e-7, "gtol": 1e-3, "maxcor": 20},
}


_GRAM_OF: Final = 65_536
"""From so many rows on a sample tells how columns hang together."""


@dataclass(frozen=True, slots=True)
class _Weights:
    """``level`` is causes × intervals, ``features`` causes × design columns."""

    level: Floats
    features: Floats


@dataclass(frozen=True, slots=True)
class FittedLogistic:
    """A fitted member, its penalty, and what fits that did not see a lead say of it.

    ``unseen`` is causes × thinned person-periods; None where the bases hold nothing out: then nothing was
    chosen either.
    """

    member: HazardLogistic
    penalty: float
    unseen: Floats | None


def fit_logistic(
    X: Floats,
    levels: Ints,
    rows: PersonPeriods,
    ends: Ends,
    bases: Bases,
    *,
    thinned: PersonPeriods,
    fold: Ints,
    penalties: Sequence[float],
) -> FittedLogistic:
    """Fit the member, its penalty chosen on leads that a fit did not see.

    Parameters
    ----------
    X : Floats, n × p
    levels : Ints, p
        Number of codes of a category feature, 0 for a number feature.
    rows, thinned : PersonPeriods
        What the member is fitted to; and the fewer rows on which penalties are tried.
    bases : Bases
        The levels that this member's own are gently drawn to. What strata add there is added beside it,
        in training as in use. Where it holds nothing out the first penalty is taken as it is.
    fold : Ints, n
    penalties : falling
        Tried in turn until a weaker one is worse on unseen leads.
    """
    encoding = Encoding.of(X, levels)
    # A column that is zero everywhere can only have weight zero.
    active = encoding.used(X)
    # Those on which penalties are tried come first: they are then a part of the design, not a copy.
    some = np.zeros(len(X), dtype=np.bool_)
    some[thinned.snapshot] = True
    order, tried = np.argsort(~some, kind="stable"), int(some.sum())
    place = np.argsort(order, kind="stable")
    design = encoding.design(X, active, order)
    gram = _gram(design)
    best, unseen = penalties[0], None
    if bases.without:
        few, told = replace(thinned, snapshot=place[thinned.snapshot]), tried / len(X)
        first = order[:tried]
        best, unseen = _best(design[:tried], told * gram, few, ends, bases.at(first), fold[first], penalties)
    moved = replace(rows, snapshot=place[rows.snapshot])
    whole = _Loss(design, gram, moved, ends, bases.whole.at(order))
    fitted = whole.minimise(best, whole.nothing())
    weights = np.zeros((len(ends.causes), encoding.width))
    weights[:, active] = fitted.features
    return FittedLogistic(HazardLogistic(encoding, fitted.level, weights), best, unseen)


def _gram(design: Floats) -> Floats:
    """Return the design's Gram matrix, of very many rows from a sample: it only sets the pace of a search.

    Rows in canonical order are as good as random: evenly spaced ones are a fair sample.
    """
    sample = design[:: max(1, len(design) // _GRAM_OF)]
    gram: Floats = (sample.T @ sample) * (len(design) / len(sample))
    return gram


def _best(
    design: Floats,
    gram: Floats,
    thinned: PersonPeriods,
    ends: Ends,
    bases: Bases,
    fold: Ints,
    penalties: Sequence[float],
) -> tuple[float, Floats]:
    numbers = np.unique(fold)
    splits = [held_out(fold[thinned.snapshot], number) for number in numbers]
    without = [bases.without[number] for number in numbers]
    losses = [
        _Loss(design, gram, thinned.where(inside), ends, base)
        for (inside, _), base in zip(splits, without, strict=True)
    ]
    fits = [loss.nothing() for loss in losses]
    best_value, best_penalty, unseen = np.inf, penalties[0], bases.whole.of(thinned)
    for penalty in penalties:
        fits = [loss.minimise(penalty, start) for loss, start in zip(losses, fits, strict=True)]
        tried = _unseen(design, thinned, splits, fits, without)
        value = negative_log_likelihood(tried, thinned, ends)
        if value >= best_value:
            break
        best_value, best_penalty, unseen = value, penalty, tried
    return best_penalty, unseen


def negative_log_likelihood(eta: Floats, rows: PersonPeriods, ends: Ends) -> float:
    """Return the weighted negative log-likelihood of log-hazards, causes × m."""
    return float(negative_log_likelihoods(eta, rows, ends).sum())


def negative_log_likelihoods(eta: Floats, rows: PersonPeriods, ends: Ends) -> Floats:
    """Return what each row adds to it, m."""
    top = np.zeros(len(rows))
    for each in eta:
        np.maximum(top, each, out=top)
    total, happened = np.exp(-top), np.zeros(len(rows))
    for cause, each in zip(ends.causes, eta, strict=True):
        total += np.exp(each - top)
        np.copyto(happened, each, where=rows.event == cause)
    losses: Floats = rows.weight * (top + np.log(total) - happened)
    return losses


def _unseen(
    design: Floats,
    rows: PersonPeriods,
    splits: Sequence[tuple[Flags, Flags]],
    fits: Sequence[_Weights],
    without: Sequence[BaseHazards],
) -> Floats:
    eta = np.empty((len(fits[0].level), len(rows)))
    # The design is read once for all fits: it is far larger than what they make of it.
    totals = (design @ np.concatenate([fit.features for fit in fits]).T).T.reshape(
        len(fits), len(eta), len(design)
    )
    for fit, total, base, (_, out) in zip(fits, totals, without, splits, strict=True):
        held = rows.where(out)
        eta[:, out] = total[:, held.snapshot] + fit.level[:, held.interval] + base.added(held)
    return eta


class _Loss:
    """The negative log-likelihood of some person-periods; arrays that every round needs are made once."""

    def __init__(
        self, design: Floats, gram: Floats, rows: PersonPeriods, ends: Ends, base: BaseHazards
    ) -> None:
        self.design, self.gram, self.rows = design, gram, rows
        self.offset, self.added = base.offset, base.added(rows)
        self.happened = [np.where(rows.event == cause, rows.weight, 0.0) for cause in ends.causes]

    def nothing(self) -> _Weights:
        """Return the weights of a model in which no feature matters."""
        return _Weights(self.offset, np.zeros((len(self.offset), self.design.shape[1])))

    def minimise(self, penalty: float, start: _Weights) -> _Weights:
        """Minimise the loss + penalty / 2 · squared feature weights + 1/2 · squared level shifts.

        Columns are decorrelated first, by the curvature that rare events would give: then L-BFGS
        needs some fifteen rounds instead of hundreds.
        """
        causes, width = start.features.shape
        roots = [self._root(happened, penalty) for happened in self.happened]

        def unpack(theta: Floats) -> _Weights:
            scaled = theta[: causes * width].reshape(causes, width)
            features = np.stack([_solve(root, row, "T") for root, row in zip(roots, scaled, strict=True)])
            return _Weights(self.offset + theta[causes * width :].reshape(causes, -1), features)

        def objective(theta: Floats) -> tuple[float, Floats]:
            weights = unpack(theta)
            value, by = self._value(weights)
            shift = weights.level - self.offset
            value += penalty / 2.0 * float((weights.features**2).sum()) + float((shift**2).sum()) / 2.0
            slope = by.features + penalty * weights.features
            scaled = np.stack([_solve(root, row, "N") for root, row in zip(roots, slope, strict=True)])
            return value, np.r_[scaled.ravel(), (by.level + shift).ravel()]

        scaled = np.stack([root.T @ row for root, row in zip(roots, start.features, strict=True)])
        theta = np.r_[scaled.ravel(), (start.level - self.offset).ravel()]
        from scipy.optimize import minimize  # noqa: PLC0415 - slow to load; whoever only predicts needs none of it

        return unpack(minimize(objective, theta, **_LBFGS).x)

    def _root(self, happened: Floats, penalty: float) -> Floats:
        share = float(happened.sum()) / max(len(self.design), 1)
        curvature = share * self.gram
        curvature[np.diag_indices(len(curvature))] += penalty
        return np.asarray(np.linalg.cholesky(curvature), dtype=np.float64)

    def _value(self, weights: _Weights) -> tuple[float, _Weights]:
        rows = self.rows
        total = (self.design @ weights.features.T).T
        eta = [
            each[rows.snapshot] + level[rows.interval] + added
            for each, level, added in zip(total, weights.level, self.added, strict=True)
        ]
        top = np.zeros(len(rows))
        for each in eta:
            top = np.maximum(top, each)
        odds = [np.exp(each - top) for each in eta]
        normaliser = np.exp(-top)
        for odd in odds:
            normaliser = normaliser + odd
        value = float((rows.weight * (top + np.log(normaliser))).sum())
        by_snapshot, level = np.empty((len(eta), len(self.design))), np.empty_like(weights.level)
        share = rows.weight / normaliser
        for cause, (each, odd, happened) in enumerate(zip(eta, odds, self.happened, strict=True)):
            value -= float((happened * each).sum())
            residual = share * odd - happened
            by_snapshot[cause] = np.bincount(rows.snapshot, residual, len(self.design))
            level[cause] = np.bincount(rows.interval, residual, level.shape[1])
        return value, _Weights(level, by_snapshot @ self.design)


def _solve(root: Floats, row: Floats, side: str) -> Floats:
    if len(row) == 0:
        return row
    from scipy.linalg import solve_triangular  # noqa: PLC0415 - as above

    solved: Floats = solve_triangular(root, row, lower=True, trans=1 if side == "T" else 0)
    return solved
