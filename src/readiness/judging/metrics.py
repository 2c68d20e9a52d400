"""How good a forecast is, with what is not known yet weighed out and never counted as no."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from readiness.crm.tables import Floats
from readiness.judging.bootstrap import Ratio
from readiness.judging.cohort import NOTHING, Cohort, Known, known_at

SUREST: Final = 1e-4
"""No forecast is taken to be surer than this: one surprise cannot decide a comparison of log-losses."""


def brier(known: Known, forecast: Floats, cause: int) -> Ratio:
    """Score a forecast of one cause by its squared error: Σ w (1[cause] − p)² / Σ w.

    Parameters
    ----------
    known : Known, n rows
        What happened by the horizon, and the censoring weights w.
    forecast : Floats, n
        P(cause within the horizon).
    cause : int
        1 won, 2 stop, 3 otherwise ended. Other ends count as "did not happen": they rule it out.

    Returns
    -------
    Ratio
        0 is perfect. NaN where a forecast is.

    Notes
    -----
    Graf et al. (1999); with competing ends Schoop, Beyersmann, Schumacher and Binder (2011), Quantifying
    the predictive accuracy of time-to-event models in the presence of competing events, Biometrical
    Journal 53. With Kaplan–Meier weights Σ w = n, so this is their mean over n.
    """
    return Ratio(known.weight * (known.happened(cause) - forecast) ** 2, known.weight)


def log_loss(known: Known, forecast: Floats, cause: int) -> Ratio:
    """Score a forecast of one cause by −log of the probability it gave to what happened, weighed by w.

    Forecasts are held to [SUREST, 1 − SUREST]. Parameters as in `brier`; natural logarithm.

    Notes
    -----
    Good (1952), Rational decisions; weighed for censoring as in Graf et al. (1999).
    """
    p = np.clip(forecast, SUREST, 1 - SUREST)
    happened = known.happened(cause)
    return Ratio(-known.weight * (happened * np.log(p) + (1 - happened) * np.log1p(-p)), known.weight)


def integrated_brier(
    cohort: Cohort,
    curve: Floats,
    days: Sequence[float],
    cause: int,
    known: Sequence[Known] | None = None,
) -> Ratio:
    """Average the Brier score of one cause over time, from 0 to the last day, by trapezoids.

    Parameters
    ----------
    curve : Floats, n × m
        P(cause within each of the m days). At day 0, which is not a column, forecast and fact are both 0.
    days : m ascending numbers above 0
    known : m of Known, optional
        What `known_at` says of the cohort on each day, where it is asked of several forecasts.

    Notes
    -----
    Graf et al. (1999), integrated with equal weight in time and divided by the last day.
    """
    last = days[-1]
    steps = np.diff(np.array([0.0, *days]))
    share = (steps + np.append(steps[1:], 0.0)) / (2 * last)
    top, bottom = np.zeros(len(cohort)), np.zeros(len(cohort))
    by_day = [known_at(cohort, day) for day in days] if known is None else known
    for column, (_, of_day) in enumerate(zip(days, by_day, strict=True)):
        score = brier(of_day, curve[:, column], cause)
        top += share[column] * score.top
        bottom += share[column] * score.bottom
    # Before the first day everything is still at zero error: its share has weight one a snapshot.
    bottom += steps[0] / (2 * last)
    return Ratio(top, bottom)


def curve_loss(cohort: Cohort, incidence: Floats, days: Sequence[float]) -> Ratio:
    """Score whole curves by their likelihood: uses all that is known of every snapshot.

    Read as straight lines between the days, the three curves are a distribution over (when, which end).
    A snapshot that ended in ``[d_{j−1}, d_j)`` by cause k costs −log(F_k(d_j) − F_k(d_{j−1})), one still
    open when last seen, or at the last day, costs −log(1 − F_1 − F_2 − F_3) there. Days are the same
    for all forecasts compared, so the constant width of a step is left out.

    Parameters
    ----------
    incidence : Floats, n × m × 3
        Cumulative incidences; last axis won, stop, otherwise ended. At day 0 they are 0.
    days : m ascending numbers above 0; ``(inf,)`` for an undated cohort.

    Returns
    -------
    Ratio
        Mean over the snapshots; in an undated cohort over those with an outcome. NaN if a forecast is.

    Notes
    -----
    The logarithmic score of a right-censored competing-risks observation, a proper score: Rindt, Hu,
    Steinsaltz and Sejdinovic (2022), Survival regression with proper scoring rules and monotonic neural
    networks, AISTATS.
    """
    n = len(cohort)
    if not cohort.dated:
        known = cohort.event != NOTHING
        given = incidence[np.arange(n), 0, np.maximum(cohort.event, 1) - 1]
        return Ratio(np.where(known, -np.log(np.clip(given, SUREST, 1.0)), 0.0), known.astype(np.float64))
    edges = np.array([0.0, *days])
    curves = np.concatenate([np.zeros((n, 1, 3)), incidence], axis=1)
    ended = (cohort.event != NOTHING) & (cohort.duration < edges[-1])
    step = np.clip(np.searchsorted(edges, cohort.duration, side="right"), 1, len(edges) - 1)
    row = np.arange(n)
    before, after = curves[row, step - 1], curves[row, step]
    increment = (after - before)[row, np.maximum(cohort.event, 1) - 1]
    part = np.clip((cohort.duration - edges[step - 1]) / (edges[step] - edges[step - 1]), 0.0, 1.0)
    still_open = 1.0 - (before + part[:, None] * (after - before)).sum(axis=1)
    given = np.where(ended, increment, still_open)
    return Ratio(-np.log(np.clip(given, SUREST / (len(edges) - 1), 1.0)), np.ones(n))


def auc(known: Known, forecast: Floats, cause: int, weights: Floats | None = None) -> Floats:
    """Say how often a snapshot with this end got the higher forecast than one known to be without it.

    Cases had the cause within the horizon, controls are all others known at the horizon, those that
    ended otherwise included. Each pair weighs the product of its censoring weights; equal forecasts
    count half.

    Parameters
    ----------
    known, forecast, cause
        As in `brier`.
    weights : Floats, B × n, optional
        How often each snapshot counts in each of B replicates; default once, in one replicate.

    Returns
    -------
    Floats, B
        0.5 is chance, 1 perfect; NaN without a case or a control, or where a forecast is missing.

    Notes
    -----
    Cumulative/dynamic AUC, definition (ii) for competing risks of Blanche, Dartigues and Jacqmin-Gadda
    (2013), Estimating and comparing time-dependent areas under ROC curves for censored event times with
    competing risks, Statistics in Medicine 32.
    """
    if weights is None:
        weights = np.ones((1, len(forecast)))
    seen = known.weight > 0
    if np.isnan(forecast[seen]).any():
        return np.full(len(weights), np.nan)
    is_case = seen & (known.outcome == cause)
    cases = np.flatnonzero(is_case)
    controls = np.flatnonzero(seen & ~is_case)
    controls = controls[np.argsort(forecast[controls], kind="stable")]
    below = np.zeros((len(weights), len(controls) + 1))
    np.cumsum(weights[:, controls] * known.weight[controls], axis=1, out=below[:, 1:])
    ascending = forecast[controls]
    low = np.searchsorted(ascending, forecast[cases], side="left")
    high = np.searchsorted(ascending, forecast[cases], side="right")
    case_weight = weights[:, cases] * known.weight[cases]
    pairs_won = (case_weight * (below[:, low] + below[:, high])).sum(axis=1) / 2
    pairs = case_weight.sum(axis=1) * below[:, -1]
    result = np.full(len(weights), np.nan)
    np.divide(pairs_won, pairs, out=result, where=pairs > 0)
    return result
