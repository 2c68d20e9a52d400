"""How much oftener something happens after something else: hazard ratios, all else that was known alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from threadpoolctl import threadpool_limits

from readiness.agreement.conditions import Signs
from readiness.crm.tables import Flags, Floats
from readiness.hindsight.hazard_fit import AtRisk, HazardFit

_NOTHING_NEW: Final = 1e-6
"""A flag of which the others leave less than this share unexplained is one of them in other words."""


@dataclass(frozen=True, slots=True)
class Ratios:
    """Logarithms of e hazard ratios, and their standard errors; NaN where nothing ever happened."""

    log: Floats
    error: Floats

    def __add__(self, other: Ratios) -> Ratios:
        return Ratios(np.append(self.log, other.log), np.append(self.error, other.error))


def hazard_ratios(
    at_risk: AtRisk, event: Flags, asked: Floats, confounder: Flags, further: Signs | None = None
) -> tuple[Ratios, Ratios]:
    """Estimate by how much the hazard is multiplied where flags hold.

    A log-linear hazard with a constant level in each stratum, fitted by maximum likelihood: in a piece of
    length e, E[events] = e · exp(level + Σ flags · β + Σ known · γ). Confounders carry a weak ridge, so
    that rare values cannot run away; what is asked for carries next to none. The error is the larger of two:
    the one that is robust to the model's being wrong and takes whole leads as what varies, and the
    likelihood's own, which alone is right where hardly anything happened.

    Parameters
    ----------
    at_risk : AtRisk, m rows, k flags
    event : Flags, m
        In which pieces it happened, at their end.
    asked : Floats, e × k
        Which sums of the flags' effects β are asked for.
    confounder : Flags, k
        Which flags are only held alike.
    further : Signs, m × c, optional
        Flags of which each is tried by itself beside the model: by one step of Newton's method from the
        model without it. That is near enough while its effect is small, and tests exactly whether it has
        none (its score).

    Returns
    -------
    Ratios, e, and Ratios, c
        NaN throughout where nothing ever happened; of a further flag also where it says nothing that the
        others do not.

    Notes
    -----
    Piecewise exponential model: Friedman (1982), Piecewise exponential models for survival data with
    covariates, Annals of Statistics 10. Sandwich by cluster: Lin and Wei (1989), The robust inference for
    the Cox proportional hazards model, JASA 84. Robust score test: Boos (1992), On generalized score tests,
    American Statistician 46.
    """
    c = 0 if further is None else further.shape[1]
    if not event.any():
        return _unknown(len(asked)), _unknown(c)
    fit = HazardFit(at_risk, event, confounder)
    # One thread: sums of floats in another order would be other bytes.
    with threadpool_limits(1, user_api="blas"):
        beta, curvature = fit.maximum()
        factor = cho_factor(curvature)
        wanted = np.zeros((len(asked), len(beta)))
        wanted[:, : asked.shape[1]] = asked
        bread = cho_solve(factor, wanted.T)
        robust = ((fit.meat(beta) @ bread) * bread).sum(axis=0)
        own = (wanted.T * bread).sum(axis=0)
        found = Ratios(wanted @ beta, np.sqrt(np.maximum(robust, own)))
        if further is None or not c:
            return found, _unknown(0)
        score, information, cross = fit.beside(beta, further)
        loading = cho_solve(factor, cross)
        left = information - (cross * loading).sum(axis=0)
        spread = fit.spread(beta, further, loading)
    told = left > _NOTHING_NEW * information
    safe = np.where(told, left, 1.0)
    error = np.sqrt(np.maximum(spread / safe**2, 1.0 / safe))
    return found, Ratios(np.where(told, score / safe, np.nan), np.where(told, error, np.nan))


def _unknown(number: int) -> Ratios:
    return Ratios(np.full(number, np.nan), np.full(number, np.nan))
