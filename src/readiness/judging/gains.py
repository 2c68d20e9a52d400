"""What calling the highest scores first would have reached, and how often it would have cried wolf."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from readiness.crm.tables import Floats, Ints
from readiness.history.outcomes import STOP, WON
from readiness.judging.bootstrap import Estimate, Figure, Ratio, Resamples
from readiness.judging.cohort import Cohort, Known, known_at
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


@dataclass(frozen=True, slots=True)
class Weekly:
    """How many leads sales can take in a week, and the week of each of n snapshots; any whole numbers."""

    capacity: int
    week: Ints


def chosen_weekly(forecast: Floats, lead: Ints, weekly: Weekly) -> Floats:
    """Return how much of each row is among the leads that sales would take in its week, 0 to 1.

    In each week the leads with the highest forecasts, as many as sales can take. A lead stands in a week
    once, with its highest forecast; the first of equal ones.
    """
    share = np.zeros(len(forecast))
    order = np.lexsort((-forecast, lead, weekly.week))
    again = (np.diff(weekly.week[order]) == 0) & (np.diff(lead[order]) == 0)
    highest = np.sort(order[np.concatenate([[True], ~again])[: len(order)]])
    for week in np.unique(weekly.week[highest]):
        rows = highest[weekly.week[highest] == week]
        share[rows] = chosen(forecast[rows], weekly.capacity)
    return share


def precision_weekly(known: Known, forecast: Floats, cause: int, lead: Ints, weekly: Weekly) -> Ratio:
    """Return which share of the leads that sales would take had this end: Σ w c y / Σ w c.

    Parameters
    ----------
    forecast : Floats, n
        By which the leads are taken, the highest first.
    """
    weight = known.weight * chosen_weekly(forecast, lead, weekly)
    return Ratio(weight * known.happened(cause), weight)


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
    """Stop ÷ (won + stop) within the horizon after hand-over; declined and still open stand beside it.

    ``weighted`` says that each hand-over stands for as many leads as its recorded chance says.
    """

    n: int
    rate: Figure
    won: Figure
    stop: Figure
    declined: float | None
    still_open: float | None
    weighted: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "n": self.n,
            "rate": self.rate.to_dict(),
            "won": self.won.to_dict(),
            "stop": self.stop.to_dict(),
            "declined": self.declined,
            "still_open": self.still_open,
            "weighted": self.weighted,
        }


@dataclass(frozen=True, slots=True)
class CryWolfEstimates:
    """The cry-wolf rate and what it is made of, with replicates, so that two can be subtracted.

    ``known`` is of how many it is known what they had come to at the horizon, ``decided`` how many sales
    and stops were among them; of weighted snapshots, how many of equal weight they are worth.
    """

    n: int
    known: float
    decided: float
    won: Estimate
    stop: Estimate
    otherwise: Estimate
    rate: Estimate

    @property
    def still_open(self) -> float:
        """Which share had no end within the horizon; NaN where nobody was seen that long."""
        return 1.0 - self.won.value - self.stop.value - self.otherwise.value

    def figures(self, declined: Floats | None = None) -> CryWolf:
        """Return the figures with their intervals."""
        n, still_open = self.n, self.still_open
        return CryWolf(
            n=n,
            rate=self.rate.share_figure(self.decided),
            won=self.won.share_figure(self.known),
            stop=self.stop.share_figure(self.known),
            declined=float(declined.mean()) if declined is not None and len(declined) else None,
            still_open=float(still_open) if np.isfinite(still_open) else None,
        )


def cry_wolf_estimates(
    cohort: Cohort, *, horizon_days: float | None, resamples: Resamples, weight: Floats | None = None
) -> CryWolfEstimates:
    """Estimate how often those we handed over told us to stop, among those who told us anything final.

    Parameters
    ----------
    cohort : Cohort, n rows
        Snapshots at hand-over.
    weight : Floats, n, optional
        How many each stands for; default one.
    """
    won, stop, otherwise = observed_estimates(cohort, horizon_days, resamples, weight)
    known = known_at(cohort, horizon_days)
    each = np.ones(len(cohort)) if weight is None else weight
    value = float(_rate(np.array([won.value]), np.array([stop.value]))[0])
    return CryWolfEstimates(
        n=len(cohort),
        known=worth((known.weight > 0) * each),
        decided=worth(((known.outcome == WON) | (known.outcome == STOP)) * each),
        won=won,
        stop=stop,
        otherwise=otherwise,
        rate=Estimate(value, _rate(won.replicates, stop.replicates)),
    )


def cry_wolf(
    cohort: Cohort,
    *,
    horizon_days: float | None,
    resamples: Resamples,
    declined: Floats | None = None,
    weight: Floats | None = None,
) -> CryWolf:
    """Say how often those we handed over told us to stop, among those who told us anything final.

    Parameters
    ----------
    cohort : Cohort, n rows
        Snapshots at hand-over.
    declined : n of 0 or 1, optional
        Whether sales declined the hand-over.
    weight : Floats, n, optional
        How many leads each stands for, 0 for none: the inverse of the chance with which it was chosen makes
        of the chosen what all would have been. Default one.

    Returns
    -------
    CryWolf
        ``rate``, ``won`` and ``stop`` from Aalen–Johansen incidences. Undefined without any won or stop.
    """
    found = cry_wolf_estimates(cohort, horizon_days=horizon_days, resamples=resamples, weight=weight)
    return replace(found.figures(declined), weighted=weight is not None)


def worth(weight: Floats) -> float:
    """Return how many cases of equal weight these weigh as surely as: (Σw)² / Σw².

    Notes
    -----
    Kish (1965), Survey Sampling.
    """
    squares = float((weight * weight).sum())
    return float(weight.sum()) ** 2 / squares if squares > 0 else 0.0


def _rate(won: Floats, stop: Floats) -> Floats:
    rate = np.full(len(won), np.nan)
    np.divide(stop, won + stop, out=rate, where=won + stop > 0)
    return rate
