"""Whether "20 in 100" means 20 in 100."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from readiness.crm.tables import Floats, Ints
from readiness.judging.bootstrap import Estimate, Figure, Ratio, Resamples
from readiness.judging.cohort import Cohort, Known
from readiness.judging.incidence import observed_estimates
from readiness.judging.metrics import SUREST

DRAWS: Final = 200
"""How often outcomes are drawn from the forecasts themselves."""

_FLAT: Final = 1e-9
_DRAWN: Final = 4_000_000
"""Outcomes held at once; bounds memory, never changes a result."""
_ROUNDS: Final = 50


@dataclass(frozen=True, slots=True)
class Bin:
    """Snapshots with neighbouring forecasts: what was forecast, and what was observed."""

    n: int
    forecast: float
    observed: Figure

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {"n": self.n, "forecast": self.forecast, "observed": self.observed.to_dict()}


def bin_of(forecast: Floats, bins: int) -> Ints:
    """Sort forecasts into bins of equal shares of the rows, 0 the lowest; equal forecasts stay together.

    Returns
    -------
    Ints, n
        0 … at most ``bins`` − 1, without gaps; a constant forecast has one bin.
    """
    if not len(forecast):
        return np.zeros(0, dtype=np.int64)
    edges = np.unique(np.quantile(forecast, np.arange(1, bins) / bins, method="inverted_cdf"))
    _, number = np.unique(np.searchsorted(edges, forecast, side="left"), return_inverse=True)
    return number.astype(np.int64)


def calibration_bins(
    cohort: Cohort,
    forecast: Floats,
    cause: int,
    *,
    horizon_days: float | None,
    resamples: Resamples,
    bins: int = 10,
) -> tuple[tuple[Bin, ...], Estimate]:
    """Compare forecasts with what was observed, bin by bin, and over all bins.

    Observed is the Aalen–Johansen incidence among the bin's snapshots, with its interval by lead.

    Parameters
    ----------
    forecast : Floats, n
        P(cause within the horizon), none missing.
    cause : int
        1 won, 2 stop, 3 otherwise ended.

    Returns
    -------
    bins : tuple of Bin
        From the lowest forecast to the highest.
    ece : Estimate
        Expected calibration error: the mean distance of forecast and observed, weighed by the sizes of
        the bins whose outcome is known. Chance alone makes it positive, and resampling adds to that:
        compare it between forecasts, not with zero.

    Notes
    -----
    Gerds, Andersen and Kattan (2014), Calibration plots for risk prediction models in the presence of
    competing risks, Statistics in Medicine 33; Naeini, Cooper and Hauskrecht (2015) for the ECE.
    """
    number = bin_of(forecast, bins)
    found: list[Bin] = []
    gaps: list[Estimate] = []
    for index in range(int(number.max(initial=-1)) + 1):
        rows = np.flatnonzero(number == index)
        of_bin = resamples.where(rows)
        observed = observed_estimates(cohort.where(rows), horizon_days, of_bin)[cause - 1]
        forecast_here = of_bin.ratio(Ratio(forecast[rows], np.ones(len(rows))))
        found.append(Bin(len(rows), forecast_here.value, observed.figure()))
        gaps.append(forecast_here - observed)
    return tuple(found), _mean_distance(gaps, np.bincount(number), len(resamples.counts))


def _mean_distance(gaps: list[Estimate], sizes: Ints, replicates: int) -> Estimate:
    """Average the bins' distances by their sizes, over the bins whose outcome is known."""
    distances = np.zeros((len(gaps), replicates + 1))
    for row, gap in enumerate(gaps):
        distances[row] = np.abs(np.append(gap.replicates, gap.value))
    known = np.isfinite(distances)
    weight = (known * sizes[:, None]).sum(axis=0)
    total = (np.where(known, distances, 0.0) * sizes[:, None]).sum(axis=0)
    mean = np.full(replicates + 1, np.nan)
    np.divide(total, weight, out=mean, where=weight > 0)
    return Estimate(float(mean[-1]), mean[:-1])


def ece_if_perfect(
    known: Known, forecast: Floats, lead: Ints, *, seed: int = 0, draws: int = DRAWS, bins: int = 10
) -> Estimate:
    """Say which expected calibration error chance alone makes of a perfectly calibrated forecast.

    Outcomes are drawn from the forecasts themselves, for as many leads, with the same bins and censoring
    weights. A lead's snapshots go together as far as they can: one number in [0, 1) is drawn a lead, and
    whatever is forecast above it comes true.

    Parameters
    ----------
    known, forecast : n rows
        As in `metrics.brier`; ``forecast`` has none missing.
    lead : Ints, n
        Whose snapshot each row is.

    Returns
    -------
    Estimate
        The mean over the draws, which are its replicates; NaN where nothing is known.

    Notes
    -----
    Bröcker and Smith (2007), Increasing the reliability of reliability diagrams, Weather and Forecasting 22
    (consistency resampling).
    """
    seen = np.flatnonzero(known.weight > 0)
    if not len(seen):
        return Estimate(float("nan"), np.full(draws, np.nan))
    number = bin_of(forecast, bins)
    sizes = np.bincount(number)
    seen = seen[np.argsort(number[seen], kind="stable")]
    here, first = np.unique(number[seen], return_index=True)
    weight, chance = known.weight[seen], forecast[seen]
    of_bin = np.add.reduceat(weight, first)
    leads, position = np.unique(lead[seen], return_inverse=True)
    rng = np.random.default_rng(seed)
    found = []
    size = max(1, _DRAWN // len(seen))
    for start in range(0, draws, size):
        drawn = rng.random((min(size, draws - start), len(leads)))[:, position] < chance
        gaps = np.add.reduceat(weight * (drawn - chance), first, axis=1) / of_bin
        found.append((np.abs(gaps) * sizes[here]).sum(axis=1) / sizes[here].sum())
    replicates = np.concatenate(found)
    return Estimate(float(replicates.mean()), replicates)


def in_the_large(known: Known, forecast: Floats, cause: int) -> Ratio:
    """Return mean forecast minus what was observed: Σ w (p − 1[cause]) / Σ w; above 0 is too hopeful.

    Notes
    -----
    Cox (1958); with Kaplan–Meier weights the observed part is the Aalen–Johansen incidence.
    """
    return Ratio(known.weight * (forecast - known.happened(cause)), known.weight)


def slope(known: Known, forecast: Floats, cause: int, resamples: Resamples) -> Estimate:
    """Return the slope of what happened on the logit of what was forecast; 1 is right, below 1 too bold.

    A weighted logistic regression with intercept; replicates take one Newton step from the estimate.

    Returns
    -------
    Estimate
        NaN for a constant forecast, or without a case or without a control.

    Notes
    -----
    Cox (1958), Two further applications of a model for binary regression, Biometrika 45. One-step
    bootstrap: Davison and Hinkley (1997), 7.2.
    """
    p = np.clip(forecast, SUREST, 1 - SUREST)
    logit = np.log(p) - np.log1p(-p)
    happened, weight = known.happened(cause), known.weight
    nothing = Estimate(float("nan"), np.full(len(resamples.counts), np.nan))
    cases = float((weight * happened).sum())
    if not (0 < cases < float(weight.sum())) or not np.isfinite(logit).all() or np.ptp(logit) < _FLAT:
        return nothing
    fitted = _logistic(logit, happened, weight)
    if fitted is None:
        return nothing
    intercept, gradient = fitted
    mu = 1 / (1 + np.exp(-(intercept + gradient * logit)))
    residual, spread = weight * (happened - mu), weight * mu * (1 - mu)
    terms = [residual, residual * logit, spread, spread * logit, spread * logit**2]
    r0, r1, h00, h01, h11 = (resamples.ratio(Ratio(term, np.ones(len(p)))).replicates for term in terms)
    step = (h00 * r1 - h01 * r0) / np.maximum(h00 * h11 - h01**2, _FLAT**2)
    return Estimate(gradient, gradient + step)


def _logistic(x: Floats, y: Floats, weight: Floats) -> tuple[float, float] | None:
    """Fit y on 1 and x by Newton's method; None where it does not converge (the classes are separable)."""
    intercept, gradient = 0.0, 1.0
    for _ in range(_ROUNDS):
        eta = np.clip(intercept + gradient * x, -30, 30)
        mu = 1 / (1 + np.exp(-eta))
        residual, spread = weight * (y - mu), weight * mu * (1 - mu)
        h00, h01, h11 = spread.sum(), (spread * x).sum(), (spread * x * x).sum()
        determinant = h00 * h11 - h01**2
        if determinant < _FLAT**2:
            return None
        r0, r1 = residual.sum(), (residual * x).sum()
        up, along = (h11 * r0 - h01 * r1) / determinant, (h00 * r1 - h01 * r0) / determinant
        intercept, gradient = float(intercept + up), float(gradient + along)
        if abs(up) + abs(along) < 1e-10:
            return intercept, gradient
    return None
