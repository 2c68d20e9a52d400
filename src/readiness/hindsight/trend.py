"""Whether the cry-wolf rate rises or falls from quarter to quarter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

import numpy as np
from scipy.special import ndtr, stdtrit

from readiness.crm.records import days
from readiness.crm.tables import Floats, Ints
from readiness.hindsight.groups import Group, Handed, estimates, group
from readiness.history.outcomes import STOP, WON
from readiness.judging.bootstrap import Estimate, Figure, Resamples
from readiness.judging.cohort import known_at

Unit: TypeAlias = Literal["month", "quarter"]
Direction: TypeAlias = Literal["rises", "falls", "cannot be told"]

MONTHS_IN: Final = {"month": 1, "quarter": 3}
FEWEST: Final = 10
"""With fewer sales or stops than these nothing is said of how the rate moves."""
_QUARTERS_FROM: Final = 12
"""Months between the first and the last hand-over from which on quarters are told, not months."""


@dataclass(frozen=True, slots=True)
class Trend:
    """The cry-wolf rate by the quarter or month of the hand-over, and its change a year."""

    unit: Unit
    periods: tuple[Group, ...]
    change_a_year: Figure
    direction: Direction

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "unit": self.unit,
            "periods": [period.to_dict() for period in self.periods],
            "change_a_year": self.change_a_year.to_dict(),
            "direction": self.direction,
        }


def trend(handed: Handed, resamples: Resamples) -> Trend | None:
    """Say how the cry-wolf rate moves over time; None where nothing was handed over, or nothing is dated.

    A line is laid through the periods' rates, each weighing as many sales and stops as were seen in it
    (in each draw as many as were drawn); the interval of its slope comes from the same draws of leads as
    all others. The rate rises if the whole interval lies above zero. The line rests on hand-overs that
    can be followed for a whole horizon, and on at least ten sales and ten stops among them.

    Parameters
    ----------
    handed : Handed, k leads
    resamples : Resamples
        A row for each of them.
    """
    if not len(handed) or handed.horizon_days is None:
        return None
    months = _months(handed.replay.at)
    unit: Unit = "quarter" if int(months.max() - months.min()) >= _QUARTERS_FROM else "month"
    number = months // MONTHS_IN[unit]
    followable = handed.replay.at <= handed.replay.tables.observed_through - days(handed.horizon_days)
    periods, rates, weights = [], [], []
    for each in range(int(number.min()), int(number.max()) + 1):
        rows = np.flatnonzero(number == each)
        periods.append(group(_called(each, unit), handed, resamples, rows))
        whole = rows[followable[rows]]
        rates.append(estimates(handed, resamples, whole).rate)
        weights.append(_decided(handed, resamples, whole))
    outcome = known_at(handed.cohort, handed.horizon_days).outcome[followable]
    fewest = min(int(np.count_nonzero(outcome == end)) for end in (WON, STOP))
    slope = _slope(rates, weights, MONTHS_IN[unit] / 12)
    change = slope.figure(expanded(fewest)) if fewest >= FEWEST else Figure(slope.figure().value, None, None)
    return Trend(unit, tuple(periods), change, _direction(change))


def _months(instants: Ints) -> Ints:
    """Return the months since January 1970."""
    months: Ints = instants.astype("datetime64[us]").astype("datetime64[M]").astype(np.int64)
    return months


def _called(number: int, unit: Unit) -> str:
    """Name a period.

    >>> _called(224, "quarter"), _called(674, "month")
    ('2026 Q1', '2026-03')
    """
    year, part = divmod(number, 12 // MONTHS_IN[unit])
    return f"{1970 + year} Q{part + 1}" if unit == "quarter" else f"{1970 + year}-{part + 1:02d}"


def _decided(handed: Handed, resamples: Resamples, rows: Ints) -> Estimate:
    """Count the sales and stops known within the horizon, in each replicate too: as many as are drawn."""
    outcome = known_at(handed.cohort.where(rows), handed.horizon_days).outcome
    decided = ((outcome == WON) | (outcome == STOP)).astype(np.float64)
    return Estimate(
        float(decided.sum()), resamples.where(rows).of(lambda drawn: (drawn * decided).sum(axis=1))
    )


def _slope(rates: list[Estimate], weights: list[Estimate], years: float) -> Estimate:
    """Lay a line through the rates by weighted least squares and return its slope a year."""
    values, value_weights = (np.array([[one.value for one in each]]) for each in (rates, weights))
    replicates, drawn_weights = (
        np.stack([one.replicates for one in each], axis=1) for each in (rates, weights)
    )
    x: Floats = np.arange(len(rates), dtype=np.float64) * years
    return Estimate(float(_slopes(values, value_weights, x)[0]), _slopes(replicates, drawn_weights, x))


def _slopes(rates: Floats, weights: Floats, x: Floats) -> Floats:
    known = np.isfinite(rates)
    weight = np.where(known, weights, 0.0)
    rate = np.where(known, rates, 0.0)
    total = weight.sum(axis=1, keepdims=True)
    share = np.divide(weight, total, out=np.zeros_like(weight), where=total > 0)
    away = x - (share * x).sum(axis=1, keepdims=True)
    spread = (share * away * away).sum(axis=1)
    slopes: Floats = np.full(len(rates), np.nan)
    np.divide((share * away * rate).sum(axis=1), spread, out=slopes, where=spread > 0)
    return slopes


def expanded(cases: int, coverage: float = 0.95) -> float:
    """Return which share of the draws an interval must hold, for it to cover as often as it says.

    Percentile intervals are too narrow where few cases carry the figure.

    Parameters
    ----------
    cases : int, > 1
        How many of the rarer end there are.

    Notes
    -----
    Hesterberg (2015), What Teachers Should Know About the Bootstrap, The American Statistician 69: the
    expanded percentile interval.

    >>> round(expanded(10), 3), round(expanded(1000), 3)
    (0.983, 0.95)
    """
    wider = np.sqrt(cases / (cases - 1)) * stdtrit(cases - 1, (1 + coverage) / 2)
    return float(2 * ndtr(wider) - 1)


def _direction(change: Figure) -> Direction:
    if change.low is None or change.high is None:
        return "cannot be told"
    if change.low > 0:
        return "rises"
    return "falls" if change.high < 0 else "cannot be told"
