"""What became of the snapshots a forecast is judged on, and how much of it is known at the horizon."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from readiness.crm.tables import Flags, Floats, Ints
from readiness.history.outcomes import CENSORED

NOTHING: Final = CENSORED
"""As an outcome at the horizon: none of the three ends has come, and that is known."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """n snapshots and their fate.

    Parameters
    ----------
    event : int8, n
        0 censored, 1 closed-won, 2 stop-calling, 3 otherwise ended.
    duration : float64, n
        Days from the cutoff to the event or to the end of what is known. NaN everywhere: undated.
    lead : int64, n
        Whose snapshot it is; any whole numbers. Intervals are by lead, never by snapshot.
    """

    event: NDArray[np.int8]
    duration: Floats
    lead: Ints

    def __len__(self) -> int:
        return len(self.event)

    @property
    def dated(self) -> bool:
        """Whether there is time in it."""
        return not bool(np.isnan(self.duration).any())

    @property
    def leads(self) -> int:
        """How many leads there are; undated, each is looked at once, and twins only share a number."""
        return len(np.unique(self.lead)) if self.dated else len(self)

    def where(self, rows: Ints | Flags) -> Cohort:
        """Return these snapshots."""
        return Cohort(self.event[rows], self.duration[rows], self.lead[rows])


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of n snapshots at the horizon.

    ``outcome`` is what had happened by then (0: nothing yet). ``weight`` is 0 where the horizon lies
    beyond what is known, and elsewhere how many snapshots this one stands for.
    """

    outcome: NDArray[np.int8]
    weight: Floats

    def happened(self, cause: int) -> Floats:
        """Return 1.0 where this cause came first within the horizon, else 0.0."""
        happened: Floats = (self.outcome == cause).astype(np.float64)
        return happened


def censoring_survival(cohort: Cohort, when: Floats) -> Floats:
    """Return the Kaplan–Meier estimate of P(still known just before ``when``).

    At a tie an event comes before a censoring, as in the Aalen–Johansen estimate, so that the two
    agree: the weights 1 / G(T−) give each cause's Aalen–Johansen incidence exactly.

    Parameters
    ----------
    when : Floats, k
        Days after the cutoff, in any order.

    Returns
    -------
    Floats, k
        Between 0 and 1; 1 before the first censoring. No floor: 0 after everything is censored.
    """
    order = np.argsort(cohort.duration, kind="stable")
    duration, censored = cohort.duration[order], cohort.event[order] == NOTHING
    times = np.unique(duration[censored])
    at_risk = len(duration) - np.searchsorted(duration, times, side="left")
    ended = duration[~censored]
    at_risk -= np.searchsorted(ended, times, side="right") - np.searchsorted(ended, times, side="left")
    lost = np.searchsorted(duration[censored], times, side="right") - np.searchsorted(
        duration[censored], times, side="left"
    )
    survival = np.concatenate([[1.0], np.cumprod(1.0 - lost / at_risk)])
    before: Floats = survival[np.searchsorted(times, when, side="left")]
    return before


def known_at(cohort: Cohort, horizon_days: float | None) -> Known:
    """Say what is known at the horizon, and weigh it for what censoring hides.

    A snapshot whose event lies within ``[0, horizon)`` is known and weighs 1 / G(event−); one seen
    until the horizon is known and weighs 1 / G(horizon−); the others weigh nothing. G is the marginal
    Kaplan–Meier curve of censoring, so censoring is taken to be independent of the outcome.
    In an undated cohort whatever has an outcome is known and weighs one.

    Parameters
    ----------
    horizon_days : float or None
        None for an undated cohort.

    Returns
    -------
    Known, n rows, order kept

    Notes
    -----
    Inverse probability of censoring weights: Graf, Schmoor, Sauerbrei and Schumacher (1999), Assessment
    and comparison of prognostic classification schemes for survival data, Statistics in Medicine 18.
    """
    if horizon_days is None or not cohort.dated:
        return Known(cohort.event, (cohort.event != NOTHING).astype(np.float64))
    within = (cohort.event != NOTHING) & (cohort.duration < horizon_days)
    known = within | (cohort.duration >= horizon_days)
    survival = censoring_survival(cohort, np.minimum(cohort.duration, horizon_days))
    weight = np.divide(1.0, survival, out=np.zeros(len(cohort)), where=known & (survival > 0))
    return Known(np.where(within, cohort.event, NOTHING).astype(np.int8), weight)
