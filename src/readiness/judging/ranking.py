"""Whether those who ended so were ranked first: precision and recall, and pairs in the order of time."""

from __future__ import annotations

from typing import Final

import numpy as np

from readiness.crm.tables import Flags, Floats, Ints
from readiness.history.outcomes import CENSORED
from readiness.judging.bootstrap import Estimate, Resamples
from readiness.judging.cohort import Cohort, Known, censoring_survival
from readiness.judging.pairs import pair_sums

PAIRED: Final = 20_000
"""Snapshots whose pairs are looked at, at most; more are drawn by lead, which bounds the time."""


def average_precision(known: Known, forecast: Floats, cause: int, weights: Floats | None = None) -> Floats:
    """Average the precision over all recalls: the area under the precision–recall curve, by steps.

    AP = Σ over the distinct forecasts, highest first, of (R_k − R_{k−1}) P_k, each row weighing its
    censoring weight. Equal forecasts enter together, so the order of the rows cannot matter.

    Parameters
    ----------
    known, forecast, cause
        As in `metrics.brier`.
    weights : Floats, B × n, optional
        How often each snapshot counts in each of B replicates; default once, in one replicate.

    Returns
    -------
    Floats, B
        The share with this end is chance, 1 perfect; NaN without such an end, or where a forecast is missing.

    Notes
    -----
    Davis and Goadrich (2006), The relationship between precision-recall and ROC curves, ICML; as
    scikit-learn's ``average_precision_score``, which knows no replicates. Weighed for censoring: Yuan,
    Zhou, Li, Cai, Chow and Armstrong (2018), A threshold-free summary index of prediction accuracy for
    censored time to event data, Statistics in Medicine 37.
    """
    if weights is None:
        weights = np.ones((1, len(forecast)))
    seen = np.flatnonzero(known.weight > 0)
    missing = np.full(len(weights), np.nan)
    if not len(seen) or np.isnan(forecast[seen]).any():
        return missing
    order = seen[np.argsort(-forecast[seen], kind="stable")]
    cases = np.flatnonzero(known.outcome[order] == cause)
    if not len(cases):
        return missing
    last = np.flatnonzero(np.append(np.diff(forecast[order]) != 0, True))
    # Only where a case is met does the recall move: the others need no sum of their own.
    met, first = np.unique(last[np.searchsorted(last, cases)], return_index=True)
    weight = weights[:, order] * known.weight[order]
    hits = np.add.reduceat(weight[:, cases], first, axis=1)
    taken = np.cumsum(np.add.reduceat(weight[:, : met[-1] + 1], np.append(0, met[:-1] + 1), axis=1), axis=1)
    found = np.cumsum(hits, axis=1)
    precision = np.zeros_like(found)
    np.divide(found, taken, out=precision, where=taken > 0)
    area = (hits * precision).sum(axis=1)
    np.divide(area, found[:, -1], out=missing, where=found[:, -1] > 0)
    return missing


def concordance(
    cohort: Cohort, forecast: Floats, cause: int, horizon_days: float, resamples: Resamples, *, seed: int = 0
) -> Estimate:
    """Say how often, of two snapshots, the one that had this end first had the higher forecast.

    A pair counts where i had the end within the horizon, and j had no end by then, or another one first.
    It weighs 1 / (G(Tᵢ−) G(Tᵢ−)) where j was still open, and 1 / (G(Tᵢ−) G(Tⱼ−)) where it had ended
    otherwise; equal forecasts count half. Unlike the AUC it asks for the order in time: who was won
    sooner should have had the higher forecast.

    Parameters
    ----------
    cohort : Cohort, n rows
        Dated; of more than 20,000 snapshots so many are drawn, by lead.
    forecast : Floats, n
        P(cause within the horizon).
    cause : int
        1 won, 2 stop, 3 otherwise ended.
    seed : int
        For drawing.

    Returns
    -------
    Estimate
        0.5 is chance, 1 perfect; NaN without a pair, or where a forecast is missing. Replicates are
        linear in the leads' weights: each takes what its leads add to both sums.

    Notes
    -----
    Wolbers, Blanche, Koller, Witteman and Gerds (2014), Concordance for prognostic models with competing
    risks, Biostatistics 15. Linear replicates of a U-statistic: Davison and Hinkley (1997), 2.7.
    """
    rows = _drawn(cohort.lead, seed)
    part, score = cohort.where(rows), forecast[rows]
    nothing = Estimate(float("nan"), np.full(len(resamples.counts), np.nan))
    if np.isnan(score).any():
        return nothing
    agreed, counted = _pairs(part, score, cause, horizon_days)
    if counted.sum() <= 0:
        return nothing
    # Each pair is in the sums of both its snapshots.
    value = float(agreed.sum() / counted.sum())
    of_rows = resamples.where(rows)
    top, bottom = (of_rows.sums(terms) - terms.sum() / 2 for terms in (agreed, counted))
    replicates = np.full(len(top), np.nan)
    np.divide(top, bottom, out=replicates, where=bottom > 0)
    return Estimate(value, replicates)


def _pairs(cohort: Cohort, forecast: Floats, cause: int, horizon_days: float) -> tuple[Floats, Floats]:
    """Return for each snapshot the weight of its pairs in agreement, and of all its pairs."""
    duration, event = cohort.duration, cohort.event
    survival = censoring_survival(cohort, duration)
    inverse = np.divide(1.0, survival, out=np.zeros(len(cohort)), where=survival > 0)
    other = inverse * ((event != CENSORED) & (event != cause))
    case = inverse * ((event == cause) & (duration < horizon_days))
    # At a tie another end comes first, and then the case; the censored one was still open.
    place = np.where(event == cause, 1, np.where(event == CENSORED, 2, 0))
    _, rank = np.unique(3 * np.unique(duration, return_inverse=True)[1] + place, return_inverse=True)
    later, earlier = pair_sums(
        rank, forecast, np.stack((np.ones(len(cohort)), case)), np.stack((other, case * inverse))
    )
    agreed = (
        case * (inverse * later.lower[0] + earlier.lower[0]) + earlier.higher[1] + other * later.higher[1]
    )
    counted = case * (inverse * later.all[0] + earlier.all[0]) + earlier.all[1] + other * later.all[1]
    return agreed, counted


def _drawn(lead: Ints, seed: int) -> Ints:
    """Return the rows of so many leads, drawn at random, that no more than `PAIRED` rows are looked at."""
    if len(lead) <= PAIRED:
        return np.arange(len(lead))
    leads, position, counts = np.unique(lead, return_inverse=True, return_counts=True)
    order = np.random.default_rng(seed).permutation(len(leads))
    kept: Flags = np.zeros(len(leads), dtype=np.bool_)
    kept[order[np.cumsum(counts[order]) <= PAIRED]] = True
    return np.flatnonzero(kept[position])
