"""Whether the cry-wolf rate rises or falls from quarter to quarter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

import numpy as np

from readiness.crm.tables import Floats, Ints
from readiness.hindsight.groups import FEWEST_ENDS, Group, Handed, counts, estimates
from readiness.judging.bootstrap import Estimate, Figure, Resamples

Unit: TypeAlias = Literal["month", "quarter"]
Direction: TypeAlias = Literal["rises", "falls", "cannot be told"]

MONTHS_IN: Final = {"month": 1, "quarter": 3}
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

    A line is laid through the periods' rates, each weighing as many sales and stops as were seen in it;
    the interval of its slope comes from the same draws of leads as all others. The rate rises if the
    whole interval lies above zero. Periods that cannot be followed for a horizon yet have no rate.

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
    periods, rates, weights = [], [], []
    for each in range(int(number.min()), int(number.max()) + 1):
        rows = np.flatnonzero(number == each)
        found = estimates(handed, resamples, rows)
        of_rows = counts(handed.cohort.where(rows), handed.horizon_days)
        asked = rows[handed.really.row[rows] >= 0]
        declined: Floats = handed.declined[asked].astype(np.float64)
        periods.append(Group(_called(each, unit), of_rows, found.figures(declined)))
        rates.append(found.rate)
        weights.append(found.decided)
    change = _slope(rates, np.array(weights), MONTHS_IN[unit] / 12).figure()
    won, stop = (sum(getattr(period.counts, end) for period in periods) for end in ("won", "stop"))
    return Trend(unit, tuple(periods), change, _direction(change, min(won, stop)))


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


def _slope(rates: list[Estimate], weights: Floats, years: float) -> Estimate:
    """Lay a line through the rates by weighted least squares and return its slope a year."""
    values = np.array([[rate.value for rate in rates]])
    replicates = np.stack([rate.replicates for rate in rates], axis=1)
    x: Floats = np.arange(len(rates), dtype=np.float64) * years
    return Estimate(float(_slopes(values, weights, x)[0]), _slopes(replicates, weights, x))


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


def _direction(change: Figure, fewest_ends: int) -> Direction:
    if change.low is None or change.high is None or fewest_ends < FEWEST_ENDS:
        return "cannot be told"
    if change.low > 0:
        return "rises"
    return "falls" if change.high < 0 else "cannot be told"
