"""What was observed: incidences of the three ends, and how they vary with the leads drawn."""

from __future__ import annotations

from typing import Final

import numpy as np

from readiness.crm.tables import Floats
from readiness.history.outcomes import CENSORED, ENDED, STOP, WON
from readiness.judging.bootstrap import Estimate, Resamples
from readiness.judging.cohort import Cohort
from readiness.learning.aalen_johansen import aalen_johansen

_CAUSES: Final = (WON, STOP, ENDED)


def observed_incidence(cohort: Cohort, horizon_days: float | None) -> Floats:
    """Estimate P(each end within the horizon), by Aalen–Johansen; in undated cohorts by shares.

    Returns
    -------
    Floats, 3
        Won, stop, otherwise ended. NaN where nobody was seen until the horizon and some had not ended.
    """
    days = float("inf") if horizon_days is None else horizon_days
    found: Floats = aalen_johansen(cohort.event, cohort.duration, [days])[0]
    return found


def observed_estimates(
    cohort: Cohort, horizon_days: float | None, resamples: Resamples
) -> tuple[Estimate, Estimate, Estimate]:
    """Return the observed incidences of won, stop and otherwise ended, each with its replicates."""
    values = observed_incidence(cohort, horizon_days)
    replicates = resamples.of(lambda weights: replicated_incidence(cohort, horizon_days, weights))
    won, stop, otherwise = (Estimate(float(values[cause - 1]), replicates[:, cause - 1]) for cause in _CAUSES)
    return won, stop, otherwise


def replicated_incidence(cohort: Cohort, horizon_days: float | None, weights: Floats) -> Floats:
    """Return the observed incidences in B replicates at once.

    The same estimate as `observed_incidence` of the cohort in which snapshot i stands ``weights[b, i]``
    times: a test holds the two together.

    Parameters
    ----------
    weights : Floats, B × n

    Returns
    -------
    Floats, B × 3
    """
    if horizon_days is None or not cohort.dated:
        return _shares(cohort, weights)
    order = np.argsort(cohort.duration, kind="stable")
    duration, event, weights = cohort.duration[order], cohort.event[order], weights[:, order]
    from_here = np.zeros((len(weights), len(cohort) + 1))
    from_here[:, :-1] = np.cumsum(weights[:, ::-1], axis=1)[:, ::-1]
    rows = np.flatnonzero((event != CENSORED) & (duration < horizon_days))
    times, first = np.unique(duration[rows], return_index=True)
    at_risk = from_here[:, np.searchsorted(duration, times, side="left")]
    hazards = np.zeros((len(_CAUSES), len(weights), len(times)))
    if len(times):
        for position, cause in enumerate(_CAUSES):
            ended = np.add.reduceat(weights[:, rows] * (event[rows] == cause), first, axis=1)
            np.divide(ended, at_risk, out=hazards[position], where=at_risk > 0)
    survival = np.ones((len(weights), len(times) + 1))
    np.cumprod(1.0 - hazards.sum(axis=0), axis=1, out=survival[:, 1:])
    incidence = np.stack([(survival[:, :-1] * hazard).sum(axis=1) for hazard in hazards], axis=1)
    seen_through = from_here[:, np.searchsorted(duration, horizon_days, side="left")] > 0
    incidence[~seen_through & (survival[:, -1] > 0)] = np.nan
    return incidence


def _shares(cohort: Cohort, weights: Floats) -> Floats:
    with_outcome = (weights * (cohort.event != CENSORED)).sum(axis=1)
    counts = np.stack([(weights * (cohort.event == cause)).sum(axis=1) for cause in _CAUSES], axis=1)
    shares = np.full(counts.shape, np.nan)
    np.divide(counts, with_outcome[:, None], out=shares, where=with_outcome[:, None] > 0)
    return shares
