"""What many a CRM already has: naive Bayes over how often each value was won, as Odoo scores leads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Self

import numpy as np
from scipy.special import expit
from sklearn.base import BaseEstimator

from readiness.crm.tables import Flags, Floats, Ints
from readiness.history.outcomes import CENSORED, ENDED, STOP, WON
from readiness.learning.aalen_johansen import aalen_johansen
from readiness.learning.curves import locate
from readiness.learning.little_data import AT_RISK_NEEDED, LONGEST_REACH
from readiness.learning.person_periods import edges_of, reach_of

SMOOTHING: Final = 0.1
"""Added to how often each value was won and how often not."""

_SUREST: Final = 1e-4


class NaiveBayes(BaseEstimator):
    """Odds of each value, multiplied: a lead's odds are the average odds times one factor a known value.

    The factor of a value v of field f is (won_v / won_f) ÷ (lost_v / lost_f), where won_v and lost_v are
    how often v was won and not, each plus 0.1, and won_f and lost_f their sums over the values of f. A
    missing value and one never met have no factor. Only categories have values: numbers, counts and ages
    are not looked at. Each end is forecast in the same way, that end against all else.

    A lead of which it is not known yet what became of it is neither won nor lost: how often v was won
    within so many days is its number of snapshots times its Aalen–Johansen incidence. Where nothing is
    dated these are the counts of leads that ended.

    Parameters
    ----------
    intervals, longest_reach, at_risk
        As in `IncidenceModel`: the odds are counted at the edges of its intervals; between them curves
        are straight.

    Notes
    -----
    Odoo, crm: predictive lead scoring, with one team and without its pipeline stage, which sales sets after
    the call: the average odds, there counted at the first stage, are those of all rows. Odoo counts ended
    leads once each and asks whether they were won at all; it rounds to 0.01 % and stays within
    0.01 and 99.99 %, as this does without rounding.
    """

    def __init__(
        self,
        *,
        intervals: int = 10,
        longest_reach: float = LONGEST_REACH,
        at_risk: int = AT_RISK_NEEDED,
    ) -> None:
        self.intervals = intervals
        self.longest_reach = longest_reach
        self.at_risk = at_risk

    def fit(self, X: Floats, y: Floats, *, groups: Ints, levels: Ints) -> Self:
        """Count.

        Parameters
        ----------
        X : Floats, n × p
            Features; those with levels hold codes, the last code meaning "missing".
        y, groups, levels
            As in `IncidenceModel.fit`.

        Raises
        ------
        ModelError
            If no day has enough leads at risk.
        """
        self.reach_ = reach_of(y, groups, longest=self.longest_reach, at_risk=self.at_risk)
        self.edges_ = edges_of(y, self.reach_, intervals=self.intervals)
        self.columns_ = np.flatnonzero(levels > 0)
        self.seen_ = np.array([(y[:, 0] == cause).any() for cause in (WON, STOP, ENDED)], dtype=np.bool_)
        # In order of time once, so that the rows of each value need no sorting of their own.
        order = np.argsort(y[:, 1], kind="stable")
        X, y = X[:, self.columns_][order], y[order]
        everyone = np.zeros(len(y), dtype=np.int64)
        happened, otherwise = self._counts(everyone, 1, y)
        self.average_ = np.log(happened[0]) - np.log(otherwise[0])
        self.factors_ = [
            _factors(*self._counts(codes.astype(np.int64), int(levels[column]) - 1, y))
            for column, codes in zip(self.columns_, X.T, strict=True)
        ]
        return self

    def predict_incidence(self, X: Floats, days: Sequence[float]) -> Floats:
        """Return n × d × 3 incidences, NaN beyond the reach; no curve falls, and the three stay within one.

        Undated they sum to one: some end came.
        """
        log_odds = np.repeat(self.average_[None], len(X), axis=0)
        for column, factors in zip(self.columns_, self.factors_, strict=True):
            # The last code, "missing", and codes never met have no factor.
            padded = np.concatenate([factors, np.zeros((1, *factors.shape[1:]))])
            log_odds += padded[np.minimum(X[:, column].astype(np.int64), len(factors))]
        chance = np.clip(expit(log_odds), _SUREST, 1 - _SUREST) * self.seen_
        at_edge = np.concatenate([np.zeros((len(X), 1, 3)), np.maximum.accumulate(chance, axis=1)], axis=1)
        total = at_edge[:, -1:, 0] + at_edge[:, -1:, 1] + at_edge[:, -1:, 2]
        if np.isfinite(self.reach_):
            total = np.maximum(total, 1.0)
        at_edge /= np.where(total > 0, total, 1.0)[:, :, None]
        found = np.full((len(X), len(days), 3), np.nan)
        for position, day in enumerate(days):
            place = locate(self.edges_, day)
            if place is not None:
                interval, over = place
                before, after = at_edge[:, interval], at_edge[:, interval + 1]
                found[:, position] = before + over * (after - before)
        return found

    def _counts(self, code: Ints, values: int, y: Floats) -> tuple[Floats, Floats]:
        """Return how often each value had each end by each edge, and how often not: values × edges × 3.

        Smoothed; NaN where a value was never met, or not followed so far.
        """
        days = self.edges_[1:].tolist()
        happened = np.full((values, len(days), 3), np.nan)
        otherwise = np.full((values, len(days), 3), np.nan)
        for value in range(values):
            here = code == value
            rows = self._counted(here, y)
            if rows:
                share = aalen_johansen(y[here, 0].astype(np.int64), y[here, 1], days)
                happened[value] = rows * share + SMOOTHING
                otherwise[value] = rows * (1.0 - share) + SMOOTHING
        return happened, otherwise

    def _counted(self, here: Flags, y: Floats) -> int:
        """Count these rows; undated, those that ended."""
        return int((here if np.isfinite(self.reach_) else here & (y[:, 0] != CENSORED)).sum())


def _factors(happened: Floats, otherwise: Floats) -> Floats:
    """Return the logarithm of each value's factor, 0 where it has none."""
    met = np.isfinite(happened)
    # Where no value was met every factor is none, whatever the sum.
    of_field = [
        np.maximum(np.where(met, counts, 0.0).sum(axis=0), SMOOTHING) for counts in (happened, otherwise)
    ]
    odds = np.log(happened) - np.log(otherwise) - (np.log(of_field[0]) - np.log(of_field[1]))
    return np.where(met, odds, 0.0)
