"""Why this score: what each feature adds to the logit of the score, compared with the typical lead.

Both members are sums over features of what each adds to the log-hazards (TreeSHAP for the trees, weight times
value for the logistic model), so their mean is one too. The score is a curved function of the log-hazards of
all intervals and causes; integrated gradients along the straight path from the typical lead's log-hazards to
this lead's (Sundararajan, Taly and Yan 2017) say what a unit of each is worth. The effects of a lead add up
to logit(score) minus logit(typical score).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from readiness.crm.tables import Floats
from readiness.errors import ModelError
from readiness.history.outcomes import WON
from readiness.learning.curves import Ends, locate, part_ended, probabilities
from readiness.learning.incidence import IncidenceModel
from readiness.learning.person_periods import NOTHING

_CHUNK: Final = 256
_POINTS: Final = 16
_SMALL: Final = 1e-4
_NO_LESS: Final = 2.0**-53
"""The least that a score is taken to fall short of one."""


@dataclass(frozen=True, slots=True)
class Effects:
    """``values`` (n × p) add up, row by row, to the logit of the score minus ``typical_logit``."""

    values: Floats
    typical_logit: float


def explain(model: IncidenceModel, X: Floats, horizon_days: float) -> Effects:
    """Say what each feature adds to the logit of the score, compared with the typical lead.

    How the interval itself acts on a lead otherwise than on the typical one is shared out among the lead's
    features in proportion to the size of what they add: it acts differently only because of them.

    Parameters
    ----------
    X : Floats, n × p
        As in `IncidenceModel.fit`. Each row is explained on its own: the same bits alone and among many.
    horizon_days : float
        Of the score; infinite where undated.

    Returns
    -------
    Effects, n × p
        In the order of the features; no residual term (complete to 1e-6).

    Raises
    ------
    ModelError
        If the horizon lies beyond the reach: there is no score to explain.
    """
    interval, fraction = _place(model, horizon_days)
    typical = model.typical_log_hazards_[:, : interval + 1]
    values = np.empty(X.shape)
    for start in range(0, X.shape[0], _CHUNK):
        part = X[start : start + _CHUNK]
        away = model.log_hazards(part, interval + 1) - typical[:, :, None]
        worth = _worth(typical, away, model.ends_, fraction)
        mean = model.typical_contributions_[:, : interval + 1, None]
        added = _share_out(model.contributions(part, interval + 1) - mean)
        total = np.zeros(part.shape)
        for cause in range(len(typical)):
            for each in range(interval + 1):
                total += worth[cause, each][:, None] * added[cause, each]
        values[start : start + _CHUNK] = total
    return Effects(values, typical_logit(model, horizon_days))


def typical_logit(model: IncidenceModel, horizon_days: float) -> float:
    """Return the logit of the typical lead's score: that of the training mean of log-hazards.

    Raises
    ------
    ModelError
        If the horizon lies beyond the reach.
    """
    interval, fraction = _place(model, horizon_days)
    shares = probabilities(model.typical_log_hazards_[:, : interval + 1, None], model.ends_)
    score = _chance_from(shares, fraction)[0][0]
    return float(np.log(score) - np.log(np.maximum(1.0 - score, _NO_LESS)))


def _place(model: IncidenceModel, horizon_days: float) -> tuple[int, float]:
    place = locate(model.edges_, horizon_days)
    if place is None or horizon_days <= 0.0:
        raise ModelError(f"no score within {horizon_days:g} days: the data reach {model.reach_:g} days")
    return place


def _share_out(added: Floats) -> Floats:
    """Give the last column, the interval's, to the features in proportion to their size."""
    features, interval = added[..., :-1], added[..., -1:]
    if features.shape[-1] == 0:
        return features
    size = np.abs(features)
    total = np.add.accumulate(size, axis=-1)[..., -1:]
    safe = np.where(total > 0.0, total, 1.0)
    equal = 1.0 / features.shape[-1]
    return features + interval * np.where(total > 0.0, size / safe, equal)


def _worth(typical: Floats, away: Floats, ends: Ends, fraction: float) -> Floats:
    """Return the mean slope of the score's logit along the path, causes × intervals × n (Gauss–Legendre)."""
    points, weights = _legendre()
    path = ((points + 1.0) / 2.0)[:, None] * away[:, :, None, :]
    slopes = _slope(probabilities(typical[:, :, None, None] + path, ends), ends, fraction)
    total = np.zeros(away.shape)
    for point, weight in enumerate(weights):
        total += weight / 2.0 * slopes[:, :, point]
    return total


@lru_cache(maxsize=1)
def _legendre() -> tuple[Floats, Floats]:
    """Return where along the path slopes are taken, from -1 to 1, and the weights of each."""
    points, weights = np.polynomial.legendre.leggauss(_POINTS)
    return points, weights


def _chance_from(shares: Floats, fraction: float) -> list[Floats]:
    """Return, for each interval, the chance of won from its start until the horizon.

    The horizon lies ``fraction`` into the last interval; the first entry is the score.
    """
    chances = [shares[WON, -1] * part_ended(shares[:, -1], fraction)]
    for interval in range(shares.shape[1] - 2, -1, -1):
        chances.insert(0, shares[WON, interval] + shares[NOTHING, interval] * chances[0])
    return chances


def _slope(shares: Floats, ends: Ends, fraction: float) -> Floats:
    """Return the derivative of logit(won by the horizon) by each log-hazard, causes × intervals × any shape.

    With R(k) the chance of won from interval k on, R(k) = won + nothing · R(k + 1), its derivative by a
    log-hazard in k is won' + nothing' · R(k + 1), times the chance of coming to k at all.
    """
    intervals = shares.shape[1]
    chances = _chance_from(shares, fraction)
    score = chances[0]
    result = np.empty((len(ends.causes), *shares.shape[1:]))
    reached = 1.0 / (score * np.maximum(1.0 - score, _NO_LESS))
    for interval in range(intervals):
        now = shares[:, interval]
        for position, cause in enumerate(ends.causes):
            won = now[WON] * ((cause == WON) - now[cause])
            nothing = -now[NOTHING] * now[cause]
            if interval < intervals - 1:
                inner = won + nothing * chances[interval + 1]
            else:
                inner = won * part_ended(now, fraction) - now[WON] * nothing * _part_slope(now, fraction)
            result[position, interval] = reached * inner
        reached = reached * now[NOTHING]
    return result


def _part_slope(shares: Floats, fraction: float) -> Floats:
    """Return the derivative of `part_ended` by the chance of any end; a series where that is small."""
    if fraction >= 1.0:
        return np.zeros(shares.shape[1:])
    any_end = np.minimum(shares[1] + shares[2] + shares[3], 1.0 - _NO_LESS)
    large = np.maximum(any_end, _SMALL)
    remaining = np.exp((fraction - 1.0) * np.log1p(-large))
    exact = (fraction * remaining + np.expm1(fraction * np.log1p(-large)) / large) / large
    series = fraction * (1.0 - fraction) * (0.5 + (2.0 - fraction) / 3.0 * any_end)
    slope: Floats = np.where(any_end > _SMALL, exact, series)
    return slope
