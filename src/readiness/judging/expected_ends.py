"""Whether as many leads end as a model expects, while most of them are still open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr, bdtrc, betaincinv, ndtr

from readiness.crm.tables import Floats

EVENTS: Final = (1, 2, 3)
_SUREST: Final = 1e-6
"""No forecast leaves less open than this: a hazard stays finite."""

_COVERAGE: Final = 0.95

TOLERATED: Final = 0.75
"""A slope down to this is no news: a model always takes some luck of the leads it learned from for theirs."""


@dataclass(frozen=True, slots=True)
class Ends:
    """How many ended one way, how many were expected to, and how surely that differs.

    Parameters
    ----------
    leads : int
        Who could end.
    observed : int
    expected : float
        The sum of the leads' cumulative hazards, each for as long as it was open and seen.
    learned_from : int
        Of how many such ends the expectation was learned: it is no surer than these make it.
    low, high : float or None
        Of observed ÷ expected, 95 %; None where nothing is expected.
    p : float
        The chance of a difference at least as large where the model still holds.
    slope, slope_p : float or None, float
        How much of the differences between leads that the model tells are there: 1 all, 0 none, more than 1
        where it is timid; None where forecasts hardly differ or too few ended. ``slope_p`` is the chance of
        one so low where nearly all are there.
    """

    leads: int
    observed: int
    expected: float
    learned_from: int
    low: float | None
    high: float | None
    p: float
    slope: float | None
    slope_p: float

    @property
    def ratio(self) -> float | None:
        """Observed ÷ expected; None where nothing is expected."""
        return self.observed / self.expected if self.expected > 0 else None

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "leads": self.leads,
            "observed": self.observed,
            "expected": self.expected,
            "learned_from": self.learned_from,
            "ratio": self.ratio,
            "low": self.low,
            "high": self.high,
            "p": self.p,
            "slope": self.slope,
            "slope_p": self.slope_p,
        }


def cumulative_hazards(curves: Floats, days: Sequence[float], until: Floats) -> Floats:
    """Turn incidence curves into each cause's cumulative hazard until a day of each row's own.

    Between two days the hazards are constant: the fall of survival, −ln(S_j ÷ S_{j−1}), shared out by the
    growths of the incidences. Of an end that is not hidden from anybody, observed minus this sum is zero on
    average (a martingale residual), however long each lead was seen.

    Parameters
    ----------
    curves : Floats, n × m × 3
        Incidences of won, stop, otherwise ended at the days; 0 at day 0.
    days : m ascending numbers above 0
    until : Floats, n
        Days each row was open and seen; what lies beyond the last day counts as the last day.

    Returns
    -------
    Floats, n × 3

    Notes
    -----
    Barlow and Prentice (1988), Residuals for relative risk regression, Biometrika 75.
    """
    n = len(curves)
    whole = np.concatenate([np.zeros((n, 1, 3)), curves], axis=1)
    growth = np.maximum(np.diff(whole, axis=1), 0.0)
    survival = np.maximum(1.0 - whole.sum(axis=2), _SUREST)
    fall = np.maximum(-np.diff(np.log(survival), axis=1), 0.0)
    total = growth.sum(axis=2)
    rate = np.divide(fall, total, out=np.zeros_like(total), where=total > 0)
    edges = np.array([0.0, *days])
    part = np.clip((until[:, None] - edges[:-1]) / np.diff(edges), 0.0, 1.0)
    hazards: Floats = ((rate * part)[:, :, None] * growth).sum(axis=1)
    return hazards


def p_of_counts(observed: int, expected: float, learned_from: int) -> float:
    """Return the two-sided p-value that so many came where so many were expected.

    The expectation rests on ``learned_from`` ends and is as uncertain as these: two Poisson counts with
    exposures ``expected`` and ``learned_from`` are compared, given their sum, by the binomial test. The
    smaller tail counts twice.

    Returns
    -------
    float
        1 where nothing was expected or learned from, and nothing came.

    Notes
    -----
    Przyborowski and Wilenski (1940), Homogeneity of results in testing samples from Poisson series,
    Biometrika 31.
    """
    if expected <= 0 or learned_from <= 0:
        return 1.0
    both, share = observed + learned_from, expected / (expected + learned_from)
    low = float(bdtr(observed, both, share))
    high = float(bdtrc(observed - 1, both, share)) if observed else 1.0
    return min(1.0, 2.0 * min(low, high))


def ends(
    event: NDArray[np.integer],
    duration: Floats,
    curves: Floats,
    days: Sequence[float],
    learned_from: Sequence[int],
    *,
    tolerated: float = TOLERATED,
) -> tuple[Ends, ...]:
    """Compare what became of leads with what was expected of them: won, stop, otherwise ended.

    Parameters
    ----------
    event : n
        0 not ended when last seen, else 1 won, 2 stop, 3 otherwise ended; one row a lead.
    duration : Floats, n
        Days until then, 0 or more.
    curves : Floats, n × m × 3
        As `cumulative_hazards` takes them; ends beyond the last day do not count, nor does the time there.
    learned_from : 3 numbers
        How many leads ended each way among those that the model learned from.
    tolerated : float
        ``slope_p`` asks whether the slope is below this.

    Returns
    -------
    tuple of Ends, 3
    """
    hazards = cumulative_hazards(curves, days, duration)
    within = duration < days[-1]
    # By its whole hazard a lead stands higher or lower; that until it was last seen would grow with the time.
    whole = cumulative_hazards(curves, days, np.full(len(duration), days[-1]))
    told = np.log(np.maximum(whole, _SUREST))
    return tuple(
        _of_cause(
            within & (event == cause),
            hazards[:, cause - 1],
            told[:, cause - 1],
            int(learned_from[cause - 1]),
            tolerated,
        )
        for cause in EVENTS
    )


def _of_cause(
    came: NDArray[np.bool_], hazard: Floats, told: Floats, learned_from: int, tolerated: float
) -> Ends:
    observed, expected = int(came.sum()), float(hazard.sum())
    slope, slope_p = _slope(came.astype(np.float64), hazard, told, learned_from, tolerated)
    low, high = _interval(observed, expected, learned_from)
    return Ends(
        leads=len(came),
        observed=observed,
        expected=expected,
        learned_from=learned_from,
        low=low,
        high=high,
        p=p_of_counts(observed, expected, learned_from),
        slope=slope,
        slope_p=slope_p,
    )


def _interval(observed: int, expected: float, learned_from: int) -> tuple[float | None, float | None]:
    """Return the exact interval of observed ÷ expected: that of Clopper and Pearson, turned into odds."""
    if expected <= 0 or learned_from <= 0:
        return None, None
    tail = (1.0 - _COVERAGE) / 2.0
    low = float(betaincinv(observed, learned_from + 1, tail)) if observed else 0.0
    high = float(betaincinv(observed + 1, learned_from, 1.0 - tail))
    return tuple(share / (1.0 - share) * learned_from / expected for share in (low, high))  # type: ignore[return-value]


FEWEST_FOR_SLOPE: Final = 20.0
"""Where fewer are expected, or came, how leads differ is not asked."""

_FLAT: Final = 1e-3
"""Forecasts whose logarithms vary less than this are all the same."""

_ROUNDS: Final = 25
_CLOSE: Final = 1e-6
_STEEPEST: Final = 9.0
"""Beyond this a slope is only very steep."""


def _slope(
    came: Floats, hazard: Floats, told: Floats, learned_from: int, tolerated: float
) -> tuple[float | None, float]:
    """Estimate how much of the differences that the model tells are there, and whether it may be enough.

    Hazards are multiplied by exp((b − 1) · told): b is where the ends seen are likeliest. The p-value is of
    the one-sided score test of b as tolerated; the model learned its own differences from so many ends, and
    their uncertainty is added.
    """
    expected, observed = float(hazard.sum()), float(came.sum())
    if min(expected, observed) < FEWEST_FOR_SLOPE or learned_from <= 0:
        return None, 1.0
    score, spread = _told_apart(told, _sloped(hazard, told, tolerated), came)
    if spread < _FLAT:
        return None, 1.0
    error = np.sqrt((1.0 / observed + 1.0 / learned_from) / spread)
    return _most_likely(told, hazard, came), float(ndtr(score / spread / error))


def _sloped(hazard: Floats, told: Floats, slope: float) -> Floats:
    """Return hazards that differ so much as the slope says, but for one factor of all."""
    factor = (slope - 1.0) * told
    # The largest factor is 1: nothing overflows.
    sloped: Floats = hazard * np.exp(factor - factor.max())
    return sloped


def _told_apart(told: Floats, hazard: Floats, came: Floats) -> tuple[float, float]:
    """Return how far what was told of those that ended lies above what was expected, and its variance.

    Centred by the hazards: how many ended at all is the other test's question, and drops out.
    """
    mean = float((told * hazard).sum() / hazard.sum())
    spread = float(((told - mean) ** 2 * hazard).sum() / hazard.sum())
    return float((told * came).sum() / came.sum()) - mean, spread


def _most_likely(told: Floats, hazard: Floats, came: Floats) -> float:
    """Return the slope at which the ends seen are likeliest, by Newton's method in steps of at most one."""
    slope = 1.0
    for _ in range(_ROUNDS):
        score, spread = _told_apart(told, _sloped(hazard, told, slope), came)
        if spread < _FLAT:
            break
        step = min(max(score / spread, -1.0), 1.0)
        slope += step
        if abs(step) < _CLOSE:
            break
    return min(max(slope, -_STEEPEST), _STEEPEST)
