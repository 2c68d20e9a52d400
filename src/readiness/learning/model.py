"""All that scoring needs of a model: the estimator, what it reads, and what its scores compare with."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from readiness.crm.tables import Floats, Ints
from readiness.history.feature_plan import FeaturePlan
from readiness.learning.incidence import IncidenceModel
from readiness.learning.reasons import typical_logit

CURVE_DAYS: Final = (30.0, 60.0, 90.0, 180.0)
"""Where the curve is shown."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the model says of n snapshots.

    ``score`` and ``stop_risk`` are chances within the horizon. ``stop_risk`` and ``stop`` are NaN
    where too few leads told us to stop to say. ``won`` and ``stop`` are n × len(curve_days), NaN beyond the
    reach; undated, there are no curve days. ``percentile`` is the share, in whole percents, of the
    training population that scores lower or the same; -1 where there is no score.
    """

    score: Floats
    stop_risk: Floats
    curve_days: tuple[float, ...]
    won: Floats
    stop: Floats
    percentile: Ints


@dataclass(frozen=True, slots=True)
class ReadinessModel:
    """A fitted estimator, the plan of its features, and the tables that its scores are read with.

    Parameters
    ----------
    plan : FeaturePlan
    incidence : IncidenceModel
        Fitted.
    horizon_days : float or None
        Of the score; None where undated.
    percentiles : Floats, 101
        The quantiles 0, 1, … 100 % of the training population's score.
    capacity_score : float or None
        Above it the last weeks held as many leads as sales can take; None: not known.
    typical_logit : float
        The logit of the typical lead's score: where the effects start from.
    """

    plan: FeaturePlan
    incidence: IncidenceModel
    horizon_days: float | None
    percentiles: Floats
    capacity_score: float | None
    typical_logit: float

    @classmethod
    def around(
        cls,
        incidence: IncidenceModel,
        plan: FeaturePlan,
        X: Floats,
        *,
        horizon_days: float | None,
        capacity_score: float | None = None,
    ) -> Self:
        """Put a fitted estimator beside the scores of the training population X (n × p, at least one row)."""
        horizon = math.inf if horizon_days is None else horizon_days
        score = incidence.predict_incidence(X, (horizon,))[:, 0, 0]
        return cls(
            plan=plan,
            incidence=incidence,
            horizon_days=horizon_days,
            percentiles=np.quantile(score, np.arange(101) / 100.0),
            capacity_score=capacity_score,
            typical_logit=typical_logit(incidence, horizon),
        )

    @property
    def curve_days(self) -> tuple[float, ...]:
        """The days at which the curve is shown: none where undated."""
        return () if self.horizon_days is None else CURVE_DAYS

    def predict(self, X: Floats) -> Prediction:
        """Say how likely each snapshot's lead is won, and how likely it tells us to stop.

        Each row is computed on its own: the same bits alone and among many.

        Parameters
        ----------
        X : Floats, n × p
            The plan's features, in its order.

        Raises
        ------
        ModelError
            If X does not have as many columns as the plan has features.
        """
        curve_days = self.curve_days
        horizon = math.inf if self.horizon_days is None else self.horizon_days
        chances = self.incidence.predict_incidence(X, (horizon, *curve_days))
        if not self.incidence.stop_known_:
            chances[:, :, 1] = np.nan
        score = np.ascontiguousarray(chances[:, 0, 0])
        below = np.minimum(np.searchsorted(self.percentiles, score, side="right") - 1, 100)
        return Prediction(
            score=score,
            stop_risk=np.ascontiguousarray(chances[:, 0, 1]),
            curve_days=curve_days,
            won=np.ascontiguousarray(chances[:, 1:, 0]),
            stop=np.ascontiguousarray(chances[:, 1:, 1]),
            percentile=np.where(np.isnan(score), -1, np.maximum(below, 0)).astype(np.int64),
        )
