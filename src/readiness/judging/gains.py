"""What calling the highest scores first would have reached, and how often it would have cried wolf."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from readiness.crm.tables import Floats
from readiness.judging.bootstrap import Estimate, Figure, Ratio, Resamples
from readiness.judging.cohort import Cohort, Known
from readiness.judging.incidence import observed_estimates


def chosen(forecast: Floats, k: float) -> Floats:
    """Return how much of each row is among the k highest forecasts, 0 to 1.

    Rows that tie at the boundary share what is left equally, so the order of the rows cannot matter.
    """
    n = len(forecast)
    if n == 0 or k <= 0:
        return np.zeros(n)
    if k >= n:
        return np.ones(n)
    ascending = np.sort(forecast)
    boundary = ascending[n - int(np.ceil(k))]
    above = forecast > boundary
    tied = forecast == boundary
    share: Floats = above + tied * (k - above.sum()) / tied.sum()
    return share


def precision_at(known: Known, forecast: Floats, cause: int, k: float) -> Ratio:
    """Return which share of the k highest forecasts had this end within the horizon: Σ w c y / Σ w c."""
    weight = known.weight * chosen(forecast, k)
    return Ratio(weight * known.happened(cause), weight)


def reached_at(known: Known, forecast: Floats, cause: int, k: float) -> Ratio:
    """Return which share of all such ends lies among the k highest forecasts (gains, recall)."""
    cases = known.weight * known.happened(cause)
    return Ratio(cases * chosen(forecast, k), cases)


def lift_at(known: Known, forecast: Floats, cause: int, k: float, resamples: Resamples) -> Estimate:
    """Return how many times more often than among all the end happened among the k highest."""
    high = resamples.ratio(precision_at(known, forecast, cause, k))
    all_rows = resamples.ratio(precision_at(known, forecast, cause, len(forecast)))
    replicates = np.full(len(high.replicates), np.nan)
    np.divide(high.replicates, all_rows.replicates, out=replicates, where=all_rows.replicates > 0)
    return Estimate(high.value / all_rows.value if all_rows.value > 0 else float("nan"), replicates)


@dataclass(frozen=True, slots=True)
class Gain:
    """Taking this share of the highest scores reaches that share of the closed sales."""

    share: float
    reached: Figure

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {"share": self.share, "reached": self.reached.to_dict()}


def gains_curve(
    known: Known, forecast: Floats, cause: int, resamples: Resamples, *, steps: int = 20
) -> tuple[Gain, ...]:
    """Return the gains at equal steps of the share taken, from one step to all.

    Notes
    -----
    Also called the cumulative accuracy profile; the diagonal is what chance reaches.
    """
    shares = [step / steps for step in range(1, steps + 1)]
    return tuple(
        Gain(share, resamples.ratio(reached_at(known, forecast, cause, share * len(forecast))).figure())
        for share in shares
    )


@dataclass(frozen=True, slots=True)
class CryWolf:
    """Stop ÷ (won + stop) within the horizon after hand-over; declined and still open stand beside it."""

    n: int
    rate: Figure
    won: Figure
    stop: Figure
    declined: float | None
    still_open: float | None

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "n": self.n,
            "rate": self.rate.to_dict(),
            "won": self.won.to_dict(),
            "stop": self.stop.to_dict(),
            "declined": self.declined,
            "still_open": self.still_open,
        }


def cry_wolf(
    cohort: Cohort,
    *,
    horizon_days: float | None,
    resamples: Resamples,
    declined: Floats | None = None,
) -> CryWolf:
    """Say how often those we handed over told us to stop, among those who told us anything final.

    Parameters
    ----------
    cohort : Cohort, n rows
        Snapshots at hand-over.
    declined : n of 0 or 1, optional
        Whether sales declined the hand-over.

    Returns
    -------
    CryWolf
        ``rate``, ``won`` and ``stop`` from Aalen–Johansen incidences. Undefined without any won or stop.
    """
    won, stop, otherwise = observed_estimates(cohort, horizon_days, resamples)
    still_open = 1 - won.value - stop.value - otherwise.value
    return CryWolf(
        n=len(cohort),
        rate=Estimate(
            float(_rate(np.array([won.value]), np.array([stop.value]))[0]),
            _rate(won.replicates, stop.replicates),
        ).figure(),
        won=won.figure(),
        stop=stop.figure(),
        declined=float(declined.mean()) if declined is not None and len(declined) else None,
        still_open=float(still_open) if np.isfinite(still_open) else None,
    )


def _rate(won: Floats, stop: Floats) -> Floats:
    rate = np.full(len(won), np.nan)
    np.divide(stop, won + stop, out=rate, where=won + stop > 0)
    return rate
