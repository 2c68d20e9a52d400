"""The estimator: how likely a lead is won, tells us to stop or ends otherwise within any number of days."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, Self

import numpy as np

from readiness.crm.tables import Floats, Ints
from readiness.errors import ModelError
from readiness.history.outcomes import WON
from readiness.learning.canonical import canonical, deal
from readiness.learning.choices import Choices
from readiness.learning.curves import ends_of, incidence, locate, probabilities
from readiness.learning.defaults import (
    DATED_RATE,
    FEW_ROWS_RATE,
    UNDATED_RATE,
    default_folds,
    default_growths,
    is_few,
)
from readiness.learning.hazard_trees import Growth
from readiness.learning.incidence_parts import put_together, taken_apart
from readiness.learning.lessons import Lessons
from readiness.learning.little_data import (
    AT_RISK_NEEDED,
    LONGEST_REACH,
    lead_numbers,
    stop_known,
    undated,
)
from readiness.learning.person_periods import edges_of, expand, reach_of, thin
from readiness.learning.recipe import Recipe
from readiness.learning.rehearsal import Rehearsal
from readiness.progress import Progress, silent

_CHUNK: Final = 8192
"""Rows whose curves are computed at once: bounds memory, changes no bit."""
_TYPICAL_OF: Final = 256
"""Training snapshots whose mean is the typical lead: explaining all of them would outlast the fit."""


class IncidenceModel(Recipe):
    """Discrete-time competing hazards: shallow trees and a logistic model, combined on unseen leads.

    Time up to the reach is cut into intervals; each snapshot becomes one row per interval it lived through;
    the members say which end, if any, falls into the interval; incidences follow by multiplying
    survivals. Undated outcomes are the same with a single interval.

    Parameters
    ----------
    intervals : int
        Into how many intervals, at quantiles of the event times, time is cut at most.
    longest_reach : float
        Days; the curve ends there, or on the last day with ``at_risk`` leads at risk.
    at_risk : int
        Leads, not snapshots.
    leaves : tuple of int, or None
        One member of trees for each; None: 8 where time is known, 8 and 16 where it is not, and for less
        than 1,500 rows without times smaller ones, of which one has thresholds drawn at random.
    logistic : bool
        Whether the logistic model is a member.
    learning_rate : float, or None
        Of the trees; None: 0.08 where time is known, 0.04 where it is not (a single interval is cheap), and
        0.02 there for less than 1,500 rows.
    max_rounds, patience
        Of the trees; the number of rounds is found by cross-validation by lead.
    min_leaf : int
        Person-periods that a leaf holds at least.
    feature_fraction : float, above 0, at most 1
        Share of the features that each tree may read.
    ridge, category_ridge, path_smooth : float, ≥ 0
        How far the values of leaves are drawn to 0, those split off by categories to 0 as well, and each
        leaf's to its parent's.
    penalties : tuple of float, falling
        Tried by cross-validation for the logistic member (ridge on its weights).
    folds : int, or None
        Of the cross-validations, by lead; None: 10, 5 or 3, the fewer the more rows there are.
    quiet_rows : int
        Of the person-periods in which nothing happened at most so many teach the trees, drawn at random
        and weighted up in return: leads repeat themselves there, ends never are drawn.
    statistics_above : int, or None
        A category with more values is read by what ended at each (`target_statistics`), not value by value;
        None: never.
    stratified_by : int, optional
        A number feature, such as the age of a lead, whose effect is not to be shrunk: each stratum of it
        starts from its own level (`strata`). Ignored where undated.
    card_column : int, optional
        A number feature that holds the points of the points card. No member reads it: it is what their
        log-hazards are pulled to, the further the fewer leads ended (`pull`).
    chosen : Choices, optional
        What an earlier fit of this recipe found (its ``choices_``): a refit on more data takes rounds,
        penalty and weights from there, and cross-validates nothing.
    num_threads : int
        Changes no bit of the result.
    seed : int

    Attributes
    ----------
    reach_ : float
        Days; infinite where undated.
    edges_ : Floats
        Of the intervals, from 0 to the reach.
    ends_ : Ends
        Which ends were ever seen. One that never was has incidence 0: left out, not smoothed.
    stop_known_ : bool
        Whether enough leads told us to stop for their incidence to be shown to anybody.
    ensemble_ : Ensemble
        The members and their weights.
    logistic_ensemble_ : Ensemble, or None
        The logistic member on its own. Known after a fit only: no bundle keeps it.
    choices_ : Choices
        What cross-validation found, or was given.
    typical_log_hazards_, typical_contributions_ : Floats
        Means over training snapshots, causes × intervals (× features and the interval): the typical lead.
    """

    def __init__(
        self,
        *,
        intervals: int = 10,
        longest_reach: float = LONGEST_REACH,
        at_risk: int = AT_RISK_NEEDED,
        leaves: tuple[int, ...] | None = None,
        logistic: bool = True,
        learning_rate: float | None = None,
        max_rounds: int = 1000,
        patience: int = 40,
        min_leaf: int = 20,
        feature_fraction: float = 0.5,
        ridge: float = 1.0,
        category_ridge: float = 10.0,
        path_smooth: float = 1.0,
        penalties: tuple[float, ...] = (1000.0, 200.0, 40.0, 8.0),
        folds: int | None = None,
        quiet_rows: int = 30_000,
        statistics_above: int | None = 50,
        stratified_by: int | None = None,
        card_column: int | None = None,
        chosen: Choices | None = None,
        num_threads: int = 1,
        seed: int = 0,
    ) -> None:
        self.intervals = intervals
        self.longest_reach = longest_reach
        self.at_risk = at_risk
        self.leaves = leaves
        self.logistic = logistic
        self.learning_rate = learning_rate
        self.max_rounds = max_rounds
        self.patience = patience
        self.min_leaf = min_leaf
        self.feature_fraction = feature_fraction
        self.ridge = ridge
        self.category_ridge = category_ridge
        self.path_smooth = path_smooth
        self.penalties = penalties
        self.folds = folds
        self.quiet_rows = quiet_rows
        self.statistics_above = statistics_above
        self.stratified_by = stratified_by
        self.card_column = card_column
        self.chosen = chosen
        self.num_threads = num_threads
        self.seed = seed

    def fit(
        self,
        X: Floats,
        y: Floats,
        *,
        groups: Ints,
        levels: Ints,
        when: Floats | None = None,
        progress: Progress = silent,
    ) -> Self:
        """Learn from snapshots; the order of the rows changes no bit.

        Ask `learnable` first whether there is enough to learn from.

        Parameters
        ----------
        X : Floats, n × p
            Numbers with NaN for missing, and codes of categories.
        y : Floats, n × 2
            Event (0 censored, 1 won, 2 stop, 3 otherwise ended) and days until then. NaN days
            everywhere: undated; a row that has not ended then teaches nothing.
        groups : Ints, n
            Which lead each row belongs to (undated: which set of identical attributes). Folds are by it.
        levels : Ints, p
            The number of codes of a category feature, 0 for a number feature.
        when : Floats, n, optional
            Days since any origin: when each snapshot was taken. Then the fit rehearses on earlier leads
            whether what it learns lasts (`rehearsal`). Ignored where undated.

        Raises
        ------
        ModelError
            If no lead was won, nothing else ever happened, all rows belong to one lead, or no day has
            ``at_risk`` leads at risk; if ``levels``, ``card_column`` or ``when`` does not fit X, or only
            some durations are known, or one is negative.
        """
        _check(X, y, levels, self.card_column, when)
        order = canonical(X, y, groups, when)
        X, y = X[order.rows], y[order.rows]
        self.reach_ = reach_of(y, order.group, longest=self.longest_reach, at_risk=self.at_risk)
        self.edges_ = edges_of(y, self.reach_, intervals=self.intervals)
        rows = expand(y, self.edges_)
        seen = np.unique(rows.event).tolist()
        if WON not in seen or len(seen) < 2:
            raise ModelError("no lead was won within reach, or all were; ask `learnable` before fitting")
        if int(order.group.max()) == 0:
            raise ModelError("all rows belong to one lead; there is no other to check what was learnt on")
        self.ends_ = ends_of(seen)
        self.stop_known_ = stop_known(y, order.group)
        self.n_features_in_ = X.shape[1]
        thinned = thin(rows, self.quiet_rows, self.seed)
        folds = self.folds or default_folds(len(thinned))
        lessons = Lessons(
            X=X,
            levels=np.asarray(levels, dtype=np.int64),
            rows=rows,
            thinned=thinned,
            ends=self.ends_,
            intervals=len(self.edges_) - 1,
            fold=deal(order.group, y[:, 0].astype(np.int64), folds),
            leads=lead_numbers(y, order.group),
            stratified_by=None if math.isinf(self.edges_[-1]) else self.stratified_by,
            card=self.card_column,
            statistics_above=self.statistics_above,
        )
        penalties = self.penalties if self.logistic else ()
        few = self.leaves is None and (
            self.chosen.few_rows if self.chosen else is_few(self.edges_, len(rows))
        )
        growths = self._growths(few)
        lasting = (
            self._rehearsal(lessons, y, when[order.rows], growths, penalties) if when is not None else None
        )
        from readiness.learning.ensemble_fit import fit_ensemble  # noqa: PLC0415 - slow to load; whoever only predicts needs none of it

        fitted = fit_ensemble(lessons, growths, penalties, progress, self.chosen, lasting)
        self.ensemble_, self.logistic_ensemble_ = fitted.together, fitted.logistic
        self.choices_ = replace(fitted.choices, few_rows=few)
        self._keep_typical(X)
        return self

    def _rehearsal(
        self, lessons: Lessons, y: Floats, when: Floats, growths: Sequence[Growth], penalties: Sequence[float]
    ) -> Callable[[Choices], float] | None:
        if not lessons.timed:
            return None
        from readiness.learning.ensemble_fit import fit_ensemble  # noqa: PLC0415 - as in `fit`

        rehearsal = Rehearsal(y, when, self.edges_, self.quiet_rows, self.seed)

        def lasting(choices: Choices) -> float:
            return rehearsal.lasting(
                lessons, lambda then: fit_ensemble(then, growths, penalties, silent, choices).together
            )

        return lasting

    def _growths(self, few: bool) -> Sequence[Growth]:
        usual = FEW_ROWS_RATE if few else UNDATED_RATE if math.isinf(self.edges_[-1]) else DATED_RATE
        like = Growth(
            8,
            self.learning_rate or usual,
            self.max_rounds,
            self.patience,
            self.num_threads,
            self.seed,
            self.min_leaf,
            self.feature_fraction,
            self.ridge,
            self.category_ridge,
            self.path_smooth,
        )
        if self.leaves is None:
            return default_growths(self.edges_, like, few=few)
        return [replace(like, leaves=leaves) for leaves in self.leaves]

    def _keep_typical(self, X: Floats) -> None:
        # Canonical order is as good as random: evenly spaced rows of it are a fair sample.
        sample = X[:: max(1, len(X) // _TYPICAL_OF)]
        self.typical_log_hazards_ = self.ensemble_.log_hazards(sample).mean(axis=2)
        self.typical_contributions_ = self.ensemble_.contributions(sample, len(self.edges_) - 1).mean(axis=2)

    def log_hazards(self, X: Floats, intervals: int | None = None) -> Floats:
        """Return the members' mean log-hazards against the reference; see `Ensemble`."""
        self._check_width(X)
        return self.ensemble_.log_hazards(X, intervals)

    def contributions(self, X: Floats, intervals: int) -> Floats:
        """Return what each feature, and last the interval, adds to the log-hazards; see `Ensemble`."""
        self._check_width(X)
        return self.ensemble_.contributions(X, intervals)

    def predict_incidence(self, X: Floats, days: Sequence[float]) -> Floats:
        """Return the chance of won, of stop and of ending otherwise within each number of days.

        Each row is computed on its own: the same bits alone and among many.

        Parameters
        ----------
        X : Floats, n × p
            As in `fit`; NaN and codes never seen are allowed everywhere.
        days : d numbers
            Undated: ``(math.inf,)``, the only answer there is.

        Returns
        -------
        Floats, n × d × 3
            NaN beyond the reach; the three sum to at most one and never fall with time. 0 for an
            end that was never seen; ``stop_known_`` says whether enough told us to stop to show theirs.

        Raises
        ------
        ModelError
            If X does not have as many features as the model was trained on.
        """
        result = np.empty((X.shape[0], len(days), 3))
        self._check_width(X)
        places = [locate(self.edges_, count) for count in days]
        # What lies beyond the last day asked for need not be computed.
        needed = max((place[0] + 1 for place in places if place is not None), default=1)
        for start in range(0, X.shape[0], _CHUNK):
            shares = probabilities(self.ensemble_.log_hazards(X[start : start + _CHUNK], needed), self.ends_)
            result[start : start + _CHUNK] = incidence(shares, self.edges_, days)
        return result

    def _check_width(self, X: Floats) -> None:
        if X.ndim != 2 or X.shape[1] != self.n_features_in_:
            raise ModelError(f"expected n × {self.n_features_in_} features; saw an array of shape {X.shape}")

    def to_parts(self) -> tuple[dict[str, Any], dict[str, str]]:
        """Take the model apart into a JSON-able dict and named texts; nothing is pickled.

        The number of threads is left out: it changes no bit of the model, so it may not change its name.
        """
        return taken_apart(self)

    @classmethod
    def from_parts(cls, parts: Mapping[str, Any], files: Mapping[str, str]) -> Self:
        """Put together what `to_parts` took apart: predictions are bit-equal."""
        return put_together(cls, parts, files)


def _check(X: Floats, y: Floats, levels: Ints, card: int | None, when: Floats | None) -> None:
    if when is not None and (when.shape != (len(X),) or not np.isfinite(when).all()):
        raise ModelError(f"when must say of each of {len(X)} snapshots when it was taken; saw {when.shape}")
    if card is not None and not 0 <= card < X.shape[1]:
        raise ModelError(f"there is no column {card} to hold points; X has {X.shape[1]}")
    if X.shape[1] != len(levels):
        raise ModelError(f"levels tells of {len(levels)} features; X has {X.shape[1]}")
    wrong = ~(y[:, 1] >= 0.0)
    if wrong.any() and not undated(y):
        raise ModelError(
            f"{int(wrong.sum())} of {len(y)} durations are missing or negative; leave such rows out"
        )
