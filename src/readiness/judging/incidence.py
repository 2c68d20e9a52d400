"""What was observed: cumulative incidences of the three ends, by Aalen–Johansen."""

from __future__ import annotations

from typing import Final

import numpy as np

from readiness.crm.tables import Floats
from readiness.history.outcomes import ENDED, STOP, WON
from readiness.judging.bootstrap import Estimate, Resamples
from readiness.judging.cohort import NOTHING, Cohort

CAUSES: Final = (WON, STOP, ENDED)


def observed_incidence(cohort: Cohort, horizon_days: float | None, weights: Floats | None = None) -> Floats:
    """Estimate P(each end within the horizon) from a cohort in which some fates are not known yet.

    F_k(h) = Σ over event times t < h of S(t−) · d_k(t) / Y(t), with Y(t) the weight still at risk
    (duration ≥ t). In an undated cohort: the share of each among the snapshots with an outcome.

    Parameters
    ----------
    cohort : Cohort, n rows
    horizon_days : float or None
        The window is ``[0, horizon)``. None for an undated cohort.
    weights : Floats, B × n, optional
        How often each snapshot counts in each of B replicates; default once, in one replicate.

    Returns
    -------
    Floats, B × 3
        Column 0 won, 1 stop, 2 otherwise ended. NaN where the cohort doesn't reach the horizon: nobody
        was seen that long and some had not ended.

    Notes
    -----
    Aalen and Johansen (1978), An empirical transition matrix for non-homogeneous Markov chains based on
    censored observations, Scandinavian Journal of Statistics 5.
    """
    if weights is None:
        weights = np.ones((1, len(cohort)))
    if horizon_days is None or not cohort.dated:
        return _shares(cohort, weights)
    order = np.argsort(cohort.duration, kind="stable")
    duration, event, weights = cohort.duration[order], cohort.event[order], weights[:, order]
    from_here = np.cumsum(weights[:, ::-1], axis=1)[:, ::-1]
    rows = np.flatnonzero((event != NOTHING) & (duration < horizon_days))
    times, first = np.unique(duration[rows], return_index=True)
    seen_through = _weight_from(from_here, duration, np.array([horizon_days]))[:, 0]
    at_risk = _weight_from(from_here, duration, times)
    hazards = np.zeros((len(CAUSES), len(weights), len(times)))
    if len(times):
        for position, cause in enumerate(CAUSES):
            ended = np.add.reduceat(weights[:, rows] * (event[rows] == cause), first, axis=1)
            np.divide(ended, at_risk, out=hazards[position], where=at_risk > 0)
    survival = np.cumprod(1.0 - hazards.sum(axis=0), axis=1)
    survived_until = np.concatenate([np.ones((len(weights), 1)), survival[:, :-1]], axis=1)[:, : len(times)]
    incidence = np.stack([(survived_until * hazard).sum(axis=1) for hazard in hazards], axis=1)
    reached = (seen_through > 0) | ((incidence.sum(axis=1) > 1 - 1e-9) & (len(times) > 0))
    incidence[~reached] = np.nan
    return incidence


def observed_estimates(
    cohort: Cohort, horizon_days: float | None, resamples: Resamples
) -> tuple[Estimate, Estimate, Estimate]:
    """Return the observed incidences of won, stop and otherwise ended, each with its replicates."""
    values = observed_incidence(cohort, horizon_days)[0]
    replicates = resamples.of(lambda weights: observed_incidence(cohort, horizon_days, weights))
    won, stop, otherwise = (Estimate(float(values[cause - 1]), replicates[:, cause - 1]) for cause in CAUSES)
    return won, stop, otherwise


def _weight_from(from_here: Floats, duration: Floats, when: Floats) -> Floats:
    """Return the weight of rows with duration ≥ each instant; rows are sorted by duration."""
    padded = np.concatenate([from_here, np.zeros((len(from_here), 1))], axis=1)
    return padded[:, np.searchsorted(duration, when, side="left")]


def _shares(cohort: Cohort, weights: Floats) -> Floats:
    with_outcome = (weights * (cohort.event != NOTHING)).sum(axis=1)
    counts = np.stack([(weights * (cohort.event == cause)).sum(axis=1) for cause in CAUSES], axis=1)
    shares = np.full(counts.shape, np.nan)
    np.divide(counts, with_outcome[:, None], out=shares, where=with_outcome[:, None] > 0)
    return shares
