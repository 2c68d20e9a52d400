"""How likely a lead was to buy, and to tell us to stop, by what an agreement can read of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from sklearn.linear_model import LogisticRegression

from readiness.agreement.bant import BANT_CONFIRMED
from readiness.agreement.document import PIECES, Agreement
from readiness.agreement.verdicts import evaluate
from readiness.crm.tables import Flags, Floats, Ints, Tables
from readiness.history import features, splits
from readiness.history.feature_plan import Feature, FeaturePlan
from readiness.history.outcomes import STOP, WON
from readiness.history.snapshots import Snapshots
from readiness.judging.cohort import Known
from readiness.learning.hazard_logistic import Encoding

FOLDS: Final = 4
_PENALTY: Final = {WON: 30.0, STOP: 100.0}
"""Ridge on every weight. Ends are few, of stops fewest, and the best is taken of many documents: a forecast
that runs ahead of the data would be sought out."""

_QUIET_KEPT: Final = 4
"""One in so many snapshots without an end is fitted to, and weighs as many."""

_LEAST: Final = 1e-5

_LEAST_SPREAD: Final = 0.05
"""Of a column: a word that one lead in four hundred has is not to weigh like a kind of lead."""

_MOST_LEADS: Final = 40_000
"""More than these teach a model of so few terms nothing new, and take memory."""

_AT_ONCE: Final = 50_000
"""So many snapshots are measured at once, so that memory stays bounded."""

_FACTS: Final = ("source", "attribute:category", "attribute:number", "answer:category", "answer:number")
_WINDOWS: Final = (30.0, 90.0)


@dataclass(frozen=True, slots=True)
class Odds:
    """P(won) and P(stop) within the horizon of n snapshots, by fits that did not see their leads."""

    won: Floats
    stop: Floats


@dataclass(frozen=True, slots=True)
class Readings:
    """What a document can speak of, as columns: facts, what was done lately, interest, and BANT.

    All else that is recorded of a lead's behaviour is left out. It would say more of single leads, but an
    agreement cannot ask for it, and what it explains would be missing where two documents are compared.
    """

    plan: FeaturePlan
    agreement: Agreement

    @classmethod
    def of(cls, tables: Tables, snapshots: Snapshots, agreement: Agreement) -> Readings:
        """Choose the facts and activities that these snapshots support."""
        plan = features.plan(tables, snapshots)
        return cls(replace(plan, features=tuple(filter(_readable, plan.features))), agreement)

    @property
    def levels(self) -> Ints:
        """For each column, how many codes it has; 0 for a number."""
        facts = [f.missing + 1 if f.kind == "category" else 0 for f in self.plan.features]
        return np.array([*facts, *np.zeros(1 + len(PIECES))], dtype=np.int64)

    def measure(self, tables: Tables, snapshots: Snapshots) -> Floats:
        """Return n × columns; no row depends on another lead."""
        facts = features.build(tables, snapshots, self.plan)
        verdicts = evaluate(tables, snapshots, self.agreement)
        return np.column_stack([facts, verdicts.interest.points, verdicts.bant.state == BANT_CONFIRMED])


def _readable(feature: Feature) -> bool:
    lately = feature.measure == "activity:count" and feature.days in _WINDOWS
    return feature.measure in _FACTS or (lately and feature.direction == "inbound")


@dataclass(frozen=True, slots=True)
class Design:
    """Readings as columns of one spread each, so that ridge is as hard on a rare word as on a number."""

    encoding: Encoding
    spread: Floats

    @classmethod
    def of(cls, X: Floats, levels: Ints) -> Design:
        """Take the spreads of these rows; a column that hardly varies keeps the least."""
        encoding = Encoding.of(X, levels)
        spread = encoding.design(X).std(axis=0) if len(X) else np.zeros(encoding.width)
        return cls(encoding, np.maximum(spread, _LEAST_SPREAD))

    def columns(self, X: Floats) -> Floats:
        """Return the n × width matrix that the fits see."""
        return self.encoding.design(X) / self.spread


@dataclass(frozen=True, slots=True)
class CrossFit:
    """Fits of which each left out the leads of one fold."""

    readings: Readings
    fold: Ints
    """The fold of each lead of the tables."""
    fits: tuple[tuple[Design, LogisticRegression | float, LogisticRegression | float], ...]

    def odds(self, tables: Tables, snapshots: Snapshots) -> Odds:
        """Say how likely each snapshot was to end so, by the fit that left its lead out."""
        won, stop = np.full((2, len(snapshots)), _LEAST)
        mine = self.fold[snapshots.lead]
        for number, (design, *pair) in enumerate(self.fits):
            every = np.flatnonzero(mine == number)
            for rows in (every[first : first + _AT_ONCE] for first in range(0, len(every), _AT_ONCE)):
                columns = design.columns(self.readings.measure(tables, snapshots.where(rows)))
                for fitted, out in zip(pair, (won, stop), strict=True):
                    said = fitted if isinstance(fitted, float) else fitted.predict_proba(columns)[:, 1]
                    out[rows] = np.maximum(said, _LEAST)
        return Odds(won, stop)


def cross_fit(
    tables: Tables, snapshots: Snapshots, known: Known, agreement: Agreement, *, seed: int
) -> CrossFit:
    """Fit sale and stop to what the agreement could read at each snapshot, once for each fold left out.

    Two logistic regressions, each of one end against everything else at the horizon, with ridge.

    Parameters
    ----------
    tables : Tables
        Cut at the instant where learning ends.
    snapshots, known : n rows
        What is learned from: snapshots at which a hand-over is thinkable, as `interested` finds them. Those
        without any interest are many and end otherwise; what tells among them does not tell of hand-overs.
    seed : int
        Deals leads into folds, and chooses the quiet snapshots.
    """
    readings = Readings.of(tables, snapshots, agreement)
    fold = splits.folds(np.arange(len(tables.leads)), FOLDS, seed)
    decided = np.isin(known.outcome, (WON, STOP))
    kept = (known.weight > 0) & (
        decided | (np.random.default_rng(seed).integers(0, _QUIET_KEPT, len(snapshots)) == 0)
    )
    kept &= _learned_from(len(tables.leads), seed)[snapshots.lead]
    taken = np.flatnonzero(kept)
    X = readings.measure(tables, snapshots.where(taken))
    outcome, counted = known.outcome[taken], known.weight[taken]
    weight = counted * np.where(decided[taken], 1.0, float(_QUIET_KEPT))
    fits = []
    for number in range(FOLDS):
        rows = np.flatnonzero(fold[snapshots.lead[taken]] != number)
        design = Design.of(X[rows], readings.levels)
        columns = design.columns(X[rows])
        won, stop = (
            _fit(columns, outcome[rows] == cause, weight[rows], counted[rows], penalty)
            for cause, penalty in _PENALTY.items()
        )
        fits.append((design, won, stop))
    return CrossFit(readings, fold, tuple(fits))


def interested(
    tables: Tables, snapshots: Snapshots, known: Known, agreement: Agreement
) -> tuple[Snapshots, Known]:
    """Keep the snapshots of leads with any interest: no agreement hands over the others."""
    rows = evaluate(tables, snapshots, agreement).interest.points >= agreement.interest.any_from
    return snapshots.where(rows), Known(known.outcome[rows], known.weight[rows])


def _learned_from(leads: int, seed: int) -> Flags:
    """Say which leads are fitted to: all, or where there are very many, so many drawn at random."""
    chosen = np.ones(leads, dtype=np.bool_)
    if leads > _MOST_LEADS:
        chosen[np.random.default_rng(seed).permutation(leads)[_MOST_LEADS:]] = False
    return chosen


def _fit(
    columns: Floats, happened: Flags, weight: Floats, counted: Floats, penalty: float
) -> LogisticRegression | float:
    if not happened.any() or happened.all():
        return float((weight * happened).sum() / max(float(weight.sum()), _LEAST))
    # Ridge is meant for snapshots that count once, however much is not known yet.
    scale = float((counted > 0).sum()) / max(float(counted.sum()), _LEAST)
    fitted = LogisticRegression(C=1.0 / penalty, max_iter=300)
    return fitted.fit(columns, happened, sample_weight=weight * scale)


def skill(fits: CrossFit, tables: Tables, snapshots: Snapshots, known: Known) -> float:
    """Say how surely what is recorded tells sale from stop: gain in log-likelihood ÷ its standard error.

    Among snapshots that ended in one of the two within the horizon, by fits that did not see their leads; the
    gain is over the same share for all, summed by lead. Below zero or near it nothing is told.

    Returns
    -------
    float
        0 where nothing was decided, or all alike.
    """
    rows = np.flatnonzero((known.weight > 0) & np.isin(known.outcome, (WON, STOP)))
    won, weight = (known.outcome[rows] == WON).astype(np.float64), known.weight[rows]
    if not len(rows) or won.all() or not won.any():
        return 0.0
    odds = fits.odds(tables, snapshots.where(rows))
    share = odds.won / (odds.won + odds.stop)
    even = float((weight * won).sum() / weight.sum())
    gain = weight * (won * np.log(share / even) + (1.0 - won) * np.log((1.0 - share) / (1.0 - even)))
    _, place = np.unique(snapshots.lead[rows], return_inverse=True)
    by_lead = np.bincount(place, gain)
    error = float(np.sqrt((by_lead**2).sum()))
    return float(by_lead.sum()) / error if error > 0.0 else 0.0
