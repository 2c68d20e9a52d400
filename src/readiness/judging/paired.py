"""How much worse one forecast is than another on the same leads, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from scipy.special import stdtr

from readiness.crm.tables import Floats, Ints
from readiness.judging.bootstrap import Estimate

BOTH_BOUNDS: Final = 0.90
"""Between two one-sided 95 % bounds lie so many of the resamples."""
SURELY: Final = 0.98
"""And so many between two of 99 %: of several figures one may well look worse by chance."""


@dataclass(frozen=True, slots=True)
class Shortfall:
    """By which share of the champion's figure the challenger's is worse; below 0 it is better.

    By resampling whole leads, the same draw for both: with 95 % confidence it is at most ``high``, and with
    99 % at least ``low``.
    """

    value: float
    low: float
    high: float


def shortfall(
    challenger: Estimate, champion: Estimate, better: Literal["higher", "lower"]
) -> Shortfall | None:
    """Return by how much the challenger falls short of the champion, as a share of the champion's figure.

    Parameters
    ----------
    challenger, champion : Estimate
        Of the same figure, on the same leads, from the same draws.
    better : "higher" or "lower"
        Which way the figure is better.

    Returns
    -------
    Shortfall or None
        None where either figure is missing, or fewer than nine draws in ten define both.

    Notes
    -----
    A bound on a paired difference, as non-inferiority is shown: Committee for Medicinal Products for Human
    Use (2005), Guideline on the choice of the non-inferiority margin; resampled as in `bootstrap.draw`.
    """
    worse = challenger - champion if better == "lower" else champion - challenger
    high, low = worse.figure(BOTH_BOUNDS).high, worse.figure(SURELY).low
    if low is None or high is None:
        return None
    return Shortfall(*(_share(each, abs(champion.value)) for each in (worse.value, low, high)))


def _share(worse: float, of: float) -> float:
    if worse == 0.0:
        return 0.0
    # Beside a figure of 0 any loss is beyond every share of it.
    return worse / of if of > 0.0 else float(np.copysign(np.inf, worse))


def chance_of_no_worse(challenger: Floats, champion: Floats, lead: Ints, margin: float) -> float:
    """Return the p-value against "the challenger's loss is at most ``margin`` above the champion's".

    Small where it is surely worse. Losses are added up lead by lead; their mean excess over the margin is
    compared with its standard error, by Student's t, one-sided.

    Parameters
    ----------
    challenger, champion : Floats, n
        Weighed losses of the same snapshots.
    lead : Ints, n
        Whose snapshot each row is.
    margin : float
        As a share of the champion's loss.

    Returns
    -------
    float
        NaN with fewer than two leads.

    Notes
    -----
    The mean of clusters' totals: Cochran (1977), Sampling Techniques, chapter 9.
    """
    _, position = np.unique(lead, return_inverse=True)
    excess = np.bincount(position, challenger - (1.0 + margin) * champion)
    leads = len(excess)
    if leads < 2:
        return float("nan")
    error = float(excess.std(ddof=1)) / np.sqrt(leads)
    mean = float(excess.mean())
    if error == 0.0:
        return float(mean <= 0.0)
    return float(stdtr(leads - 1, -mean / error))
