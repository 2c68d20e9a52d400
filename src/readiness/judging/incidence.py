"""What was observed: incidences of the three ends, and how they vary with the leads drawn."""

from __future__ import annotations

from readiness.crm.tables import Floats
from readiness.history.outcomes import ENDED, STOP, WON
from readiness.judging.bootstrap import Estimate, Resamples
from readiness.judging.cohort import Cohort
from readiness.learning.aalen_johansen import aalen_johansen


def observed_incidence(cohort: Cohort, horizon_days: float | None, weights: Floats | None = None) -> Floats:
    """Estimate P(each end within the horizon), by Aalen–Johansen; in undated cohorts by shares.

    Parameters
    ----------
    weights : Floats, n or B × n, optional
        How often each snapshot stands, perhaps in each of B replicates; default once, in one.

    Returns
    -------
    Floats, 3, or B × 3
        Won, stop, otherwise ended. NaN where nobody was seen until the horizon and some had not ended.
    """
    days = float("inf") if horizon_days is None else horizon_days
    found: Floats = aalen_johansen(cohort.event, cohort.duration, [days], weights)[..., 0, :]
    return found


def observed_estimates(
    cohort: Cohort, horizon_days: float | None, resamples: Resamples, weight: Floats | None = None
) -> tuple[Estimate, Estimate, Estimate]:
    """Return the observed incidences of won, stop and otherwise ended, each with its replicates.

    Parameters
    ----------
    weight : Floats, n, optional
        How many each snapshot stands for; default one.
    """
    values = observed_incidence(cohort, horizon_days, weight)
    replicates = resamples.of(
        lambda drawn: observed_incidence(cohort, horizon_days, drawn if weight is None else drawn * weight)
    )
    won, stop, otherwise = (
        Estimate(float(values[cause - 1]), replicates[:, cause - 1]) for cause in (WON, STOP, ENDED)
    )
    return won, stop, otherwise
