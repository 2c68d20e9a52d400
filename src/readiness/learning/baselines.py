"""What a model must beat: the base rate per age, the points card, and logistic regression.

All are fitted and asked as the estimator is; they differ in what X is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Self

import numpy as np
from sklearn.base import BaseEstimator

from readiness.crm.tables import Floats, Ints
from readiness.learning.aalen_johansen import aalen_johansen
from readiness.learning.curves import ends_of, incidence, locate
from readiness.learning.incidence import IncidenceModel
from readiness.learning.little_data import AT_RISK_NEEDED, LONGEST_REACH
from readiness.learning.person_periods import base_log_hazards, edges_of, expand, reach_of
from readiness.learning.points_card import PRIOR_ENDS, CardHazards

AGES: Final = (0.5, 2.0, 5.0, 10.0, 21.0, 45.0, 75.0, 135.0, 270.0)
"""Days; where ages part: between those at which snapshots are taken."""


def logistic(*, num_threads: int = 1, seed: int = 0) -> IncidenceModel:
    """Return an unfitted logistic regression: the estimator with its straight member alone.

    X is the matrix of features, as for the estimator.
    """
    return IncidenceModel(leaves=(), num_threads=num_threads, seed=seed)


class BaseRateByAge(BaseEstimator):
    """What became of snapshots of about this age: Aalen–Johansen per bucket of ages.

    Parameters
    ----------
    ages : tuple of float
        Days; where buckets part. The defaults stand between the ages at which snapshots are taken.
    longest_reach, at_risk
        As in `IncidenceModel`; a bucket of fewer leads is joined to its neighbour.
    """

    def __init__(
        self,
        *,
        ages: tuple[float, ...] = AGES,
        longest_reach: float = LONGEST_REACH,
        at_risk: int = AT_RISK_NEEDED,
    ) -> None:
        self.ages = ages
        self.longest_reach = longest_reach
        self.at_risk = at_risk

    def fit(self, X: Floats, y: Floats, *, groups: Ints, levels: Ints | None = None) -> Self:  # noqa: ARG002
        """Keep what became of the snapshots of each bucket.

        Parameters
        ----------
        X : Floats, n × 1
            Age of the lead at the snapshot in days; NaN (undated): one bucket.
        y, groups
            As in `IncidenceModel.fit`.
        """
        self.reach_ = self._reach(y, groups)
        self.bucket_of_ = self._joined(self._bucket(X), groups)
        self.whole_ = y
        bucket = self.bucket_of_[self._bucket(X)]
        members = [np.flatnonzero(bucket == number) for number in range(int(self.bucket_of_.max()) + 1)]
        self.buckets_ = [y[rows] for rows in members]
        self.reaches_ = [self._reach(y[rows], groups[rows]) for rows in members]
        return self

    def predict_incidence(self, X: Floats, days: Sequence[float]) -> Floats:
        """Return n × d × 3 incidences: those of the snapshot's bucket; NaN beyond the reach.

        Beyond what a bucket's own leads allow, all leads tell how it goes on.
        """
        asked = np.asarray(days, dtype=np.float64)
        curves = [self._curve(y, reach, asked) for y, reach in zip(self.buckets_, self.reaches_, strict=True)]
        chosen: Floats = np.stack(curves)[self.bucket_of_[self._bucket(X)]]
        return chosen

    def _curve(self, y: Floats, reach: float, asked: Floats) -> Floats:
        own = _observed(y, np.minimum(asked, reach))
        at_reach = _observed(self.whole_, np.full(len(asked), reach))
        further = _observed(self.whole_, np.maximum(asked, reach)) - at_reach
        open_there = np.maximum(1.0 - at_reach.sum(axis=1, keepdims=True), 1e-12)
        curve = own + (1.0 - own.sum(axis=1, keepdims=True)) * further / open_there
        told = [locate(np.array([0.0, self.reach_]), count) is not None for count in asked]
        within: Floats = np.where(np.array(told, dtype=np.bool_)[:, None], curve, np.nan)
        return within

    def _reach(self, y: Floats, groups: Ints) -> float:
        return reach_of(y, groups, longest=self.longest_reach, at_risk=self.at_risk)

    def _bucket(self, X: Floats) -> Ints:
        age = np.where(np.isnan(X[:, 0]), 0.0, X[:, 0])
        bucket: Ints = np.searchsorted(np.asarray(self.ages), age, side="right")
        return bucket

    def _joined(self, bucket: Ints, groups: Ints) -> Ints:
        """Join buckets, from the youngest on, until each has enough leads; what is left joins the last."""
        number, leads = np.zeros(len(self.ages) + 1, dtype=np.int64), np.zeros(0, dtype=groups.dtype)
        current = 0
        for each in range(len(number)):
            number[each] = current
            leads = np.union1d(leads, groups[bucket == each])
            rest = np.unique(groups[bucket > each])
            if len(leads) >= self.at_risk and len(rest) >= self.at_risk:
                current, leads = current + 1, leads[:0]
        return number


class PointsCard(BaseEstimator):
    """The rules' points as incidences: more points never lower the chance of won.

    In each interval a cause's hazard is its base rate times a factor that rises with the points for won
    and falls for the other ends (isotonic regression of observed over expected ends).

    Parameters
    ----------
    intervals, longest_reach, at_risk
        As in `IncidenceModel`.
    prior_ends : float
        How many expected ends speak for a factor of one, spread over the points seen.
    """

    def __init__(
        self,
        *,
        intervals: int = 10,
        longest_reach: float = LONGEST_REACH,
        at_risk: int = AT_RISK_NEEDED,
        prior_ends: float = PRIOR_ENDS,
    ) -> None:
        self.intervals = intervals
        self.longest_reach = longest_reach
        self.at_risk = at_risk
        self.prior_ends = prior_ends

    def fit(self, X: Floats, y: Floats, *, groups: Ints, levels: Ints | None = None) -> Self:  # noqa: ARG002
        """Fit the factors.

        Parameters
        ----------
        X : Floats, n × 1
            Points of the points card at the snapshot; NaN counts as unknown: factors of one.
        y, groups
            As in `IncidenceModel.fit`.
        """
        self.reach_ = reach_of(y, groups, longest=self.longest_reach, at_risk=self.at_risk)
        self.edges_ = edges_of(y, self.reach_, intervals=self.intervals)
        rows = expand(y, self.edges_)
        ends = ends_of(np.unique(rows.event).tolist())
        offset = base_log_hazards(rows, ends.reference, ends.causes, len(self.edges_) - 1)
        self.hazards_ = CardHazards.of(X[:, 0], rows, ends, offset, self.prior_ends)
        return self

    def predict_incidence(self, X: Floats, days: Sequence[float]) -> Floats:
        """Return n × d × 3 incidences, NaN beyond the reach; factors are interpolated between points seen."""
        return incidence(self.hazards_.shares(X[:, 0]), self.edges_, days)


def _observed(y: Floats, days: Floats) -> Floats:
    return aalen_johansen(y[:, 0].astype(np.int64), y[:, 1], days.tolist())
